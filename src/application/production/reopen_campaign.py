"""Opening a closed campaign again, beside the balances that it was closed with."""

from collections.abc import Iterator
from datetime import datetime

from attrs import evolve, frozen

from application.catalog.ports import Records
from application.production.ports import Campaigns
from application.production.who_may_run import check_campaign
from application.shared.actor import Actor
from application.shared.signing import Signing, check_signed, signed
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.catalog.site import Site
from domain.production.campaign import Campaign
from domain.production.events import CampaignReopened
from domain.shared.errors import Fault, raise_any
from domain.shared.identity import text_fault
from domain.shared.signature import Signature


@frozen
class ReopenCampaign:
    """Open this closed campaign again, for a reason and under a signature."""

    code: str
    reason: str
    signing: Signing | None
    actor: Actor
    at: datetime


@frozen
class ReopenCampaignHandler:
    """Reopens campaigns. The stored balances stay as they are."""

    unit_of_work: UnitOfWork
    campaigns: Campaigns
    sites: Records[Site]

    def __call__(self, command: ReopenCampaign) -> Campaign:
        """The open campaign. `Invalid` without a reason and a signature, `NotFound`, `Refused` unless it is closed."""
        raise_any(_faults_in(command))
        with self.unit_of_work as work:
            before = self.campaigns.for_update(command.code)
            check_campaign(command.actor, Right.CLOSE, before)
            campaign = evolve(before.reopened(), version=before.version + 1)
            signature = self._signature(command, before)
            self.campaigns.save(campaign)
            reopened = CampaignReopened(campaign, command.reason, signature)
            work.commit(reopened, by=command.actor, at=command.at)
        return campaign

    def _signature(self, command: ReopenCampaign, campaign: Campaign) -> Signature | None:
        closing = str(campaign.closings)
        document = {"act": "reopen", "campaign": campaign.code, "closing": closing, "reason": command.reason}
        signature = signed(command.actor, command.signing, command.at, document)
        check_signed(self.sites.find([campaign.site]).values(), signature)
        return signature


def _faults_in(command: ReopenCampaign) -> Iterator[Fault]:
    if not command.reason.strip():
        yield Fault("required", "A campaign is reopened for a reason.", ("reason",))
    elif fault := text_fault(command.reason, "reason"):
        yield fault
    if command.signing is None or not command.signing.meaning.strip():
        yield Fault("required", "A campaign is reopened under a signature.", ("signature",))
