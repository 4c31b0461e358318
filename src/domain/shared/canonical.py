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
    return json.dumps(_ordered(document), ensure_ascii=False, separators=(",", ":")).encode()


def sha256_of(document: Json) -> str:
    """The SHA-256 of the canonical JSON, in lower-case hexadecimal."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def moment(at: datetime) -> str:
    """The moment in UTC to the microsecond, always as long, so that it sorts as text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _ordered(document: Json) -> Json:
    if isinstance(document, Mapping):
        names = sorted(document, key=lambda name: name.encode("utf-16-be"))
        return {name: _ordered(document[name]) for name in names}
    if isinstance(document, list | tuple):
        return [_ordered(item) for item in document]
    if document is None or isinstance(document, str | int):
        return document
    raise TypeError(f"{type(document).__name__} has no place in a canonical document.")
