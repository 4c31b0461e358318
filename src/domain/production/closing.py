"""Closing a campaign: what blocks it, and what is stored and signed when nothing does."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from attrs import evolve, frozen

from domain.catalog.site import Site
from domain.production.balance import Balance, balance_document
from domain.production.campaign import Campaign
from domain.production.lot import LotKey
from domain.shared.canonical import Json, sha256_of
from domain.shared.errors import Fault, Refused
from domain.shared.exact import canonical
from domain.shared.signature import Signature


class ClosingBlocked(Refused):
    """The campaign can't be closed yet; its faults are everything that blocks it."""


@frozen
class StoredBalance:
    """One version of a campaign's balance: a document that never changes, and its hash.

    `sha256` is that of the document's canonical JSON (RFC 8785), so that a stranger can recompute it.
    """

    campaign: UUID
    version: int
    document: dict[str, Json]
    sha256: str
    closed_at: datetime


def blockers(
    campaign: Campaign,
    site: Site,
    balance: Balance,
    waiting: Iterable[LotKey],
    explanation: str,
    signature: Signature | None,
) -> Iterator[Fault]:
    """Everything that keeps the campaign from closing.

    Finished lots that wait for quality, products without a mass, an accountability outside the band (or none, where
    nothing went in) that isn't both explained and signed, and no signature as the site asks for it.
    """
    lots = list(waiting)
    if lots:
        named: list[Json] = [lot.facts for lot in lots]
        detail = f"{len(lots)} finished lots still wait for quality to release or reject them."
        yield Fault("lots_pending", detail, facts={"lots": named}, refusal=True)
    if balance.not_reconcilable:
        products = ", ".join(balance.not_reconcilable)
        facts = {"products": list(balance.not_reconcilable)}
        yield Fault("no_mass", f"Products without a mass per unit: {products}.", facts=facts, refusal=True)
    outside = balance.accountability not in campaign.band
    if outside:
        yield from _unexplained(campaign, balance, explanation, signature)
    if signature is not None or not outside:
        yield from (evolve(fault, refusal=True) for fault in site.signature_faults(signature))


def _unexplained(
    campaign: Campaign, balance: Balance, explanation: str, signature: Signature | None
) -> Iterator[Fault]:
    accountability = balance.accountability
    shown = "none, for nothing went in" if accountability is None else f"{canonical(accountability)} %"
    facts: dict[str, object] = {
        "accountability_percent": None if accountability is None else canonical(accountability),
        "accountability_min": canonical(campaign.band.minimum),
        "accountability_max": canonical(campaign.band.maximum),
        "unaccounted": canonical(balance.unaccounted),
    }
    outside = f"Accountability is {shown}, outside the band of {campaign.band}"
    if not explanation.strip():
        yield Fault(
            "explanation_required", f"{outside}: explain the difference.", ("explanation",), facts, refusal=True
        )
    if signature is None:
        yield Fault("signature_required", f"{outside}: sign the explanation.", ("signature",), facts, refusal=True)


def closing_document(
    campaign: Campaign,
    balance: Balance,
    closed_at: datetime,
    closed_by: str,
    explanation: str,
    signature: Signature | None,
) -> StoredBalance:
    """The balance as it is stored when `campaign` (already closed) was closed."""
    document: dict[str, Json] = {
        "campaign": campaign.code,
        "site": campaign.site,
        "product": campaign.product.code,
        "version": campaign.closings,
        "status": str(campaign.state),
        "closed_at": _written_time(closed_at),
        "closed_by": closed_by,
        "accountability_min": canonical(campaign.band.minimum),
        "accountability_max": canonical(campaign.band.maximum),
        "explanation": explanation,
        "signature": _signature_document(signature),
        **balance_document(balance),
    }
    return StoredBalance(campaign.id, campaign.closings, document, sha256_of(document), closed_at)


def _signature_document(signature: Signature | None) -> dict[str, Json] | None:
    if signature is None:
        return None
    return signature.stated(_written_time(signature.at))


def _written_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
