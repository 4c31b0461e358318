"""Lots on hold or rejected may be used with a recorded override, by whoever may; they are never shipped."""

from typing import Any

import pytest

from application.production.correct_operation import CorrectOperation, CorrectOperationHandler
from application.production.posting import Posting
from application.production.record_operations import RecordOperations, RecordOperationsHandler
from application.shared.errors import Forbidden
from domain.access.rights import Role
from domain.production.entry import CONSUMING, Kind, OperationEntry
from domain.production.grammar import faults_in
from domain.production.lot import Disposition
from domain.shared.errors import Refused
from tests.adapters.memory import CountedIds, Memory
from tests.adapters.production import MemoryLedgerStore, MemoryReferenceBook
from tests.adapters.unit_of_work import MemoryUnitOfWork
from tests.core.cases import for_each
from tests.core.plant import (
    OUT,
    STAMP,
    Plant,
    arrived,
    codes,
    destroyed,
    found,
    made,
    new_id,
    operation,
    received,
    returned,
    sampled,
    sent,
    shipped,
    told,
    used,
)
from tests.factories.access import somebody

WHY = {"override": "the laboratory agreed by telephone"}
USES: dict[str, tuple[Any, ...]] = {
    "production": (used("CIDER", "C1", "1"), made("JUICE", "J1", "1")),
    "split": (used("CIDER", "C1", "1"), made("CIDER", "C2", "1")),
    "merge": (used("CIDER", "C1", "1"), made("CIDER", "C2", "1")),
    "transfer": (sent("CIDER", "C1", "1"), arrived("CIDER", "C1", "1")),
}
OTHERS: dict[str, Any] = {
    "receipt": received("CIDER", "C1", "1"),
    "shipment": shipped("CIDER", "C1", "1"),
    "return": returned("CIDER", "C1", "1"),
    "loss": destroyed("CIDER", "C1", "1"),
    "sample": sampled("CIDER", "C1", "1"),
    "count": found("CIDER", "C1", "1"),
    "rework": used("CIDER", "C1", "1"),
}


@pytest.fixture
def plant() -> Plant:
    plant = Plant()
    plant.record("receipt", received("CIDER", "C1", "10"))
    return plant


@pytest.mark.parametrize("stopped", [Disposition.ON_HOLD, Disposition.REJECTED])
@pytest.mark.parametrize("kind", USES)
def test_what_is_stopped_is_used_with_an_override_and_not_without(
    plant: Plant, kind: str, stopped: Disposition
) -> None:
    plant.decide("CIDER", "C1", stopped)
    with pytest.raises(Refused) as refusal:
        plant.record(kind, *USES[kind])
    assert codes(refusal) == ["not_usable"]
    recorded = plant.record(kind, *USES[kind], **WHY)
    assert recorded.override == WHY["override"]
    assert plant.on_hand("CIDER", "C1") == "9"


def rework(into: str) -> list[Any]:
    return [used("CIDER", "C1", "1"), made("CIDER", into, "1")]


@pytest.mark.parametrize("stopped", [Disposition.ON_HOLD, Disposition.REJECTED])
def test_what_is_made_of_it_waits_for_quality(plant: Plant, stopped: Disposition) -> None:
    plant.decide("CIDER", "C1", stopped)
    recorded = [plant.record(kind, *lines, **WHY) for kind, lines in USES.items() if kind != "merge"]
    recorded.append(plant.record("merge", used("CIDER", "C1", "1"), made("CIDER", "C3", "1"), **WHY))
    recorded.append(plant.record("rework", *rework(into="C4")))
    for line in (line for one in recorded for line in one.movements if line.direction is OUT):
        assert line.lot
        assert plant.lots[line.lot].disposition is Disposition.PENDING


def test_a_rework_of_what_is_released_or_waits_makes_what_the_site_makes(plant: Plant) -> None:
    for number, decided in enumerate((Disposition.RELEASED, Disposition.PENDING), 2):
        plant.decide("CIDER", "C1", decided)
        plant.record("rework", *rework(into=f"C{number}"))
        plant.record("rework", *rework(into=f"C{number}"))
        assert plant.lot("CIDER", f"C{number}").disposition is Disposition.RELEASED


def test_nothing_mixes_what_is_stopped_with_what_is_released(plant: Plant) -> None:
    plant.record("receipt", received("CIDER", "C2", "10"))
    plant.decide("CIDER", "C1", Disposition.REJECTED)
    plant.record("receipt", received("JUICE", "J1", "10"))
    for kind, lines, head in (
        ("merge", USES["merge"], WHY),
        ("production", USES["production"], WHY),
        ("rework", rework(into="C2"), {}),
    ):
        with pytest.raises(Refused) as refusal:
            plant.record(kind, *lines, **head)
        assert told(refusal.value.faults) == [("not_released", ("movements", 1, "lot"))]
    plant.record("rework", *rework(into="C1"))


def test_a_reversal_takes_the_goods_back_and_overrides_nothing(plant: Plant) -> None:
    plant.decide("CIDER", "C1", Disposition.ON_HOLD)
    recorded = plant.record("production", *USES["production"], **WHY)
    assert plant.reverse(recorded).override == ""
    assert plant.on_hand("CIDER", "C1") == "10"


def test_the_kinds_that_may_be_overridden_are_those_that_are_refused_without() -> None:
    assert set(USES) == set(CONSUMING)
    assert {*USES, *OTHERS, "reversal"} == set(Kind)


@for_each("kind", OTHERS)
def test_no_other_operation_states_an_override(kind: str) -> None:
    assert ("not_here", ("override",)) in told(faults_in(operation(kind, OTHERS[kind], **WHY)))


@for_each(("override", "code"), [(" \n", "required"), ("a\x00b", "bad_text"), ("x" * 1001, "too_long")])
def test_an_override_says_why(override: str, code: str) -> None:
    assert told(faults_in(operation("split", *USES["split"], override=override))) == [(code, ("override",))]


# Who may


def test_an_override_is_forbidden_wherever_it_is_stated() -> None:
    memory = Memory()
    store, ids = MemoryLedgerStore(memory), CountedIds()
    posting = Posting(MemoryReferenceBook(memory), store, ids)
    entry, overriding = operation("split", *USES["split"]), operation("split", *USES["split"], **WHY)

    def record(*entries: OperationEntry) -> None:
        handler = RecordOperationsHandler(MemoryUnitOfWork(memory), posting, store)
        handler(RecordOperations(entries, somebody("ana", Role.OPERATOR), STAMP.at))

    def correct() -> None:
        handler = CorrectOperationHandler(MemoryUnitOfWork(memory), posting, store, ids)
        handler(CorrectOperation(new_id(), "typed wrong", overriding, somebody("ana", Role.OPERATOR), STAMP.at))

    for work, path in (
        (lambda: record(entry, overriding), ("operations", 1, "override")),
        (correct, ("operation", "override")),
    ):
        with pytest.raises(Forbidden) as refusal:
            work()
        assert told(refusal.value.faults) == [("may_not_override", path)]
