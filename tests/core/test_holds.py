"""Holds: which may be lifted, and a lot that lives under holds and decisions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from application.quality.decide_lot import DecideLot, DecideLotHandler
from application.quality.lift_hold import LiftHold, LiftHoldHandler
from application.quality.place_hold import PlaceHold, PlaceHoldHandler
from application.shared.errors import NotFound
from domain.catalog.site import Site
from domain.production.lot import Disposition, Lot, LotKey
from domain.quality.disposition import Decision
from domain.quality.events import HoldLifted, LotsHeld
from domain.quality.holds import HeldLot, Hold, Lifting, hold_to_lift
from domain.shared.errors import DomainError, Invalid, Refused
from tests.adapters.catalog import MemoryRecords
from tests.adapters.memory import CountedIds, Memory
from tests.adapters.quality import MemoryHolds, MemoryLotsUnderDecision
from tests.adapters.unit_of_work import MemoryUnitOfWork
from tests.core.cases import for_each
from tests.core.plant import PRODUCTS, codes, new_id, told
from tests.factories.access import signature, signing, somebody

PENDING, RELEASED, ON_HOLD, REJECTED = Disposition
ACTOR = somebody("quality")
AT = datetime.fromisoformat("2026-03-02T12:05:00+01:00")
LIFTED = Lifting("no glass", AT, "quality")


def lot(code: str = "1", decided: Disposition = RELEASED, holds: int = 0) -> Lot:
    return Lot(new_id(), LotKey("A", "CIDER", code), PRODUCTS["CIDER"], decided, holds)


def hold(recall: UUID | None = None) -> Hold:
    return Hold(new_id(), "glass", "Lot 1", AT, "quality", recall)


@for_each("decided", [PENDING, RELEASED, REJECTED])
@for_each("holds", [0, 1, 7])
def test_a_rejection_goes_before_a_hold_and_a_hold_before_what_else_was_decided(
    decided: Disposition, holds: int
) -> None:
    effective = decided if decided is REJECTED or not holds else ON_HOLD
    assert lot(decided=decided, holds=holds).disposition is effective


# Which hold is lifted


def test_the_latest_that_stands_and_belongs_to_no_recall_is_lifted_unless_one_is_named() -> None:
    held = lot(holds=3)
    oldest, older, of_a_recall, latest = (HeldLot(hold(recall), held.id) for recall in (None, None, new_id(), None))
    lifted = HeldLot(latest.hold, held.id, LIFTED)
    history = [lifted, of_a_recall, older, oldest]
    assert hold_to_lift(held, history, None) is older
    assert hold_to_lift(held, history, oldest.hold.id) is oldest
    assert hold_to_lift(held, history, of_a_recall.hold.id) is of_a_recall


@for_each("recalls", [0, 2])
def test_where_none_is_left_to_lift_nothing_is(recalls: int) -> None:
    held = lot(holds=recalls)
    before = HeldLot(hold(), held.id, LIFTED)
    history = [*(HeldLot(hold(new_id()), held.id) for _ in range(recalls)), before]
    for named, path in ((None, ()), (before.hold.id, ("hold",))):
        with pytest.raises(Refused) as refusal:
            hold_to_lift(held, history, named)
        assert codes(refusal) == ["not_held"]
        assert refusal.value.faults[0].path == path
        assert refusal.value.faults[0].facts["holds"] == recalls


def test_a_hold_that_never_stood_on_the_lot_is_unknown() -> None:
    held = lot(holds=1)
    with pytest.raises(Invalid) as refusal:
        hold_to_lift(held, [HeldLot(hold(), held.id)], new_id())
    assert [(fault.code, fault.path) for fault in refusal.value.faults] == [("unknown_hold", ("hold",))]


class Quality:
    """The use cases on memory."""

    def __init__(self, *lots: Lot, signs_decisions: bool = False) -> None:
        site = Site(new_id(), "A", "Plant", signs_decisions=signs_decisions)
        self.memory = memory = Memory(records={Site: {"A": site}}, lots={lot.key: lot for lot in lots})
        work, under, holds = MemoryUnitOfWork(memory), MemoryLotsUnderDecision(memory), MemoryHolds(memory)
        sites, ids = MemoryRecords(memory, Site), CountedIds()
        self._decide = DecideLotHandler(work, under, sites, ids)
        self._place = PlaceHoldHandler(work, under, holds, ids)
        self._lift = LiftHoldHandler(work, under, sites, holds)

    def decide(self, lot: UUID, disposition: Disposition, meaning: str | None = None) -> Decision:
        return self._decide(DecideLot(lot, disposition, "analysis 7", signing(meaning), ACTOR, AT))

    def hold(self, lot: UUID, reason: str = "glass", meaning: str | None = None) -> Hold:
        return self._place(PlaceHold(lot, reason, signing(meaning), ACTOR, AT))

    def lift(
        self, lot: UUID, hold: UUID | None = None, reason: str = "no glass", meaning: str | None = None
    ) -> HeldLot:
        return self._lift(LiftHold(lot, reason, signing(meaning), ACTOR, AT, hold))

    def lot(self, code: str) -> Lot:
        return self.memory.lots[LotKey("A", "CIDER", code)]


def test_a_hold_is_kept_with_its_reason_its_scope_and_who_signed() -> None:
    stopped = lot()
    quality = Quality(stopped)
    placed = quality.hold(stopped.id, "glass", "I found it")
    act = {"act": "hold", "lot": str(stopped.id), "key": "CIDER 1 at A", "reason": "glass"}
    signed = signature("quality", "I found it", AT, **act)
    assert quality.memory.held == [HeldLot(placed, stopped.id)]
    assert placed == Hold(placed.id, "glass", "Lot CIDER 1 at A", AT, "quality", None, signed)
    quality.lift(stopped.id, meaning="I looked again")
    act = {"act": "lift", "hold": str(placed.id), "lot": str(stopped.id), "reason": "no glass"}
    lifting = Lifting("no glass", AT, "quality", signature("quality", "I looked again", AT, **act))
    assert quality.memory.held == [HeldLot(placed, stopped.id, lifting)]
    assert quality.memory.events == [
        LotsHeld(placed, 1),
        HoldLifted(placed, stopped.id, stopped.key, lifting),
    ]


def test_a_decision_is_kept_with_who_signed() -> None:
    waiting = lot(decided=PENDING)
    quality = Quality(waiting)
    quality.decide(waiting.id, RELEASED, "I tasted it")
    act = {
        "act": "released",
        "lot": str(waiting.id),
        "key": "CIDER 1 at A",
        "before": "pending",
        "reason": "analysis 7",
    }
    assert [decision.signature for decision in quality.memory.decisions] == [
        signature("quality", "I tasted it", AT, **act)
    ]


@for_each("reason", ["", " \n", "a\x00b", "x" * 1001])
def test_a_hold_is_placed_and_lifted_for_a_reason(reason: str) -> None:
    stopped = lot()
    quality = Quality(stopped)
    with pytest.raises(Invalid):
        quality.hold(stopped.id, reason)
    quality.hold(stopped.id)
    before = quality.memory.contents()
    with pytest.raises(Invalid) as refusal:
        quality.lift(stopped.id, reason=reason)
    assert refusal.value.faults[0].path == ("reason",)
    assert quality.memory.contents() == before


@for_each("meaning", [None, "", " "])
def test_where_the_site_asks_for_signatures_nothing_is_decided_or_lifted_without(meaning: str | None) -> None:
    stopped = lot(decided=PENDING)
    quality = Quality(stopped, signs_decisions=True)
    quality.hold(stopped.id)
    before = quality.memory.contents()
    for act in (
        lambda: quality.decide(stopped.id, REJECTED, meaning),
        lambda: quality.lift(stopped.id, meaning=meaning),
    ):
        with pytest.raises(Invalid) as refusal:
            act()
        assert told(refusal.value.faults) == [("signature_required", ("signature",))]
        assert quality.memory.contents() == before
    quality.lift(stopped.id, meaning="I looked")
    signed = quality.decide(stopped.id, RELEASED, "I tasted it").signature
    assert signed is not None
    assert signed.proven


@for_each("act", [Quality.hold, Quality.lift])
def test_a_lot_has_to_exist(act: Any) -> None:
    with pytest.raises(NotFound):
        act(Quality(), new_id())


# A life under holds and decisions

CODES = ("1", "2", "3")
lots = st.sampled_from(CODES)


class LifeUnderHolds(RuleBasedStateMachine):
    """Beside the use cases, the obvious: what was decided of each lot, and the list of what stands on it."""

    def __init__(self) -> None:
        super().__init__()
        self.lots = {
            code: lot(code, decided) for code, decided in zip(CODES, (PENDING, RELEASED, REJECTED), strict=True)
        }
        self.decided = {code: held.decided for code, held in self.lots.items()}
        self.standing: dict[str, list[UUID]] = {code: [] for code in CODES}
        self.lifted: dict[str, list[UUID]] = {code: [] for code in CODES}
        self.quality = Quality(*self.lots.values())

    @rule(code=lots)
    def place(self, code: str) -> None:
        self.standing[code].append(self.quality.hold(self.lots[code].id).id)

    @rule(code=lots)
    def lift_the_latest(self, code: str) -> None:
        if self.standing[code]:
            latest = self.standing[code].pop()
            assert self.quality.lift(self.lots[code].id).hold.id == latest
            self.lifted[code].append(latest)
        else:
            self.refused(lambda: self.quality.lift(self.lots[code].id), "not_held")

    @rule(code=lots, which=st.integers(0, 5))
    def lift_any(self, code: str, which: int) -> None:
        if which < len(self.standing[code]):
            named = self.standing[code].pop(which)
            self.quality.lift(self.lots[code].id, named)
            self.lifted[code].append(named)

    @rule(code=lots, which=st.integers(0, 5))
    def lift_again(self, code: str, which: int) -> None:
        if which < len(self.lifted[code]):
            named = self.lifted[code][which]
            self.refused(lambda: self.quality.lift(self.lots[code].id, named), "not_held")

    @rule(code=lots, other=lots, which=st.integers(0, 5))
    def lift_that_of_another(self, code: str, other: str, which: int) -> None:
        if code != other and which < len(self.standing[other]):
            named = self.standing[other][which]
            self.refused(lambda: self.quality.lift(self.lots[code].id, named), "unknown_hold")

    @rule(code=lots, after=st.sampled_from([RELEASED, REJECTED]))
    def decide(self, code: str, after: Disposition) -> None:
        before = self.decided[code]
        if before is after or (after is RELEASED and self.standing[code]):
            self.refused(lambda: self.quality.decide(self.lots[code].id, after), "wrong_state")
        else:
            self.quality.decide(self.lots[code].id, after)
            self.decided[code] = after

    def refused(self, work: Any, code: str) -> None:
        before = self.quality.memory.contents()
        with pytest.raises(DomainError) as refusal:
            work()
        assert codes(refusal) == [code]
        assert self.quality.memory.contents() == before

    @invariant()
    def a_lot_is_free_exactly_when_no_hold_stands_on_it(self) -> None:
        for code in CODES:
            shown = self.quality.lot(code)
            assert shown.holds == len(self.standing[code])
            assert (shown.disposition is ON_HOLD) == (bool(self.standing[code]) and self.decided[code] is not REJECTED)
            assert shown.decided is self.decided[code]


TestLifeUnderHolds = LifeUnderHolds.TestCase
# A few lives by default and many where there is time.
TestLifeUnderHolds.settings = settings(max_examples=max(10, settings().max_examples // 5), stateful_step_count=15)
