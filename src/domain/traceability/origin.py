"""Where a trace or a recall begins."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from attrs import frozen

from domain.shared.canonical import Json


@frozen
class LotsOrigin:
    """These lots, all of which have to exist."""

    lots: frozenset[UUID]


@frozen
class SupplierLotOrigin:
    """What was received from this supplier under this lot code of the supplier's."""

    supplier: str
    supplier_lot: str


@frozen
class CampaignOrigin:
    """What a campaign put anything into."""

    campaign: str


@frozen
class DocumentOrigin:
    """What was shipped, received or returned with this document; with `partner`, to or from them alone."""

    document: str
    partner: str | None = None


@frozen
class LineOrigin:
    """What was made on a line of a site in a period, its end excluded."""

    site: str
    line: str
    since: datetime
    until: datetime


Origin = LotsOrigin | SupplierLotOrigin | CampaignOrigin | DocumentOrigin | LineOrigin
"""Where a trace may begin. Reversed operations count for nothing."""


def origin_document(origin: Origin) -> dict[str, Json]:
    """The origin as it was stated, as plain JSON: ids in their order, times in UTC."""
    match origin:
        case LotsOrigin(lots):
            return {"lots": [str(lot) for lot in sorted(lots)]}
        case SupplierLotOrigin(supplier, supplier_lot):
            return {"supplier": supplier, "supplier_lot": supplier_lot}
        case CampaignOrigin(campaign):
            return {"campaign": campaign}
        case DocumentOrigin(document, None):
            return {"document": document}
        case DocumentOrigin(document, partner):
            return {"document": document, "partner": partner}
        case LineOrigin(site, line, since, until):
            return {"site": site, "line": line, "since": _written(since), "until": _written(until)}


def origin_in(document: Mapping[str, Json]) -> Origin:
    """The origin of a document that `origin_document` made."""
    match document:
        case {"lots": [*lots]}:
            return LotsOrigin(frozenset(UUID(str(lot)) for lot in lots))
        case {"supplier": str(supplier), "supplier_lot": str(supplier_lot)}:
            return SupplierLotOrigin(supplier, supplier_lot)
        case {"campaign": str(campaign)}:
            return CampaignOrigin(campaign)
        case {"document": str(number), "partner": str(partner)}:
            return DocumentOrigin(number, partner)
        case {"document": str(number)}:
            return DocumentOrigin(number)
        case {"site": str(site), "line": str(line), "since": str(since), "until": str(until)}:
            return LineOrigin(site, line, datetime.fromisoformat(since), datetime.fromisoformat(until))
    raise ValueError(f"Nothing begins with {sorted(document)}.")


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
