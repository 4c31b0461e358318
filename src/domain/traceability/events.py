"""What happens in traceability."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from domain.shared.events import Event
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


@frozen
class RecallSigned(Event):
    """The opening of a recall was signed afterwards."""

    before: Recall
    after: Recall


@frozen
class RecallLogged(Event):
    """Something was written into the log of the recall with this code, by whomever, the system included."""

    code: str
    entry: LogEntry


@frozen
class RecallClosed(Event):
    """A recall was closed with a conclusion, and its report was stored: SHA-256 of the document and of the picture."""

    recall: Recall
    sha256: str
    picture: str = ""
