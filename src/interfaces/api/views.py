"""What every view of the API does with a request before it calls a use case, and with the answer after."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from attrs import evolve
from dependency_injector.wiring import Provide, inject
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet
from typing_extensions import override

from application.shared.actor import Actor
from application.shared.clock import Clock
from application.shared.errors import NotFound
from application.shared.ids import Ids
from application.shared.paging import Page
from domain.access.rights import Right
from domain.shared.errors import DomainError, Path
from domain.shared.identity import code_fault
from interfaces.api import problems
from interfaces.api.etags import content_tag, matches, selection_tag
from interfaces.api.fields import UuidField
from interfaces.api.flaws import BadInput, malformed
from interfaces.api.limits import Allowance, allowance_of
from interfaces.api.permissions import HasRight
from interfaces.api.queries import QuerySerializer, Row, page_of, page_request, parameters_in, selecting
from interfaces.api.rendering import JsonRenderer, rendered
from interfaces.api.serializers import ReadSerializer, Values
from interfaces.shared.actor import actor_of
from interfaces.shared.request_id import HEADER

SELECTION = "application/vnd.lignage.selection+json"
"""Answers with chosen members: a type of its own, for what is described as `application/json` has all its members."""


class ApiViewSet(ViewSet):
    """Calls of one resource. `queries` names what reads the parameters of an action; other actions have none.

    `shows` names what writes the answers, or the items of them, of which a caller may choose members.

    `rights` names the right that an action takes. What only reads takes the right to read, unless another is named.
    """

    permission_classes: Sequence[type[BasePermission]] = (IsAuthenticated, HasRight)
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    what: ClassVar[str]
    lookup_field: ClassVar[str]
    lookup_value_regex = "[^/]+"
    queries: ClassVar[Mapping[str, type[QuerySerializer]]] = {}
    shows: ClassVar[Mapping[str, type[ReadSerializer]]] = {}
    rights: ClassVar[Mapping[str, Right]] = {}
    parameters: Values
    chosen: frozenset[str] | None = None
    allowance: Allowance | None = None

    @override
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action:
            self.parameters = parameters_in(request, self.query_of(self.action))
            self.chosen = _chosen_in(self.parameters, request)

    def query_of(self, action: str) -> type[QuerySerializer]:
        """What reads the parameters of an action."""
        query = self.queries.get(action, QuerySerializer)
        return selecting(query, self.shows[action]) if action in self.shows else query

    @override
    def check_throttles(self, request: Request) -> None:
        self.allowance = allowance_of(request)
        if self.allowance and self.allowance.exceeded:
            raise Throttled(self.allowance.seconds)

    @override
    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        _select(answer, self.chosen)
        if request.method in ("GET", "HEAD") and "ETag" in answer and matches(request, answer["ETag"]):
            known = Response(status=304, headers={"ETag": answer["ETag"]})
            answer = super().finalize_response(request, known, *args, **kwargs)
        answer["Cache-Control"] = "private, no-cache"
        _tell(answer, self.allowance)
        return answer

    @property
    def right(self) -> Right:
        """The right that this call takes."""
        action: str | None = self.action
        if action is None:  # the method isn't allowed, which is said next
            return Right.READ
        return self.rights.get(action, Right.READ) if self.request.method in SAFE_METHODS else self.rights[action]

    @property
    def actor(self) -> Actor:
        """Who asks, and by which request."""
        return evolve(actor_of(self.request.user), channel="api", request=self.request.headers[HEADER])

    @inject
    def now(self, clock: Clock = Provide["system.clock"]) -> datetime:
        """What time it is for this request."""
        return clock.now()

    @inject
    def new_id(self, ids: Ids = Provide["system.ids"]) -> UUID:
        """An identity for something new."""
        return ids.new()

    def page(self, read: Callable[..., Page[Row]], *asked: object) -> Page[Row]:
        """The page that the parameters ask for, of what the caller sees."""
        return page_of(read, *asked, page_request(self.parameters), self.actor.sight)

    def code(self, written: str) -> str:
        """The code in the path; NotFound for what can't be one."""
        if code_fault(written):
            raise NotFound(self.what, ascii(written))
        return written

    def id(self, written: str) -> UUID:
        """The id in the path; NotFound for what isn't one."""
        try:
            return UuidField().value_of(written)
        except BadInput:
            raise NotFound(self.what, ascii(written)) from None

    def address(self, name: str, **place: object) -> str:
        """The path of another resource of this version."""
        return reverse(f"{self.request.version}:{name}", kwargs=place)


def single(document: Mapping[str, Any], tag: str | None = None, status: int = 200, **headers: str) -> Response:
    """The answer with one resource, under its tag or the one that follows from what it looks like."""
    return Response(document, status, headers={"ETag": tag or content_tag(rendered(document)), **headers})


def written(serializer: type[ReadSerializer], rows: Iterable[object]) -> list[Values]:
    """Each of the rows, written."""
    return list(map(serializer.writer(), rows))


def listed(page: Page[Any], serializer: type[ReadSerializer]) -> Response:
    """The answer with a page of a list."""
    return Response({"items": written(serializer, page.items), "next": page.next})


def _tell(answer: Response, allowance: Allowance | None) -> None:
    """Say what is left of the allowance, where requests are counted."""
    for name, value in (allowance.headers if allowance else {}).items():
        answer[name] = value


def _chosen_in(parameters: Values, request: Request) -> frozenset[str] | None:
    """Take the members that are wanted out of the parameters; None is all."""
    chosen: frozenset[str] | None = parameters.pop("fields", None)
    if chosen and request.accepted_renderer.media_type != JsonRenderer.media_type:
        detail = "Members are chosen of application/json alone."
        raise malformed("not_json", detail, "fields", place="parameter")
    return chosen


def _select(answer: Response, chosen: frozenset[str] | None) -> None:
    """Leave in a document, or in each item of a page, the members that were chosen: another type of answer."""
    if not chosen or answer.status_code != 200:
        return
    if answer.data.keys() == {"items", "next"}:
        answer.data = {**answer.data, "items": [_chosen(item, chosen) for item in answer.data["items"]]}
    else:
        answer.data = _chosen(answer.data, chosen)
    answer.content_type = SELECTION
    if "ETag" in answer:
        answer["ETag"] = selection_tag(answer["ETag"], chosen)


def _chosen(document: Mapping[str, Any], chosen: frozenset[str]) -> Values:
    return {name: value for name, value in document.items() if name in chosen}


@contextmanager
def seen_by_caller(path_of: Callable[[Path], Path]) -> Iterator[None]:
    """Raise the domain's errors with paths into what the caller sent."""
    try:
        yield
    except DomainError as error:
        raise type(error)(*(evolve(fault, path=path_of(fault.path)) for fault in error.faults)) from None


def among(*names: str) -> Callable[[Path], Path]:
    """For a caller who sent these members: what is wrong elsewhere is wrong with the whole."""
    return lambda path: path if path[:1] in {(name,) for name in names} else ()


def inside(steps: int) -> Callable[[Path], Path]:
    """For a caller who sent what is this many steps further in."""
    return lambda path: path[steps:]


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Whatever no route leads to."""
    return problems.problem_response(problems.NOTHING_HERE, request)
