"""Reading quality: what was decided about a lot and what holds it, the latest first."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID

from application.shared.paging import Page, PageRequest
from domain.access.rights import Sight
from domain.quality.disposition import Decision
from domain.quality.holds import HeldLot


class QualityReader(Protocol):
    """Reads the history behind the disposition of a lot that is in sight."""

    @abstractmethod
    def decisions(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[Decision]:
        """Every decision about the lot, the latest first, one page; `NotFound`."""

    @abstractmethod
    def holds(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[HeldLot]:
        """Every hold that stands or stood on the lot, the latest first, one page; `NotFound`."""
