"""What happens in production."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from domain.production.campaign import Campaign
from domain.production.entry import Kind
from domain.production.lot import Disposition
from domain.shared.events import Event
from domain.shared.signature import Signature


@frozen
class LotLeft:
    """A lot as an operation left it, where that is another than before: what was decided, and the hash of the rest."""

    id: UUID
    decided: Disposition
    digest: str


@frozen
class OperationRecorded(Event):
    """An operation was recorded; with `reverses`, it took another one back.

    `digest` is the hash of all it says. `lots` are those that it made, or of which it says something else.
    """

    operation: UUID
    kind: Kind
    site: str
    campaign: str | None
    number: str | None
    reason: str
    reverses: UUID | None
    corrects: UUID | None
    digest: str
    lots: tuple[LotLeft, ...] = ()


@frozen
class GoodsReturned(Event):
    """A partner returned goods at a site that holds what comes back; they are in these sub-lots now."""

    operation: UUID
    lots: tuple[UUID, ...]
    partner: str
    document: str
    at: datetime
    by: str


@frozen
class CampaignPlanned(Event):
    """A campaign was planned, or its plan changed from what it was `before`."""

    campaign: Campaign
    before: Campaign | None = None


@frozen
class CampaignOpened(Event):
    """A campaign was opened for recording."""

    campaign: Campaign


@frozen
class CampaignClosed(Event):
    """A campaign was closed with a version of its balance."""

    campaign: Campaign
    version: int
    sha256: str
    explanation: str
    signature: Signature | None


@frozen
class CampaignReopened(Event):
    """A closed campaign was opened again."""

    campaign: Campaign
    reason: str
    signature: Signature | None


@frozen
class CampaignCancelled(Event):
    """A campaign was given up."""

    campaign: Campaign
    before: Campaign
    reason: str
