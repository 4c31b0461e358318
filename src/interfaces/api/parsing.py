"""JSON bodies, read strictly: what is ambiguous to anybody is refused."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from typing_extensions import override

from interfaces.api.flaws import BadInput, malformed

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes; a batch of a thousand operations stays well below."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class Number(str):
    """A JSON number, digit for digit as it is written, so that it never passes through a binary float."""

    __slots__ = ()


class TooLarge(Exception):
    """The body is larger than any that this API takes."""


class LengthRequired(Exception):
    """The body comes in pieces, without its length; it would be taken for an empty one."""


def check_length(request: Request) -> None:
    """Refuse a body by the length that it declares, or doesn't, before any of it is read."""
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared.isdecimal() and int(declared[:20]) > LARGEST_BODY:
        raise TooLarge
    if not declared and request.META.get("HTTP_TRANSFER_ENCODING"):
        raise LengthRequired


def body_of(request: Request) -> bytes:
    """The body as it came."""
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        raise TooLarge from None
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
    """The document, its numbers as they are written; `BadInput` for what isn't one."""
    try:
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
    except RecursionError:
        raise malformed("too_deep", "The body is nested deeper than anything that this API knows.") from None
    return document


def _no_constant(name: str) -> None:
    raise malformed("not_json", f"The body isn't JSON: {name} isn't a number.")


def _each_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, value in pairs:
        if name in document:
            raise _twice(name)
        document[name] = value
    return document


def _twice(name: str) -> BadInput:
    return malformed("duplicate_name", f"The body has the name {name!a} twice in one object.")
