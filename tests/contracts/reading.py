"""Lists, read page by page."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from application.shared.paging import Page, PageRequest, Sort
from domain.shared.errors import Invalid
from tests.core.plant import codes

Read = Callable[[PageRequest], Page[Any]]


def pages(read: Read, limit: int, sort: Sort | None = None) -> list[tuple[Any, ...]]:
    """Everything that a list holds, page by page."""
    page = read(PageRequest(limit, sort=sort))
    found = [page.items]
    while page.next is not None:
        page = read(PageRequest(limit, page.next, sort))
        found.append(page.items)
    return found


def whole(read: Read, sort: Sort | None = None) -> list[Any]:
    """Everything that a list holds, read in one page, and found the same in pages of one and of two."""
    page = read(PageRequest(500, sort=sort))
    assert page.next is None
    for limit in (1, 2, max(len(page.items), 1)):
        *full, last = pages(read, limit, sort)
        assert [item for items in (*full, last) for item in items] == list(page.items)
        assert all(len(items) == limit for items in full)
        assert last or not full
    return list(page.items)


def assert_ordered(read: Read, by: str, key: Callable[[Any], Any]) -> None:
    """The list has this order, in which no two of its items are equal, and its reverse."""
    items = whole(read)
    assert len({key(item) for item in items}) == len(items) > 2
    assert whole(read, Sort(by)) == sorted(items, key=key)
    assert whole(read, Sort(by, backwards=True)) == sorted(items, key=key, reverse=True)


def assert_steady(read: Read, sort: Sort, add: Callable[[], None]) -> None:
    """Whatever is added after the first page, those that follow hold what was there before, once and in its order."""
    before = whole(read, sort)
    first = read(PageRequest(2, sort=sort))
    add()
    rest = read(PageRequest(500, first.next, sort))
    assert [item for item in (*first.items, *rest.items) if item in before] == before
    after = whole(read, sort)
    assert len(after) > len(before)
    assert list(rest.items) == after[after.index(first.items[-1]) + 1 :]


def assert_strict(read: Read, *names: str) -> None:
    """An order that the list doesn't have is refused, and so is a cursor in another order than that of its page."""
    for unknown in ("id", "version", "", "-code"):
        with pytest.raises(Invalid) as invalid:
            read(PageRequest(sort=Sort(unknown)))
        assert codes(invalid) == ["unknown_sort"]
    sorts = [Sort(name, backwards) for name in names for backwards in (False, True)]
    for own, other in permutations(sorts, 2):
        cursor = read(PageRequest(1, sort=own)).next
        with pytest.raises(Invalid) as invalid:
            read(PageRequest(1, cursor, other))
        assert codes(invalid) == ["bad_cursor"]


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
