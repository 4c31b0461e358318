"""What happens in traceability."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from domain.shared.events import Event
from domain.shared.signature import Signature
from domain.traceability.recall import LogEntry, Recall


@frozen
class LotsRecalled(Event):
    """Lots became part of a recall, as it was opened or later. In a mock recall they stay free.

    `again` were part of it before, and a recalled lot went into them once more.
    """

    recall: UUID
    code: str
    hazard: str
    mock: bool
    lots: tuple[UUID, ...]
    at: datetime
    by: str
    again: tuple[UUID, ...] = ()


@frozen
class RecallOpened(Event):
    """A recall was opened, perhaps under a signature."""

    recall: Recall
    signature: Signature | None = None


@frozen
class RecallLogged(Event):
    """Something was written into the log of a recall."""

    recall: Recall
    entry: LogEntry


@frozen
class RecallClosed(Event):
    """A recall was closed with a conclusion, and its report was stored."""

    recall: Recall
    sha256: str
