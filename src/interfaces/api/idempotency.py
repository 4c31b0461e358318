"""A request that comes again under the same `Idempotency-Key` has one effect and gets the same answer."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.response import Response

from application.shared.errors import Overtaken, TooManyAttempts, Unavailable
from application.shared.receipts import Answer, AnswerOnce
from application.shared.receipts import Request as Asked
from domain.access.rights import Right
from interfaces.api.flaws import malformed
from interfaces.api.parsing import body_of
from interfaces.api.problems import problem_of
from interfaces.api.rendering import rendered
from interfaces.api.views import ApiViewSet
from interfaces.shared.actor import actor_of

Action = Callable[..., Response]

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"

_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_KEPT = ("Content-Type", "ETag", "Location")


class ShownOnce(Response):
    """An answer with members, its `secrets`, that are shown this once: they are null where it is kept."""

    def __init__(self, document: Mapping[str, Any], *secrets: str, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(document, status, headers=headers)
        self.secrets = secrets


def once(action: Action) -> Callable[..., HttpResponse]:
    """Let a POST action answer a request that comes again as it answered the first time.

    What the action says no to is an answer as well, and kept; being overtaken or told to wait isn't, nor that there is
    no database, for the caller is to try again.
    """

    @wraps(action)
    def answered(view: ApiViewSet, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if HEADER not in request.headers:
            return action(view, request, *args, **kwargs)
        return _answered(view, request, lambda: action(view, request, *args, **kwargs))

    return answered


@inject
def _answered(
    view: ApiViewSet,
    request: Request,
    work: Callable[[], Response],
    answer_once: AnswerOnce = Provide["access.answer_once"],
) -> HttpResponse:
    given: Response | None = None

    def work_and_answer() -> Answer:
        nonlocal given
        given = _finished(view, request, work)
        return _answer_of(given)

    answer = answer_once(_asked(request, {Right.READ, view.right}), work_and_answer)
    response = HttpResponse(answer.body if given is None else given.content, status=answer.status)
    del response["Content-Type"]
    for name, value in answer.headers:
        response[name] = value
    if given is None:
        response[REPLAYED] = "true"
    return response


def _asked(request: Request, rights: Iterable[Right]) -> Asked:
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        raise malformed("bad_key", "The key has 1 to 255 printable characters of ASCII.", HEADER, place="header")
    actor = actor_of(request.user)
    return Asked(actor.name, key, _fingerprint(request), {right: actor.sight_of(right) for right in rights})


def _fingerprint(request: Request) -> str:
    # With the server's secret in it, so that nobody who sees the receipts can try passwords of signatures on them.
    line = f"{request.method} {request.get_full_path()}\n"
    return salted_hmac(HEADER, line.encode() + body_of(request), algorithm="sha256").hexdigest()


def _finished(view: ApiViewSet, request: Request, work: Callable[[], Response]) -> Response:
    try:
        response = work()
    except (Overtaken, TooManyAttempts, Unavailable):
        raise
    except Exception as error:
        if problem_of(error) is None:
            raise
        response = view.handle_exception(error)
    return view.finalize_response(request, response)


def _answer_of(response: Response) -> Answer:
    response.render()
    headers = tuple((name, response[name]) for name in _KEPT if name in response)
    return Answer(response.status_code, headers, _kept_of(response))


def _kept_of(response: Response) -> bytes:
    if isinstance(response, ShownOnce):
        return rendered({**response.data, **dict.fromkeys(response.secrets)})
    content: bytes = response.content
    return content
