"""Canonical JSON and its hash, so that a stranger can recompute what was signed.

The form is that of RFC 8785 (JCS): members sorted by the UTF-16 code units of their names, no white space, UTF-8,
only the escapes that JSON asks for. Numbers other than small integers don't occur: quantities are strings.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

Json = Mapping[str, "Json"] | list["Json"] | tuple["Json", ...] | str | int | bool | None


def canonical_json(document: Json) -> bytes:
    """The one byte string that stands for this document; `TypeError` for anything but JSON without floats."""
    return _written(_ordered(document)).encode()


def sha256_of(document: Json) -> str:
    """The SHA-256 of the canonical JSON, in lower-case hexadecimal."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def moment(at: datetime) -> str:
    """The moment in UTC to the microsecond, always as long, so that it sorts as text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

# Most of a document is leaves, and a call for each of them would take most of the time.
_LEAVES = frozenset({str, int, bool, type(None)})


def _ordered(document: Json) -> Json:
    if isinstance(document, Mapping):
        names = sorted(document) if all(map(str.isascii, document)) else sorted(document, key=_utf16)
        return {name: item if type(item := document[name]) in _LEAVES else _ordered(item) for name in names}
    if isinstance(document, list | tuple):
        return [item if type(item) in _LEAVES else _ordered(item) for item in document]
    if document is None or isinstance(document, str | int):
        return document
    raise TypeError(f"{type(document).__name__} has no place in a canonical document.")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")
