"""An operation: one recorded fact that moved quantities and never changes again."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from attrs import frozen

from domain.catalog.product import Product
from domain.production.entry import Direction, Kind, Role
from domain.production.lot import LotKey
from domain.production.valuation import Cost


@frozen
class Movement:
    """One line of an operation: a lot, or no lot for what was lost, a direction and an exact quantity.

    `quantity` is in the product's own unit. `kilograms` is its exact mass at the time of recording, None where the
    product had no mass.
    """

    position: int
    direction: Direction
    role: Role
    site: str
    product: Product
    lot: LotKey | None
    lot_id: UUID | None
    quantity: Decimal
    kilograms: Decimal | None
    cost: Cost
    reason: str = ""


@frozen
class Stamp:
    """Who entered something, and when by the server's clock."""

    at: datetime
    by: str


@frozen
class Operation:
    """A recorded fact. When it happened, when it was recorded and by whom are three different things.

    Codes name what it refers to. `reversed_by` is the reversal that took it back, if any did; `corrects` is the
    operation that this one replaces, `override` why it used lots on hold or rejected.
    """

    id: UUID
    kind: Kind
    occurred_at: datetime
    recorded: Stamp
    site: str
    operator: str
    campaign: str | None
    line: str | None
    partner: str | None
    document: str
    number: str | None
    reason: str
    reverses: UUID | None
    corrects: UUID | None
    fingerprint: str
    movements: tuple[Movement, ...]
    reversed_by: UUID | None = None
    override: str = ""

    @property
    def sites(self) -> frozenset[str]:
        """The site that it is at and those that it moves goods to or from."""
        return frozenset({self.site, *(movement.site for movement in self.movements)})
