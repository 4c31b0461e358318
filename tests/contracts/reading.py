"""Lists, read page by page."""

from collections.abc import Callable
from typing import Any

from application.shared.paging import Page, PageRequest


def pages(read: Callable[[PageRequest], Page[Any]], limit: int) -> list[tuple[Any, ...]]:
    """Everything that a list holds, page by page."""
    page = read(PageRequest(limit))
    found = [page.items]
    while page.next is not None:
        page = read(PageRequest(limit, page.next))
        found.append(page.items)
    return found


def whole(read: Callable[[PageRequest], Page[Any]]) -> list[Any]:
    """Everything that a list holds, read in one page, and found the same in pages of one and of two."""
    page = read(PageRequest(500))
    assert page.next is None
    for limit in (1, 2, max(len(page.items), 1)):
        *full, last = pages(read, limit)
        assert [item for items in (*full, last) for item in items] == list(page.items)
        assert all(len(items) == limit for items in full)
        assert last or not full
    return list(page.items)


BAD_CURSORS = [
    "",
    "nonsense",
    "WzFd",  # [1]
    "WyJhIiwgImIiLCAiYyJd",  # ["a", "b", "c"]
    "e30=",  # {}
    "Int9Ig==",
    "WyJcdTAwMDAiXQ==",  # a null character
    "é",
]
