"""A product: what a lot is a lot of."""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from attrs import converters, field, frozen

from domain.shared.errors import Fault, Refused
from domain.shared.money import Money
from domain.shared.quantity import Unit, checked_mass


class ProductClass(StrEnum):
    """The part that a product plays in a balance."""

    RAW = "raw"
    PACKAGING = "packaging"
    BULK = "bulk"
    FINISHED = "finished"
    BY_PRODUCT = "by_product"
    WATER = "water"


class DateMarking(StrEnum):
    """What the date on a lot means: of quality (best before), or of safety (use by), after which nothing ships."""

    BEST_BEFORE = "best_before"
    USE_BY = "use_by"


@frozen
class Product:
    """A product with the unit it is counted in and, when known, its exact kilograms per unit.

    `standard_cost` is per unit and stands in where a receipt has no cost of its own. `allergens` and `gtin` (GS1) are
    kept for labels and recalls.
    """

    id: UUID
    code: str
    name: str
    name_fr: str
    product_class: ProductClass
    unit: Unit
    kg_per_unit: Decimal | None = field(default=None, converter=converters.optional(checked_mass))
    standard_cost: Money | None = None
    date_marking: DateMarking = DateMarking.BEST_BEFORE
    gtin: str = ""
    allergens: tuple[str, ...] = ()
    version: int = 1


def check_revision(before: Product, after: Product, *, has_movements: bool) -> None:
    """Unit and mass are frozen after the first movement, so that nothing rewrites the past; raises `Refused`."""
    if not has_movements:
        return
    faults = []
    if after.unit != before.unit:
        faults.append(_frozen("unit", before.code))
    if after.kg_per_unit != before.kg_per_unit:
        faults.append(_frozen("kg_per_unit", before.code))
    if faults:
        raise Refused(*faults)


def _frozen(name: str, code: str) -> Fault:
    detail = f"{code} has movements, so its {name} can't change any more. Make a new product instead."
    return Fault("frozen", detail, (name,), refusal=True)
