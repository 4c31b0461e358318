"""A residue is found in a delivery: how much of it can be in what was made, and in what the customers got."""

import json
from typing import Any

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, lot_id, operation, receipt, record

pytestmark = pytest.mark.django_db

LINES = "application/x-ndjson"


@pytest.fixture
def mill(plant: Api) -> Api:
    """A quarter of what was pressed is of the bad apples; half of the juice was bottled, and most of that shipped."""
    record(plant, receipt("BAD", "100", document="DN-9"))
    record(plant, receipt("GOOD", "500", document="DN-10"))
    apples = line("in", "input", "APPLE", "BAD", "52.5"), line("in", "input", "APPLE", "GOOD", "157.5")
    record(plant, operation("production", *apples, line("out", "main", "JUICE", "J-1", "200"), line="PRESS"))
    filled = line("in", "input", "JUICE", "J-1", "80"), line("out", "main", "CIDER", "C-1", "100")
    record(plant, operation("production", *filled, line="FILL"))
    bottles = line("in", "shipped", "CIDER", "C-1", "70")
    record(plant, operation("shipment", bottles, partner="SHOP", document="SO-1"))
    return plant


def shares(found: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(found[name] for name in names or ("share", "lower", "upper", "gap"))


def test_how_much_of_a_lot_is_where(mill: Api) -> None:
    bad = lot_id(mill, "APPLE", "BAD")
    answer = mill.get(f"lots/{bad}/exposure/")
    assert (answer.status, answer.type) == (200, "application/json")
    found = answer.json
    assert found["lot"] == bad
    assert [(lot["product"], lot["code"], lot["on_hand"], lot["unit"], lot["kilograms"]) for lot in found["lots"]] == [
        ("APPLE", "BAD", "47.5", "KGM", "47.5"),
        ("JUICE", "J-1", "120", "LTR", "126"),
        ("CIDER", "C-1", "30", "C62", "24"),
    ]
    # 52.5 of 210 kg are suspect. 84 of them were bottled, of which 80 kg came out, 56 to the shop.
    assert [shares(lot) for lot in found["lots"]] == [
        ("1", "1", "1", None),
        ("0.25", "0", "0.416667", None),  # 52.5 of 126
        ("0.25", "0", "1", None),
    ]
    cider = lot_id(mill, "CIDER", "C-1")
    assert found["shipments"] == [
        {
            "partner": "SHOP",
            "lot_id": cider,
            "document": "SO-1",
            "at": "2026-03-02T07:00:00+00:00",
            "quantity": "70",
            "kilograms": "56",
            "share": "0.25",
            "lower": "0",
            "upper": "0.9375",  # 52.5 of 56
            "gap": None,
        }
    ]


def test_it_begins_where_a_trace_does(mill: Api) -> None:
    found = mill.get("traces/exposure/", "document=DN-9").json
    assert found == {**mill.get(f"lots/{lot_id(mill, 'APPLE', 'BAD')}/exposure/").json, "lot": None}


def test_what_is_not_known_says_why(mill: Api) -> None:
    record(mill, operation("receipt", line("out", "main", "MYSTERY", "M-1", "9"), partner="ORCHARD"))
    inputs = line("in", "input", "JUICE", "J-1", "20"), line("in", "input", "MYSTERY", "M-1", "9")
    record(mill, operation("production", *inputs, line("out", "main", "CIDER", "C-2", "100")))
    record(mill, operation("loss", line("in", "loss", "CIDER", "C-1", "30", reason="broken")))
    lots = mill.get(f"lots/{lot_id(mill, 'APPLE', 'BAD')}/exposure/").json["lots"]
    found = {lot["code"]: shares(lot) for lot in lots}
    assert found["C-1"] == (None, None, None, "empty")
    assert found["C-2"] == (None, "0", "1", "no_mass")


def test_a_line_for_each_thing_found(mill: Api) -> None:
    bad = lot_id(mill, "APPLE", "BAD")
    whole = mill.get(f"lots/{bad}/exposure/").json
    for path, query, lot in ((f"lots/{bad}/exposure/", "", bad), ("traces/exposure/", "document=DN-9", None)):
        answer = mill.get(path, query, Accept=LINES)
        assert (answer.status, answer.type) == (200, LINES)
        head, shipped, *lots, end = [json.loads(text) for text in answer.body.splitlines()]
        assert head == {"type": "exposure", "lot": lot}
        assert [shipped] == [{"type": "shipment", **line} for line in whole["shipments"]]
        assert lots == [{"type": "lot", **line} for line in whole["lots"]]
        assert end == {"type": "end", "lots": 3, "shipments": 1}


def test_it_is_not_sent_again(mill: Api) -> None:
    path = f"lots/{lot_id(mill, 'APPLE', 'BAD')}/exposure/"
    again = mill.get(path, If_None_Match=mill.get(path).headers["ETag"])
    assert (again.status, again.body) == (304, b"")


NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("path", "query", "status", "codes"),
    [
        ("traces/exposure/", "", 400, ["wrong_origin"]),
        ("traces/exposure/", "supplier=ORCHARD", 400, ["wrong_origin"]),
        ("traces/exposure/", "document=DN-9&direction=both", 400, ["unknown_field"]),
        ("traces/exposure/", "campaign=C-9", 422, ["unknown_code"]),
        ("traces/exposure/", "lots=1,2", 422, ["bad_uuid"]),
        (f"lots/{NOWHERE}/exposure/", "", 404, ["not_found"]),
        (f"lots/{NOWHERE}/exposure/", "document=DN-9", 400, ["unknown_field"]),
    ],
)
def test_what_is_no_exposure_is_said(mill: Api, path: str, query: str, status: int, codes: list[str]) -> None:
    answer = mill.get(path, query)
    assert (answer.status, answer.codes) == (status, codes), answer
    assert answer.type == "application/problem+json"


def test_it_takes_as_many_statements_however_much_there_is(mill: Api, django_assert_num_queries: Any) -> None:
    path = f"lots/{lot_id(mill, 'APPLE', 'BAD')}/exposure/"
    for step in range(3):
        with django_assert_num_queries(9):  # who asks, the lot, the walk, lots and lines; what the transaction is
            assert mill.get(path).status == 200
        filled = line("in", "input", "JUICE", "J-1", "1"), line("out", "main", "CIDER", f"D-{step}", "1")
        record(mill, operation("production", *filled))
