"""Balances to read: live ones, computed now, and the stored ones of closed campaigns."""

from uuid import UUID

from attrs import frozen

from application.production.queries import CampaignReader, LotReader, OperationReader, TotalsReader
from domain.access.rights import Sight
from domain.production.balance import balance_document, balance_of
from domain.production.campaign import Campaign, CampaignState
from domain.production.closing import StoredBalance
from domain.shared.canonical import Json
from domain.shared.exact import canonical


@frozen
class Balances:
    """Answers with documents, all with the same fields."""

    campaigns: CampaignReader
    operations: OperationReader
    lots: LotReader
    totals: TotalsReader

    def of_campaign(self, code: str, sight: Sight) -> dict[str, Json]:
        """The stored balance of a closed campaign with its hash; else what it is now, without one. `NotFound`."""
        campaign = self.campaigns.get(code, sight)
        if campaign.state is CampaignState.CLOSED:
            return stored_document(self.campaigns.balances(campaign.id)[-1])
        balance = balance_of(self.totals.campaign_totals(campaign.id), campaign.product, campaign.target)
        return {**_live_head(campaign), **balance_document(balance), "sha256": None}

    def versions(self, code: str, sight: Sight) -> list[dict[str, Json]]:
        """Every stored balance of the campaign, oldest first. `NotFound`."""
        return [stored_document(stored) for stored in self.campaigns.balances(self.campaigns.get(code, sight).id)]

    def of_operation(self, operation: UUID, sight: Sight) -> dict[str, Json]:
        """The balance of one operation alone. `NotFound`."""
        self.operations.get(operation, sight)
        return balance_document(balance_of(self.totals.operation_totals(operation)))

    def of_lot(self, lot: UUID, sight: Sight) -> dict[str, Json]:
        """Everything that was put into the lot against where it went. `NotFound`."""
        self.lots.get(lot, sight)
        return balance_document(balance_of(self.totals.lot_totals(lot)))


def stored_document(stored: StoredBalance) -> dict[str, Json]:
    """The stored document and its hash, which is that of all the rest."""
    return {**stored.document, "sha256": stored.sha256}


def _live_head(campaign: Campaign) -> dict[str, Json]:
    return {
        "campaign": campaign.code,
        "site": campaign.site,
        "product": campaign.product.code,
        "version": None,
        "status": campaign.state,
        "closed_at": None,
        "closed_by": None,
        "accountability_min": canonical(campaign.band.minimum),
        "accountability_max": canonical(campaign.band.maximum),
        "explanation": "",
        "signature": None,
    }
