"""How many statements a call takes: the same however much there is."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.e2e.client import Api
from tests.e2e.plant import line, lot_id, operation, plan_and_open, pressing, receipt, record

pytestmark = pytest.mark.django_db

#: Beside the call's own: who asks.
TOKEN = 1


def statements(api: Api, method: str, path: str, body: Any = None, **headers: str) -> list[str]:
    """The statements that a call takes; those that open and close savepoints of the test aside."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = api.call(method, path, body, **headers)
    assert answer.status < 300, answer
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def grow(api: Api, number: int, prefix: str) -> None:
    """Make the plant larger in every respect."""
    for index in range(number):
        code = f"{prefix}{index}"
        for collection, fields in (
            ("products", {"class": "raw", "unit": "KGM"}),
            ("sites", {}),
            ("lines", {"site": "MILL"}),
            ("partners", {"role": "both"}),
            ("operators", {}),
            ("campaigns", {"site": "MILL", "product": "CIDER", "line": "PRESS", "target": "1", "unit": "C62"}),
        ):
            assert api.post(f"{collection}/", {"code": code, **fields}).status == 201
    stated = [receipt(f"{prefix}-{index}") for index in range(number)]
    assert api.post("operations/batch/", {"operations": stated}).status == 201


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("products/", 1),
        ("sites/", 1),
        ("lines/", 1),
        ("partners/", 1),
        ("operators/", 1),
        ("campaigns/", 1),
        ("lots/", 1),
        ("operations/", 3),
    ],
)
def test_a_list_takes_the_same_statements_whatever_its_length(plant: Api, path: str, most: int) -> None:
    grow(plant, 1, "X")
    few = statements(plant, "GET", path)
    grow(plant, 12, "Y")
    many = statements(plant, "GET", path)
    assert len(few) == len(many) <= TOKEN + most, many


def test_one_thing_takes_the_same_statements_whatever_there_is(plant: Api) -> None:
    plan_and_open(plant)
    record(plant, receipt())
    operation_id = record(plant, pressing("C-1"))["id"]
    lot = lot_id(plant, "APPLE", "A-1")
    paths = {
        "products/APPLE/": 1,
        "campaigns/C-1/": 1,
        "campaigns/C-1/balance/": 5,
        f"lots/{lot}/": 1,
        f"lots/{lot}/movements/": 2,
        f"lots/{lot}/balance/": 4,
        f"operations/{operation_id}/": 2,
        f"operations/{operation_id}/balance/": 7,
    }
    before = {path: len(statements(plant, "GET", path)) for path in paths}
    grow(plant, 12, "Y")
    record(plant, operation("sample", line("in", "sample", "APPLE", "A-1", "1", reason="r"), campaign="C-1"))
    after = {path: len(statements(plant, "GET", path)) for path in paths}
    assert before == after
    assert {path: count for path, count in after.items() if count > TOKEN + paths[path]} == {}


def test_recording_takes_the_same_statements_whatever_there_is(plant: Api) -> None:
    plan_and_open(plant)
    grow(plant, 1, "X")
    inputs = [line("in", "input", "APPLE", f"X-{index}", "1") for index in range(1)]
    few = statements(plant, "POST", "operations/", production(inputs, "J-1"))
    grow(plant, 12, "Y")
    more = [line("in", "input", "APPLE", f"Y-{index}", "1") for index in range(12)]
    many = statements(plant, "POST", "operations/", production(more, "J-2"))
    assert len(few) == len(many) <= 12, many


def test_recording_beside_or_into_a_recall_takes_the_same_statements_however_large_it_is(plant: Api) -> None:
    """Beside one it takes none; what joins takes two walks, a lock and a note, and finding the recall."""
    plan_and_open(plant)
    record(plant, receipt("A-1"))
    record(plant, receipt("A-2"))
    without = len(statements(plant, "POST", "operations/", production(apples("A-1"), "J-0")))
    suspects = {"lots": [lot_id(plant, "APPLE", "A-1")]}
    case = {"code": "R-1", "hazard": "glass", "known_at": "2026-03-03T09:00:00Z", "suspects": suspects, "mock": True}
    assert plant.post("recalls/", case).status == 201
    assert len(statements(plant, "POST", "operations/", production(apples("A-2"), "J-1"))) == without
    few = len(statements(plant, "POST", "operations/", production(apples("A-1"), "J-2")))
    batch = {"operations": [production(apples("A-1"), f"K-{index}") for index in range(30)]}
    assert plant.post("operations/batch/", batch).status == 201
    many = statements(plant, "POST", "operations/", production(apples("A-1"), "J-3"))
    assert len(many) == few == without + 6, many


def test_a_batch_takes_no_more_than_one(plant: Api) -> None:
    plan_and_open(plant)
    one = statements(plant, "POST", "operations/batch/", {"operations": [receipt("A-1")]})
    batch = {"operations": [receipt(f"B-{index}") for index in range(50)]}
    assert len(statements(plant, "POST", "operations/batch/", batch)) == len(one)


def test_a_key_costs_two_statements_and_a_replay_one(plant: Api) -> None:
    """The claim with what was kept under it, and the receipt.

    The checks before the receipt are a third; in a test, which is a transaction around both, they come in any case.
    """
    without = len(statements(plant, "POST", "operations/", receipt("A-1")))
    first = statements(plant, "POST", "operations/", receipt("A-2"), Idempotency_Key="k")
    assert len(first) == without + 2 <= 12, first
    assert len(statements(plant, "POST", "operations/", receipt("A-2"), Idempotency_Key="k")) == TOKEN + 1


def production(inputs: list[dict[str, Any]], lot: str) -> dict[str, Any]:
    """Juice from these."""
    return operation("production", *inputs, line("out", "main", "JUICE", lot, "1"), campaign="C-1")


def apples(lot: str) -> list[dict[str, Any]]:
    """A little of these apples."""
    return [line("in", "input", "APPLE", lot, "1")]
