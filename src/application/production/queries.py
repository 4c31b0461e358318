"""Reading production: frozen rows straight from the database, in a fixed number of queries."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

from attrs import frozen

from application.shared.paging import Page, PageRequest
from domain.access.rights import Sight
from domain.production.campaign import Campaign
from domain.production.closing import StoredBalance
from domain.production.totals import Totals


@frozen
class LotRow:
    """A lot as it is read. `on_hand` and `unit` are in the product's own unit, `campaign` is what made it.

    `sub_lot` is the label of a part of a lot, and `parent` that lot.
    """

    id: UUID
    site: str
    product: str
    code: str
    sub_lot: str
    disposition: str
    on_hand: Decimal
    unit: str
    kilograms: Decimal | None
    made_on: date | None
    best_before: date | None
    supplier_lot: str
    campaign: str | None
    parent: UUID | None
    version: int


@frozen
class MovementRow:
    """A movement of an operation as it is read."""

    lot_id: UUID | None
    site: str
    product: str
    lot: str | None
    sub_lot: str
    direction: str
    role: str
    quantity: Decimal
    unit: str
    kilograms: Decimal | None
    reason: str


@frozen
class OperationRow:
    """An operation as it is read, with its movements in their order."""

    id: UUID
    number: str | None
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str
    campaign: str | None
    site: str
    line: str | None
    operator: str
    partner: str | None
    document: str
    reason: str
    override: str
    reverses: UUID | None
    reversed_by: UUID | None
    corrects: UUID | None
    movements: tuple[MovementRow, ...]


@frozen
class LotMovementRow:
    """A movement as its lot sees it, with what it belongs to."""

    operation: UUID
    number: str | None
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    campaign: str | None
    partner: str | None
    document: str
    direction: str
    role: str
    quantity: Decimal
    unit: str
    kilograms: Decimal | None
    reason: str
    reverses: UUID | None
    reversed_by: UUID | None


@frozen
class ListedCampaign:
    """A campaign as a list shows it: without what it knows of its product, which a page would have many times over."""

    id: UUID
    code: str
    name: str
    site: str
    product: str
    line: str | None
    planned_from: date | None
    planned_to: date | None
    target: Decimal | None
    unit: str | None
    accountability_min: Decimal
    accountability_max: Decimal
    state: str
    closings: int

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        """What a list shows of this campaign."""
        return cls(
            id=campaign.id,
            code=campaign.code,
            name=campaign.name,
            site=campaign.site,
            product=campaign.product.code,
            line=campaign.line,
            planned_from=campaign.planned_from,
            planned_to=campaign.planned_to,
            target=campaign.target.amount if campaign.target else None,
            unit=campaign.target.unit.code if campaign.target else None,
            accountability_min=campaign.band.minimum,
            accountability_max=campaign.band.maximum,
            state=campaign.state,
            closings=campaign.closings,
        )


@frozen
class OperationFilters:
    """Which operations; None is any. `since` and `until` are of when they happened, `until` excluded."""

    campaign: str | None = None
    site: str | None = None
    kind: str | None = None
    product: str | None = None
    lot: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@frozen
class LotFilters:
    """Which lots; None is any. `campaign` made them; `positive` leaves out those with nothing on hand."""

    site: str | None = None
    product: str | None = None
    code: str | None = None
    sub_lot: str | None = None
    parent: UUID | None = None
    campaign: str | None = None
    disposition: str | None = None
    positive: bool = False


class OperationOrder(StrEnum):
    """What operations are ordered by: when the ledger took them, or when they happened."""

    RECORDED = "recorded"
    OCCURRED_AT = "occurred_at"


class LotOrder(StrEnum):
    """What lots are ordered by: when they were first recorded, or what they say; no date is later than any."""

    RECORDED = "recorded"
    CODE = "code"
    BEST_BEFORE = "best_before"


class CampaignOrder(StrEnum):
    """What campaigns are ordered by; no date is later than any."""

    CODE = "code"
    NAME = "name"
    PLANNED_FROM = "planned_from"


class OperationReader(Protocol):
    """Reads operations, in the order in which they were recorded unless asked for another.

    One that moves goods between sites is in sight at each of them.
    """

    @abstractmethod
    def get(self, operation: UUID, sight: Sight) -> OperationRow:
        """The operation; `NotFound`, also where it is out of sight."""

    @abstractmethod
    def several(self, operations: tuple[UUID, ...]) -> tuple[OperationRow, ...]:
        """These operations, in this order, for whoever has just recorded them."""

    @abstractmethod
    def page(self, filters: OperationFilters, request: PageRequest, sight: Sight) -> Page[OperationRow]:
        """Operations in sight that match, one page."""


class LotReader(Protocol):
    """Reads lots, in the order in which they were first recorded unless asked for another."""

    @abstractmethod
    def get(self, lot: UUID, sight: Sight) -> LotRow:
        """The lot; `NotFound`, also where it is out of sight."""

    @abstractmethod
    def page(self, filters: LotFilters, request: PageRequest, sight: Sight) -> Page[LotRow]:
        """Lots in sight that match, one page."""

    @abstractmethod
    def movements(self, lot: UUID, request: PageRequest, sight: Sight) -> Page[LotMovementRow]:
        """The lot's movements in the order in which they were recorded, one page; `NotFound`."""


class CampaignReader(Protocol):
    """Reads campaigns, in the order of their codes unless asked for another, and their balances."""

    @abstractmethod
    def get(self, code: str, sight: Sight) -> Campaign:
        """The campaign; `NotFound`, also where it is out of sight."""

    @abstractmethod
    def page(self, filters: Mapping[str, str], request: PageRequest, sight: Sight) -> Page[ListedCampaign]:
        """Campaigns in sight whose site, product, line or state equal the filters, one page."""

    @abstractmethod
    def balances(self, campaign: UUID) -> tuple[StoredBalance, ...]:
        """Every stored version, oldest first."""


class TotalsReader(Protocol):
    """Reads the totals that live balances are made of."""

    @abstractmethod
    def campaign_totals(self, campaign: UUID) -> Totals:
        """Those of the campaign's operations."""

    @abstractmethod
    def operation_totals(self, operation: UUID) -> Totals:
        """Those of one operation alone, whether it was reversed or not; `NotFound`."""

    @abstractmethod
    def lot_totals(self, lot: UUID) -> Totals:
        """What was put into the lot as inputs; as outputs what was used, shipped or transferred, and what is left."""
