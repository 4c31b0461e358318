"""Numbers are what is written, digit for digit, and nothing else gets in."""

import json
from decimal import Decimal, Inexact
from fractions import Fraction

import pytest

from domain.shared.errors import Invalid
from domain.shared.exact import EXACT, canonical, parse_decimal, percentage, total
from tests.core.cases import for_each
from tests.core.plant import codes


@for_each(
    ("written", "digits"),
    [
        ("12.5", "12.5"),
        ("-0.000001", "-0.000001"),
        ("007.10", "7.10"),
        (12, "12"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E-7"), "1E-7"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_a_number_is_read_digit_for_digit(written: object, digits: str) -> None:
    assert str(parse_decimal(written)) == digits


@for_each("written", [0.1, 2.0, float("nan"), float("inf")])
def test_no_binary_float_is_a_number(written: float) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_decimal(written)
    assert codes(refusal) == ["binary_float"]


@for_each(
    "written",
    [
        "",
        " 1",
        "1\n",
        "1e3",
        "1E-3",
        "+1",
        ".5",
        "5.",
        "1,5",
        "1_000",
        "0x10",
        "½",
        "١٢",
        "NaN",
        "Infinity",
        "-Infinity",
        "9" * 61,
        "0." + "9" * 61,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        Decimal("1E+61"),
        Decimal("1E-999999999999999"),
        10**5000,
        True,
        None,
        b"1",
        ["1"],
    ],
)
def test_what_is_no_plain_decimal_is_refused_as_such(written: object) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_decimal(written)
    assert codes(refusal) == ["not_a_number"]


@for_each(
    ("number", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("-0.000", "0"),
        ("0.10", "0.1"),
        ("100", "100"),
        ("1E+2", "100"),
        ("1E-9", "0.000000001"),
        ("-12.340", "-12.34"),
        ("1000000000000.000001", "1000000000000.000001"),
    ],
)
def test_there_is_one_way_to_write_a_number(number: str, text: str) -> None:
    assert canonical(Decimal(number)) == text


@for_each("digits", [0, 1, -1, 10, 100, 120, -305000, 10**18 - 1, -(10**36) + 1])
def test_writing_and_reading_give_the_same_number(digits: int) -> None:
    for places in range(16):
        number = Fraction(digits, 10**places)
        text = canonical(EXACT.scaleb(Decimal(digits), -places))
        assert Fraction(parse_decimal(text)) == number
        assert canonical(parse_decimal(text)) == text
        assert json.loads(text, parse_float=Fraction, parse_int=Fraction) == number


@for_each(
    ("part", "whole", "percent"),
    [
        ("1", "3", "33.3333"),
        ("2", "3", "66.6667"),
        ("100", "100", "100"),
        ("-1", "8", "-12.5"),
        # Ties go to the even digit: 0.00005 % and 0.00015 %.
        ("1", "2000000", "0"),
        ("3", "2000000", "0.0002"),
        # A hair above a tie, far beyond the digits of a float or of a quotient cut at 28 digits.
        ("500000000000000000000000000000000001", "1000000000000000000000000000000000000000000", "0.0001"),
    ],
)
def test_a_percentage_is_rounded_half_even_from_the_exact_ratio(part: str, whole: str, percent: str) -> None:
    result = percentage(Decimal(part), Decimal(whole))
    assert result is not None
    assert canonical(result) == percent


def test_there_is_no_percentage_of_nothing() -> None:
    assert percentage(Decimal(1), Decimal(0)) is None


def test_a_sum_keeps_every_digit_and_its_order_is_nothing() -> None:
    numbers = [Decimal("999999999999999999999999999.000000000000001"), Decimal("-1E-15"), Decimal("1E-15")]
    assert total(numbers) == total(reversed(numbers)) == numbers[0]


def test_what_the_exact_context_can_t_hold_is_an_error_and_no_rounding() -> None:
    with pytest.raises(Inexact):
        EXACT.divide(Decimal(1), Decimal(3))
