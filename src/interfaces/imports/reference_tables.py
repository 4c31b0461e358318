"""The files of a log beside its movements: products, partners and campaigns."""

from application.production.import_log import CampaignRow, PartnerRow, ProductRow
from domain.catalog.partner import PartnerRole
from domain.catalog.product import ProductClass
from domain.production.campaign import Band
from domain.shared.money import Money
from domain.shared.quantity import Quantity, Unit, checked_amount, checked_mass
from interfaces.imports.cells import day, one_of, optional
from interfaces.imports.csv_table import Row

PRODUCTS = ("code", "name", "name_fr", "class", "unit", "kg_per_unit", "unit_cost", "currency")
PARTNERS = ("code", "name", "role", "address")
OPTIONAL = ("address",)
"""Columns that a file may lack, as if all their cells were empty."""
CAMPAIGNS = (
    "code",
    "product",
    "line",
    "planned_from",
    "planned_to",
    "target",
    "unit",
    "accountability_min",
    "accountability_max",
)

_HIGHEST = 1000
"""The highest percentage that a band may name."""


def product_row(row: Row) -> ProductRow:
    """The product that a row of products.csv states."""
    return ProductRow(
        code=row.cells["code"],
        name=row.cells["name"],
        name_fr=row.cells["name_fr"],
        product_class=row.read("class", one_of(ProductClass)),
        unit=row.read("unit", Unit.of),
        kg_per_unit=row.read("kg_per_unit", optional(checked_mass)),
        standard_cost=_cost(row),
    )


def partner_row(row: Row) -> PartnerRow:
    """The partner that a row of partners.csv states."""
    return PartnerRow(row.cells["code"], row.cells["name"], row.read("role", one_of(PartnerRole)), row.cells["address"])


def campaign_row(row: Row) -> CampaignRow:
    """The campaign that a row of campaigns.csv states."""
    return CampaignRow(
        code=row.cells["code"],
        product=row.cells["product"],
        line=row.cells["line"] or None,
        planned_from=row.read("planned_from", optional(day)),
        planned_to=row.read("planned_to", optional(day)),
        target=_target(row),
        band=_band(row),
    )


def _cost(row: Row) -> Money | None:
    amount = row.read("unit_cost", optional(checked_amount))
    return None if amount is None else row.read("currency", lambda currency: Money(amount, currency))


def _target(row: Row) -> Quantity | None:
    amount = row.read("target", optional(checked_amount))
    return None if amount is None else Quantity(amount, row.read("unit", Unit.of))


def _band(row: Row) -> Band:
    """The band that is stated; where a side is empty, the usual one."""
    usual = Band()
    minimum = row.read("accountability_min", optional(lambda text: Band(text, _HIGHEST).minimum))
    if minimum is None:
        minimum = usual.minimum
    return row.read("accountability_max", lambda text: Band(minimum, text or usual.maximum))
