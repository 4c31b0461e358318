"""Giving a campaign up before anything stands recorded in it."""

from datetime import datetime

from attrs import evolve, frozen

from application.production.ports import Campaigns
from application.production.who_may_run import check_campaign
from application.shared.actor import Actor
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.production.campaign import Campaign
from domain.production.events import CampaignCancelled


@frozen
class CancelCampaign:
    """Cancel this campaign, perhaps with a reason."""

    code: str
    reason: str
    actor: Actor
    at: datetime


@frozen
class CancelCampaignHandler:
    """Cancels campaigns."""

    unit_of_work: UnitOfWork
    campaigns: Campaigns

    def __call__(self, command: CancelCampaign) -> Campaign:
        """The cancelled campaign. `NotFound`; `Refused` once closed, or while an operation stands in it."""
        with self.unit_of_work as work:
            before = self.campaigns.for_update(command.code)
            check_campaign(command.actor, Right.PLAN, before)
            cancelled = before.cancelled(has_operations=self.campaigns.has_operations(before.id))
            campaign = evolve(cancelled, version=before.version + 1)
            self.campaigns.save(campaign)
            work.commit(CampaignCancelled(campaign, before, command.reason), by=command.actor, at=command.at)
        return campaign
