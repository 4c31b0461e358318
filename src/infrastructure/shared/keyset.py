"""Pages that start after a key."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from attrs import frozen
from django.db.models import Expression, F, Func, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from application.shared.paging import Page, PageRequest, Sort
from domain.shared.errors import Fault, Invalid
from domain.shared.identity import text_fault

Row = TypeVar("Row")

NO_OFFSET = timedelta(0)


@frozen
class Column:
    """What rows are ordered by: where it is, how it is read from a cursor, and what it is where it is no column.

    It is never null, for nothing comes after null.
    """

    path: str
    read: Callable[[str], Any] = str
    expression: Expression | None = None


@frozen
class Order:
    """One of a list's orders. Its columns, all in one direction, tell any two rows apart."""

    name: str
    columns: Sequence[Column]
    backwards: bool

    @property
    def paths(self) -> list[str]:
        """Where its columns are."""
        return [column.path for column in self.columns]

    def place(self, request: PageRequest) -> list[Any] | None:
        """What stands in the columns of the row that the page starts after; None at the beginning.

        `Invalid` for a cursor that no page of this list in this order gave.
        """
        key = place(request, 1 + len(self.columns))
        if key is None:
            return None
        name, *parts = key
        if name != self.name:
            raise _not_ours()
        return [column.read(part) for column, part in zip(self.columns, parts, strict=True)]

    def applied(self, rows: QuerySet[Any, Any], after: Iterable[Expression] | None) -> QuerySet[Any, Any]:
        """The rows in this order, from a place on; None is the beginning."""
        rows = rows.annotate(**{column.path: column.expression for column in self.columns if column.expression})
        if after is not None:
            # A comparison of rows, by which an index finds the place among any number of equals; an "or" isn't.
            comparison = TupleLessThan if self.backwards else TupleGreaterThan
            rows = rows.filter(comparison(Tuple(*map(F, self.paths)), [_Unforeseen(value) for value in after]))
        return rows.order_by(*("-" + path if self.backwards else path for path in self.paths))

    def page(self, rows: QuerySet[Any, Any], request: PageRequest) -> Page[Any]:
        """A page of rows that are instances of their model."""
        after = self.place(request)
        wanted = self.applied(rows, None if after is None else map(Value, after))
        return page_of(wanted[: request.limit + 1], request, self._key_of)

    def key(self, values: Iterable[Any]) -> list[str]:
        """The key of a row with these values in its columns."""
        return [self.name, *map(str, values)]

    def _key_of(self, row: Any) -> list[str]:
        return self.key(attrgetter(path.replace("__", "."))(row) for path in self.paths)


class _Unforeseen(Func):
    """A value that isn't looked at when the statement is planned.

    Else, among equals at the end of an order, PostgreSQL would expect next to nothing beyond the place, and sort all
    that is there for the sake of a page.
    """

    template = "(SELECT %(expressions)s)"


@frozen
class Orders:
    """The orders of a list by their names, and its own."""

    own: Sort
    columns: Mapping[str, Sequence[Column]]

    def of(self, request: PageRequest) -> Order:
        """The order of the page; `Invalid` for one that the list doesn't have."""
        sort = request.sort or self.own
        if sort.by not in self.columns:
            detail = f"There is no order {sort.by!r}; there are: {', '.join(self.columns)}."
            raise Invalid(Fault("unknown_sort", detail, ("sort",)))
        return Order(f"{'-' * sort.backwards}{sort.by}", self.columns[sort.by], sort.backwards)


def page_of(rows: Iterable[Row], request: PageRequest, key: Callable[[Row], list[str]]) -> Page[Row]:
    """The page of rows that were read one more than asked for, with the cursor of the next page."""
    found = tuple(rows)
    items = found[: request.limit]
    return Page(items, _cursor(key(items[-1])) if len(found) > request.limit else None)


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
    """A part of a key that is a moment, in UTC."""
    try:
        moment = datetime.fromisoformat(part)
    except ValueError:
        raise _not_ours() from None
    if moment.utcoffset() != NO_OFFSET:
        raise _not_ours()
    return moment


def date_at(part: str) -> date:
    """A part of a key that is a day."""
    try:
        return date.fromisoformat(part)
    except ValueError:
        raise _not_ours() from None


def _cursor(key: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode()


def _usable(part: Any) -> bool:
    return isinstance(part, str) and text_fault(part) is None


def _not_ours() -> Invalid:
    return Invalid(Fault("bad_cursor", "This cursor wasn't given by a page of this list in this order.", ("cursor",)))
