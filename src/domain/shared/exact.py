"""Exact decimals: parsed from what is written, never rounded, written in one canonical way."""

import re
from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, Clamped, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction

from domain.shared.errors import Fault, Invalid

# A sum of 10 million movements of 36 digits each needs 43; whatever doesn't fit is an error, not a rounding.
EXACT = Context(
    prec=96,
    Emin=MIN_EMIN,
    Emax=MAX_EMAX,
    traps=[Clamped, DivisionByZero, Inexact, InvalidOperation, Overflow],
)

ZERO = Decimal(0)

MOST_DIGITS = 60
_WRITTEN = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,{MOST_DIGITS}}})?", re.ASCII)


def parse_decimal(written: object) -> Decimal:
    """The decimal that is written, digit for digit.

    Takes a string of digits with an optional sign and point, a whole number, or a decimal. Raises `Invalid` for an
    exponent, NaN, infinity, anything longer than 60 digits on a side, and for every binary float: 0.1 has none.
    """
    if isinstance(written, float):
        raise Invalid(Fault("binary_float", "A binary float isn't exact: write the number as a decimal string."))
    if isinstance(written, bool) or not isinstance(written, str | int | Decimal):
        raise Invalid(Fault("not_a_number", "A decimal number is expected, such as 12.5."))
    text = written if isinstance(written, str) else _digits(Decimal(written))
    if not _WRITTEN.fullmatch(text):
        detail = "A plain decimal number is expected, such as 12.5: digits and one point, no exponent."
        raise Invalid(Fault("not_a_number", detail))
    return Decimal(text)


def _digits(number: Decimal) -> str:
    # An exponent can stand for more digits than there is memory, so it is looked at before they are written out.
    short = number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS
    return format(number, "f") if short else str(number)


def canonical(number: Decimal) -> str:
    """The one way to write a decimal for hashes and JSON: no exponent, no trailing zeros, no minus before zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    result = ZERO
    for number in numbers:
        result = EXACT.add(result, number)
    return result


def percentage(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` of `whole` in percent, rounded half-even to four decimals from the exact ratio; None of nothing."""
    if whole == 0:
        return None
    return EXACT.scaleb(Decimal(round(Fraction(part) / Fraction(whole) * 10**6)), -4)
