"""A cell that somebody typed is never a formula in a spreadsheet, and can be read back."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interfaces.api.spreadsheets import safe_cell

BEGINNINGS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212")
BEHIND = ("", " ", "\t", "\r", "\n", '"', "'", "''", " \"'", "\u00a0", "\u3000", "\ufeff", "\u200b", "\u202e")
INSIDE = ("so;", "so\n", "so\r\n", "so\r", "so\t", 'so";', "so; ", "so;;")


def read_back(cell: str) -> str:
    """As the documentation says."""
    return re.sub(r"(^|[;\t\r\n])'", r"\1", cell)


def cells_of(text: str, separator: str) -> list[str]:
    """The cells that a spreadsheet finds which splits at this character and minds no quotes."""
    return [cell for line in re.split(r"[\r\n]", text) for cell in line.split(separator)]


def calculated(cell: str) -> bool:
    """Whether the first character that counts begins a formula; an apostrophe makes a cell text."""
    for character in cell:
        if character == "'":
            return False
        if not character.isspace() and character != '"' and unicodedata.category(character) != "Cf":
            return unicodedata.normalize("NFKC", character) in "=+-@\u2212"
    return False


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("before", [*BEHIND, *INSIDE])
def test_no_cell_is_calculated(beginning: str, before: str) -> None:
    typed = f"{before}{beginning}HYPERLINK(A1)"
    safe = str(safe_cell(typed))
    assert safe != typed
    assert read_back(safe) == typed
    for separator in ";\t":
        assert not any(map(calculated, cells_of(safe, separator)))
    assert not calculated(safe)


@pytest.mark.parametrize("typed", ["\tso", "\rso", "\nso", "'so"])
def test_what_a_spreadsheet_would_drop_is_marked(typed: str) -> None:
    assert safe_cell(typed) == f"'{typed}"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "so", "so = so", "a-b", "ana@example", "1+1", 'said "so"', "so, -5 kg", "so\r\nand on", "a; b"),
        *('{"after":-1,"text":"=1"}', "2026-03-02T12:05:00.000000Z", "l'eau", "-5", "-0.25", "12", "\u00e9t\u00e9"),
    ],
)
def test_what_is_no_formula_stays_as_it_is(typed: str) -> None:
    assert safe_cell(typed) == typed


@pytest.mark.parametrize("number", [0, -1, 7])
def test_numbers_stay_numbers(number: int) -> None:
    assert safe_cell(number) == number


@pytest.mark.parametrize("typed", ["-5+1", "-", "--5", "-5.", "-5\n", "-1e5", "- 5", "-5;=1", "-\u0665"])
def test_what_only_looks_like_a_number_is_text(typed: str) -> None:
    assert str(safe_cell(typed)).startswith("'")


@given(st.text(st.sampled_from("='\"+-@;, \t\r\na1\uff1d\u200b")))
@example("\r'\n=")
def test_every_cell_can_be_read_back_and_is_calculated_nowhere(typed: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerow(["so", safe_cell(typed)])
    ((_, cell),) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert read_back(cell) == typed
    if not re.fullmatch(r"-[0-9]+(\.[0-9]+)?", typed):
        assert not any(calculated(each) for separator in ";\t" for each in cells_of(cell, separator))
