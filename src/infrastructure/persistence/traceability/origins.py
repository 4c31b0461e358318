"""The lots that a trace begins with."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from application.shared.errors import NotFound
from domain.access.rights import Sight
from domain.traceability.origin import CampaignOrigin, DocumentOrigin, LineOrigin, LotsOrigin, Origin, SupplierLotOrigin
from infrastructure.persistence.catalog.models import Line, Partner, Site
from infrastructure.persistence.production.models import Campaign, Lot, Movement, Operation
from infrastructure.persistence.shared.sight import in_sight


def lots_of(origin: Origin, sight: Sight) -> Collection[UUID]:
    """The ids of those in sight. `NotFound` for a code or an id that nothing in sight has."""
    lots = _described(origin, sight)
    if sight.sites is None:
        return lots
    return set(Lot.objects.filter(in_sight(sight, "site__code"), pk__in=lots).values_list("pk", flat=True))


def sites_of(lots: Collection[UUID]) -> frozenset[str]:
    """The codes of their sites."""
    return frozenset(Site.objects.filter(lots__in=lots).values_list("code", flat=True).distinct())


def _described(origin: Origin, sight: Sight) -> Collection[UUID]:
    match origin:
        case LotsOrigin(lots):
            return _existing(lots, sight)
        case SupplierLotOrigin(supplier, supplier_lot):
            _demand(Partner.objects.filter(code=supplier), "partner", supplier)
            received = Q(kind="receipt", partner__code=supplier)
            return _ids(Lot.objects.filter(supplier_lot=supplier_lot), received, Q(direction="out"))
        case CampaignOrigin(campaign):
            _demand(Campaign.objects.filter(in_sight(sight, "site__code"), code=campaign), "campaign", campaign)
            return _ids(Lot.objects.all(), Q(campaign__code=campaign), Q(direction="out"))
        case DocumentOrigin(document, partner):
            if partner:
                _demand(Partner.objects.filter(code=partner), "partner", partner)
            with_it = Q(document=document, **({"partner__code": partner} if partner else {}))
            return _ids(Lot.objects.all(), with_it, Q())
        case LineOrigin(site, line, since, until):
            _demand(Site.objects.filter(in_sight(sight, "code"), code=site), "site", site)
            _demand(Line.objects.filter(site__code=site, code=line), "line", f"{line} at {site}")
            there = Q(line__code=line, line__site__code=site, occurred_at__gte=since, occurred_at__lt=until)
            return _ids(Lot.objects.all(), there, Q(direction="out"))


def _existing(lots: Collection[UUID], sight: Sight) -> Collection[UUID]:
    found = set(Lot.objects.filter(in_sight(sight, "site__code"), pk__in=lots).values_list("pk", flat=True))
    for lot in sorted(lots):
        if lot not in found:
            raise NotFound("lot", lot)
    return found


def _ids(lots: QuerySet[Any], operation: Q, movement: Q) -> Collection[UUID]:
    """Those of the lots that such a movement of such an operation moved, where that operation stands."""
    operations = Operation.objects.standing().filter(operation)
    moved = Movement.objects.filter(movement, lot__isnull=False, operation__in=operations)
    return set(lots.filter(pk__in=moved.values("lot")).values_list("pk", flat=True))


def _demand(rows: QuerySet[Any], what: str, key: str) -> None:
    if not rows.exists():
        raise NotFound(what, key)
