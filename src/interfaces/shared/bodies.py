"""How large the body of a request may be, by its route; without a request, so that a server can ask before it reads."""

import re

PAGE = 64 * 1024
"""Bytes of a form, and of whatever is sent where nothing is read."""

CALL = 1024 * 1024
"""Bytes of a call of the API that writes."""

OPERATIONS = 10 * 1024 * 1024
"""Bytes of a call that records operations, each of which may have 10,000 movements."""

_OPERATIONS = re.compile(r"/api/v[0-9]+/operations/(?:batch/|[^/]+/correct/)?")
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class BodyRefused(Exception):
    """The body isn't read."""


class TooLarge(BodyRefused):
    """The body has more bytes than the `most` that its route takes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"The body of a request to this address has at most {most // 1024:,} KiB.")


class LengthRequired(BodyRefused):
    """The body comes in pieces, without its length."""


class UploadRefused(BodyRefused):
    """The body is a multipart form, which no route takes."""


class BadLength(BodyRefused):
    """The length that the request states isn't a number."""


def largest_body(method: str, path: str) -> int:
    """The most bytes that the body of such a request may have. The path may have a query."""
    path = path.partition("?")[0]
    if method not in _WRITES or not path.startswith("/api/"):
        return PAGE
    return OPERATIONS if method == "POST" and _OPERATIONS.fullmatch(path) else CALL


def check_body(method: str, path: str, *, length: str, transfer: str, media_type: str) -> None:
    """Refuse a body by what its headers say of it, before any of it is read.

    `length` is Content-Length, `transfer` Transfer-Encoding, `media_type` Content-Type; empty where there is none.
    """
    if transfer:
        raise LengthRequired
    if length and not (length.isascii() and length.isdecimal()):
        raise BadLength
    most = largest_body(method, path)
    # A length of more digits than an int is made of is larger than any.
    if len(length) > 20 or int(length or 0) > most:
        raise TooLarge(most)
    if media_type.lstrip().lower().startswith("multipart/"):
        raise UploadRefused
