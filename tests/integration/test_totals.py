"""The totals that PostgreSQL sums up are those that the domain works out operation by operation."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from domain.production.balance import Balance, balance_document, balance_of
from domain.production.entry import OperationEntry
from domain.production.lot import Disposition
from domain.production.operation import Operation
from domain.production.totals import totals_of
from domain.production.valuation import CostBasis
from domain.shared.canonical import Json
from domain.shared.errors import DomainError
from domain.shared.exact import EXACT, ZERO, total
from domain.shared.money import Money
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.production.totals import DjangoTotalsReader
from tests.core.plant import (
    CAMPAIGNS,
    by_product,
    co_product,
    destroyed,
    found,
    in_euros,
    lost,
    made,
    missing,
    operation,
    received,
    returned,
    sampled,
    shipped,
    used,
)
from tests.database import Database
from tests.factories.plant import StoredPlant, undone

SPRING = CAMPAIGNS["SPRING"]
PLAN = SPRING.product, SPRING.target

Decided = dict[UUID, Disposition]


@pytest.fixture(scope="module")
def plant(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[StoredPlant]:
    """Reference data and something to take from; each test undoes what it does."""
    with django_db_blocker.unblock(), undone():
        stored = StoredPlant().furnish()
        stock = [received(code, lot, "1000", unit_cost=cost) for code, lot, cost in STOCK]
        stored.record("receipt", *stock, partner="SUPPLIER")
        yield stored


STOCK = [
    ("APPLE", "1", in_euros("0.37")),
    ("APPLE", "2", None),
    ("YEAST", "1", None),
    ("BOTTLE", "1", in_euros("0.123456")),
    ("CIDER", "1", in_euros("2")),
    ("MYSTERY", "1", None),
    ("HEAVY", "1", None),
]
MADE = [("JUICE", "T1"), ("JUICE", "T2"), ("CIDER", "1"), ("CIDER", "2"), ("POMACE", "1"), ("MYSTERY", "2")]

amounts = st.decimals("0.000001", "300", places=6)
taken = st.tuples(st.sampled_from([lot[:2] for lot in STOCK] + MADE), amounts)
put = st.tuples(st.sampled_from([made, made, co_product, by_product]), st.sampled_from(MADE), amounts)
lost_by_name = st.tuples(st.sampled_from(["JUICE", "BOTTLE", "MYSTERY"]), amounts, st.sampled_from(["spilt", "burst"]))
campaigns = st.sampled_from(["SPRING", "SPRING", "SPRING", "SUMMER", None])


@st.composite
def transformations(draw: Any) -> OperationEntry:
    inputs = [used(*lot, amount) for lot, amount in draw(st.lists(taken, min_size=1, max_size=3))]
    outputs = [row(*lot, amount) for row, lot, amount in draw(st.lists(put, max_size=3))]
    losses = [lost(code, amount, reason) for code, amount, reason in draw(st.lists(lost_by_name, max_size=2))]
    kind = draw(st.sampled_from(["production", "production", "split", "merge", "rework"]))
    head = {"campaign": draw(campaigns), "line": draw(st.sampled_from(["L1", "L2", None]))}
    return operation(kind, *inputs, *outputs, *losses, **head)


@st.composite
def others(draw: Any) -> OperationEntry:
    rows = [("loss", destroyed), ("sample", sampled), ("count", missing), ("count", found)]
    kind, row = draw(st.sampled_from(rows))
    lot, amount = draw(taken)
    return operation(kind, row(*lot, amount, reason=draw(st.sampled_from(["a", "b"]))), campaign=draw(campaigns))


histories = st.lists(st.tuples(transformations() | others(), st.integers(0, 4)), min_size=1, max_size=12)
dispositions = st.lists(st.sampled_from(Disposition), min_size=16, max_size=16)


def live(plant: StoredPlant, history: list[tuple[OperationEntry, int]]) -> list[Operation]:
    """What is taken of a history, as the ledger gave it; every fifth operation or so is taken back at once."""
    recorded: list[Operation] = []
    for entry, luck in history:
        try:
            recorded += plant.take(entry)
        except DomainError:
            continue
        if luck == 0:
            recorded.append(plant.reverse(entry.id))
    return recorded


def decide(plant: StoredPlant, given_to_lots: list[Disposition]) -> Decided:
    """Give lots these dispositions, whatever they were."""
    decided = dict(zip(Lot.objects.order_by("pk").values_list("pk", flat=True), given_to_lots, strict=False))
    for lot, disposition in decided.items():
        plant.give(lot, disposition)
    return decided


@settings(max_examples=settings().max_examples // 2)
@given(history=histories, given_to_lots=dispositions)
def test_sums_are_the_pure_ones(
    plant: StoredPlant, history: list[tuple[OperationEntry, int]], given_to_lots: list[Disposition]
) -> None:
    with undone():
        recorded = live(plant, history)
        decided = decide(plant, given_to_lots)
        for code in ("SPRING", "SUMMER"):
            sums_of_the_campaign_are_the_pure_ones(code, [o for o in recorded if o.campaign == code], decided)
        for one in recorded:
            sums_of_the_operation_are_the_pure_ones(one, decided)
        for lot in Lot.objects.select_related("product"):
            the_lot_adds_up(lot)


def sums_of_the_campaign_are_the_pure_ones(code: str, recorded: list[Operation], decided: Decided) -> None:
    pure, summed = totals_of(recorded, decided), DjangoTotalsReader().campaign_totals(CAMPAIGNS[code].id)
    assert document(balance_of(summed, *PLAN)) == document(balance_of(pure, *PLAN))
    assert summed.without_mass == pure.without_mass


def sums_of_the_operation_are_the_pure_ones(one: Operation, decided: Decided) -> None:
    pure, summed = totals_of([one], decided), DjangoTotalsReader().operation_totals(one.id)
    assert document(balance_of(summed)) == document(balance_of(pure))


def the_lot_adds_up(lot: Lot) -> None:
    balance = balance_of(DjangoTotalsReader().lot_totals(lot.pk))
    document(balance)
    assert balance.unaccounted == 0
    on_hand = EXACT.multiply(lot.on_hand, lot.product.kg_per_unit or ZERO)
    assert balance.outputs_by_role.get("on_hand", ZERO) == on_hand


def document(balance: Balance) -> dict[str, Json]:
    """The balance as it is served, once it adds up."""
    named = (balance.output_total, balance.loss_total, balance.samples, balance.adjustments, balance.unaccounted)
    assert balance.input_total == total(named)
    return balance_document(balance)


# By hand


def test_a_lot_says_where_it_went(plant: StoredPlant) -> None:
    with undone():
        plant.record("count", found("CIDER", "1", "10"))
        plant.record("production", used("CIDER", "1", "100"), made("JUICE", "T1", "100"))
        plant.record("rework", used("CIDER", "1", "50"), campaign="SPRING")
        plant.record("shipment", shipped("CIDER", "1", "200"))
        plant.record("return", returned("CIDER", "1", "30"))
        plant.record("sample", sampled("CIDER", "1", "1"))
        plant.record("loss", destroyed("CIDER", "1", "2", reason="burst"))
        plant.reverse(plant.record("loss", destroyed("CIDER", "1", "7")).id)
        balance = balance_of(DjangoTotalsReader().lot_totals(plant.lot("CIDER", "1").pk))
        # A bottle weighs 1.3 kg: 1000 received; 150 used, 170 shipped and not returned, 1 sampled, 2 lost, 10 found.
        assert balance.inputs == {"CIDER": Decimal(1300)}
        assert balance.outputs_by_role == {"on_hand": Decimal("893.1"), "shipped": Decimal(221), "used": Decimal(195)}
        assert (balance.samples, balance.adjustments) == (Decimal("1.3"), Decimal(-13))
        assert balance.losses == {"burst": Decimal("2.6")}


def test_amounts_of_different_currencies_are_not_added_up(plant: StoredPlant) -> None:
    """Of several the first by its code is kept, whatever the order, and the cost is called unknown."""
    currencies = ["USD", "EUR", "CHF", "AUD", "SEK", "GBP"]
    with undone():
        costs = {currency: Money(str(1 + index), currency) for index, currency in enumerate(currencies)}
        plant.record("receipt", *(received("SUGAR", code, "10", unit_cost=cost) for code, cost in costs.items()))
        plant.record("production", *(used("SUGAR", code, "10") for code in currencies), campaign="SPRING")
        cost = balance_of(DjangoTotalsReader().campaign_totals(SPRING.id)).cost
        assert (cost.total.amount, cost.total.currency) == (Decimal(40), "AUD")
        assert cost.total.basis is CostBasis.UNKNOWN
        assert not cost.complete
        assert cost.without_cost == ("SUGAR",)


def test_a_lot_worth_two_currencies_is_worth_nothing_known(plant: StoredPlant) -> None:
    with undone():
        sugar = received("SUGAR", "E", "10", unit_cost=in_euros("1")), received("SUGAR", "U", "10")
        plant.record("receipt", sugar[0], evolve(sugar[1], unit_cost=Money("5", "USD")))
        plant.record("production", used("SUGAR", "E", "9"), made("JUICE", "T", "9"), campaign="SUMMER")
        plant.record("production", used("JUICE", "T", "9"), campaign="SPRING")
        plant.record("rework", used("SUGAR", "U", "1"), made("JUICE", "T", "1"), campaign="SPRING")
        balance = balance_of(DjangoTotalsReader().campaign_totals(SPRING.id))
        assert (balance.cost.by_product["JUICE"].amount, balance.cost.complete) == (ZERO, False)
