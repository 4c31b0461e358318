"""What quality needs from outside."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from domain.production.lot import Lot
from domain.quality.disposition import Decision
from domain.quality.holds import HeldByRecall, HeldLot, Hold, Lifting, Placed, RecallLifting


class LotsUnderDecision(Protocol):
    """Lots whose disposition is being decided."""

    @abstractmethod
    def for_update(self, lot: UUID) -> Lot:
        """The lot, locked: nothing is consumed from it or shipped meanwhile. `NotFound`."""

    @abstractmethod
    def recorded_by(self, lot: UUID) -> frozenset[str]:
        """Whoever recorded what was put into the lot, or into the lot that it is part of, and stands."""

    @abstractmethod
    def decide(self, decision: Decision) -> None:
        """Make the decision take effect, and keep it for good."""


class Holds(Protocol):
    """Holds, and the lots that they stand on. How many stand on a lot takes effect with each change."""

    @abstractmethod
    def place(self, hold: Hold, lots: Collection[UUID]) -> Placed:
        """Let the hold stand on those of these lots that exist, in one statement however many they are, and keep it.

        A recall holds a lot once: where a hold of the same recall stands already, as on a sub-lot that has it from its
        lot, another isn't placed. Answers on which it stands; if on none, it isn't kept. From then on nothing more
        is consumed from them or shipped: whoever records holds a lock on them, which this waits for.
        """

    @abstractmethod
    def of_lot(self, lot: UUID) -> tuple[HeldLot, ...]:
        """Every hold that stands or stood on the lot, the latest first."""

    @abstractmethod
    def lift(self, held: HeldLot, lifting: Lifting) -> None:
        """Take the hold from this lot, and keep for good that it was."""

    @abstractmethod
    def of_recall(self, recall: UUID) -> HeldByRecall:
        """What the recall's holds stand on; locked, so that nobody lifts or uses any of it meanwhile."""

    @abstractmethod
    def lift_recall(self, recall: UUID, lifting: Lifting) -> RecallLifting:
        """Take every hold of the recall from every lot that it stands on, in one statement, and keep that it was."""
