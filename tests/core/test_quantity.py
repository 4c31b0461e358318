"""Quantities, units and money: exact, within their limits, and never mixed."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from attrs.exceptions import FrozenInstanceError

from domain.production.campaign import Band
from domain.shared.errors import Invalid
from domain.shared.money import Money
from domain.shared.quantity import UNITS, Quantity, Unit, checked_mass, kilograms
from tests.core import plant
from tests.core.cases import for_each
from tests.core.plant import codes

KGM = Unit.of("KGM")


def kg(amount: object) -> Quantity:
    return Quantity(amount, KGM)


TAKERS: dict[str, Callable[[object], object]] = {
    "quantity": kg,
    "money": lambda written: Money(written, "EUR"),
    "mass per unit": checked_mass,
    "mass of a product": lambda written: plant.product("P", "raw", "C62", written),
    "band": lambda written: Band(minimum=written),
}


@for_each("taker", TAKERS)
def test_no_float_gets_in_anywhere(taker: str) -> None:
    with pytest.raises(Invalid) as refusal:
        TAKERS[taker](95.5)
    assert codes(refusal) == ["binary_float"]


@for_each("taker", TAKERS)
def test_what_is_no_number_gets_in_nowhere(taker: str) -> None:
    for written in ("NaN", "Infinity", "1e2", "ten", "", True, Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(Invalid) as refusal:
            TAKERS[taker](written)
        assert codes(refusal) == ["not_a_number"], written


@for_each(
    ("written", "code"),
    [
        ("999999999999.999999", None),
        ("-999999999999.999999", None),
        ("0.0000010000", None),
        ("1000000000000", "too_many_digits"),
        ("-1000000000000", "too_many_digits"),
        ("0.0000001", "too_many_decimals"),
        ("1234567890123456789012345678901234567890", "too_many_digits"),
        ("0.1234567890123456789012345678901234567890", "too_many_decimals"),
        (Decimal("0." + "1" * 200), "too_many_decimals"),
        (Decimal("1E+999999"), "too_many_digits"),
    ],
)
def test_an_amount_has_eighteen_digits_and_six_of_them_decimals(written: object, code: str | None) -> None:
    for taker in (kg, TAKERS["money"]):
        if code is None:
            taker(written)
            continue
        with pytest.raises(Invalid) as refusal:
            taker(written)
        assert codes(refusal) == [code]


@for_each(
    ("written", "code"),
    [
        ("999999999.999999999", None),
        ("0.000000001", None),
        ("1000000000", "too_many_digits"),
        ("0.0000000001", "too_many_decimals"),
        ("0", "not_positive"),
        ("-1", "not_positive"),
    ],
)
def test_a_mass_per_unit_has_nine_digits_and_nine_decimals_and_is_above_zero(written: str, code: str | None) -> None:
    if code is None:
        assert checked_mass(written) == Decimal(written)
        return
    with pytest.raises(Invalid) as refusal:
        checked_mass(written)
    assert codes(refusal) == [code]


@for_each(
    ("amount", "unit", "into", "result"),
    [
        ("1234", "GRM", "KGM", "1.234"),
        ("0.000001", "TNE", "GRM", "1"),
        ("1", "GRM", "TNE", "0.000001"),
        ("2.5", "HLT", "LTR", "250"),
        ("75", "CLT", "LTR", "0.75"),
        ("1", "MTQ", "HLT", "10"),
        ("6", "EA", "DZN", "0.5"),
        ("-3", "DZN", "C62", "-36"),
        ("1.5", "MIL", "DZN", "125"),
        ("18", "C62", "H87", "18"),
    ],
)
def test_a_conversion_is_exact(amount: str, unit: str, into: str, result: str) -> None:
    converted = Quantity(amount, Unit.of(unit)).into(Unit.of(into))
    assert converted == Quantity(result, Unit.of(into))


@for_each(
    ("amount", "unit", "into", "code"),
    [
        ("1", "EA", "DZN", "inexact_conversion"),
        ("0.1", "GRM", "TNE", "inexact_conversion"),
        ("999999999999", "TNE", "KGM", "too_many_digits"),
        ("1", "LTR", "KGM", "unit_mismatch"),
        ("1", "C62", "MTR", "unit_mismatch"),
    ],
)
def test_a_conversion_that_is_not_exact_is_refused(amount: str, unit: str, into: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Quantity(amount, Unit.of(unit)).into(Unit.of(into))
    assert codes(refusal) == [code]


@for_each("amount", ["1", "-7.2", "0.000012", "36000", "999999999999.999999"])
def test_a_conversion_says_the_same_in_another_unit_or_nothing(amount: str) -> None:
    for from_unit, to_unit in product(UNITS.values(), repeat=2):
        if from_unit.dimension is not to_unit.dimension:
            continue
        before = Quantity(amount, from_unit)
        exact = Fraction(amount) * Fraction(from_unit.factor) / Fraction(to_unit.factor)
        if (exact * 10**6).denominator == 1 and abs(exact) < 10**12:
            assert Fraction(before.into(to_unit).amount) == exact
        else:
            with pytest.raises(Invalid):
                before.into(to_unit)


@for_each("code", ["", "kgm", "KG", "XXX", "KGM "])
def test_a_unit_that_nobody_knows_is_refused(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Unit.of(code)
    assert codes(refusal) == ["unknown_unit"]


def test_quantities_add_and_compare_in_their_own_unit() -> None:
    assert kg("0.1") + kg("0.2") == kg("0.30")
    assert kg("1") - kg("1.000001") == kg("-0.000001")
    assert kg("1.999999") < kg("2") <= kg("2.0")
    assert not kg("2") < kg("2.0")
    assert hash(kg("2")) == hash(kg("2.00"))


@for_each("act", ["__add__", "__sub__", "__lt__", "__le__"])
def test_quantities_of_different_units_don_t_mix(act: str) -> None:
    with pytest.raises(Invalid) as refusal:
        getattr(kg("1"), act)(Quantity("1", Unit.of("GRM")))
    assert codes(refusal) == ["unit_mismatch"]
    assert kg("1") != Quantity("1000", Unit.of("GRM"))


def test_a_sum_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        kg("999999999999.999999") + kg("0.000001")
    assert codes(refusal) == ["too_many_digits"]


@for_each("value", [kg("1"), Money("1", "EUR"), KGM])
def test_values_never_change(value: object) -> None:
    name = "currency" if isinstance(value, Money) else "unit" if isinstance(value, Quantity) else "code"
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, "other")


@for_each("currency", ["", "eur", "EURO", "E1R", "€"])
def test_a_currency_has_three_capital_letters(currency: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Money("1", currency)
    assert codes(refusal) == ["unknown_currency"]


def test_kilograms_are_kept_to_the_last_of_thirty_six_digits() -> None:
    # 999999999999.999999 x 999999999.999999999 = (10^12 - 10^-6)(10^9 - 10^-9) = 10^21 - 10^3 - 10^3 + 10^-15
    assert kilograms(Decimal("999999999999.999999"), Decimal("999999999.999999999")) == Decimal(
        "999999999999999998000.000000000000001"
    )
    assert kilograms(Decimal(1), None) is None
