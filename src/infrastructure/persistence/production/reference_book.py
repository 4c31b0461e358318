"""Codes looked up for recording."""

from collections.abc import Mapping
from uuid import UUID

from attrs import define, field
from django.db import connection
from typing_extensions import override

from application.production.ports import ReferenceBook
from domain.production.campaign import Campaign
from domain.production.references import Codes, References
from infrastructure.persistence.catalog import mapping
from infrastructure.persistence.catalog.models import Product, Site
from infrastructure.persistence.production.mapping import campaign_of
from infrastructure.persistence.production.models import Campaign as CampaignTable

_IDS = """
SELECT 'line', site.code, line.code, line.id
FROM unnest(%s::text[], %s::text[]) AS named (site, code)
JOIN site ON site.code = named.site
JOIN line ON line.site_id = site.id AND line.code = named.code
UNION ALL
SELECT 'partner', '', code, id FROM partner WHERE code = ANY(%s)
UNION ALL
SELECT 'operator', '', code, id FROM operator WHERE code = ANY(%s)
"""

# Closing takes a stronger lock on the row. Django has no word for this one.
_LOCK_CAMPAIGNS = "SELECT id FROM campaign WHERE code = ANY(%s) ORDER BY id FOR SHARE"


@define
class _Ids:
    lines: dict[tuple[str, str], UUID] = field(factory=dict)
    partners: dict[str, UUID] = field(factory=dict)
    operators: dict[str, UUID] = field(factory=dict)


class DjangoReferenceBook(ReferenceBook):
    """Looks everything up in at most five queries, whatever the number of codes."""

    @override
    def look_up(self, codes: Codes) -> References:
        campaigns = self._campaigns(codes) if codes.campaigns else {}
        ids = self._ids(codes)
        products = Product.objects.filter(code__in=codes.products)
        sites = Site.objects.filter(code__in=codes.sites)
        return References(
            products={row.code: mapping.product_of(row) for row in products},
            sites={row.code: mapping.site_of(row) for row in sites},
            lines=ids.lines,
            partners=ids.partners,
            operators=ids.operators,
            campaigns=campaigns,
        )

    def _campaigns(self, codes: Codes) -> Mapping[str, Campaign]:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_CAMPAIGNS, [list(codes.campaigns)])
            ids = [campaign for (campaign,) in cursor.fetchall()]
        rows = CampaignTable.objects.with_relations().filter(pk__in=ids)
        return {row.code: campaign_of(row) for row in rows}

    def _ids(self, codes: Codes) -> _Ids:
        ids = _Ids()
        lines = list(codes.lines)
        parameters = [
            [site for site, _ in lines],
            [code for _, code in lines],
            list(codes.partners),
            list(codes.operators),
        ]
        with connection.cursor() as cursor:
            cursor.execute(_IDS, parameters)
            for what, site, code, row_id in cursor.fetchall():
                if what == "line":
                    ids.lines[site, code] = row_id
                elif what == "partner":
                    ids.partners[code] = row_id
                else:
                    ids.operators[code] = row_id
        return ids
