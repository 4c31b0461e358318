"""The sample plant's log goes in, and its answers, which were worked out apart, come back over REST."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.e2e.client import Api

pytestmark = pytest.mark.django_db

CIDERY = Path(__file__).resolve().parents[2] / "samples" / "cidery"


def everything(api: Api, path: str) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    page = api.get(path, "limit=100").json
    items = page["items"]
    while page["next"]:
        page = api.get(path, f"limit=100&cursor={page['next']}").json
        items += page["items"]
    return items


def test_the_sample_plants_answers_to_the_last_decimal(api: Api) -> None:
    call_command("import_log", str(CIDERY), stdout=StringIO(), stderr=StringIO())
    expected = json.loads((CIDERY / "expected.json").read_text())

    lots = {key_of(lot): lot for lot in everything(api, "lots/")}
    assert {key: lot["on_hand"] for key, lot in lots.items()} == expected["on_hand"]
    for code, balance in expected["balance"].items():
        served = api.get(f"campaigns/{code}/balance/").json
        assert {name: served[name] for name in balance} == balance

    assert lots.keys() == expected["trace"].keys()
    for key, trace in expected["trace"].items():
        assert traced(api, lots[key]["id"]) == trace


def traced(api: Api, lot: str) -> dict[str, Any]:
    """A lot's trace in the words of the log's answers, put together from one way, the other and both."""
    both = api.get(f"lots/{lot}/trace/", "direction=both").json
    answer: dict[str, Any] = {}
    for direction in ("forward", "backward"):
        one = api.get(f"lots/{lot}/trace/", f"direction={direction}").json
        found = sorted(key_of(found) for found in one["lots"] if found["id"] != lot)
        assert found == sorted(key_of(found) for found in both["lots"] if found["side"] in (direction, "both"))
        assert [found["depth"] for found in one["lots"] if found["id"] == lot] == [0]
        answer[direction] = found
        if direction == "forward":
            assert one["customers"] == both["customers"]
            assert one["suppliers"] == []
        else:
            assert one["suppliers"] == both["suppliers"]
            assert one["customers"] == []
    answer["customers"] = {
        "|".join(to[name] for name in ("partner", "site", "product", "lot")): {
            "shipped": to["shipped"],
            "returned": to["returned"],
        }
        for to in both["customers"]
    }
    return answer


def key_of(lot: dict[str, Any]) -> str:
    """What the log's answers call a lot."""
    return f"{lot['site']}|{lot['product']}|{lot['code']}"


def test_imported_again_it_changes_nothing(api: Api) -> None:
    call_command("import_log", str(CIDERY), stdout=StringIO(), stderr=StringIO())
    before = [everything(api, path) for path in ("products/", "campaigns/", "operations/", "lots/")]
    call_command("import_log", str(CIDERY), stdout=StringIO(), stderr=StringIO())
    assert [everything(api, path) for path in ("products/", "campaigns/", "operations/", "lots/")] == before
