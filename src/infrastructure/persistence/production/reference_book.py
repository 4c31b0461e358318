"""Codes looked up for recording."""

from collections.abc import Mapping
from uuid import UUID

from attrs import define, field
from typing_extensions import override

from application.production.ports import ReferenceBook
from domain.catalog.product import Product
from domain.catalog.site import Site
from domain.production.references import Codes, References
from infrastructure.persistence.catalog.mapping import ProductRow, product_of
from infrastructure.persistence.production.campaigns import LOCK_KEY
from infrastructure.persistence.production.mapping import CampaignRow, campaign_with
from infrastructure.persistence.shared.statements import rows_looked_up

# Closing takes stronger locks, first the advisory one and then the row's, each in the order of the ids; Django has no
# word for these.
_CAMPAIGNS = f"""
WITH shared AS MATERIALIZED (
    SELECT id, pg_advisory_xact_lock_shared({LOCK_KEY})
    FROM (SELECT id FROM campaign WHERE code = ANY(%s) ORDER BY id) AS campaign
)
SELECT site.code, line.code, campaign.product_id, {", ".join(f"campaign.{name}" for name in CampaignRow._fields)}
FROM shared JOIN campaign ON campaign.id = shared.id
JOIN site ON site.id = campaign.site_id LEFT JOIN line ON line.id = campaign.line_id
ORDER BY campaign.id FOR SHARE OF campaign
"""  # noqa: S608 - the names of our own columns

_PRODUCTS = f"SELECT {', '.join(ProductRow._fields)} FROM product WHERE code = ANY(%s) OR id = ANY(%s)"  # noqa: S608 - as above

_OTHERS = """
SELECT 'site', '', code, id, name, positive_release, ships_past_best_before, signs_decisions, holds_returns,
    second_person, version
FROM site WHERE code = ANY(%s)
UNION ALL
SELECT 'line', site.code, line.code, line.id, line.name, NULL, NULL, NULL, NULL, NULL, line.version
FROM unnest(%s::text[], %s::text[]) AS named (site, code)
JOIN site ON site.code = named.site
JOIN line ON line.site_id = site.id AND line.code = named.code
UNION ALL
SELECT 'partner', '', code, id, name, NULL, NULL, NULL, NULL, NULL, version FROM partner WHERE code = ANY(%s)
UNION ALL
SELECT 'operator', '', code, id, name, NULL, NULL, NULL, NULL, NULL, version FROM operator WHERE code = ANY(%s)
"""


@define
class _Others:
    sites: dict[str, Site] = field(factory=dict)
    lines: dict[tuple[str, str], UUID] = field(factory=dict)
    partners: dict[str, UUID] = field(factory=dict)
    operators: dict[str, UUID] = field(factory=dict)


class DjangoReferenceBook(ReferenceBook):
    """Looks everything up in three queries, whatever the number of codes."""

    @override
    def look_up(self, codes: Codes) -> References:
        campaigns = rows_looked_up(_CAMPAIGNS, [list(codes.campaigns)]) if codes.campaigns else []
        products = self._products(codes, [product for _, _, product, *_ in campaigns])
        others = self._others(codes)
        named = (
            campaign_with(CampaignRow(*row), site, line, products[product]) for site, line, product, *row in campaigns
        )
        return References(
            products={product.code: product for product in products.values() if product.code in codes.products},
            sites=others.sites,
            lines=others.lines,
            partners=others.partners,
            operators=others.operators,
            campaigns={campaign.code: campaign for campaign in named},
        )

    def _products(self, codes: Codes, ids: list[UUID]) -> Mapping[UUID, Product]:
        rows = (ProductRow(*row) for row in rows_looked_up(_PRODUCTS, [list(codes.products), ids]))
        return {row.id: product_of(row) for row in rows}

    def _others(self, codes: Codes) -> _Others:
        lines = list(codes.lines)
        named = [[site for site, _ in lines], [code for _, code in lines]]
        others = _Others()
        parameters = [list(codes.sites), *named, list(codes.partners), list(codes.operators)]
        for what, site, code, row_id, name, *settings in rows_looked_up(_OTHERS, parameters):
            match what:
                case "site":
                    others.sites[code] = Site(row_id, code, name, *settings)
                case "line":
                    others.lines[site, code] = row_id
                case "partner":
                    others.partners[code] = row_id
                case _:
                    others.operators[code] = row_id
        return others
