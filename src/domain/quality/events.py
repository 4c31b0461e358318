"""What happens in quality."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from domain.production.lot import Disposition, LotKey
from domain.shared.events import Event


@frozen
class LotDecided(Event):
    """A lot was released or rejected."""

    lot: UUID
    disposition: Disposition
    reason: str


@frozen
class LotsHeld(Event):
    """A hold was placed on so many lots."""

    hold: UUID
    lots: int
    reason: str


@frozen
class HoldLifted(Event):
    """A hold was lifted from a lot, on which others may still stand. `recall` names the recall behind it."""

    hold: UUID
    lot: UUID
    key: LotKey
    reason: str
    at: datetime
    by: str
    recall: UUID | None = None


@frozen
class RecallHoldsLifted(Event):
    """All the holds of a recall were lifted, from so many lots, some of which others may still stand on."""

    recall: UUID
    lots: int
    still_held: int
    reason: str
    at: datetime
    by: str
