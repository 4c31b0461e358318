"""What happens in quality."""

from uuid import UUID

from attrs import frozen

from domain.production.lot import Disposition
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
    """A hold was lifted from a lot, on which others may still stand."""

    hold: UUID
    lot: UUID
    reason: str
