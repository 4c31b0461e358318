"""Reading operations and lots: frozen rows by `values_list`, keyset pages, a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

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
from infrastructure.persistence.shared.sight import in_sight
from infrastructure.persistence.shared.statements import Lookup
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


_HEAD = Lookup(lambda operation: Operation.objects.filter(pk=operation).values_list(*_OPERATION))
_MOVEMENTS = Lookup(
    lambda operation: Movement.objects.filter(operation=operation).order_by("position").values_list(*_MOVEMENT)
)
_ONE_LOT = Lookup(lambda lot: Lot.objects.filter(pk=lot).values_list(*_LOT))


class DjangoOperationReader(OperationReader):
    """Reads operations in two queries: the operations, and all their movements."""

    @override
    def get(self, operation: UUID, sight: Sight) -> OperationRow:
        for head in _HEAD.rows(operation):
            movements = tuple(MovementRow(*columns) for columns in _MOVEMENTS.rows(operation))
            columns: tuple[Any, ...] = (*head, movements)
            row = OperationRow(*columns)
            if row.site in sight or any(moved.role == "transferred" and moved.site in sight for moved in row.movements):
                return row
        raise NotFound("operation", operation)

    @override
    def several(self, operations: tuple[UUID, ...]) -> tuple[OperationRow, ...]:
        rows = {row.id: row for row in self._rows(Operation.objects.filter(pk__in=operations))}
        return tuple(rows[operation] for operation in operations)

    @override
    def page(self, filters: OperationFilters, request: PageRequest, sight: Sight) -> Page[OperationRow]:
        order = _OPERATION_ORDERS.of(request)
        wanted = order.applied(Operation.objects.filter(_touching(sight), _matching(filters)), request)
        keys = {identity: order.key(values) for identity, *values in wanted.values_list("pk", *order.paths)}
        return page_of(self.several(tuple(keys)), request, lambda row: keys[row.id])

    def _rows(self, wanted: QuerySet[Any, Any]) -> list[OperationRow]:
        heads = list(wanted.values_list(*_OPERATION))
        movements = _movements([head[0] for head in heads])
        columns: Iterable[tuple[Any, ...]] = ((*head, tuple(movements[head[0]])) for head in heads)
        return [OperationRow(*row) for row in columns]


def _movements(operations: Sequence[UUID]) -> Mapping[UUID, list[MovementRow]]:
    found: dict[UUID, list[MovementRow]] = defaultdict(list)
    rows = Movement.objects.filter(operation__in=operations).order_by("operation_id", "position")
    for operation, *columns in rows.values_list("operation_id", *_MOVEMENT):
        found[operation].append(MovementRow(*columns))
    return found


def _touching(sight: Sight) -> Q:
    """At a site in sight, or moving goods to or from one, which transfers and their reversals alone do."""
    if sight.sites is None:
        return Q()
    moved = Movement.objects.filter(in_sight(sight, "site__code"), operation=OuterRef("pk"), role="transferred")
    return in_sight(sight, "site__code") | Q(Exists(moved))


def _matching(filters: OperationFilters) -> Q:
    own = {
        "campaign__code": filters.campaign,
        "site__code": filters.site,
        "kind": filters.kind,
        "occurred_at__gte": filters.since,
        "occurred_at__lt": filters.until,
    }
    moved = {"product__code": filters.product, "lot__code": filters.lot}
    condition = Q(**_stated(own.items()))
    if named := _stated(moved.items()):
        condition &= Q(Exists(Movement.objects.filter(operation=OuterRef("pk"), **named)))
    return condition


def _stated(filters: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in filters if value is not None}


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
        lots = Lot.objects.on_hand() if filters.positive else Lot.objects.all()
        stated = {
            "site__code": filters.site,
            "product__code": filters.product,
            "code": filters.code,
            "sub_lot": filters.sub_lot,
            "parent": filters.parent,
            "campaign__code": filters.campaign,
            "disposition": filters.disposition,
        }
        lots = lots.filter(in_sight(sight, "site__code"), **_stated(stated.items()))
        order = _LOT_ORDERS.of(request)
        rows = order.applied(lots, request).values_list(*_LOT, *order.paths)
        page = page_of(rows, request, lambda row: order.key(row[len(_LOT) :]))
        return Page(tuple(LotRow(*row[: len(_LOT)]) for row in page.items), page.next)

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
