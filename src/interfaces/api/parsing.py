"""JSON bodies, read strictly: what is ambiguous to anybody is refused."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from typing_extensions import override

from interfaces.api.bounds import LONGEST_NAME, TooDeep, check_bounds
from interfaces.api.flaws import BadInput, malformed
from interfaces.shared.bodies import TooLarge, largest_body

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class Number(str):
    """A JSON number, digit for digit as it is written, so that it never passes through a binary float."""

    __slots__ = ()


def body_of(request: Request) -> bytes:
    """The body as it came."""
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        raise TooLarge(largest_body(request.method or "", request.path_info)) from None
    except OSError:
        raise malformed("unreadable_body", "The connection broke before the whole body was there.") from None
    return body


class StrictJsonParser(BaseParser):
    """Reads JSON of RFC 8259 that means the same to everybody (RFC 7493): UTF-8, each name once, no NaN."""

    media_type = "application/json"

    @override
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return document_in(body_of((parser_context or {})["request"]))


def document_in(body: bytes) -> Any:
    """The document, its numbers as they are written.

    Raises `BadInput` for what isn't one, `TooManyValues` before it makes any of them.
    """
    try:
        check_bounds(body)
        text = body.decode()
        document = json.loads(
            text, parse_float=Number, parse_int=Number, parse_constant=_no_constant, object_pairs_hook=_each_once
        )
        if _SURROGATE.search(text):
            json.dumps(document, ensure_ascii=False).encode()
    except UnicodeError:
        raise malformed("not_utf8", "The body isn't UTF-8, or has half of a surrogate pair in it.") from None
    except json.JSONDecodeError as error:
        detail = f"The body isn't JSON: {error.msg}, at line {error.lineno}, column {error.colno}."
        raise malformed("not_json", detail) from None
    except (TooDeep, RecursionError):
        raise malformed("too_deep", "The body is nested deeper than anything that this API knows.") from None
    return document


def _no_constant(name: str) -> None:
    raise malformed("not_json", f"The body isn't JSON: {name} isn't a number.")


def _each_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, value in pairs:
        if len(name) > LONGEST_NAME:
            raise malformed("too_long", f"A name in the body has at most {LONGEST_NAME} characters.")
        if name in document:
            raise _twice(name)
        document[name] = value
    return document


def _twice(name: str) -> BadInput:
    return malformed("duplicate_name", f"The body has the name {name!a} twice in one object.")
