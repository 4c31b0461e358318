"""What traceability needs from outside, beside reading."""

from abc import abstractmethod
from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from attrs import frozen

from domain.traceability.diagram import Diagram
from domain.traceability.recall import LogEntry, Recall


@frozen
class Touched:
    """A recall whose lots went into operations that were recorded just now, and who recorded them when."""

    recall: Recall
    at: datetime
    by: str


class Recalls(Protocol):
    """Keeps recalls with the lots that are part of them."""

    @abstractmethod
    def add(self, recall: Recall, suspects: Collection[UUID]) -> None:
        """Store a new recall that begins with these lots; `Refused` for a code that is taken."""

    @abstractmethod
    def grow(self, recall: UUID, at: datetime) -> tuple[UUID, ...]:
        """Make everything part of the recall that its lots went into; those that weren't before.

        The lots are locked until the transaction ends, and whoever was recording in them is waited for, so that
        nothing that is made of them is missed: what is recorded later finds the recall.
        """

    @abstractmethod
    def touched_by(self, operations: Collection[UUID]) -> tuple[Touched, ...]:
        """Open recalls some of whose lots went into these operations."""

    @abstractmethod
    def for_update(self, recall: UUID) -> Recall:
        """The recall, locked: nobody else changes it meanwhile. `NotFound`."""

    @abstractmethod
    def save(self, recall: Recall) -> None:
        """Store a change."""

    @abstractmethod
    def write_down(self, entry: LogEntry) -> None:
        """Add to the log for good; `Invalid` for a partner that isn't there."""


class Drawing(Protocol):
    """Lays a diagram out and draws it."""

    @abstractmethod
    def svg(self, diagram: Diagram) -> bytes:
        """The picture as an SVG document that stands alone; the same diagram gives the same bytes."""
