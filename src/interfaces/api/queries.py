"""Query parameters, read as strictly as bodies."""

from collections.abc import Callable
from functools import cache
from types import new_class
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from django.http import HttpRequest

from application.shared.paging import DEFAULT_LIMIT, HIGHEST_LIMIT, Page, PageRequest
from domain.shared.errors import Invalid
from interfaces.api.fields import CountField, CursorField, MembersField
from interfaces.api.flaws import BadInput, Flaw, malformed
from interfaces.api.serializers import ReadSerializer, Values, WriteSerializer

Row = TypeVar("Row")

MOST_PARAMETERS = 50


class QuerySerializer(WriteSerializer):
    """Reads the parameters of a query. This one knows none."""


class PageQuerySerializer(QuerySerializer):
    """Reads which page of a list is wanted."""

    limit = CountField(1, HIGHEST_LIMIT, default=DEFAULT_LIMIT, help_text="How many items at most.")
    cursor = CursorField(required=False, help_text="The `next` of the page before.")


@cache
def selecting(query: type[QuerySerializer], shown: type[ReadSerializer]) -> type[QuerySerializer]:
    """The same parameters, and which members of what is shown are wanted."""
    wanted = MembersField(tuple(shown().fields))
    members = {"__doc__": query.__doc__, "__module__": query.__module__, "fields_": wanted}
    return new_class(f"Selecting{query.__name__}", (query,), exec_body=lambda body: body.update(members))


def parameters_in(request: HttpRequest, serializer: type[QuerySerializer]) -> Values:
    """The values of the query's parameters; raises `BadInput` for those that are unknown, repeated or wrong."""
    query = request.META.get("QUERY_STRING", "")
    if query.count("&") >= MOST_PARAMETERS:
        raise _wrong("too_many", f"A query has at most {MOST_PARAMETERS} parameters.")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        raise _wrong("not_utf8", "The query isn't percent-encoded UTF-8.") from None
    stated: dict[str, str] = {}
    for name, value in pairs:
        if name in stated:
            raise _wrong("repeated", "A parameter is given once.", name)
        if "\0" in name + value:
            raise _wrong("bad_text", "A parameter has no NUL character.", name)
        stated[name] = value
    try:
        return serializer.values_in(stated)
    except BadInput as error:
        raise BadInput(*error.flaws, place="parameter") from None


def page_request(parameters: Values) -> PageRequest:
    """Which page the parameters ask for."""
    return PageRequest(parameters["limit"], parameters["cursor"], parameters.get("sort"))


def filters_of(parameters: Values) -> dict[str, Any]:
    """What the parameters ask for, but for the page: those that are stated, by what they are called inside."""
    asked = ((name, value) for name, value in parameters.items() if name not in ("limit", "cursor", "sort"))
    return {name: value for name, value in asked if value is not None}


def page_of(read: Callable[..., Page[Row]], *asked: Any) -> Page[Row]:
    """The page that a reader gives; what is wrong with its cursor or filters is wrong with the query (400)."""
    try:
        return read(*asked)
    except Invalid as error:
        flaws = (Flaw(fault, malformed=True) for fault in error.faults)
        raise BadInput(*flaws, place="parameter") from None


def _wrong(code: str, detail: str, *path: str) -> BadInput:
    return malformed(code, detail, *path, place="parameter")
