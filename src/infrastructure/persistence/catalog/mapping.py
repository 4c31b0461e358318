"""Rows of the catalog to records."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import DateMarking, Product, ProductClass
from domain.catalog.site import Site
from domain.shared.money import Money
from domain.shared.quantity import Unit
from infrastructure.persistence.catalog import models


class ProductRow(NamedTuple):
    """The columns of a product, for statements that read them without the ORM."""

    id: UUID
    code: str
    name: str
    name_fr: str
    product_class: str
    unit: str
    kg_per_unit: Decimal | None
    standard_cost: Decimal | None
    currency: str
    date_marking: str
    gtin: str
    allergens: list[str]
    version: int


def product_of(row: models.Product | ProductRow) -> Product:
    """The product of a row."""
    return Product(
        id=row.id,
        code=row.code,
        name=row.name,
        name_fr=row.name_fr,
        product_class=ProductClass(row.product_class),
        unit=Unit.of(row.unit),
        kg_per_unit=row.kg_per_unit,
        standard_cost=None if row.standard_cost is None else Money(row.standard_cost, row.currency),
        date_marking=DateMarking(row.date_marking),
        gtin=row.gtin,
        allergens=tuple(row.allergens),
        version=row.version,
    )


def site_of(row: models.Site) -> Site:
    """The site of a row."""
    settings = (row.positive_release, row.ships_past_best_before, row.signs_decisions, row.holds_returns)
    return Site(row.id, row.code, row.name, *settings, second_person=row.second_person, version=row.version)


def line_of(row: models.Line) -> Line:
    """The line of a row that comes with its site."""
    return Line(row.id, row.site.code, row.code, row.name, row.version)


def partner_of(row: models.Partner) -> Partner:
    """The partner of a row."""
    role = PartnerRole(row.role)
    return Partner(row.id, row.code, row.name, role, row.address, row.gln, row.contact, row.version)


def operator_of(row: models.Operator) -> Operator:
    """The operator of a row."""
    return Operator(row.id, row.code, row.name, row.version)
