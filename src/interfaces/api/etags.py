"""Entity tags: which version of a resource an answer shows, and which one a change is meant for (RFC 9110, 13)."""

import hashlib
import re
from collections.abc import Iterable

from django.utils.http import parse_etags
from django.utils.translation import get_language
from rest_framework.request import Request

from application.shared.errors import StaleWrite

_VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})(?:\.[A-Za-z-]{2,20})?(?:\.[0-9a-f]{8})?"', re.ASCII)


class PreconditionRequired(Exception):
    """A change that doesn't say which version it is meant for."""


def version_tag(version: int) -> str:
    """The tag of something that people edit. Its language is part of it, because labels are in the reader's."""
    return f'"{version}.{get_language()}"'


def content_tag(body: bytes) -> str:
    """The tag of something that has no version, from what it looks like."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def data_tag(sha256: str, language: str = "", *, final: bool) -> str:
    """The tag of something that is made of data with this hash, perhaps in a language.

    Until it is final it also says when it was read, which changes nothing in it: a weak tag.
    """
    tag = f'"{sha256}.{language}"' if language else f'"{sha256}"'
    return tag if final else f"W/{tag}"


def selection_tag(tag: str, members: Iterable[str]) -> str:
    """The tag of what has this one when only these of its members are shown: another representation of it."""
    selection = hashlib.sha256(",".join(sorted(members)).encode()).hexdigest()[:8]
    return f'{tag[:-1]}.{selection}"'


def matches(request: Request, tag: str) -> bool:
    """Whether the caller has what the tag names already (`If-None-Match`)."""
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    return tag.removeprefix("W/") in known or known == ["*"]


def version_meant(request: Request, what: str) -> int:
    """The version that `If-Match` names, in whatever language and however much of it was read.

    A tag that became weak on the way, when the answer was compressed, names the version as well.
    Raises PreconditionRequired where it names none, StaleWrite where it names none of ours.
    """
    stated = request.headers.get("If-Match", "").strip()
    if stated in ("", "*"):
        raise PreconditionRequired(f"Send If-Match with the ETag of the {what} as you read it.")
    tag = _VERSION.fullmatch(stated)
    if tag is None:
        raise StaleWrite(what)
    return int(tag[1])
