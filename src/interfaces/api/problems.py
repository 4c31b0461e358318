"""What the API answers when it says no: RFC 9457 problems, by one table of errors."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import field, frozen
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from django.utils.log import log_response
from rest_framework import exceptions
from rest_framework.response import Response

from application.shared.errors import (
    Forbidden,
    Locked,
    NotFound,
    OutOfResources,
    Overtaken,
    ReadOnly,
    StaleWrite,
    TookTooLong,
    TooManyAttempts,
    Unavailable,
    WrongPassword,
)
from domain.production.closing import ClosingBlocked
from domain.shared.errors import DomainError, Fault, Invalid, Path, Refused
from interfaces.api.bounds import MOST_NAMES, MOST_VALUES, TooManyValues
from interfaces.api.etags import PreconditionRequired
from interfaces.api.flaws import MOST_FLAWS, BadInput, Place
from interfaces.api.rendering import rendered
from interfaces.shared.bodies import BadLength, LengthRequired, TooLarge, UploadRefused
from interfaces.shared.failures import understood

CONTENT_TYPE = "application/problem+json"

TYPES = "/api/problems/"
"""Types are identifiers, stable and resolved against this server; nothing need be found there."""


WRONG_PASSWORD = Fault("wrong_password", "This isn't the password of whoever signs.", WrongPassword.path)


@frozen
class Kind:
    """A kind of problem: its own word, its status and what it is called."""

    code: str
    status: int
    title: str


MALFORMED = Kind("malformed", 400, "The request can't be understood")
UNAUTHENTICATED = Kind("unauthenticated", 401, "It isn't known who asks")
FORBIDDEN = Kind("forbidden", 403, "This isn't allowed to whoever asks")
NOT_FOUND = Kind("not_found", 404, "There is nothing here")
METHOD_NOT_ALLOWED = Kind("method_not_allowed", 405, "This can't be done here")
NOT_ACCEPTABLE = Kind("not_acceptable", 406, "There is no answer in a format that you accept")
REFUSED = Kind("refused", 409, "The present state doesn't allow this")
CLOSING_BLOCKED = Kind("closing_blocked", 409, "The campaign can't be closed yet")
OVERTAKEN = Kind("overtaken", 409, "Another request got there first")
LENGTH_REQUIRED = Kind("length_required", 411, "The request doesn't say how long it is")
STALE = Kind("stale", 412, "It has changed since you read it")
TOO_LARGE = Kind("too_large", 413, "The request is too large")
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported_media_type", 415, "The request isn't in a format that is read here")
INVALID = Kind("invalid", 422, "A value breaks a rule")
PRECONDITION_REQUIRED = Kind("precondition_required", 428, "Say which version you mean to change")
TOO_MANY_REQUESTS = Kind("too_many_requests", 429, "Too many requests")
INTERNAL = Kind("internal", 500, "Something went wrong on our side")
UNAVAILABLE = Kind("unavailable", 503, "The database can't be reached")
TOOK_TOO_LONG = Kind("took_too_long", 503, "It took too long and was stopped")
LOCKED = Kind("locked", 503, "Another request holds the same things")
READ_ONLY = Kind("read_only", 503, "The database takes no changes at present")
OUT_OF_RESOURCES = Kind("out_of_resources", 503, "The database has no room, or can't use its disk")


@frozen
class Problem:
    """A problem with what is to be said about it. `more` are members of this kind of problem alone."""

    kind: Kind
    detail: str
    errors: tuple[Mapping[str, Any], ...] = ()
    more: Mapping[str, Any] = field(factory=dict)

    def document(self, instance: str) -> dict[str, Any]:
        """The problem as it is sent."""
        return {
            "type": TYPES + self.kind.code,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": instance,
            "errors": self.errors[:MOST_FLAWS] or (_entry(Fault(self.kind.code, self.detail)),),
            **self.more,
        }


def problem_of(error: BaseException | None) -> Problem | None:
    """The problem that stands for this error; None where it is nobody's business but the developer's."""
    for cls in type(error).__mro__:
        if cls in TABLE:
            return TABLE[cls](error)
    return None


def handled(error: Exception, context: Mapping[str, Any]) -> Response:
    """REST framework's exception handler."""
    meant = understood(error)
    problem = problem_of(meant) or FAILED
    path = context["request"].path
    document = problem.document(escape_uri_path(path))
    response = Response(document, problem.kind.status, headers=_headers(meant), content_type=CONTENT_TYPE)
    if problem.kind.status >= 500:
        log_response("A request failed: %s", path, response=response, request=context["request"], exception=error)
    return response


def problem_response(problem: Problem, request: HttpRequest, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The answer that says it, where REST framework has no part in it."""
    document = problem.document(escape_uri_path(request.path))
    return HttpResponse(rendered(document), status=problem.kind.status, headers=headers, content_type=CONTENT_TYPE)


def failure_response(error: BaseException | None, request: HttpRequest) -> HttpResponse:
    """The answer after this error, where REST framework has no part in it."""
    meant = understood(error)
    return problem_response(problem_of(meant) or FAILED, request, _headers(meant))


def _headers(error: BaseException | None) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = f"{wait:.0f}"
    return headers


def pointer(path: Path) -> str:
    """The path as a JSON pointer (RFC 6901); empty for the whole document."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def warning(fault: Fault) -> dict[str, Any]:
    """What is wrong with a request that is carried out all the same, as problems have it."""
    return _entry(fault)


def _entry(fault: Fault, place: Place = "pointer") -> dict[str, Any]:
    where = pointer(fault.path) if place == "pointer" else ".".join(str(step) for step in fault.path)
    return {**fault.facts, place: where, "code": fault.code, "detail": fault.detail}


def _summary(faults: Iterable[Fault]) -> str:
    details = list(dict.fromkeys(fault.detail for fault in faults))
    if len(details) == 1:
        return details[0]
    return f"{details[0]} And {len(details) - 1} more: see errors."


def _of_faults(kind: Kind, error: DomainError) -> Problem:
    return Problem(kind, _summary(error.faults), tuple(_entry(fault) for fault in error.faults))


def _of_bad_input(error: BadInput) -> Problem:
    kind = MALFORMED if any(flaw.malformed for flaw in error.flaws) else INVALID
    faults = [flaw.fault for flaw in error.flaws]
    return Problem(kind, _summary(faults), tuple(_entry(fault, error.place) for fault in faults))


def _of_blocked_closing(error: ClosingBlocked) -> Problem:
    blockers = [{**fault.facts, "code": fault.code, "detail": fault.detail} for fault in error.faults]
    errors = tuple(_entry(fault) for fault in error.faults)
    return Problem(CLOSING_BLOCKED, _summary(error.faults), errors, {"blockers": blockers})


def _of_framework(kind: Kind) -> Callable[[Any], Problem]:
    return lambda error: Problem(kind, str(error.detail))


def _said(kind: Kind, detail: str) -> Callable[[Any], Problem]:
    return lambda _error: Problem(kind, detail)


def _as_it_says(kind: Kind) -> Callable[[Any], Problem]:
    return lambda error: Problem(kind, str(error))


FAILED = Problem(INTERNAL, "The error is recorded in the server's log.")
NOTHING_HERE = Problem(NOT_FOUND, "Nothing answers at this path. The paths of resources end with a slash.")
NOTHING_DONE = "Nothing was done."
SEND_AGAIN = "Send the request again after the seconds in Retry-After."
SEND_JSON = "Send JSON, as Content-Type: application/json."
UNFIT = Problem(MALFORMED, "The request is malformed, or meant for a host name that this server doesn't answer to.")

TABLE: Mapping[type[Exception], Callable[[Any], Problem]] = {
    BadInput: _of_bad_input,
    ClosingBlocked: _of_blocked_closing,
    Invalid: lambda error: _of_faults(INVALID, error),
    Refused: lambda error: _of_faults(REFUSED, error),
    Forbidden: lambda error: _of_faults(FORBIDDEN, error),
    WrongPassword: lambda _error: Problem(INVALID, WRONG_PASSWORD.detail, (_entry(WRONG_PASSWORD),)),
    NotFound: _as_it_says(NOT_FOUND),
    StaleWrite: _as_it_says(STALE),
    PreconditionRequired: _as_it_says(PRECONDITION_REQUIRED),
    Overtaken: _said(OVERTAKEN, "Another request changed the same things at the same time: send this one again."),
    TooLarge: _as_it_says(TOO_LARGE),
    TooManyValues: _said(
        TOO_LARGE, f"A body has at most {MOST_VALUES:,} values and {MOST_NAMES:,} different names: send it in parts."
    ),
    BadLength: _said(MALFORMED, "Content-Length isn't a number."),
    UploadRefused: _said(UNSUPPORTED_MEDIA_TYPE, SEND_JSON),
    LengthRequired: _said(LENGTH_REQUIRED, "Send the body with its Content-Length, not in chunks."),
    exceptions.PermissionDenied: _of_framework(FORBIDDEN),
    exceptions.NotAuthenticated: _said(UNAUTHENTICATED, "Send an access token: Authorization: Bearer …, or sign in."),
    exceptions.AuthenticationFailed: _of_framework(UNAUTHENTICATED),
    exceptions.MethodNotAllowed: _said(METHOD_NOT_ALLOWED, "What can be done here stands in the header Allow."),
    exceptions.NotAcceptable: _said(
        NOT_ACCEPTABLE, "Answers are application/json, unless the document of the interface says more: accept that."
    ),
    exceptions.UnsupportedMediaType: _said(UNSUPPORTED_MEDIA_TYPE, SEND_JSON),
    Unavailable: _said(
        UNAVAILABLE,
        "Send the request again after the seconds in Retry-After, under the Idempotency-Key that it had: it may have"
        " been carried out.",
    ),
    TookTooLong: _said(TOOK_TOO_LONG, f"{NOTHING_DONE} Ask for less at once, or try again later."),
    Locked: _said(LOCKED, f"{NOTHING_DONE} {SEND_AGAIN}"),
    ReadOnly: _said(READ_ONLY, f"{NOTHING_DONE} {SEND_AGAIN}"),
    OutOfResources: _said(OUT_OF_RESOURCES, f"{NOTHING_DONE} {SEND_AGAIN} An operator has to make room."),
    TooManyAttempts: _as_it_says(TOO_MANY_REQUESTS),
    exceptions.Throttled: _said(TOO_MANY_REQUESTS, "More requests are answered after the seconds in Retry-After."),
}
