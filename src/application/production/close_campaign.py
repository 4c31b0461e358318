"""Closing a campaign with its balance (clôturer)."""

from datetime import datetime

from attrs import evolve, frozen

from application.catalog.ports import Records
from application.production.ports import BalanceBook, Campaigns
from application.production.queries import TotalsReader
from application.production.who_may_run import check_campaign
from application.shared.actor import Actor
from application.shared.signing import Signing, check_second_person, signed
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.catalog.site import Site
from domain.production.balance import balance_of
from domain.production.campaign import Campaign
from domain.production.closing import ClosingBlocked, StoredBalance, blockers, closing_document
from domain.production.events import CampaignClosed
from domain.shared.errors import raise_any
from domain.shared.identity import text_fault
from domain.shared.signature import Signature


@frozen
class CloseCampaign:
    """Close this campaign. Outside its band that takes an explanation and a signature."""

    code: str
    explanation: str
    signing: Signing | None
    actor: Actor
    at: datetime


@frozen
class CampaignClosure:
    """The closed campaign and the balance that it was closed with."""

    campaign: Campaign
    balance: StoredBalance


@frozen
class CloseCampaignHandler:
    """Closes campaigns. While it works nothing is recorded in the campaign: whoever records holds a lock against it."""

    unit_of_work: UnitOfWork
    campaigns: Campaigns
    balances: BalanceBook
    sites: Records[Site]
    totals: TotalsReader

    def __call__(self, command: CloseCampaign) -> CampaignClosure:
        """The closure. `NotFound`, `Forbidden`, `Refused` unless it is open, `ClosingBlocked` with what blocks it."""
        raise_any(fault for fault in (text_fault(command.explanation, "explanation"),) if fault)
        with self.unit_of_work as work:
            before = self.campaigns.for_update(command.code)
            check_campaign(command.actor, Right.CLOSE, before)
            campaign = evolve(before.closed(), version=before.version + 1)
            totals = self.totals.campaign_totals(campaign.id)
            balance = balance_of(totals, campaign.product, campaign.target)
            waiting = self.balances.waiting_lots(campaign.id)
            (site,) = self.sites.find([campaign.site]).values()

            def document(signature: Signature | None) -> StoredBalance:
                by, why = command.actor.name, command.explanation
                return closing_document(campaign, balance, command.at, by, why, signature)

            # What is signed is the document without the signature.
            signature = signed(command.actor, command.signing, command.at, document(None).document)
            if found := tuple(blockers(campaign, site, balance, waiting, command.explanation, signature)):
                raise ClosingBlocked(*found)
            check_second_person(site, command.actor, lambda: self.balances.recorded_by(campaign.id))
            stored = document(signature)
            self.balances.store(stored)
            self.campaigns.save(campaign)
            closed = CampaignClosed(campaign, stored.version, stored.sha256, command.explanation, signature)
            work.commit(closed, by=command.actor, at=command.at)
        return CampaignClosure(campaign, stored)
