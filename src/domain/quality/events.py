"""What happens in quality."""

from uuid import UUID

from attrs import frozen

from domain.production.lot import LotKey
from domain.quality.disposition import Decision
from domain.quality.holds import Hold, Lifting, Placed
from domain.shared.events import Event


@frozen
class LotDecided(Event):
    """A lot was released or rejected."""

    decision: Decision
    key: LotKey


@frozen
class LotsHeld(Event):
    """A hold was placed on lots; sub-lots that are set apart from them later have it from them."""

    hold: Hold
    placed: Placed


@frozen
class HoldLifted(Event):
    """A hold was lifted from a lot, on which others may still stand. `recall` names the recall behind it."""

    hold: Hold
    lot: UUID
    key: LotKey
    lifting: Lifting


@frozen
class RecallHoldsLifted(Event):
    """All the holds of a recall were lifted, from so many lots, some of which others may still stand on."""

    recall: UUID
    lots: int
    still_held: int
    lifting: Lifting
