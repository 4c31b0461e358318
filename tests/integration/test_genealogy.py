"""The recursive query finds what the pure walk finds, whatever the plant did and in whatever order."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from application.traceability.queries import Links, TracedLot, TraceRow
from application.traceability.trace_lots import TraceLots, TraceLotsHandler
from domain.access.rights import EVERYWHERE
from domain.production.entry import Kind, MovementEntry, OperationEntry
from domain.production.operation import Operation
from domain.shared.errors import DomainError
from domain.traceability.exposure import Mixing, mixings_of
from domain.traceability.genealogy import Direction, Step, closure, steps_of
from domain.traceability.origin import LotsOrigin
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.traceability.genealogy_reader import DjangoGenealogyReader
from tests.core.plant import NOON, arrived, co_product, made, operation, received, sent, used
from tests.database import Database
from tests.factories.plant import StoredPlant, undone

CODES = [str(number) for number in range(1, 9)]
lots = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True)


@pytest.fixture(scope="module")
def plant(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[StoredPlant]:
    """Eight lots to make anything of; each test undoes what it does."""
    with django_db_blocker.unblock(), undone():
        stored = StoredPlant().furnish()
        stored.record("receipt", *(received("CIDER", code, "1000") for code in CODES), partner="SUPPLIER")
        yield stored


@st.composite
def operations(draw: Any) -> OperationEntry:
    kind = draw(st.sampled_from(["production", "split", "merge", "rework", "transfer"]))
    sources, targets = draw(lots), draw(lots)
    at = {"occurred_at": NOON.replace(hour=draw(st.integers(0, 23)))}
    if kind == "transfer":
        there, back = ("A", "B") if draw(st.booleans()) else ("B", "A")
        rows: list[MovementEntry] = [sent("CIDER", code, "1", site=there) for code in sources]
        rows += [arrived("CIDER", code, "1", site=back) for code in sources]
        return operation(kind, *rows, site=there, **at)
    outputs = [(made if code in sources else co_product)("CIDER", code, "1") for code in targets]
    return operation(kind, *(used("CIDER", code, "1") for code in sources), *outputs, **at)


histories = st.lists(st.tuples(operations(), st.integers(0, 4)), min_size=1, max_size=14)


def live(plant: StoredPlant, history: list[tuple[OperationEntry, int]]) -> list[Operation]:
    """What is taken of a history, in order; every fifth operation or so is taken back at once."""
    recorded: list[Operation] = []
    for entry, luck in history:
        try:
            (taken,) = plant.take(entry)
            recorded.append(taken)
            if luck == 0:
                reversal = plant.reverse(entry.id)
                recorded[-1] = evolve(taken, reversed_by=reversal.id)
        except DomainError:
            continue
    return recorded


def linked(rows: Iterable[TraceRow]) -> list[tuple[UUID, UUID, UUID]]:
    """Every link on its own."""
    links = (row for row in rows if isinstance(row, Links))
    return [(row.operation, source, target) for row in links for source in row.sources for target in row.targets]


def same_as_the_pure_walk(steps: list[Step]) -> None:
    reader = DjangoGenealogyReader()
    for lot in Lot.objects.values_list("pk", flat=True):
        for direction in Direction:
            rows = list(reader.trace([lot], [direction]))
            depths = {row.id: row.depth for row in rows if isinstance(row, TracedLot)}
            assert depths == closure(steps, [lot], direction)
            links = linked(rows)
            met = [step for step in steps if step.entered(direction) & depths.keys()]
            assert sorted(links) == sorted(
                (step.operation, source, target)
                for step in met
                for source in step.sources
                for target in step.targets
                if (source if direction is Direction.FORWARD else target) in depths
            )
            read = reader.steps([lot], direction)
            assert {(step.operation, step.sources, step.targets) for step in read} == {
                (step.operation, step.sources, step.targets) for step in met
            }


@settings(max_examples=settings().max_examples // 2)
@given(history=histories)
def test_the_query_is_the_pure_walk(plant: StoredPlant, history: list[tuple[OperationEntry, int]]) -> None:
    with undone():
        same_as_the_pure_walk(list(steps_of(live(plant, history), {})))


@settings(max_examples=settings().max_examples // 5)
@given(history=histories)
def test_the_mixing_steps_are_those_that_stand(plant: StoredPlant, history: list[tuple[OperationEntry, int]]) -> None:
    with undone():
        standing = mixings_of(live(plant, history), {})
        for lot in Lot.objects.values_list("pk", flat=True):
            rows = list(DjangoGenealogyReader().mixings([lot]))
            affected = {row.id for row in rows if isinstance(row, TracedLot)}
            read = [row for row in rows if isinstance(row, Mixing) and row.kind is not Kind.RECEIPT]
            assert read == [step for step in standing if affected & {flow.lot for flow in step.flows}]


@settings(max_examples=settings().max_examples // 5)
@given(history=histories, order=st.randoms(use_true_random=False))
def test_the_order_of_recording_changes_nothing(
    plant: StoredPlant, history: list[tuple[OperationEntry, int]], order: Any
) -> None:
    with undone():
        stocked = [received("CIDER", code, "1000", site="B") for code in CODES]
        plant.record("receipt", *stocked, site="B", partner="SUPPLIER")
        shuffled = list(history)
        order.shuffle(shuffled)
        found = []
        for told in (history, shuffled):
            with undone():
                live(plant, told)
                reader = DjangoGenealogyReader()
                lots = list(Lot.objects.order_by("pk").values_list("pk", flat=True))
                found.append([sorted(map(str, _without_amounts(reader, lot))) for lot in lots])
        assert found[0] == found[1]


def _without_amounts(reader: DjangoGenealogyReader, lot: Any) -> Iterator[object]:
    rows = list(reader.trace([lot], list(Direction)))
    yield from linked(rows)
    for row in rows:
        if not isinstance(row, Links):
            yield evolve(row, on_hand=0) if isinstance(row, TracedLot) else row


@given(history=histories)
@settings(max_examples=settings().max_examples // 5)
def test_what_respects_time_is_part_of_the_whole(plant: StoredPlant, history: list[tuple[OperationEntry, int]]) -> None:
    with undone():
        live(plant, history)
        trace = TraceLotsHandler(DjangoGenealogyReader())
        for lot in Lot.objects.values_list("pk", flat=True):
            asked = TraceLots(LotsOrigin(frozenset({lot})), tuple(Direction), EVERYWHERE)
            whole = {row.id: row.depth for row in trace(asked) if isinstance(row, TracedLot)}
            in_time = list(trace(evolve(asked, respect_time=True)))
            assert all(whole[row.id] <= row.depth for row in in_time if isinstance(row, TracedLot))
            assert set(linked(in_time)) <= set(linked(trace(asked)))


@pytest.mark.django_db
def test_a_heel_is_followed_as_deep_as_it_goes(django_assert_num_queries: Any) -> None:
    plant = StoredPlant().furnish()
    plant.record("receipt", received("JUICE", "0", "1000"))
    plant.take(
        *(
            operation("merge", used("JUICE", str(number), "1"), made("JUICE", str(number + 1), "1"))
            for number in range(300)
        )
    )
    first, last = plant.lot("JUICE", "0"), plant.lot("JUICE", "300")
    reader = DjangoGenealogyReader()
    for lots in ([first.pk], [last.pk]):
        # A savepoint with its settings, which outside a test is a transaction; the walk, lots, links and handovers.
        with django_assert_num_queries(8):
            rows = list(reader.trace(lots, list(Direction)))
        depths = [row.depth for row in rows if isinstance(row, TracedLot)]
        assert depths == list(range(301))
