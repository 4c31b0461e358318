"""Quantities: an exact decimal with a unit of UN/ECE Recommendation 20.

Factors to the base unit of a dimension are exact by definition (SI prefixes, the litre as a cubic decimetre).
"""

from decimal import Decimal, Inexact
from enum import StrEnum
from typing import Self

from attrs import field, frozen

from domain.shared.errors import Fault, Invalid
from domain.shared.exact import EXACT, ZERO, canonical, parse_decimal

WHOLE_DIGITS = 12
DECIMALS = 6
LIMIT = Decimal(10) ** WHOLE_DIGITS

MASS_WHOLE_DIGITS = 9
MASS_DECIMALS = 9
MASS_LIMIT = Decimal(10) ** MASS_WHOLE_DIGITS


class Dimension(StrEnum):
    """What a unit measures; units of one dimension convert into each other exactly."""

    MASS = "mass"
    VOLUME = "volume"
    LENGTH = "length"
    AREA = "area"
    COUNT = "count"


@frozen
class Unit:
    """A unit of measure by its UN/ECE Rec 20 code; `factor` is how many base units of the dimension one is."""

    code: str
    dimension: Dimension
    factor: Decimal

    @classmethod
    def of(cls, code: str) -> "Unit":
        """The unit of this code; `Invalid` when the plant doesn't know it."""
        unit = UNITS.get(code)
        if unit is None:
            known = ", ".join(UNITS)
            raise Invalid(Fault("unknown_unit", f"No unit has the code {code!r}. Known units: {known}."))
        return unit


UNITS = {
    code: Unit(code, dimension, Decimal(factor))
    for code, dimension, factor in (
        ("MGM", Dimension.MASS, "0.000001"),
        ("GRM", Dimension.MASS, "0.001"),
        ("KGM", Dimension.MASS, "1"),
        ("TNE", Dimension.MASS, "1000"),
        ("MLT", Dimension.VOLUME, "0.001"),
        ("CLT", Dimension.VOLUME, "0.01"),
        ("LTR", Dimension.VOLUME, "1"),
        ("HLT", Dimension.VOLUME, "100"),
        ("MTQ", Dimension.VOLUME, "1000"),
        ("CMT", Dimension.LENGTH, "0.01"),
        ("MTR", Dimension.LENGTH, "1"),
        ("MTK", Dimension.AREA, "1"),
        ("C62", Dimension.COUNT, "1"),
        ("H87", Dimension.COUNT, "1"),
        ("EA", Dimension.COUNT, "1"),
        ("DZN", Dimension.COUNT, "12"),
        ("MIL", Dimension.COUNT, "1000"),
    )
}


def checked_amount(written: object) -> Decimal:
    """A quantity's number: exact, up to 12 digits before the point and 6 after; `Invalid` otherwise."""
    amount = written if type(written) is Decimal else parse_decimal(written)
    if not amount.is_finite():
        raise Invalid(Fault("not_a_number", "A plain decimal number is expected, such as 12.5."))
    return _within(amount, LIMIT, DECIMALS, "A quantity")


def checked_mass(written: object) -> Decimal:
    """Kilograms per unit: above zero, up to 9 digits before the point and 9 after; `Invalid` otherwise."""
    mass = _within(parse_decimal(written), MASS_LIMIT, MASS_DECIMALS, "A mass per unit")
    if mass <= 0:
        raise Invalid(Fault("not_positive", "A mass per unit is above zero; leave it empty when it isn't known."))
    return mass


def _within(number: Decimal, limit: Decimal, places: int, what: str) -> Decimal:
    if not -limit < number < limit:
        raise Invalid(Fault("too_many_digits", f"{what} has at most {limit.adjusted()} digits before the point."))
    try:
        EXACT.quantize(number, EXACT.scaleb(Decimal(1), -places))
    except Inexact:
        detail = f"{what} has at most {places} decimals; nothing is rounded."
        raise Invalid(Fault("too_many_decimals", detail)) from None
    return number


@frozen
class Quantity:
    """So much of something: an exact amount in a unit. Adds and compares only with its own unit."""

    amount: Decimal = field(converter=checked_amount)
    unit: Unit

    def __add__(self, other: "Quantity") -> Self:
        return type(self)(EXACT.add(self.amount, self._same_unit(other)), self.unit)

    def __sub__(self, other: "Quantity") -> Self:
        return type(self)(EXACT.subtract(self.amount, self._same_unit(other)), self.unit)

    def __lt__(self, other: "Quantity") -> bool:
        return self.amount < self._same_unit(other)

    def __le__(self, other: "Quantity") -> bool:
        return self.amount <= self._same_unit(other)

    def __str__(self) -> str:
        return f"{canonical(self.amount)} {self.unit.code}"

    def into(self, unit: Unit) -> "Quantity":
        """The same quantity in another unit of its dimension; `Invalid` where that isn't exact."""
        if unit == self.unit:
            return self
        if unit.dimension is not self.unit.dimension:
            detail = f"{self.unit.code} measures {self.unit.dimension}, {unit.code} {unit.dimension}."
            raise Invalid(Fault("unit_mismatch", detail))
        return Quantity(self._exactly(EXACT.multiply(self.amount, self.unit.factor), unit), unit)

    def _exactly(self, base: Decimal, unit: Unit) -> Decimal:
        # A quotient whose digits end within the limit is found by scaling; anything else would be a rounding.
        scaled = EXACT.scaleb(base, DECIMALS)
        micro, rest = EXACT.divmod(scaled, unit.factor)
        if rest != ZERO:
            raise Invalid(Fault("inexact_conversion", f"{self} can't be written in {unit.code} without rounding."))
        return EXACT.scaleb(micro, -DECIMALS)

    def _same_unit(self, other: "Quantity") -> Decimal:
        if other.unit != self.unit:
            raise Invalid(Fault("unit_mismatch", f"{self} and {other} have different units."))
        return other.amount


def kilograms(amount: Decimal, kg_per_unit: Decimal | None) -> Decimal | None:
    """The exact mass of an amount of a product; None where the product's mass isn't known, never a guess."""
    return None if kg_per_unit is None else EXACT.multiply(amount, kg_per_unit)
