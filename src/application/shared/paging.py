"""Lists, page by page."""

from typing import Generic, TypeVar

from attrs import frozen

Row = TypeVar("Row")

DEFAULT_LIMIT = 50
HIGHEST_LIMIT = 500


@frozen
class Sort:
    """In which of its orders a list is wanted, and whether backwards."""

    by: str
    backwards: bool = False


@frozen
class PageRequest:
    """At most `limit` rows after the place that `cursor` names, as the page before gave it.

    A list has an order of its own, and perhaps others; a cursor means something in the order of its page alone.
    """

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    sort: Sort | None = None


@frozen
class Page(Generic[Row]):
    """Some rows, and the cursor of those that follow; None at the end.

    A page starts after a key rather than at a position, so that rows that are added meanwhile neither repeat nor hide
    others.
    """

    items: tuple[Row, ...]
    next: str | None
