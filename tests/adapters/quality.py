"""Quality's ports on memory."""

from collections.abc import Collection, Iterable
from uuid import UUID

from attrs import define, evolve

from application.quality.ports import Holds, LotsUnderDecision
from application.shared.errors import NotFound
from domain.production.digest import lots_digest
from domain.production.entry import Direction
from domain.production.lot import Lot
from domain.quality.disposition import Decision
from domain.quality.holds import HeldByRecall, HeldLot, Hold, Lifting, Placed, RecallLifting
from tests.adapters.memory import Memory


def lot_with(memory: Memory, lot: UUID) -> Lot:
    """The lot with this id; `NotFound`."""
    for stored in memory.lots.values():
        if stored.id == lot:
            return stored
    raise NotFound("lot", lot)


@define
class MemoryLotsUnderDecision(LotsUnderDecision):
    """Decides about lots."""

    memory: Memory

    def for_update(self, lot: UUID) -> Lot:
        return evolve(lot_with(self.memory, lot))

    def recorded_by(self, lot: UUID) -> frozenset[str]:
        key = lot_with(self.memory, lot).key
        return frozenset(
            operation.recorded.by
            for operation in self.memory.standing()
            for movement in operation.movements
            if movement.lot in (key, key.whole) and movement.direction is Direction.OUT
        )

    def decide(self, decision: Decision) -> None:
        lot = lot_with(self.memory, decision.lot)
        self.memory.lots[lot.key] = evolve(lot, decided=decision.after)
        self.memory.decisions.append(decision)


@define
class MemoryHolds(Holds):
    """Keeps holds; each change counts the lot's anew."""

    memory: Memory

    def place(self, hold: Hold, lots: Collection[UUID]) -> Placed:
        known = {lot.id for lot in self.memory.lots.values()}
        standing = [held for held in self.memory.held if held.stands and held.hold.recall]
        recalled = {held.lot for held in standing if held.hold.recall == hold.recall}
        held = [HeldLot(hold, lot) for lot in set(lots) & known - recalled]
        self.memory.held += held
        self._count(lots)
        return Placed(len(held), lots_digest([each.lot for each in held]))

    def of_lot(self, lot: UUID) -> tuple[HeldLot, ...]:
        return tuple(held for held in reversed(self.memory.held) if held.lot == lot)

    def lift(self, held: HeldLot, lifting: Lifting) -> None:
        self.memory.held[self.memory.held.index(held)] = evolve(held, lifting=lifting)
        self._count([held.lot])

    def of_recall(self, recall: UUID) -> HeldByRecall:
        held = {each.lot for each in self._standing(recall)}
        ever = {each.lot for each in self.memory.held if each.hold.recall == recall}
        standing, ever_at = (
            frozenset(key.site for key, lot in self.memory.lots.items() if lot.id in lots) for lots in (held, ever)
        )
        return HeldByRecall(len(held), standing, ever_at)

    def lift_recall(self, recall: UUID, lifting: Lifting) -> RecallLifting:
        standing = self._standing(recall)
        for held in standing:
            self.lift(held, lifting)
        lots = {held.lot for held in standing}
        still_held = [lot for lot in self.memory.lots.values() if lot.id in lots and lot.holds]
        return RecallLifting(len(lots), len(still_held))

    def _standing(self, recall: UUID) -> list[HeldLot]:
        return [held for held in self.memory.held if held.stands and held.hold.recall == recall]

    def _count(self, lots: Iterable[UUID]) -> None:
        for key, lot in self.memory.lots.items():
            if lot.id in lots:
                holds = sum(1 for held in self.memory.held if held.lot == lot.id and held.stands)
                self.memory.lots[key] = evolve(lot, holds=holds)
