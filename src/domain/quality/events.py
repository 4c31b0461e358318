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
