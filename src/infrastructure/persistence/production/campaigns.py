"""Campaigns in PostgreSQL."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Now, NullIf
from typing_extensions import override

from application.production.ports import Campaigns
from application.production.queries import CampaignOrder, CampaignReader, ListedCampaign
from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest, Sort
from domain.access.rights import Sight
from domain.production.campaign import Campaign
from domain.production.closing import StoredBalance
from domain.shared.errors import Fault, Invalid
from infrastructure.persistence.catalog.models import BEGINNING, Line, Site
from infrastructure.persistence.production import models
from infrastructure.persistence.production.mapping import CAMPAIGN, campaign_in, campaign_of, stored_balance_of
from infrastructure.persistence.shared.listing import Listing, conditions
from infrastructure.persistence.shared.statements import AnyOf, Lookup, rows_of
from infrastructure.shared.keyset import Column, Orders, date_at

LOCK_KEY = "hashtextextended('campaign ' || campaign.id, 0)"
"""The advisory lock that comes before the lock on a campaign's row, shared by those who record in it.

Rows have no queue: while others share a row, one after the other, whoever wants it alone would wait for ever. Advisory
locks have one.
"""

_LOCK = f"SELECT pg_advisory_xact_lock({LOCK_KEY}) FROM campaign WHERE code = %s"  # nosec B608  # noqa: S608 - our own text


_ONE = Lookup(lambda code: models.Campaign.objects.filter(code=code).values_list(*CAMPAIGN))


class DjangoCampaigns(Campaigns):
    """Stores campaigns."""

    @override
    def find(self, codes: Collection[str]) -> Mapping[str, Campaign]:
        rows = models.Campaign.objects.with_relations().filter(code__in=codes)
        return {row.code: campaign_of(row) for row in rows}

    @override
    def for_update(self, code: str) -> Campaign:
        rows_of(_LOCK, [code])
        rows = models.Campaign.objects.with_relations().select_for_update(of=("self",), no_key=True)
        return _found(rows.filter(code=code).first(), code)

    @override
    def add(self, campaigns: Iterable[Campaign]) -> None:
        stated = list(campaigns)
        sites = dict(Site.objects.filter(code__in={c.site for c in stated}).values_list("code", "pk"))
        models.Campaign.objects.bulk_create(
            [models.Campaign(**_row(campaign, sites[campaign.site], _lines(stated))) for campaign in stated]
        )

    @override
    def save(self, campaign: Campaign) -> None:
        site = Site.objects.values_list("pk", flat=True).get(code=campaign.site)
        row = _row(campaign, site, _lines([campaign]))
        models.Campaign.objects.filter(pk=campaign.id).update(**row, updated_at=Now())

    @override
    def has_operations(self, campaign: UUID) -> bool:
        return bool(models.Operation.objects.standing().filter(campaign=campaign).exists())


_LISTED = (
    "id",
    "code",
    "name",
    "site__code",
    "product__code",
    "line__code",
    "planned_from",
    "planned_to",
    "target",
    NullIf("target_unit", Value(""), output_field=TextField()),
    "accountability_min",
    "accountability_max",
    "state",
    "closings",
)
_FILTERS = {"site": "site__code", "product": "product__code", "line": "line__code", "state": "state"}
_CODE = Column("code")
_ORDERS = Orders(
    Sort(CampaignOrder.CODE),
    {
        CampaignOrder.CODE: [_CODE],
        CampaignOrder.NAME: [Column("beginning", expression=BEGINNING), _CODE],
        CampaignOrder.PLANNED_FROM: [Column("day", date_at, models.day_or_last("planned_from")), _CODE],
    },
)
_CAMPAIGNS = Listing(
    models.Campaign.objects.all(),
    _LISTED,
    _ORDERS,
    matching=lambda stated: Q(**conditions(_FILTERS, stated)),
    at_sites=lambda sites: Q(AnyOf(F("site__code"), sites)),
)


class DjangoCampaignReader(CampaignReader):
    """Reads campaigns and their balances."""

    @override
    def get(self, code: str, sight: Sight) -> Campaign:
        for campaign in map(campaign_in, _ONE.rows(code)):
            if campaign.site in sight:
                return campaign
        raise NotFound("campaign", code)

    @override
    def page(self, filters: Mapping[str, str], request: PageRequest, sight: Sight) -> Page[ListedCampaign]:
        for name in filters:
            if name not in _FILTERS:
                raise Invalid(Fault("unknown_filter", f"There is no filter {name!r}.", (name,)))
        page = _CAMPAIGNS.page(filters, request, sight)
        return Page(tuple(ListedCampaign(*columns) for columns in page.items), page.next)

    @override
    def balances(self, campaign: UUID) -> tuple[StoredBalance, ...]:
        rows = models.CampaignBalance.objects.filter(campaign=campaign).order_by("version")
        return tuple(stored_balance_of(row) for row in rows)


def _found(row: models.Campaign | None, code: str) -> Campaign:
    if row is None:
        raise NotFound("campaign", code)
    return campaign_of(row)


def _lines(campaigns: Iterable[Campaign]) -> Mapping[tuple[str, str], UUID]:
    codes = {campaign.line for campaign in campaigns if campaign.line}
    if not codes:
        return {}
    rows = Line.objects.filter(code__in=codes).values_list("site__code", "code", "pk")
    return {(site, code): line for site, code, line in rows}


def _row(campaign: Campaign, site: UUID, lines: Mapping[tuple[str, str], UUID]) -> dict[str, Any]:
    target = campaign.target
    return {
        "id": campaign.id,
        "code": campaign.code,
        "name": campaign.name,
        "site_id": site,
        "product_id": campaign.product.id,
        "line_id": lines[campaign.site, campaign.line] if campaign.line else None,
        "planned_from": campaign.planned_from,
        "planned_to": campaign.planned_to,
        "target": target.amount if target else None,
        "target_unit": target.unit.code if target else "",
        "accountability_min": campaign.band.minimum,
        "accountability_max": campaign.band.maximum,
        "state": campaign.state,
        "closings": campaign.closings,
        "version": campaign.version,
    }
