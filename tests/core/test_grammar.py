"""The grammar of movements, line by line: what is right is taken, what is broken is told with its code and place."""

from datetime import date, datetime

import pytest

from domain.production.entry import Direction, Kind, Role
from domain.production.grammar import MOST_MOVEMENTS, faults_in
from tests.core.cases import for_each
from tests.core.plant import (
    arrived,
    by_product,
    co_product,
    destroyed,
    found,
    in_euros,
    line,
    lost,
    made,
    missing,
    new_id,
    operation,
    received,
    returned,
    sampled,
    sent,
    shipped,
    told,
    used,
)

TRANSFORMATION = {"in input", "out main", "out co_product", "out by_product", "out loss"}
LINES_OF = {
    "receipt": {"out main"},
    "production": TRANSFORMATION,
    "split": TRANSFORMATION,
    "merge": TRANSFORMATION,
    "rework": TRANSFORMATION,
    "transfer": {"in transferred", "out transferred"},
    "shipment": {"in shipped"},
    "return": {"out returned"},
    "loss": {"in loss"},
    "sample": {"in sample"},
    "count": {"in adjustment", "out adjustment"},
}
TRANSFORMING = ("production", "split", "merge", "rework")
FIRST = ("movements", 0)


@for_each("kind", LINES_OF)
def test_a_kind_has_the_lines_of_the_grammar_and_no_others(kind: str) -> None:
    assert {str(each) for each in Kind} == {*LINES_OF, "reversal"}
    for direction in Direction:
        for role in Role:
            right = f"{direction} {role}" in LINES_OF[kind]
            named = kind not in TRANSFORMING or role is not Role.LOSS
            stated = line(direction, role, "APPLE", "L" if named else None, "1", reason="why")
            wrong = ("wrong_role", (*FIRST, "role"))
            assert (wrong not in told(faults_in(operation(kind, stated)))) == right, f"{direction} {role}"


TRANSFORMED = (
    used("APPLE", "A1", "10"),
    made("JUICE", "J1", "6", made_on=date(2026, 3, 2), best_before=date(2026, 3, 2)),
    co_product("CIDER", "C1", "1"),
    by_product("POMACE", "P1", "2.5"),
    lost("APPLE", "0.5"),
)
RIGHT = {
    "receipt": operation(
        "receipt",
        received("APPLE", "A1", "999999999999.999999", supplier_lot="S 1", made_on=date(2026, 1, 1)),
        received("SUGAR", "S/1 (b)", "0.000001", best_before=date(2999, 12, 31), unit_cost=in_euros("0")),
        partner="SUPPLIER",
        document="DN-1",
    ),
    **{kind: operation(kind, *TRANSFORMED, campaign="SPRING", line="L1") for kind in TRANSFORMING},
    "the first second": operation(
        "receipt", received("APPLE", "A1", "1"), occurred_at=datetime.fromisoformat("1900-01-01T00:00:00Z")
    ),
    "the last second": operation(
        "receipt", received("APPLE", "A1", "1"), occurred_at=datetime.fromisoformat("2999-12-31T23:59:59Z")
    ),
    "all lost": operation("production", used("APPLE", "A1", "1"), lost("APPLE", "1")),
    "more out than in": operation("production", made("JUICE", "J1", "1")),
    "transfer": operation("transfer", sent("APPLE", "A1", "3"), arrived("APPLE", "A1", "3.0")),
    "transfer with what is known of the lot": operation(
        "transfer", sent("APPLE", "A1", "3"), arrived("APPLE", "A1", "3", supplier_lot="S1", made_on=date(2026, 1, 1))
    ),
    "transfer of several lots into others": operation(
        "transfer",
        sent("APPLE", "A1", "3"),
        sent("APPLE", "A2", "4"),
        sent("SUGAR", "S1", "1"),
        arrived("SUGAR", "S1", "1"),
        arrived("APPLE", "A9", "7"),
    ),
    "shipment": operation("shipment", shipped("CIDER", "C1", "1"), document="DN-9"),
    "return": operation("return", returned("CIDER", "C1", "1")),
    "loss": operation("loss", destroyed("CIDER", "C1", "1"), campaign="SPRING"),
    "sample": operation("sample", sampled("CIDER", "C1", "1"), campaign="SPRING"),
    "count down": operation("count", missing("CIDER", "C1", "1"), campaign="SPRING"),
    "count up": operation("count", found("CIDER", "C1", "1", made_on=date(2026, 1, 1))),
    "reversal that repeats what its original says": operation(
        "reversal",
        line(Direction.IN, Role.MAIN, "APPLE", "A1", "6", supplier_lot="S1", made_on=date(2026, 1, 1)),
        reverses=new_id(),
    ),
    "reversal": operation("reversal", line(Direction.IN, Role.MAIN, "JUICE", "J1", "6"), reverses=new_id()),
}


@for_each("right", RIGHT)
def test_what_the_grammar_allows_is_taken(right: str) -> None:
    assert told(faults_in(RIGHT[right])) == []


DAY, DAY_BEFORE, TOO_EARLY, TOO_LATE = date(2026, 1, 2), date(2026, 1, 1), date(1899, 12, 31), date(3000, 1, 1)
A_LOT = ("CIDER", "C1", "1")
NO_LOT = ("CIDER", None, "1")
BROKEN_LINES = {
    **{f"{kind}, input without lot": (kind, used(*NO_LOT), "required", "lot") for kind in TRANSFORMING},
    **{f"{kind}, main without lot": (kind, made(*NO_LOT), "required", "lot") for kind in TRANSFORMING},
    **{f"{kind}, loss of a lot": (kind, lost("APPLE", "1", lot="A1"), "not_here", "lot") for kind in TRANSFORMING},
    **{f"{kind}, loss unexplained": (kind, lost("APPLE", "1", ""), "required", "reason") for kind in TRANSFORMING},
    "co-product without lot": ("production", co_product(*NO_LOT), "required", "lot"),
    "by-product without lot": ("production", by_product(*NO_LOT), "required", "lot"),
    "receipt without lot": ("receipt", received(*NO_LOT), "required", "lot"),
    "receipt of an empty lot code": ("receipt", received("APPLE", "", "1"), "required", "lot"),
    "transfer without lot": ("transfer", arrived("CIDER", None, "1"), "required", "lot"),
    "shipment without lot": ("shipment", shipped(*NO_LOT), "required", "lot"),
    "return without lot": ("return", returned(*NO_LOT), "required", "lot"),
    "loss without lot": ("loss", destroyed(*NO_LOT), "required", "lot"),
    "sample without lot": ("sample", sampled(*NO_LOT), "required", "lot"),
    "count down without lot": ("count", missing(*NO_LOT), "required", "lot"),
    "count up without lot": ("count", found(*NO_LOT), "required", "lot"),
    "loss without reason": ("loss", destroyed(*A_LOT, reason=""), "required", "reason"),
    "sample without reason": ("sample", sampled(*A_LOT, reason=" \t"), "required", "reason"),
    "count down without reason": ("count", missing(*A_LOT, reason=""), "required", "reason"),
    "count up without reason": ("count", found(*A_LOT, reason=""), "required", "reason"),
    "line at another site": ("production", used("APPLE", "A1", "1", site="B"), "wrong_site", "site"),
    "lot code with blanks": ("receipt", received("APPLE", " A1", "1"), "bad_code", "lot"),
    "lot code with NUL": ("receipt", received("APPLE", "A\x001", "1"), "bad_code", "lot"),
    "lot code of half a character": ("receipt", received("APPLE", "\ud800", "1"), "bad_code", "lot"),
    "lot code too long": ("receipt", received("APPLE", "x" * 101, "1"), "too_long", "lot"),
    "reason with NUL": ("loss", destroyed(*A_LOT, reason="a\x00"), "bad_text", "reason"),
    "supplier's lot with NUL": ("receipt", received(*A_LOT, supplier_lot="\x00"), "bad_text", "supplier_lot"),
    "nothing": ("receipt", received("APPLE", "A1", "0"), "not_positive", "quantity"),
    "less than nothing": ("receipt", received("APPLE", "A1", "-1"), "not_positive", "quantity"),
    "a float": ("receipt", received("APPLE", "A1", 0.5), "binary_float", "quantity"),
    "not a number": ("receipt", received("APPLE", "A1", "NaN"), "not_a_number", "quantity"),
    "a signalling NaN": ("receipt", received("APPLE", "A1", "sNaN"), "not_a_number", "quantity"),
    "infinity": ("receipt", received("APPLE", "A1", "Infinity"), "not_a_number", "quantity"),
    "40 digits": ("receipt", received("APPLE", "A1", "1" * 40), "too_many_digits", "quantity"),
    "13 digits": ("receipt", received("APPLE", "A1", "1000000000000"), "too_many_digits", "quantity"),
    "7 decimals": ("receipt", received("APPLE", "A1", "0.0000001"), "too_many_decimals", "quantity"),
    "a unit that nobody knows": ("receipt", received("APPLE", "A1", "1", unit="KILO"), "unknown_unit", "unit"),
    "dates of a lot that goes in": ("production", used(*A_LOT, made_on=DAY), "not_here", "made_on"),
    "dates of what is lost": ("production", lost("APPLE", "1", best_before=DAY), "not_here", "best_before"),
    "supplier's lot of what goes out": ("shipment", shipped(*A_LOT, supplier_lot="S"), "not_here", "supplier_lot"),
    "past its date": ("receipt", received(*A_LOT, made_on=DAY, best_before=DAY_BEFORE), "wrong_order", "best_before"),
    "made too early": ("receipt", received(*A_LOT, made_on=TOO_EARLY), "out_of_range", "made_on"),
    "best before too late": ("receipt", received(*A_LOT, best_before=TOO_LATE), "out_of_range", "best_before"),
    "cost of what is made": ("production", made(*A_LOT, unit_cost=in_euros("1")), "not_here", "unit_cost"),
    "cost below zero": ("receipt", received(*A_LOT, unit_cost=in_euros("-1")), "negative", "unit_cost"),
}


@for_each("broken", BROKEN_LINES)
def test_a_broken_line_is_told(broken: str) -> None:
    kind, stated, code, name = BROKEN_LINES[broken]
    other_half = [sent(*A_LOT)] if kind == "transfer" else []
    assert told(faults_in(operation(kind, stated, *other_half))) == [(code, (*FIRST, name))]


RECEIVED, SHIPPED, RETURNED = received("APPLE", "A1", "1"), shipped(*A_LOT), returned(*A_LOT)
SENT, ARRIVED = sent("APPLE", "A1", "3"), arrived("APPLE", "A1", "3")
NO_OFFSET = datetime.fromisoformat("2026-03-02T12:00:00")
LONG_AGO = datetime.fromisoformat("0001-01-01T00:00:00+01:00")
FAR_AWAY = datetime.fromisoformat("3000-01-01T00:00:00Z")
BROKEN_HEADS = {
    "no lines": (operation("receipt"), "wrong_count", "movements"),
    "a time without offset": (operation("receipt", RECEIVED, occurred_at=NO_OFFSET), "no_offset", "occurred_at"),
    "a year long ago": (operation("receipt", RECEIVED, occurred_at=LONG_AGO), "out_of_range", "occurred_at"),
    "a year far away": (operation("receipt", RECEIVED, occurred_at=FAR_AWAY), "out_of_range", "occurred_at"),
    "a time by a clock that nobody has": (
        operation("receipt", RECEIVED, occurred_at=datetime.fromisoformat("2026-03-02T12:00:00-14:01")),
        "out_of_range",
        "occurred_at",
    ),
    "a document with NUL": (operation("receipt", RECEIVED, document="\x00"), "bad_text", "document"),
    "a reason too long": (operation("receipt", RECEIVED, reason="x" * 1001), "too_long", "reason"),
    "a number with blanks": (operation("receipt", RECEIVED, number=" 7"), "bad_code", "number"),
    "a receipt in a campaign": (operation("receipt", RECEIVED, campaign="SPRING"), "not_here", "campaign"),
    "a shipment in a campaign": (operation("shipment", SHIPPED, campaign="SPRING"), "not_here", "campaign"),
    "a return in a campaign": (operation("return", RETURNED, campaign="SPRING"), "not_here", "campaign"),
    "a transfer in a campaign": (operation("transfer", SENT, ARRIVED, campaign="SPRING"), "not_here", "campaign"),
    "a shipment to nobody": (operation("shipment", SHIPPED, partner=None), "required", "partner"),
    "a return from nobody": (operation("return", RETURNED, partner=None), "required", "partner"),
    "a reversal of nothing": (operation("reversal", RECEIVED), "required", "reverses"),
    "a receipt that reverses": (operation("receipt", RECEIVED, reverses=new_id()), "not_here", "reverses"),
    "a transfer of less than it takes": (
        operation("transfer", SENT, arrived("APPLE", "A1", "2.999999")),
        "unequal_transfer",
        "movements",
    ),
    "a transfer that adds a product": (
        operation("transfer", SENT, ARRIVED, arrived("SUGAR", "S1", "1")),
        "unequal_transfer",
        "movements",
    ),
    "a transfer to nowhere": (operation("transfer", SENT), "unequal_transfer", "movements"),
    "a transfer that passes by": (operation("transfer", SENT, ARRIVED, site="FRESH"), "wrong_site", "site"),
    "a transfer inside a site": (
        operation("transfer", SENT, arrived("APPLE", "A2", "3", site="A")),
        "same_site",
        "movements",
    ),
}


@for_each("broken", BROKEN_HEADS)
def test_a_broken_operation_is_told(broken: str) -> None:
    stated, code, name = BROKEN_HEADS[broken]
    assert told(faults_in(stated)) == [(code, (name,))]


def test_an_operation_has_no_more_lines_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_MOVEMENTS == 10_000
    monkeypatch.setattr("domain.production.grammar.MOST_MOVEMENTS", 3)
    assert told(faults_in(operation("receipt", *[RECEIVED] * 3))) == []
    assert told(faults_in(operation("receipt", *[RECEIVED] * 4))) == [("wrong_count", ("movements",))]


@for_each("quantity", [0.5, "NaN", "Infinity", "1E+999999", "0." + "1" * 200])
def test_a_transfer_of_no_exact_quantity_is_told_of_its_line(quantity: object) -> None:
    stated = operation("transfer", sent("APPLE", "A1", quantity), arrived("APPLE", "A1", "1"))
    assert [path for _, path in told(faults_in(stated))] == [(*FIRST, "quantity")]


def test_a_transfer_is_compared_to_the_last_decimal() -> None:
    halves = [sent("APPLE", f"A{part}", "499999999999.999999") for part in (1, 2)]
    whole = [arrived("APPLE", f"A{part}", "333333333333.333333") for part in (1, 2, 3)]
    # 2 x 499999999999.999999 = 999999999999.999998, and 3 x 333333333333.333333 = 999999999999.999999.
    (fault,) = faults_in(operation("transfer", *halves, *whole))
    assert "0.000001" in fault.detail


def test_every_fault_is_told_at_once_not_the_first() -> None:
    stated = operation(
        "sample",
        sampled("CIDER", None, "-1", reason=""),
        made("JUICE", "J\x00", "0.0000001"),
        reverses=new_id(),
        document="\x00",
    )
    assert told(faults_in(stated)) == [
        ("bad_text", ("document",)),
        ("not_here", ("reverses",)),
        ("required", ("movements", 0, "lot")),
        ("required", ("movements", 0, "reason")),
        ("not_positive", ("movements", 0, "quantity")),
        ("wrong_role", ("movements", 1, "role")),
        ("bad_code", ("movements", 1, "lot")),
        ("too_many_decimals", ("movements", 1, "quantity")),
    ]
