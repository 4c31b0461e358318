"""Reading recalls: the case, its lots with the quantity check, its customers, what lies beside it, and its log."""

import hashlib
from abc import abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from attrs import frozen

from application.shared.paging import Page, PageRequest
from application.traceability.deliveries import Delivery
from application.traceability.queries import Handover
from domain.access.rights import Sight
from domain.shared.canonical import Json
from domain.shared.exact import EXACT, total
from domain.traceability.recall import LogEntry, Recall, Recovery

CAME = ("made", "returned")
WENT = ("on_hand", "used", "shipped", "transferred", "lost", "sampled", "adjusted")
QUANTITIES = (*CAME, *WENT)
"""The names of the quantity check: what was made and what came back add up to what the others do."""


def left_open(check: object) -> Decimal:
    """What the quantity check of something with these quantities leaves open, in its unit."""
    came, went = (total(getattr(check, name) for name in names) for names in (CAME, WENT))
    return EXACT.subtract(came, went)


@frozen
class LotInRecall:
    """A lot of a recall with where all of it went, in the product's own unit.

    `depth` is 0 for a suspect. made + returned = on hand + used + shipped + transferred + lost + sampled + adjusted:
    `made` is what was put in, by receipts, transformations and transfers; `returned` is what came back to this lot,
    whichever part of it was `shipped`; `adjusted` is what counts took away. Reversed operations count for nothing.
    """

    id: UUID
    site: str
    product: str
    product_name: str
    product_class: str
    code: str
    sub_lot: str
    supplier_lot: str
    campaign: str | None
    depth: int
    joined_at: datetime
    disposition: str
    holds: int
    unit: str
    kg_per_unit: Decimal | None
    made: Decimal
    returned: Decimal
    on_hand: Decimal
    used: Decimal
    shipped: Decimal
    transferred: Decimal
    lost: Decimal
    sampled: Decimal
    adjusted: Decimal

    @property
    def difference(self) -> Decimal:
        """What the quantity check leaves open: zero, because what is on hand follows from the movements."""
        return left_open(self)


@frozen
class CustomerInRecall:
    """A customer who got lots of a recall: whom to write to, what of it they had, and what they did."""

    partner: str
    name: str
    address: str
    gln: str
    contact: str
    deliveries: tuple[Delivery, ...]
    recovery: Recovery
    notified_at: datetime | None
    acknowledged_at: datetime | None


@frozen
class Neighbour:
    """A lot that lies beside a recall and isn't in it, and why not."""

    id: UUID
    site: str
    product: str
    code: str
    sub_lot: str
    made_on: date | None
    campaign: str | None
    beside: str
    why: str


@frozen
class RecallReport:
    """Everything about a recall, of one moment: what is printed, and what its hash is of.

    `neighbours` are the first of `neighbours_total`. `not_reconcilable` are products that were shipped and have no
    mass: no kilogram of them is in any figure.
    """

    recall: Recall
    at: datetime
    lots: tuple[LotInRecall, ...]
    customers: tuple[CustomerInRecall, ...]
    suppliers: tuple[Handover, ...]
    neighbours: tuple[Neighbour, ...]
    neighbours_total: int
    log: tuple[LogEntry, ...]
    effectiveness: Decimal | None
    not_reconcilable: tuple[str, ...] = ()


@frozen
class StoredReport:
    """The report that a recall was closed with: a document that never changes, its hash, and the picture (SVG) to it.

    `sha256` is that of the document's canonical JSON (RFC 8785), so that a stranger can recompute it.
    """

    recall: UUID
    document: Mapping[str, Json]
    sha256: str
    closed_at: datetime
    picture: bytes

    @property
    def picture_sha256(self) -> str:
        """The SHA-256 of the picture, which the document doesn't cover."""
        return hashlib.sha256(self.picture).hexdigest()


class RecallOrder(StrEnum):
    """What recalls are ordered by."""

    OPENED = "opened"
    CODE = "code"


class RecallReader(Protocol):
    """Reads recalls. One is in sight at each site that has a lot of it; whoever sees it sees all of it."""

    @abstractmethod
    def get(self, recall: UUID, sight: Sight) -> Recall:
        """The recall; `NotFound`, also where it is out of sight."""

    @abstractmethod
    def page(self, filters: Mapping[str, object], request: PageRequest, sight: Sight) -> Page[Recall]:
        """Recalls in sight, the latest first unless asked for another order, one page.

        Of a `state`, `mock` ones or not, with lots of a `site`.
        """

    @abstractmethod
    def lots(self, recall: UUID, request: PageRequest, sight: Sight) -> Page[LotInRecall]:
        """The lots of a recall, suspects first, one page; `NotFound`."""

    @abstractmethod
    def log(self, recall: UUID, request: PageRequest, sight: Sight) -> Page[LogEntry]:
        """What was written down, in the order in which it happened, one page; `NotFound`."""

    @abstractmethod
    def report(self, recall: UUID, at: datetime) -> RecallReport:
        """Everything as it is now, of one moment; `NotFound`."""

    @abstractmethod
    def stored_report(self, recall: UUID) -> StoredReport:
        """The report that the recall was closed with; `NotFound`."""
