"""A recall that is opened in the middle of whatever a plant does has everything of its suspects at the end, held."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from application.shared.paging import PageRequest
from application.traceability.open_recall import OpenRecall
from application.traceability.recall_queries import LotInRecall
from domain.access.rights import EVERYWHERE
from domain.production.entry import OperationEntry
from domain.production.operation import Operation
from domain.shared.errors import DomainError
from domain.traceability.genealogy import Direction, closure, steps_of
from domain.traceability.origin import LotsOrigin
from domain.traceability.recall import Recall
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.quality.models import HeldLot
from infrastructure.persistence.traceability.recall_reader import DjangoRecallReader
from tests.core.plant import (
    NOON,
    arrived,
    co_product,
    destroyed,
    found,
    made,
    missing,
    operation,
    received,
    returned,
    sampled,
    sent,
    shipped,
    used,
)
from tests.database import Database
from tests.factories.plant import ACTOR, AT, StoredPlant, undone

OLD = [str(number) for number in range(1, 5)]
ANY = [*OLD, *(f"N{number}" for number in range(1, 5))]
LABELS = ["pallet", "back"]

some = st.lists(st.sampled_from(ANY), min_size=1, max_size=3, unique=True)


@pytest.fixture(scope="module")
def plant(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[StoredPlant]:
    """Four lots to make others of, all of them known to a shop; each test undoes what it does."""
    with django_db_blocker.unblock(), undone():
        stored = StoredPlant().furnish()
        stored.record("receipt", *(received("CIDER", code, "1000") for code in OLD), partner="SUPPLIER")
        stored.record("shipment", *(shipped("CIDER", code, "50") for code in OLD))
        yield stored


@st.composite
def operations(draw: Any) -> OperationEntry:
    """Something of every kind. Rework uses what is on hold, too, so that much is made after a recall."""
    sources, targets = draw(some), draw(some)
    code, label = draw(st.sampled_from(ANY)), draw(st.sampled_from(LABELS))
    kind = draw(st.sampled_from([*["rework"] * 4, "production", "transfer", "apart", "return", "to a part", "leaves"]))
    match kind:
        case "transfer":
            rows = [line for each in sources for line in (sent("CIDER", each, "1"), arrived("CIDER", each, "1"))]
            return operation(kind, *rows)
        case "apart":
            return operation("split", used("CIDER", code, "2"), made("CIDER", code, "2", sub_lot=label))
        case "return":
            return operation(kind, returned("CIDER", code, "1"))
        case "to a part":
            return operation("return", returned("CIDER", code, "1", sub_lot=label))
        case "leaves":
            named, line = draw(
                st.sampled_from(
                    [
                        ("shipment", shipped),
                        ("sample", sampled),
                        ("loss", destroyed),
                        ("count", missing),
                        ("count", found),
                    ]
                )
            )
            return operation(named, line("CIDER", code, "3"))
    outputs = [(made if each in sources else co_product)("CIDER", each, "2") for each in targets]
    return operation(kind, *(used("CIDER", each, "1") for each in sources), *outputs)


lucky = st.integers(0, 4)
histories = st.lists(st.tuples(operations(), lucky), max_size=10)


#: From one lot into another: chains, circles and short cuts.
reworks = st.lists(
    st.tuples(st.sampled_from(ANY), st.sampled_from(ANY)).map(
        lambda lots: operation("rework", used("CIDER", lots[0], "1"), made("CIDER", lots[1], "9"))
    ),
    min_size=1,
    max_size=6,
)


def live(plant: StoredPlant, history: list[tuple[OperationEntry, int]], *, reverses: bool) -> list[Operation]:
    """What is taken of a history; where things are reversed, every fifth operation or so is at once."""
    recorded: list[Operation] = []
    for entry, luck in history:
        try:
            recorded += plant.take(entry)
            if reverses and luck == 0:
                reversal = plant.reverse(entry.id)
                recorded[-1] = evolve(recorded[-1], reversed_by=reversal.id)
        except DomainError:
            continue
    return recorded


def opened(plant: StoredPlant, suspects: list[str], *, mock: bool) -> tuple[Recall, frozenset[UUID]]:
    lots = frozenset(plant.lot("CIDER", code).pk for code in suspects)
    command = OpenRecall("R-1", "glass", NOON, LotsOrigin(lots), mock, ACTOR, AT)
    return plant.container.traceability.open_recall()(command), lots


def lots_of(recall: Recall) -> tuple[LotInRecall, ...]:
    return DjangoRecallReader().lots(recall.id, PageRequest(500), EVERYWHERE).items


@given(
    before=histories,
    after=histories,
    suspects=st.lists(st.sampled_from(OLD), min_size=1, max_size=2, unique=True),
    mock=st.booleans(),
    reverses=st.booleans(),
)
def test_a_recall_has_everything_of_its_suspects_and_holds_it(
    plant: StoredPlant,
    before: list[tuple[OperationEntry, int]],
    after: list[tuple[OperationEntry, int]],
    suspects: list[str],
    mock: bool,
    reverses: bool,
) -> None:
    with undone():
        recorded = live(plant, before, reverses=reverses)
        recall, begun_with = opened(plant, suspects, mock=mock)
        recorded += live(plant, after, reverses=reverses)

        wholes = dict(Lot.objects.exclude(parent=None).values_list("pk", "parent"))
        expected = closure(steps_of(recorded, wholes), begun_with, Direction.FORWARD)
        lots = lots_of(recall)
        found_there = {lot.id for lot in lots}
        assert len(lots) == len(found_there)
        assert {lot.id for lot in lots if lot.depth == 0} == begun_with
        assert found_there >= expected.keys()
        if not reverses:
            assert {lot.id: lot.depth for lot in lots} == expected
        assert {lot.difference for lot in lots} == {0}
        held = list(HeldLot.objects.filter(hold__recall=recall.id).values_list("lot", flat=True))
        assert sorted(held) == ([] if mock else sorted(found_there))
        assert {lot.holds for lot in lots} == {0 if mock else 1}


@given(
    before=reworks,
    batches=st.lists(reworks, max_size=6),
    suspects=st.lists(st.sampled_from(OLD), min_size=1, max_size=2, unique=True),
)
def test_depth_is_the_least_however_the_operations_came(
    plant: StoredPlant, before: list[OperationEntry], batches: list[list[OperationEntry]], suspects: list[str]
) -> None:
    """One by one before the recall is opened, several at once afterwards: short cuts come late and in any order."""
    with undone():
        recorded = live(plant, [(entry, 1) for entry in before], reverses=False)
        recall, begun_with = opened(plant, suspects, mock=True)
        for batch in batches:
            with suppress(DomainError):
                recorded += plant.take(*batch)
        expected = closure(steps_of(recorded, {}), begun_with, Direction.FORWARD)
        assert {lot.id: lot.depth for lot in lots_of(recall)} == expected


def test_what_joins_late_joins_by_every_way(plant: StoredPlant) -> None:
    """One history by hand, so that the random ones are known to reach rework and parts."""
    with undone():
        recall, _ = opened(plant, ["1"], mock=False)
        history = [
            operation("rework", used("CIDER", "1", "1"), made("CIDER", "1", "1"), co_product("CIDER", "N1", "2")),
            operation("rework", used("CIDER", "N1", "1"), made("CIDER", "N2", "2")),
            operation("split", used("CIDER", "N1", "1"), made("CIDER", "N1", "1", sub_lot="pallet")),
            operation("return", returned("CIDER", "1", "1", sub_lot="back")),
        ]
        assert len(live(plant, [(entry, 1) for entry in history], reverses=False)) == len(history)
        assert sorted((lot.depth, lot.site, lot.code, lot.sub_lot) for lot in lots_of(recall)) == [
            (0, "A", "1", ""),
            (1, "A", "1", "back"),
            (1, "A", "N1", ""),
            (2, "A", "N1", "pallet"),
            (2, "A", "N2", ""),
        ]
