"""Lists that are read all the time: what the ORM makes of a question is kept for all others of its shape."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from attrs import frozen
from django.db.models import Expression, Q, QuerySet
from typing_extensions import override

from application.shared.paging import Page, PageRequest, Sort
from domain.access.rights import Sight
from infrastructure.persistence.shared.statements import rows_of
from infrastructure.shared.keyset import Order, Orders, page_of

MOST_SHAPES = 500

Stated = Mapping[str, Any]
"""What rows are filtered by: values by the names of filters."""


class _Parameter(Expression):
    """Stands in a kept statement for a value that differs from question to question."""

    def __init__(self, name: str) -> None:
        """By the name that the value has."""
        super().__init__()
        self.name = name

    @override
    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        return "%s", [self]


@frozen
class _Shape:
    """What questions have in common that differ by their values alone."""

    filters: frozenset[str]
    everywhere: bool
    sort: Sort | None
    continued: bool


@frozen(eq=False)
class Listing:
    """A list in PostgreSQL: its rows and their columns, its orders, what it may be filtered by, and what is in sight.

    To put a question together takes the ORM longer than PostgreSQL takes to answer it.
    """

    rows: QuerySet[Any, Any]
    columns: Sequence[Any]
    orders: Orders
    matching: Callable[[Stated], Q]
    at_sites: Callable[[Any], Q]

    def page(self, stated: Stated, request: PageRequest, sight: Sight) -> Page[tuple[Any, ...]]:
        """The columns of the rows of a page. What is stated as None isn't asked for.

        `Invalid` for an order that the list doesn't have, and for a cursor that no page gave.
        """
        order = self.orders.of(request)
        after = order.place(request)
        values = {name: value for name, value in stated.items() if value is not None}
        shape = _Shape(frozenset(values), sight.sites is None, request.sort, after is not None)
        values |= {_SITES: list(sight.sites or ()), **dict(zip(_places(order), after or (), strict=False))}
        statement, parameters = self._put_together(shape)
        stands = [values[part.name] if isinstance(part, _Parameter) else part for part in parameters]
        width = len(self.columns)
        rows = rows_of(statement, [*stands, request.limit + 1])
        page = page_of(rows, request, lambda row: order.key(row[width:]))
        return Page(tuple(row[:width] for row in page.items), page.next)

    @lru_cache(MOST_SHAPES)  # noqa: B019 - a listing is one of the few of a module, and stays
    def _put_together(self, shape: _Shape) -> tuple[str, Sequence[Any]]:
        order = self.orders.of(PageRequest(sort=shape.sort))
        rows = self.rows.filter(self.matching({name: _Parameter(name) for name in shape.filters}))
        if not shape.everywhere:
            rows = rows.filter(self.at_sites(_Parameter(_SITES)))
        after = map(_Parameter, _places(order)) if shape.continued else None
        wanted = order.applied(rows, after).values_list(*self.columns, *order.paths)
        statement, parameters = wanted.query.sql_with_params()
        return f"{statement} LIMIT %s", parameters


def conditions(columns: Mapping[str, str], stated: Stated) -> dict[str, Any]:
    """What is stated of these columns, as a query set filters by it."""
    return {column: stated[name] for name, column in columns.items() if name in stated}


# Names that no filter has.
_SITES = "sites in sight"


def _places(order: Order) -> list[str]:
    return [f"after {path}" for path in order.paths]
