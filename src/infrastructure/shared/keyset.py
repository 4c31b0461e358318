"""Pages that start after a key."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from application.shared.paging import Page, PageRequest
from domain.shared.errors import Fault, Invalid

Row = TypeVar("Row")


def page_of(rows: Sequence[Row], request: PageRequest, key: Callable[[Row], list[str]]) -> Page[Row]:
    """The page of rows that were read one more than asked for, with the cursor of the next page."""
    items = tuple(rows[: request.limit])
    return Page(items, _cursor(key(items[-1])) if len(rows) > request.limit else None)


def place(request: PageRequest, parts: int) -> list[str] | None:
    """The key that a page starts after; None at the beginning. `Invalid` for a cursor that no page gave."""
    if request.cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(request.cursor.encode()))
    except (ValueError, binascii.Error, RecursionError):
        raise _not_ours() from None
    if not isinstance(key, list) or len(key) != parts or not all(_usable(part) for part in key):
        raise _not_ours()
    return key


def number_at(part: str) -> int:
    """A part of a key that is a number, of a size that a bigint surely holds."""
    if not part.isascii() or not part.isdigit() or len(part) > 18:
        raise _not_ours()
    return int(part)


def uuid_at(part: str) -> UUID:
    """A part of a key that is an id."""
    try:
        return UUID(part)
    except ValueError:
        raise _not_ours() from None


def time_at(part: str) -> datetime:
    """A part of a key that is a moment."""
    try:
        moment = datetime.fromisoformat(part)
    except ValueError:
        raise _not_ours() from None
    if moment.tzinfo is None:
        raise _not_ours()
    return moment


def _cursor(key: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _usable(part: Any) -> bool:
    return isinstance(part, str) and part.isprintable()


def _not_ours() -> Invalid:
    return Invalid(Fault("bad_cursor", "This cursor wasn't given by a page of this list.", ("cursor",)))
