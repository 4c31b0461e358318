"""Recalls: what is wrong with one, what it comes to, its use cases, and the processes that extend and hold it."""

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from application.processes.extend_recalls import ExtendRecalls
from application.processes.hold_recalled_lots import HoldRecalledLots
from application.processes.note_lifted_holds import NoteLiftedHolds
from application.production.posting import Posting
from application.production.record_operations import RecordOperations, RecordOperationsHandler
from application.production.reverse_operation import ReverseOperation, ReverseOperationHandler
from application.quality.lift_hold import LiftHold, LiftHoldHandler
from application.quality.lift_recall_holds import LiftRecallHolds, LiftRecallHoldsHandler
from application.quality.place_hold import PlaceHold, PlaceHoldHandler
from application.shared.errors import NotFound
from application.shared.signing import Signing
from application.traceability.close_recall import CloseRecall, CloseRecallHandler
from application.traceability.log_recall import LogRecall, LogRecallHandler
from application.traceability.open_recall import OpenRecall, OpenRecallHandler
from application.traceability.recall_document import recall_document
from application.traceability.recall_reports import RecallReports
from application.traceability.sign_recall import SignRecall, SignRecallHandler
from application.traceability.suspects import in_words
from domain.access.rights import EVERYWHERE
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import Product
from domain.catalog.site import Site
from domain.production.digest import lots_digest
from domain.production.entry import MovementEntry
from domain.production.lot import Lot, LotKey
from domain.production.operation import Operation
from domain.quality.events import LotsHeld
from domain.quality.holds import Placed, RecallLifting
from domain.shared.canonical import sha256_of
from domain.shared.errors import Invalid, Refused
from domain.shared.signature import Signature
from domain.traceability.events import LotsRecalled, RecallClosed, RecallLogged, RecallSigned
from domain.traceability.origin import (
    CampaignOrigin,
    DocumentOrigin,
    LineOrigin,
    LotsOrigin,
    Origin,
    SupplierLotOrigin,
    origin_document,
    origin_in,
)
from domain.traceability.recall import (
    LogEntry,
    Recall,
    RecallState,
    Recovery,
    Step,
    effectiveness,
    faults_in,
    faults_in_entry,
)
from tests.adapters.catalog import MemoryRecords
from tests.adapters.memory import CountedIds, Memory
from tests.adapters.production import MemoryLedgerStore, MemoryReferenceBook
from tests.adapters.quality import MemoryHolds, MemoryLotsUnderDecision
from tests.adapters.traceability import MemoryGenealogyReader, MemoryRecallReader, MemoryRecalls
from tests.adapters.unit_of_work import MemoryUnitOfWork
from tests.core.plant import (
    NOON,
    PRODUCTS,
    SITES,
    codes,
    made,
    new_id,
    operation,
    received,
    returned,
    shipped,
    told,
    used,
)
from tests.factories.access import signature, signing, somebody

ACTOR = somebody("quality")
AT = datetime.fromisoformat("2026-03-02T12:05:00+01:00")
SECOND = timedelta(seconds=1)


def case(**more: Any) -> Recall:
    usual = {"hazard": "glass", "known_at": NOON, "suspects": CampaignOrigin("SPRING"), "mock": False}
    return Recall(new_id(), **{"code": "R-1", **usual, "opened_at": AT, "opened_by": "quality", **more})


def entry(step: Step, partner: str | None = None, kilograms: str | None = None, text: str = "") -> LogEntry:
    exact = None if kilograms is None else Decimal(kilograms)
    return LogEntry(new_id(), new_id(), step, AT, "quality", partner, exact, text, AT)


# What is wrong with it


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"known_at": AT}, []),
        ({"code": ""}, [("bad_code", ("code",))]),
        ({"code": "x" * 101}, [("too_long", ("code",))]),
        ({"hazard": ""}, [("required", ("hazard",))]),
        ({"hazard": " \n"}, [("required", ("hazard",))]),
        ({"hazard": "x" * 1001}, [("too_long", ("hazard",))]),
        ({"hazard": "a\x00"}, [("bad_text", ("hazard",))]),
        ({"known_at": AT + timedelta(microseconds=1)}, [("wrong_order", ("known_at",))]),
        (
            {"code": " R", "hazard": "", "known_at": AT + timedelta(days=1)},
            [("bad_code", ("code",)), ("required", ("hazard",)), ("wrong_order", ("known_at",))],
        ),
    ],
)
def test_a_recall_has_a_code_and_a_hazard_that_was_known(change: dict[str, Any], faults: list[Any]) -> None:
    assert told(faults_in(case(**change))) == faults


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        (entry(Step.NOTE, text="looked"), []),
        (entry(Step.NOTE, "SHOP", text="they called"), []),
        (entry(Step.NOTIFIED, "SHOP"), []),
        (entry(Step.ACKNOWLEDGED, "SHOP", text="by telephone"), []),
        (entry(Step.RETURNED, "SHOP"), []),
        (entry(Step.DESTROYED, "SHOP", "0.000001"), []),
        (entry(Step.NOTE), [("required", ("text",))]),
        (entry(Step.NOTE, text=" "), [("required", ("text",))]),
        (entry(Step.NOTE, kilograms="1", text="x"), [("not_here", ("kilograms",))]),
        (entry(Step.NOTE, text="x" * 1001), [("too_long", ("text",))]),
        (entry(Step.NOTIFIED, "SHOP", text="a\x00"), [("bad_text", ("text",))]),
        (entry(Step.NOTIFIED), [("required", ("partner",))]),
        (entry(Step.RETURNED, ""), [("required", ("partner",))]),
        (entry(Step.NOTIFIED, "SHOP", "1"), [("not_here", ("kilograms",))]),
        (entry(Step.RETURNED, "SHOP", "1"), [("not_here", ("kilograms",))]),
        (entry(Step.DESTROYED, "SHOP"), [("required", ("kilograms",))]),
        (entry(Step.DESTROYED, "SHOP", "0"), [("not_positive", ("kilograms",))]),
        (entry(Step.DESTROYED, "SHOP", "-1"), [("not_positive", ("kilograms",))]),
        (entry(Step.DESTROYED), [("required", ("partner",)), ("required", ("kilograms",))]),
    ],
)
def test_an_entry_says_who_and_how_much_where_it_has_to(written: LogEntry, faults: list[Any]) -> None:
    assert told(faults_in_entry(written, case())) == faults


@pytest.mark.parametrize(("at", "faults"), [(NOON, 0), (AT, 0), (NOON - SECOND, 1), (AT + SECOND, 1)])
def test_what_is_written_down_happened_since_the_hazard_was_known(at: datetime, faults: int) -> None:
    found = told(faults_in_entry(evolve(entry(Step.NOTIFIED, "SHOP"), at=at), case()))
    assert found == [("out_of_range", ("happened_at",))] * faults


def test_a_recall_is_closed_once() -> None:
    opened = case()
    opened.check_open()
    closed = opened.closed("All came back.", AT, "manager")
    assert closed == evolve(
        opened, state=RecallState.CLOSED, conclusion="All came back.", closed_at=AT, closed_by="manager", version=2
    )
    for act in (closed.check_open, lambda: closed.closed("Again.", AT, "manager")):
        with pytest.raises(Refused) as refusal:
            act()
        assert codes(refusal) == ["wrong_state"]


# What it came to, worked by hand


def recovery(shipped: str, returned: str = "0", destroyed: str = "0") -> Recovery:
    return Recovery(Decimal(shipped), Decimal(returned), Decimal(destroyed))


@pytest.mark.parametrize(
    ("recoveries", "percent"),
    [
        ([], None),
        ([recovery("0")], None),
        ([recovery("0", destroyed="5")], None),
        ([recovery("80")], "0"),
        ([recovery("80", "80")], "100"),
        ([recovery("80", "8", "18")], "32.5"),  # 26 / 80
        ([recovery("3", "1")], "33.3333"),
        ([recovery("3", "2")], "66.6667"),
        ([recovery("80000", "0", "1")], "0.0012"),  # 0.00125 to the even digit
        ([recovery("80000", "0", "3")], "0.0038"),  # 0.00375 to the even digit
        ([recovery("10", "0", "25")], "100"),  # fifteen of them it never had
        ([recovery("10", "6", "6")], "100"),
        ([recovery("10", "0", "25"), recovery("30")], "25"),  # too much of one is nothing of another
        ([recovery("60", "30"), recovery("20", "0", "20"), recovery("20")], "50"),
        ([recovery("0", destroyed="5"), recovery("10", "1")], "10"),
    ],
)
def test_effectiveness_is_what_came_back_or_was_destroyed_of_what_was_shipped(
    recoveries: list[Recovery], percent: str | None
) -> None:
    assert effectiveness(iter(recoveries)) == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize(
    ("known", "left"), [(recovery("80", "8", "18"), "54"), (recovery("10", "6", "6"), "-2"), (recovery("0"), "0")]
)
def test_what_is_outstanding_is_the_rest(known: Recovery, left: str) -> None:
    assert known.outstanding == Decimal(left)


# The use cases and the processes


class Plant:
    """Apples of a supplier become juice, juice becomes cider, which goes to a shop; everything on memory."""

    def __init__(self) -> None:
        partners = {code: Partner(new_id(), code, code, PartnerRole.BOTH) for code in ("SUPPLIER", "SHOP")}
        operators = {"ana": Operator(new_id(), "ana", "Ana")}
        records = {Product: dict(PRODUCTS), Site: dict(SITES), Partner: dict(partners), Operator: operators}
        self.memory = memory = Memory(records=records)
        self.recalls, self.holds, ids = MemoryRecalls(memory), MemoryHolds(memory), CountedIds()
        processes = (
            ExtendRecalls(self.recalls, ids),
            HoldRecalledLots(self.holds, self.recalls, ids),
            NoteLiftedHolds(self.recalls, ids),
        )
        work = MemoryUnitOfWork(memory, processes)
        store = MemoryLedgerStore(memory)
        posting = Posting(MemoryReferenceBook(memory), store, CountedIds(10**6))
        self._record = RecordOperationsHandler(work, posting, store)
        self._reverse = ReverseOperationHandler(work, posting, store, CountedIds(10**7))
        reader, sites = MemoryRecallReader(memory), MemoryRecords(memory, Site)
        self._open = OpenRecallHandler(work, MemoryGenealogyReader(memory), self.recalls, sites, ids)
        self._sign = SignRecallHandler(work, self.recalls, sites, ids)
        self._log = LogRecallHandler(work, self.recalls, ids)
        self.reports = RecallReports(reader)
        self._close = CloseRecallHandler(work, self.recalls, sites, reader, lambda query: b"<svg/>", ids)
        self._lift = LiftHoldHandler(work, MemoryLotsUnderDecision(memory), sites, self.holds)
        self._lift_all = LiftRecallHoldsHandler(work, sites, self.holds)
        self._hold = PlaceHoldHandler(work, MemoryLotsUnderDecision(memory), self.holds, ids)
        apples = (received("APPLE", "1", "9", supplier_lot="F-7"), received("APPLE", "2", "9"))
        self.record("receipt", *apples, partner="SUPPLIER")
        self.record("production", used("APPLE", "1", "2"), made("JUICE", "T", "2"))
        self.record("production", used("JUICE", "T", "1"), made("CIDER", "C", "5"))
        self.record("shipment", shipped("CIDER", "C", "3"))
        memory.events.clear()

    def record(self, kind: str, *movements: MovementEntry, **head: object) -> Operation:
        return self._record(RecordOperations((operation(kind, *movements, **head),), ACTOR, AT)).new[0]

    def reverse(self, original: Operation) -> Operation:
        return self._reverse(ReverseOperation(original.id, "typed wrong", ACTOR, AT))

    def open(self, *lots: str, **more: Any) -> Recall:
        origin = LotsOrigin(frozenset(self.lot(each).id for each in lots))
        usual = {"code": "R-1", "hazard": "glass", "known_at": NOON, "suspects": origin, "mock": False}
        return self._open(OpenRecall(**{**usual, **more}, actor=ACTOR, at=AT))

    def sign(self, recall: UUID, signs: Signing, by: str = "quality") -> Recall:
        return self._sign(SignRecall(recall, signs, somebody(by), AT + SECOND))

    def asks_for_signatures(self, *, asks: bool = True) -> None:
        """Let whoever decides at A sign, or not any more."""
        sites = self.memory.rows(Site)
        sites["A"] = evolve(sites["A"], signs_decisions=asks)

    def log(self, recall: UUID, step: Step = Step.NOTE, **more: Any) -> LogEntry:
        usual = {"partner": None, "kilograms": None, "text": "looked"}
        return self._log(LogRecall(recall, step, **{**usual, **more}, actor=ACTOR, at=AT))

    def close(self, recall: UUID, conclusion: str = "All came back.", meaning: str | None = None) -> Recall:
        return self._close(CloseRecall(recall, conclusion, signing(meaning), somebody("manager"), AT))

    def hold(self, lot: str) -> None:
        self._hold(PlaceHold(self.lot(lot).id, "dented", None, ACTOR, AT))

    def lift(self, lot: str, hold: UUID | None = None) -> None:
        self._lift(LiftHold(self.lot(lot).id, "analysed", None, ACTOR, AT, hold))

    def lift_all(self, recall: UUID, reason: str = "no glass", meaning: str | None = None) -> RecallLifting:
        return self._lift_all(LiftRecallHolds(recall, reason, signing(meaning), ACTOR, AT))

    def lot(self, name: str, sub_lot: str = "") -> Lot:
        return self.memory.lots[LotKey("A", *name.split(), sub_lot)]

    def depths(self, recall: Recall) -> dict[str, int]:
        names = {lot.id: f"{key.product} {key.code} {key.sub_lot}".strip() for key, lot in self.memory.lots.items()}
        return {names[lot]: depth for (of, lot), depth in self.memory.recalled.items() if of == recall.id}

    def held(self) -> set[str]:
        return {f"{key.product} {key.code} {key.sub_lot}".strip() for key, lot in self.memory.lots.items() if lot.holds}

    def happened(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.memory.events if isinstance(event, kind)]


@pytest.fixture
def plant() -> Plant:
    return Plant()


def test_opening_recalls_and_holds_everything_that_the_suspects_went_into(plant: Plant) -> None:
    recall = plant.open(suspects=SupplierLotOrigin("SUPPLIER", "F-7"))
    assert plant.memory.recalls == {recall.id: recall}
    assert recall == Recall(recall.id, "R-1", "glass", NOON, SupplierLotOrigin("SUPPLIER", "F-7"), False, AT, "quality")
    assert recall.known_at.tzinfo is UTC
    assert plant.depths(recall) == {"APPLE 1": 0, "JUICE T": 1, "CIDER C": 2}
    assert plant.held() == {"APPLE 1", "JUICE T", "CIDER C"}
    (recalled,), (held,) = plant.happened(LotsRecalled), plant.happened(LotsHeld)
    lots = tuple(plant.lot(name).id for name in ("APPLE 1", "JUICE T", "CIDER C"))
    assert recalled == LotsRecalled(recall.id, "R-1", "glass", False, lots, AT, "quality")
    assert (held.placed, held.hold.reason) == (Placed(3, lots_digest(lots)), "Recall R-1: glass")
    assert {(each.hold.id, each.hold.recall, each.hold.placed_at) for each in plant.memory.held} == {
        (held.hold.id, recall.id, AT)
    }
    (noted,) = plant.memory.recall_log
    assert (noted.step, noted.at, noted.by) == (Step.NOTE, AT, "quality")
    assert noted.text == (
        "Opened: what SUPPLIER delivered under lot F-7. Suspect lots: 1; lots in the recall: 3, all of them on hold."
    )
    with pytest.raises(Refused) as refusal:
        plant.record("shipment", shipped("CIDER", "C", "1"))
    assert codes(refusal) == ["not_usable"]


def test_an_exercise_holds_nothing_and_says_so(plant: Plant) -> None:
    recall = plant.open("APPLE 1", "JUICE T", mock=True)
    assert plant.depths(recall) == {"APPLE 1": 0, "JUICE T": 0, "CIDER C": 1}
    assert (plant.held(), plant.memory.held, plant.happened(LotsHeld)) == (set(), [], [])
    (noted,) = plant.memory.recall_log
    assert noted.text.endswith("Suspect lots: 2; lots in the recall: 3, none on hold, this is an exercise.")


@pytest.mark.parametrize(
    ("change", "error", "fault"),
    [
        ({"code": "a\n"}, Invalid, "bad_code"),
        ({"hazard": " "}, Invalid, "required"),
        ({"known_at": AT + timedelta(hours=1)}, Invalid, "wrong_order"),
        ({"suspects": SupplierLotOrigin("SUPPLIER", "F-8")}, Invalid, "no_lots"),
        ({"code": "R-0"}, Refused, "code_taken"),
    ],
)
def test_what_is_no_recall_opens_none(plant: Plant, change: dict[str, Any], error: Any, fault: str) -> None:
    plant.open("APPLE 2", code="R-0")
    before = plant.memory.contents()
    with pytest.raises(error) as refusal:
        plant.open("APPLE 1", **change)
    assert codes(refusal) == [fault]
    assert plant.memory.contents() == before


def test_suspects_have_to_exist(plant: Plant) -> None:
    with pytest.raises(Invalid) as refusal:
        plant.open(suspects=LotsOrigin(frozenset({new_id()})))
    assert told(refusal.value.faults) == [("unknown_lot", ("suspects", "lots"))]
    assert plant.memory.recalls == {}


def test_what_is_made_of_recalled_lots_joins_and_is_held_as_it_is_recorded(plant: Plant) -> None:
    recall = plant.open("APPLE 1")
    plant.memory.events.clear()
    plant.record("rework", used("CIDER", "C", "1"), made("JUICE", "R", "1"))
    assert plant.depths(recall)["JUICE R"] == 3
    assert plant.held() == {"APPLE 1", "JUICE T", "CIDER C", "JUICE R"}
    (recalled,), (held,) = plant.happened(LotsRecalled), plant.happened(LotsHeld)
    assert (recalled.lots, recalled.at, recalled.by) == ((plant.lot("JUICE R").id,), AT, "quality")
    assert held.placed.lots == 1
    assert plant.memory.recall_log[-1].text == "Lots that joined, because a recalled lot went into them: 1."
    plant.record("production", used("APPLE", "2", "1"), made("JUICE", "S", "1"))
    assert "JUICE S" not in plant.held()
    assert len(plant.memory.recall_log) == 2


def test_nothing_joins_twice(plant: Plant) -> None:
    plant.open("APPLE 1")
    plant.memory.events.clear()
    for _ in range(2):
        plant.record("rework", used("CIDER", "C", "1"), made("JUICE", "T", "1"))
    assert [event.lots for event in plant.happened(LotsRecalled)] == [(), ()]
    assert plant.happened(LotsHeld) == []
    assert len(plant.memory.recall_log) == 1


def test_a_lot_joins_every_recall_that_it_comes_from(plant: Plant) -> None:
    first, second = plant.open("JUICE T"), plant.open("APPLE 2", code="R-2", mock=True)
    plant.record("rework", used("CIDER", "C", "1"), used("APPLE", "2", "1"), made("JUICE", "R", "1"))
    assert (plant.depths(first)["JUICE R"], plant.depths(second)["JUICE R"]) == (2, 1)
    assert plant.lot("JUICE R").holds == 1
    assert {entry.recall for entry in plant.memory.recall_log[-2:]} == {first.id, second.id}


def test_a_part_that_comes_back_is_held_once_by_the_recall(plant: Plant) -> None:
    recall = plant.open("APPLE 1")
    plant.memory.events.clear()
    plant.record("return", returned("CIDER", "C", "2", sub_lot="back"))
    assert plant.depths(recall)["CIDER C back"] == 3
    part = plant.lot("CIDER C", "back")
    assert (part.holds, [held.hold.recall for held in plant.holds.of_lot(part.id)]) == (1, [recall.id])
    assert [event.lots for event in plant.happened(LotsRecalled)] == [(part.id,)]
    assert plant.happened(LotsHeld) == []


def test_reversing_lets_nothing_join_and_nothing_leave(plant: Plant) -> None:
    recall = plant.open("APPLE 1", mock=True)
    rework = plant.record("rework", used("CIDER", "C", "1"), made("JUICE", "R", "1"))
    plant.memory.events.clear()
    plant.reverse(rework)
    assert "JUICE R" in plant.depths(recall)
    assert plant.happened(LotsRecalled) == []


def test_a_closed_recall_is_no_longer_extended_and_holds_all_the_same(plant: Plant) -> None:
    opened = plant.open("APPLE 1")
    recall = plant.close(opened.id)
    assert recall == opened.closed("All came back.", AT, "manager")
    assert plant.memory.recalls == {recall.id: recall}
    stored = plant.memory.recall_reports[recall.id]
    assert plant.happened(RecallClosed) == [
        RecallClosed(plant.memory.recalls[recall.id], stored.sha256, hashlib.sha256(stored.picture).hexdigest())
    ]
    noted = plant.memory.recall_log[-1]
    assert (noted.text, noted.by) == ("Closed: All came back.", "manager")
    plant.record("rework", used("CIDER", "C", "1"), made("JUICE", "R", "1"))
    assert "JUICE R" not in plant.depths(recall)
    assert plant.held() == {"APPLE 1", "JUICE T", "CIDER C"}
    before = plant.memory.contents()
    for act in (plant.close, plant.log):
        with pytest.raises(Refused) as refusal:
            act(recall.id)
        assert codes(refusal) == ["wrong_state"]
    assert plant.memory.contents() == before


@pytest.mark.parametrize(
    ("conclusion", "fault"), [("", "required"), (" \n", "required"), ("x" * 1001, "too_long"), ("a\x00", "bad_text")]
)
def test_a_recall_is_closed_with_a_conclusion(plant: Plant, conclusion: str, fault: str) -> None:
    recall = plant.open("APPLE 1")
    with pytest.raises(Invalid) as refusal:
        plant.close(recall.id, conclusion)
    assert told(refusal.value.faults) == [(fault, ("conclusion",))]
    assert plant.memory.recalls[recall.id] == recall


def test_a_conclusion_may_be_as_long_as_any_text(plant: Plant) -> None:
    conclusion = "x" * 1000
    assert plant.close(plant.open("APPLE 1").id, conclusion).conclusion == conclusion
    assert plant.memory.recall_log[-1].text == f"Closed: {conclusion}"


def test_the_log_says_when_it_happened(plant: Plant) -> None:
    recall = plant.open("APPLE 1")
    told_at = AT - timedelta(minutes=3)
    now = plant.log(recall.id, Step.NOTIFIED, partner="SHOP")
    before = plant.log(recall.id, Step.DESTROYED, partner="SHOP", kilograms=Decimal(2), text="", happened_at=told_at)
    assert now == LogEntry(now.id, recall.id, Step.NOTIFIED, AT, "quality", "SHOP", None, "looked", AT)
    assert before == LogEntry(before.id, recall.id, Step.DESTROYED, told_at, "quality", "SHOP", Decimal(2), "", AT)
    assert before.at.tzinfo is before.recorded_at.tzinfo is UTC
    assert plant.memory.recall_log[-2:] == [now, before]
    assert plant.happened(RecallLogged)[-2:] == [RecallLogged("R-1", now), RecallLogged("R-1", before)]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"step": Step.DESTROYED, "partner": "SHOP"}, "required"),
        ({"step": Step.NOTIFIED, "partner": "NOBODY"}, "unknown_code"),
        ({"text": ""}, "required"),
    ],
)
def test_what_is_no_entry_is_not_written_down(plant: Plant, change: dict[str, Any], fault: str) -> None:
    recall = plant.open("APPLE 1")
    before = plant.memory.contents()
    with pytest.raises(Invalid) as refusal:
        plant.log(recall.id, **change)
    assert codes(refusal) == [fault]
    assert plant.memory.contents() == before


@pytest.mark.parametrize("act", [Plant.log, Plant.close])
def test_a_recall_has_to_exist(plant: Plant, act: Any) -> None:
    with pytest.raises(NotFound):
        act(plant, new_id())


# Where it begins, as it was stated

ORIGINS: list[tuple[Origin, dict[str, Any], str]] = [
    (LotsOrigin(frozenset({UUID(int=2), UUID(int=1)})), {"lots": [str(UUID(int=1)), str(UUID(int=2))]}, "2 lots, "),
    (LotsOrigin(frozenset({UUID(int=1)})), {"lots": [str(UUID(int=1))]}, "one lot, "),
    (SupplierLotOrigin("S", "7"), {"supplier": "S", "supplier_lot": "7"}, "what S delivered under lot 7"),
    (CampaignOrigin("C-1"), {"campaign": "C-1"}, "what campaign C-1 made"),
    (DocumentOrigin("DN"), {"document": "DN"}, "what moved with document DN"),
    (DocumentOrigin("DN", "S"), {"document": "DN", "partner": "S"}, "what moved with document DN of S"),
    (
        LineOrigin("A", "P", NOON, AT),
        {"site": "A", "line": "P", "since": NOON.astimezone(UTC).isoformat(), "until": AT.astimezone(UTC).isoformat()},
        "what line P of A made from ",
    ),
]


@pytest.mark.parametrize(("origin", "document", "words"), ORIGINS, ids=lambda value: type(value).__name__)
def test_what_it_begins_with_is_kept_as_it_was_stated(origin: Origin, document: dict[str, Any], words: str) -> None:
    assert origin_document(origin) == document
    assert origin_in(document) == origin
    assert in_words(origin).startswith(words)


def test_an_origin_of_no_kind_is_none() -> None:
    with pytest.raises(ValueError, match="campaigns"):
        origin_in({"campaigns": "C-1"})


# Opened at once, and signed afterwards


@pytest.mark.parametrize("signs", [None, Signing("I open it"), Signing(" ", proven=True)])
def test_a_recall_opens_without_the_signature_that_a_site_asks_for_and_it_is_due(
    plant: Plant, signs: Signing | None
) -> None:
    plant.asks_for_signatures()
    recall = plant.open("APPLE 1", signing=signs)
    assert plant.held() == {"APPLE 1", "JUICE T", "CIDER C"}
    assert (recall.opening_signature, recall.signature_due) == (None, True)
    assert plant.memory.recalls[recall.id] == recall
    assert plant.memory.recall_log[0].text.endswith(" Not signed yet.")


@pytest.mark.parametrize("asked", [True, False])
def test_a_recall_that_is_signed_at_once_is_not_due(plant: Plant, asked: bool) -> None:
    if asked:
        plant.asks_for_signatures()
    recall = plant.open("APPLE 1", signing=Signing("I open it", proven=True))
    assert (recall.opening_signature, recall.signature_due) == (opening(plant, AT), False)
    assert plant.memory.recall_log[0].text.endswith(" Signed by quality: I open it")


def opening(plant: Plant, at: datetime, by: str = "quality") -> Signature:
    """The signature under the opening of R-1."""
    act = {"act": "open recall", "code": "R-1", "hazard": "glass", "mock": False}
    suspects = {"lots": [str(plant.lot("APPLE 1").id)]}
    return signature(by, "I open it", at, known_at="2026-03-02T11:00:00.000000Z", suspects=suspects, **act)


def test_what_is_due_for_no_site_is_nobodys_signature(plant: Plant) -> None:
    unasked = plant.open("APPLE 1", signing=Signing("I open it"))
    assert (unasked.signature_due, unasked.opening_signature and unasked.opening_signature.proven) == (False, False)
    plant.asks_for_signatures()
    assert not plant.open("APPLE 1", code="R-2", mock=True).signature_due


def test_it_is_signed_afterwards_as_it_would_have_been_at_once(plant: Plant) -> None:
    plant.asks_for_signatures()
    opened = plant.open("APPLE 1")
    for signs, code in ((Signing("I open it"), "password_required"), (Signing(" ", proven=True), "signature_required")):
        with pytest.raises(Invalid) as invalid:
            plant.sign(opened.id, signs)
        assert codes(invalid) == [code]
    plant.memory.events.clear()
    recall = plant.sign(opened.id, Signing("I open it", proven=True), by="bea")
    signed = opening(plant, AT + SECOND, by="bea")
    assert recall == evolve(opened, opening_signature=signed, signature_due=False, version=2)
    assert plant.memory.recalls[recall.id] == recall
    assert plant.happened(RecallSigned) == [RecallSigned(opened, recall)]
    noted = plant.memory.recall_log[-1]
    assert (noted.text, noted.by) == ("Opening signed by bea: I open it", "bea")
    with pytest.raises(Refused) as refused:
        plant.sign(recall.id, Signing("I open it", proven=True))
    assert codes(refused) == ["wrong_state"]


def test_a_recall_whose_opening_is_not_signed_is_not_closed(plant: Plant) -> None:
    plant.asks_for_signatures()
    opened = plant.open("APPLE 1")
    before = plant.memory.contents()
    with pytest.raises(Refused) as refused:
        plant.close(opened.id, meaning="I led it")
    assert codes(refused) == ["signature_due"]
    with pytest.raises(Invalid) as invalid:
        plant.close(opened.id, " ")
    assert codes(invalid) == ["required", "signature_required", "signature_due"]
    # Not even where the site asks for no signature any more.
    plant.asks_for_signatures(asks=False)
    with pytest.raises(Refused):
        plant.close(opened.id)
    plant.asks_for_signatures()
    assert plant.memory.contents() == before
    plant.sign(opened.id, Signing("I open it", proven=True))
    recall = plant.close(opened.id, meaning="I led it")
    stated = plant.memory.recall_reports[recall.id].document["recall"]
    assert (stated["opening_signature"]["meaning"], stated["signature_due"]) == ("I open it", False)
    with pytest.raises(Refused):
        plant.sign(recall.id, Signing("I open it", proven=True))


def test_a_recall_that_needs_no_signature_may_be_signed_afterwards(plant: Plant) -> None:
    recall = plant.sign(plant.open("APPLE 1").id, Signing("I open it"))
    assert recall.opening_signature is not None
    with pytest.raises(Invalid) as invalid:
        plant.sign(plant.open("APPLE 1", code="R-2").id, Signing(" "))
    assert codes(invalid) == ["required"]


# The report that it was closed with


def test_closing_stores_the_report_as_it_is_then(plant: Plant) -> None:
    recall = plant.close(plant.open("APPLE 1").id, meaning="I led it").id
    stored = plant.memory.recall_reports[recall]
    act = {"act": "close recall", "recall": str(recall), "conclusion": "All came back."}
    signed = signature("manager", "I led it", AT, **act)
    assert plant.memory.recalls[recall].signature == signed
    assert stored.sha256 == sha256_of(stored.document)
    assert (stored.closed_at, stored.picture) == (AT, b"<svg/>")
    assert stored.document["recall"]["state"] == "closed"
    assert stored.document["recall"]["signature"]["meaning"] == "I led it"
    assert stored.document["log"][-1]["text"] == "Closed: All came back."
    # Whatever the world does afterwards.
    plant.memory.recall_log.clear()
    plant.memory.recalls[recall] = evolve(plant.memory.recalls[recall], hazard="nothing")
    shown = plant.reports.of(recall, EVERYWHERE, AT + SECOND)
    assert (shown.document, shown.sha256, shown.picture) == (stored.document, stored.sha256, stored.picture)
    assert (shown.report.at, shown.report.recall.hazard, len(shown.report.log), shown.final) == (AT, "glass", 2, True)


def test_the_report_of_an_open_recall_is_of_now_and_its_hash_is_not(plant: Plant) -> None:
    recall = plant.open("APPLE 1").id
    first, second = (plant.reports.of(recall, EVERYWHERE, at) for at in (AT, AT + SECOND))
    assert (first.report.at, second.report.at) == (AT, AT + SECOND)
    assert first.sha256 == second.sha256 == sha256_of(recall_document(second.report))
    assert not first.final
    plant.log(recall)
    assert plant.reports.of(recall, EVERYWHERE, AT).sha256 != first.sha256


# Letting its lots go


def test_all_holds_of_a_recall_are_lifted_at_once_and_no_others(plant: Plant) -> None:
    recall = plant.open("APPLE 1")
    other = plant.open("JUICE T", code="R-2")
    plant.hold("APPLE 1")
    assert plant.lift_all(recall.id) == RecallLifting(lots=3, still_held=3)
    assert {each.hold.recall for each in plant.memory.held if each.stands} == {other.id, None}
    assert plant.held() == {"APPLE 1", "JUICE T", "CIDER C"}
    noted = plant.memory.recall_log[-1]
    assert (noted.recall, noted.by) == (recall.id, "quality")
    assert noted.text == "Lots whose hold was lifted: 3; of them still on hold: 3. no glass"
    assert plant.lift_all(other.id) == RecallLifting(lots=2, still_held=0)
    assert plant.held() == {"APPLE 1"}


def test_lifting_all_takes_a_reason_a_hold_and_a_signature_where_a_site_asks_for_one(plant: Plant) -> None:
    recall, exercise = plant.open("APPLE 1"), plant.open("APPLE 2", code="R-2", mock=True)
    sites = plant.memory.rows(Site)
    sites["A"] = evolve(sites["A"], signs_decisions=True)
    before = plant.memory.contents()
    for error, fault, act in (
        (Invalid, "required", lambda: plant.lift_all(recall.id, " ")),
        (Invalid, "signature_required", lambda: plant.lift_all(recall.id)),
        (Refused, "not_held", lambda: plant.lift_all(exercise.id, meaning="I did")),
    ):
        with pytest.raises(error) as refusal:
            act()
        assert codes(refusal) == [fault]
    assert plant.memory.contents() == before
    plant.lift_all(recall.id, meaning="I looked at all of them")
    liftings = [each.lifting.signature for each in plant.memory.held if each.lifting]
    act = {"act": "lift", "recall": str(recall.id), "lots": str(len(liftings)), "reason": "no glass"}
    assert set(liftings) == {signature("quality", "I looked at all of them", AT, **act)}


def test_a_hold_of_an_open_recall_that_is_lifted_alone_is_noted(plant: Plant) -> None:
    recall = plant.open("APPLE 1")
    (held,) = plant.holds.of_lot(plant.lot("JUICE T").id)
    plant.lift("JUICE T", held.hold.id)
    assert plant.memory.recall_log[-1].text == f"Hold lifted from lot {plant.lot('JUICE T').key}: analysed"
    plant.hold("JUICE T")
    plant.lift("JUICE T")
    assert len(plant.memory.recall_log) == 2
    plant.close(recall.id)
    assert plant.lift_all(recall.id).lots == 2
    assert plant.memory.recall_log[-1].text == "Closed: All came back."
