"""What quality needs from outside."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID

from domain.production.lot import Lot
from domain.quality.disposition import Decision


class LotsUnderDecision(Protocol):
    """Lots whose disposition is being decided."""

    @abstractmethod
    def for_update(self, lot: UUID) -> Lot:
        """The lot, locked: nothing is consumed from it or shipped meanwhile. `NotFound`."""

    @abstractmethod
    def decide(self, decision: Decision) -> None:
        """Make the decision take effect, and keep it for good."""
