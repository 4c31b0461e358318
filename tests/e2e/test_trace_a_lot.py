"""A supplier rings: which lots are touched, what is still in the house, who got the rest."""

import json
from typing import Any

import pytest

from tests.e2e.client import Answer, Api
from tests.e2e.plant import line, lot_id, operation, pressing, record

pytestmark = pytest.mark.django_db

LINES = "application/x-ndjson"


@pytest.fixture
def mill(plant: Api) -> Api:
    """Apples were pressed, the juice was bottled and shipped, and ten bottles came back."""
    apples = line("out", "main", "APPLE", "A-1", "1000", supplier_lot="ROW 7", made_on="2026-03-01")
    record(plant, operation("receipt", apples, partner="ORCHARD", document="DN-9"))
    record(plant, pressing())
    filled = [line("in", "input", "JUICE", "J-1", "100"), line("out", "main", "CIDER", "C-1", "130")]
    bottling = operation("production", *filled, line="FILL")
    record(plant, {**bottling, "occurred_at": "2026-03-02T10:00:00+01:00"})
    bottles = line("in", "shipped", "CIDER", "C-1", "100")
    record(plant, operation("shipment", bottles, partner="SHOP", document="SO-1"))
    record(plant, operation("return", line("out", "returned", "CIDER", "C-1", "10"), partner="SHOP", document="RN-1"))
    return plant


def trace(api: Api, product: str, code: str, query: str = "", **headers: str) -> Answer:
    return api.get(f"lots/{lot_id(api, product, code)}/trace/", query, **headers)


def test_forward_to_customers_and_backward_to_suppliers(mill: Api) -> None:
    answer = trace(mill, "JUICE", "J-1")
    assert (answer.status, answer.type) == (200, "application/json")
    found = answer.json
    ids = {name: lot_id(mill, *name.split()) for name in ("APPLE A-1", "JUICE J-1", "CIDER C-1")}
    assert (found["lot"], found["direction"], found["respect_time"]) == (ids["JUICE J-1"], "both", False)
    assert [(lot["product"], lot["depth"], lot["side"], lot["on_hand"], lot["unit"]) for lot in found["lots"]] == [
        ("JUICE", 0, "start", "300", "LTR"),
        ("APPLE", 1, "backward", "400", "KGM"),
        ("CIDER", 1, "forward", "30", "C62"),
        ("CIDER", 2, "forward", "10", "C62"),
    ]
    came_back = found["lots"][-1]
    assert (came_back["code"], came_back["disposition"]) == ("C-1", "on_hold")
    assert [(link["from"], link["to"], link["kind"]) for link in found["links"]] == [
        (ids["APPLE A-1"], ids["JUICE J-1"], "production"),
        (ids["JUICE J-1"], ids["CIDER C-1"], "production"),
        (ids["CIDER C-1"], came_back["id"], "return"),
    ]
    at = {"at": "2026-03-02T07:00:00+00:00"}
    assert found["customers"] == [
        {
            "partner": "SHOP",
            "site": "MILL",
            "product": "CIDER",
            "lot": "C-1",
            "lot_id": ids["CIDER C-1"],
            "shipped": "100",
            "returned": "10",
            "unit": "C62",
            "documents": [
                {"document": "SO-1", "kind": "shipment", "sub_lot": "", **at, "quantity": "100"},
                {"document": "RN-1", "kind": "return", "sub_lot": came_back["sub_lot"], **at, "quantity": "10"},
            ],
        }
    ]
    assert found["suppliers"] == [
        {
            "partner": "ORCHARD",
            "site": "MILL",
            "product": "APPLE",
            "lot": "A-1",
            "sub_lot": "",
            "lot_id": ids["APPLE A-1"],
            "supplier_lot": "ROW 7",
            "quantity": "1000",
            "unit": "KGM",
            "document": "DN-9",
            "at": "2026-03-02T07:00:00+00:00",
        }
    ]


def test_one_way_alone(mill: Api) -> None:
    forward = trace(mill, "APPLE", "A-1", "direction=forward").json
    assert [lot["product"] for lot in forward["lots"]] == ["APPLE", "JUICE", "POMACE", "CIDER", "CIDER"]
    assert forward["suppliers"] == []
    assert [customer["partner"] for customer in forward["customers"]] == ["SHOP"]
    backward = trace(mill, "CIDER", "C-1", "direction=backward").json
    assert [lot["product"] for lot in backward["lots"]] == ["CIDER", "JUICE", "APPLE"]
    assert backward["customers"] == []


def test_what_was_shipped_before_the_suspect_came_is_left_out_where_time_is_respected(mill: Api) -> None:
    in_time = trace(mill, "APPLE", "A-1", "direction=forward&respect_time=true").json
    assert in_time["respect_time"] is True
    assert [lot["product"] for lot in in_time["lots"]] == ["APPLE", "JUICE", "POMACE", "CIDER"]
    assert in_time["customers"] == []  # bottled at ten, shipped at eight: the clock of the forklift is wrong


def test_a_line_for_each_thing_found(mill: Api) -> None:
    answer = trace(mill, "JUICE", "J-1", Accept=LINES)
    assert (answer.status, answer.type) == (200, LINES)
    lines = [json.loads(text) for text in answer.body.splitlines()]
    whole = trace(mill, "JUICE", "J-1").json
    head, *middle, end = lines
    assert head == {"type": "trace", **{name: whole[name] for name in ("lot", "direction", "respect_time")}}
    parts: dict[str, list[Any]] = {"lots": [], "links": [], "customers": [], "suppliers": []}
    for item in middle:
        parts[f"{item.pop('type')}s"].append(item)
    assert parts == {name: whole[name] for name in parts}
    assert end == {"type": "end", "lots": 4, "links": 3, "customers": 1, "suppliers": 1}


@pytest.mark.parametrize(
    ("query", "starts"),
    [
        ("supplier=ORCHARD&supplier_lot=ROW%207", ["APPLE"]),
        ("document=SO-1", ["CIDER"]),
        ("site=MILL&line=FILL&since=2026-03-02T00:00:00Z&until=2026-03-03T00:00:00Z", ["CIDER"]),
    ],
)
def test_a_trace_begins_with_what_is_known(mill: Api, query: str, starts: list[str]) -> None:
    found = mill.get("traces/", query)
    assert found.status == 200, found
    assert [lot["product"] for lot in found.json["lots"] if lot["depth"] == 0] == starts
    assert found.json["lot"] is None


def test_a_trace_begins_with_several_lots(mill: Api) -> None:
    ids = [lot_id(mill, "APPLE", "A-1"), lot_id(mill, "CIDER", "C-1")]
    found = mill.get("traces/", f"lots={','.join(ids)}&direction=forward").json
    assert {lot["product"]: lot["depth"] for lot in found["lots"]} == {
        "APPLE": 0,
        "CIDER": 1,  # that which came back, a part of the lot that it begins with
        "JUICE": 1,
        "POMACE": 1,
    }


NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("query", "status", "codes"),
    [
        ("", 400, ["wrong_origin"]),
        ("supplier=ORCHARD", 400, ["wrong_origin"]),
        ("document=", 400, ["wrong_origin"]),
        ("campaign=C-1&document=SO-1", 400, ["wrong_origin"]),
        ("lots=1,2", 422, ["bad_uuid"]),
        ("document=SO-1&direction=up", 422, ["unknown_value"]),
        ("document=SO-1&respect_time=maybe", 400, ["wrong_type"]),
        ("document=SO-1&depth=2", 400, ["unknown_field"]),
    ],
)
def test_what_is_no_trace_is_said(mill: Api, query: str, status: int, codes: list[str]) -> None:
    answer = mill.get("traces/", query)
    assert (answer.status, answer.codes) == (status, codes), answer
    assert answer.type == "application/problem+json"


PERIOD = "since=2026-03-01T00:00:00Z&until=2026-03-02T00:00:00Z"


@pytest.mark.parametrize("path", ["traces/", "traces/picture.svg", "traces/exposure/"])
@pytest.mark.parametrize(
    ("query", "code", "named"),
    [
        ("campaign=C-1", "unknown_code", "campaign"),
        ("supplier=NONE&supplier_lot=ROW%207", "unknown_code", "supplier"),
        ("supplier=ORCHARD&supplier_lot=NOPE", "no_lots", "supplier_lot"),
        ("document=SO-1&partner=NONE", "unknown_code", "partner"),
        ("document=SO-1&partner=ORCHARD", "no_lots", "document"),
        (f"site=NONE&line=FILL&{PERIOD}", "unknown_code", "site"),
        (f"site=DEPOT&line=FILL&{PERIOD}", "unknown_code", "line"),
        (f"site=MILL&line=FILL&{PERIOD}", "no_lots", "line"),
        ("site=MILL&line=FILL&since=2026-03-02T00:00:00Z&until=2026-03-02T00:00:00Z", "empty_period", "until"),
        (f"lots={NOWHERE}", "unknown_lot", "lots"),
    ],
)
def test_what_no_trace_can_begin_with_is_a_wrong_parameter(
    mill: Api, path: str, query: str, code: str, named: str
) -> None:
    answer = mill.get(path, query, Accept="*/*")
    assert (answer.status, answer.type) == (422, "application/problem+json")
    assert [(error["code"], error["parameter"]) for error in answer.json["errors"]] == [(code, named)]


def test_a_lot_that_is_not_there_is_a_problem_in_either_format(mill: Api) -> None:
    for accepted in ("application/json", LINES):
        answer = mill.get(f"lots/{NOWHERE}/trace/", Accept=accepted)
        assert (answer.status, answer.type) == (404, "application/problem+json")


def test_an_unchanged_trace_is_not_sent_again(mill: Api) -> None:
    tag = trace(mill, "JUICE", "J-1").headers["ETag"]
    again = trace(mill, "JUICE", "J-1", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")
