"""Reading traces: where lots went and what went into them, as frozen rows straight from the database."""

from abc import abstractmethod
from collections.abc import Collection, Generator
from contextlib import AbstractContextManager
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from attrs import frozen

from domain.access.rights import Sight
from domain.traceability.exposure import Mixing
from domain.traceability.genealogy import Direction, Moment, Step
from domain.traceability.origin import Origin


class Side(StrEnum):
    """On which side of the lots that a trace begins with another lies; both, where rework leads in a circle."""

    START = "start"
    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"


@frozen
class TracedLot:
    """A lot of a trace. `depth` is the least number of operations between it and where the trace begins."""

    id: UUID
    site: str
    product: str
    code: str
    sub_lot: str
    depth: int
    on_hand: Decimal
    unit: str
    disposition: str
    campaign: str | None
    side: Side


@frozen
class Links:
    """An operation that took from each of the sources and put into each of the targets.

    An operation with a thousand lots on both sides is a million links, and still one of these.
    """

    operation: UUID
    kind: str
    sources: tuple[UUID, ...]
    targets: tuple[UUID, ...]


@frozen
class Handover:
    """A line of a shipment, return or receipt: a lot that went to a partner or came from one.

    `whole_lot` is the lot itself, or the one that it is part of.

    `kind` is the operation's; `supplier_lot` the lot's, which means something only together with the supplier.
    `partner` is None where a receipt names none.
    """

    kind: str
    partner: str | None
    lot_id: UUID
    whole_lot: UUID
    site: str
    product: str
    lot: str
    sub_lot: str
    supplier_lot: str
    quantity: Decimal
    unit: str
    document: str
    moment: Moment


TraceRow = TracedLot | Links | Handover


class GenealogyReader(Protocol):
    """Reads the genealogy; what was reversed isn't part of it."""

    @abstractmethod
    def one_moment(self) -> AbstractContextManager[None]:
        """What is read inside is all of one moment, however many reads it takes."""

    @abstractmethod
    def lots_of(self, origin: Origin, sight: Sight) -> Collection[UUID]:
        """The lots in sight that a trace begins with.

        `NotFound` for a lot, a campaign, a site or a partner that isn't there, or is out of sight.
        """

    @abstractmethod
    def sites_of(self, lots: Collection[UUID]) -> frozenset[str]:
        """The sites at which these lots are."""

    @abstractmethod
    def trace(self, lots: Collection[UUID], directions: Collection[Direction]) -> Generator[TraceRow, None, None]:
        """The closure of these lots: the lots by depth, then their links, then what left the house or came into it.

        A link comes once, even where both ways lead through it. What left are the shipments and returns of the lots on
        the forward side, what came the receipts of those on the backward side; both ordered by partner, lot and
        moment. Read as the caller goes on, without keeping it, and all of one moment: whoever doesn't read to the end
        closes the iterator.
        """

    @abstractmethod
    def steps(self, lots: Collection[UUID], direction: Direction) -> Collection[Step]:
        """The steps that the closure of these lots is made of."""

    @abstractmethod
    def mixings(self, lots: Collection[UUID]) -> Generator[TracedLot | Mixing, None, None]:
        """The forward closure of these lots, by depth; then every operation that moves any of it, as mixing steps.

        Their order is the ledger's, corrections in the place of what they correct. Operations that link lots come with
        all their lines, what goes in from outside the closure included, others with those of the closure's lots. Read
        as the caller goes on, and all of one moment.
        """
