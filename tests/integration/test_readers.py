"""Reading takes a fixed number of queries, however much there is, and shows one moment."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from attrs import frozen
from django.db import connection
from django.test.utils import CaptureQueriesContext

from application.history.queries import HistoryFilters
from application.production.queries import LotFilters, OperationFilters
from application.shared.paging import PageRequest
from domain.access.rights import EVERYWHERE
from domain.production.balance import balance_of
from domain.production.lot import Disposition
from domain.shared.exact import total
from infrastructure.persistence.production.models import Campaign, Lot, Operation
from infrastructure.persistence.production.totals import DjangoTotalsReader
from tests.core.plant import destroyed, made, new_id, received, used
from tests.database import Database, in_threads
from tests.factories.catalog import LineFactory, OperatorFactory, PartnerFactory
from tests.factories.plant import StoredPlant
from tests.factories.production import CampaignFactory, LotFactory, MovementFactory, OperationFactory

ALL = PageRequest(500)


@pytest.fixture
def plant(db: None) -> StoredPlant:
    stored = StoredPlant().furnish()
    stored.record("receipt", received("APPLE", "1", "1000"))
    live_a_day(stored)
    return stored


def live_a_day(plant: StoredPlant) -> None:
    """Something in every table."""
    lot = new_id().hex
    movements = used("APPLE", "1", "10"), made("JUICE", lot, "5"), made("CIDER", lot, "1")
    plant.record("production", *movements, campaign="SPRING", line="L1")
    plant.reverse(plant.record("loss", destroyed("APPLE", "1", "1"), campaign="SPRING").id)
    lot_row = LotFactory()
    MovementFactory(lot=lot_row, operation=OperationFactory(site=lot_row.site))
    CampaignFactory(line=LineFactory())
    PartnerFactory()
    OperatorFactory()


@frozen
class Some:
    """Something to read, each by its own id."""

    lot: UUID
    operation: UUID


Reading = Callable[[StoredPlant, Some], Any]

# Of the queries of a balance, four say how to plan the one for its totals.
READING: dict[str, tuple[int, Reading]] = {
    "products": (1, lambda plant, _some: plant.catalog.product_reader().page({}, ALL, EVERYWHERE)),
    "sites": (1, lambda plant, _some: plant.catalog.site_reader().page({}, ALL, EVERYWHERE)),
    "lines": (1, lambda plant, _some: plant.catalog.line_reader().page({}, ALL, EVERYWHERE)),
    "partners": (1, lambda plant, _some: plant.catalog.partner_reader().page({}, ALL, EVERYWHERE)),
    "operators": (1, lambda plant, _some: plant.catalog.operator_reader().page({}, ALL, EVERYWHERE)),
    "campaigns": (1, lambda plant, _some: plant.production.campaign_reader().page({}, ALL, EVERYWHERE)),
    "a campaign": (1, lambda plant, _some: plant.production.campaign_reader().get("SPRING", EVERYWHERE)),
    "operations": (
        2,
        lambda plant, _some: plant.production.operation_reader().page(OperationFilters(), ALL, EVERYWHERE),
    ),
    "operations of a lot": (
        2,
        lambda plant, _some: plant.production.operation_reader().page(OperationFilters(lot="1"), ALL, EVERYWHERE),
    ),
    "an operation": (2, lambda plant, some: plant.production.operation_reader().get(some.operation, EVERYWHERE)),
    "lots": (1, lambda plant, _some: plant.production.lot_reader().page(LotFilters(), ALL, EVERYWHERE)),
    "a lot": (1, lambda plant, some: plant.production.lot_reader().get(some.lot, EVERYWHERE)),
    "movements of a lot": (2, lambda plant, some: plant.production.lot_reader().movements(some.lot, ALL, EVERYWHERE)),
    "a live balance": (7, lambda plant, _some: plant.production.balances().of_campaign("SPRING", EVERYWHERE)),
    "balances of a campaign": (2, lambda plant, _some: plant.production.balances().versions("SPRING", EVERYWHERE)),
    "the balance of an operation": (
        9,
        lambda plant, some: plant.production.balances().of_operation(some.operation, EVERYWHERE),
    ),
    # Four say how to plan the one for what concerns a lot; two hold the moment that all of it is of.
    "the history": (1, lambda plant, _some: plant.history.page(HistoryFilters(), ALL, EVERYWHERE)),
    "the history of a site": (2, lambda plant, _some: plant.history.page(HistoryFilters(site="A"), ALL, EVERYWHERE)),
    "the history of a campaign": (2, lambda plant, _some: plant.history.of_campaign("SPRING", ALL, EVERYWHERE)),
    "the history of a lot": (6, lambda plant, some: plant.history.of_lot(some.lot, ALL, EVERYWHERE)),
    "all of the history": (4, lambda plant, _some: list(plant.history.all(HistoryFilters(site="A"), EVERYWHERE))),
    "the balance of a lot": (3, lambda plant, some: plant.production.balances().of_lot(some.lot, EVERYWHERE)),
}


@pytest.mark.parametrize(("number", "read"), READING.values(), ids=READING.keys())
def test_reading_takes_the_same_queries_however_much_there_is(plant: StoredPlant, number: int, read: Reading) -> None:
    some = Some(plant.lot("APPLE", "1").pk, Operation.objects.filter(kind="production").values_list("pk", flat=True)[0])
    assert queries_of(lambda: read(plant, some)) == number
    for _ in range(3):
        live_a_day(plant)
    assert queries_of(lambda: read(plant, some)) == number


def queries_of(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert read() is not None
    return len(queries)


def test_a_stored_balance_is_read_in_two_queries(plant: StoredPlant) -> None:
    plant.close("SPRING")
    assert queries_of(lambda: plant.production.balances().of_campaign("SPRING", EVERYWHERE)) == 2


# Queries in the words of the plant


def test_active_lots_have_something_on_hand_and_are_not_rejected(plant: StoredPlant) -> None:
    plant.record("receipt", *(received("SUGAR", lot, "1") for lot in ("empty", "rejected", "waiting", "good")))
    plant.record("loss", destroyed("SUGAR", "empty", "1"))
    for lot, disposition in (("rejected", Disposition.REJECTED), ("waiting", Disposition.PENDING)):
        Lot.objects.filter(code=lot).update(decided=disposition)
    sugar = Lot.objects.filter(product__code="SUGAR")
    assert {lot.code for lot in sugar.active()} == {"waiting", "good"}
    assert {lot.code for lot in sugar.on_hand()} == {"rejected", "waiting", "good"}


def test_standing_operations_are_neither_reversed_nor_reversals(plant: StoredPlant) -> None:
    standing = plant.record("loss", destroyed("APPLE", "1", "1"), document="stands")
    undone = plant.record("loss", destroyed("APPLE", "1", "1"), document="undone")
    reversal = plant.reverse(undone.id)
    found = set(Operation.objects.standing().values_list("pk", flat=True))
    assert standing.id in found
    assert not {undone.id, reversal.id} & found


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (lambda: Lot.objects.active().with_relations(), ("site", "product", "campaign")),
        (Campaign.objects.with_relations, ("site", "product", "line")),
    ],
)
def test_relations_come_in_the_same_query(plant: StoredPlant, rows: Callable[[], Any], names: tuple[str, ...]) -> None:
    live_a_day(plant)
    with CaptureQueriesContext(connection) as queries:
        assert len([[getattr(row, name) for name in names] for row in rows()]) > 1
    assert len(queries) == 1


# One moment


def test_a_lot_adds_up_while_others_record(committed_database: Database) -> None:
    plant = StoredPlant().furnish()
    plant.record("receipt", received("CIDER", "1", "1000"))
    lot = plant.lot("CIDER", "1").pk
    others: list[list[object]] = []

    def read_then_let_others_record(execute: Any, *statement: Any) -> Any:
        answer = execute(*statement)
        if len(others) < 2:
            others.append(in_threads(1, lambda _index: plant.record("loss", destroyed("CIDER", "1", "1"))))
        return answer

    with connection.execute_wrapper(read_then_let_others_record):
        balance = balance_of(DjangoTotalsReader().lot_totals(lot))
    assert others
    named = (balance.output_total, balance.loss_total, balance.samples, balance.adjustments, balance.unaccounted)
    assert balance.input_total == total(named)
