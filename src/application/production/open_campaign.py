"""Opening a planned campaign for recording."""

from datetime import datetime

from attrs import evolve, frozen

from application.production.ports import Campaigns
from application.production.who_may_run import check_campaign
from application.shared.actor import Actor
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.production.campaign import Campaign
from domain.production.events import CampaignOpened


@frozen
class OpenCampaign:
    """Open this campaign."""

    code: str
    actor: Actor
    at: datetime


@frozen
class OpenCampaignHandler:
    """Opens campaigns."""

    unit_of_work: UnitOfWork
    campaigns: Campaigns

    def __call__(self, command: OpenCampaign) -> Campaign:
        """The open campaign. `NotFound`; `Refused` unless it is planned."""
        with self.unit_of_work as work:
            before = self.campaigns.for_update(command.code)
            check_campaign(command.actor, Right.PLAN, before)
            campaign = evolve(before.opened(), version=before.version + 1)
            self.campaigns.save(campaign)
            work.commit(CampaignOpened(campaign), by=command.actor, at=command.at)
        return campaign
