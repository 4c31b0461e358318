"""What happens in production."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from domain.shared.events import Event


@frozen
class OperationRecorded(Event):
    """An operation was recorded; with `reverses`, it took another one back."""

    operation: UUID
    reverses: UUID | None = None


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
    """A campaign was planned, or its plan changed."""

    campaign: UUID


@frozen
class CampaignOpened(Event):
    """A campaign was opened for recording."""

    campaign: UUID


@frozen
class CampaignClosed(Event):
    """A campaign was closed with a version of its balance."""

    campaign: UUID
    version: int
    sha256: str


@frozen
class CampaignReopened(Event):
    """A closed campaign was opened again."""

    campaign: UUID
    reason: str


@frozen
class CampaignCancelled(Event):
    """A campaign was given up."""

    campaign: UUID
    reason: str
