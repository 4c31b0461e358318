"""Reading operations and lots: frozen rows by `values_list`, keyset pages, a fixed number of queries."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from attrs import asdict
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce
from typing_extensions import override

from application.production.queries import (
    LotFilters,
    LotMovementRow,
    LotOrder,
    LotReader,
    LotRow,
    MovementRow,
    OperationFilters,
    OperationOrder,
    OperationReader,
    OperationRow,
)
from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest, Sort
from domain.access.rights import Sight
from infrastructure.persistence.production.models import Lot, Movement, Operation, day_or_last
from infrastructure.persistence.shared.listing import Listing, Stated, conditions
from infrastructure.persistence.shared.sight import in_sight
from infrastructure.persistence.shared.statements import AnyOf, Lookup
from infrastructure.shared.keyset import (
    Column,
    Orders,
    date_at,
    number_at,
    page_of,
    place,
    time_at,
    uuid_at,
)

_OPERATION = (
    "id",
    "number",
    "kind",
    "occurred_at",
    "recorded_at",
    "recorded_by",
    "campaign__code",
    "site__code",
    "line__code",
    "operator__code",
    "partner__code",
    "document",
    "reason",
    "override",
    "reverses_id",
    "reversal__id",
    "corrects_id",
)
_MOVEMENT = (
    "lot_id",
    "site__code",
    "product__code",
    "lot__code",
    Coalesce("lot__sub_lot", Value(""), output_field=TextField()),
    "direction",
    "role",
    "quantity",
    "product__unit",
    "kilograms",
    "reason",
)
_LOT = (
    "id",
    "site__code",
    "product__code",
    "code",
    "sub_lot",
    "disposition",
    "on_hand",
    "product__unit",
    F("on_hand") * F("product__kg_per_unit"),
    "made_on",
    "best_before",
    "supplier_lot",
    "campaign__code",
    "parent_id",
    "version",
)
_LOT_MOVEMENT = (
    "operation_id",
    "operation__number",
    "operation__kind",
    "operation__occurred_at",
    "operation__recorded_at",
    "operation__campaign__code",
    "operation__partner__code",
    "operation__document",
    "direction",
    "role",
    "quantity",
    "product__unit",
    "kilograms",
    "reason",
    "operation__reverses_id",
    "operation__reversal__id",
)

_SEQUENCE = Column("sequence", number_at)
_OPERATION_ORDERS = Orders(
    Sort(OperationOrder.RECORDED),
    {
        OperationOrder.RECORDED: [_SEQUENCE],
        OperationOrder.OCCURRED_AT: [Column("occurred_at", time_at), _SEQUENCE],
    },
)
_ID = Column("pk", uuid_at)
_LOT_ORDERS = Orders(
    Sort(LotOrder.RECORDED),
    {
        LotOrder.RECORDED: [_ID],
        LotOrder.CODE: [Column("code"), _ID],
        LotOrder.BEST_BEFORE: [Column("day", date_at, day_or_last("best_before")), _ID],
    },
)


def _matching(stated: Stated) -> Q:
    own = Q(**conditions(_OPERATION_FILTERS, stated))
    moved = conditions(_MOVEMENT_FILTERS, stated)
    return own & Q(Exists(_movements_of_it().filter(**moved))) if moved else own


def _touching(sites: Any) -> Q:
    """At one of the sites, or moving goods to or from one, which transfers and their reversals alone do."""
    at_one = Q(AnyOf(F("site__code"), sites))
    return at_one | Q(Exists(_movements_of_it().filter(at_one, role="transferred")))


def _movements_of_it() -> QuerySet[Any, Any]:
    return Movement.objects.filter(operation=OuterRef("pk"))


_OPERATION_FILTERS = {
    "campaign": "campaign__code",
    "site": "site__code",
    "kind": "kind",
    "since": "occurred_at__gte",
    "until": "occurred_at__lt",
}
_MOVEMENT_FILTERS = {"product": "product__code", "lot": "lot__code"}
_LOT_FILTERS = {
    "site": "site__code",
    "product": "product__code",
    "code": "code",
    "sub_lot": "sub_lot",
    "parent": "parent",
    "campaign": "campaign__code",
    "disposition": "disposition",
    "positive": "on_hand__gt",
}
_OPERATIONS = Listing(Operation.objects.all(), _OPERATION, _OPERATION_ORDERS, _matching, _touching)
_LOTS = Listing(
    Lot.objects.all(),
    _LOT,
    _LOT_ORDERS,
    matching=lambda stated: Q(**conditions(_LOT_FILTERS, stated)),
    at_sites=lambda sites: Q(AnyOf(F("site__code"), sites)),
)

_HEADS = Lookup(lambda operations: Operation.objects.filter(AnyOf(F("pk"), operations)).values_list(*_OPERATION))
_MOVEMENTS = Lookup(
    lambda operations: (
        Movement.objects.filter(AnyOf(F("operation_id"), operations))
        .order_by("operation_id", "position")
        .values_list("operation_id", *_MOVEMENT)
    )
)
_ONE_LOT = Lookup(lambda lot: Lot.objects.filter(pk=lot).values_list(*_LOT))


class DjangoOperationReader(OperationReader):
    """Reads operations in two queries: the operations, and all their movements."""

    @override
    def get(self, operation: UUID, sight: Sight) -> OperationRow:
        for row in self.several((operation,)):
            if row.site in sight or any(moved.role == "transferred" and moved.site in sight for moved in row.movements):
                return row
        raise NotFound("operation", operation)

    @override
    def several(self, operations: tuple[UUID, ...]) -> tuple[OperationRow, ...]:
        rows = {row.id: row for row in _with_movements(_HEADS.rows(list(operations)))}
        return tuple(rows[operation] for operation in operations if operation in rows)

    @override
    def page(self, filters: OperationFilters, request: PageRequest, sight: Sight) -> Page[OperationRow]:
        page = _OPERATIONS.page(asdict(filters), request, sight)
        return Page(_with_movements(page.items), page.next)


def _with_movements(heads: Sequence[tuple[Any, ...]]) -> tuple[OperationRow, ...]:
    movements: dict[UUID, list[MovementRow]] = {head[0]: [] for head in heads}
    for operation, *columns in _MOVEMENTS.rows(list(movements)):
        movements[operation].append(MovementRow(*columns))
    whole: Iterable[tuple[Any, ...]] = ((*head, tuple(movements[head[0]])) for head in heads)
    return tuple(OperationRow(*row) for row in whole)


class DjangoLotReader(LotReader):
    """Reads lots and what moved them, a query each."""

    @override
    def get(self, lot: UUID, sight: Sight) -> LotRow:
        for columns in _ONE_LOT.rows(lot):
            row = LotRow(*columns)
            if row.site in sight:
                return row
        raise NotFound("lot", lot)

    @override
    def page(self, filters: LotFilters, request: PageRequest, sight: Sight) -> Page[LotRow]:
        stated = {**asdict(filters), "positive": 0 if filters.positive else None}
        page = _LOTS.page(stated, request, sight)
        return Page(tuple(LotRow(*row) for row in page.items), page.next)

    @override
    def movements(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[LotMovementRow]:
        if not Lot.objects.filter(in_sight(sight, "site__code"), pk=lot).exists():
            raise NotFound("lot", lot)
        rows = Movement.objects.filter(lot=lot).order_by("pk")
        if after := place(request, 1):
            rows = rows.filter(pk__gt=number_at(after[0]))
        columns = list(rows.values_list("pk", *_LOT_MOVEMENT)[: request.limit + 1])
        page = page_of(columns, request, lambda row: [str(row[0])])
        return Page(tuple(LotMovementRow(*row[1:]) for row in page.items), page.next)
