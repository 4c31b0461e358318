"""Lists come in the order that is asked for, and say which orders there are."""

import base64
import json
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, operation, receipt, record

pytestmark = pytest.mark.django_db


def listed(api: Api, path: str, sort: str) -> list[dict[str, Any]]:
    """Everything in a list, in pages of two."""
    items: list[dict[str, Any]] = []
    asked = {"limit": "2", "sort": sort}
    while True:
        page = api.get(path, urlencode(asked))
        assert page.status == 200, page
        items += page.json["items"]
        if page.json["next"] is None:
            return items
        asked["cursor"] = page.json["next"]


def test_records_by_name(plant: Api) -> None:
    for code, name in (("Z-1", "Allspice"), ("Z-2", "Élixir « n° 1 »"), ("Z-3", "Allspice")):
        assert plant.post("products/", {"code": code, "name": name, "class": "raw", "unit": "KGM"}).status == 201
    items = [(item["name"], item["code"]) for item in plant.get("products/").json["items"]]
    assert [(item["name"], item["code"]) for item in listed(plant, "products/", "name")] == sorted(items)
    assert [(item["name"], item["code"]) for item in listed(plant, "products/", "-name")] == sorted(items)[::-1]


def test_lots_by_the_day_until_which_they_are_best(plant: Api) -> None:
    days = {"L-1": "2026-12-01", "L-2": None, "L-3": "2026-11-01", "L-4": "2027-01-01"}
    for code, day in days.items():
        made = line("out", "main", "APPLE", code, "1", best_before=day)
        record(plant, operation("receipt", made, partner="ORCHARD"))
    assert [item["code"] for item in listed(plant, "lots/", "best_before")] == ["L-3", "L-1", "L-4", "L-2"]
    assert [item["code"] for item in listed(plant, "lots/", "-best_before")] == ["L-2", "L-4", "L-1", "L-3"]
    assert [item["code"] for item in listed(plant, "lots/", "-recorded")] == ["L-4", "L-3", "L-2", "L-1"]


def test_operations_by_the_time_when_they_happened(plant: Api) -> None:
    hours = {"A-1": "10", "A-2": "08", "A-3": "09"}
    for lot, hour in hours.items():
        record(plant, {**receipt(lot), "occurred_at": f"2026-03-02T{hour}:00:00+01:00"})
    lots = [item["movements"][0]["lot"] for item in listed(plant, "operations/", "occurred_at")]
    assert lots == ["A-2", "A-3", "A-1"]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("products/", "code, -code, name, -name"),
        ("lines/", "site, -site, name, -name"),
        ("campaigns/", "code, -code, name, -name, planned_from, -planned_from"),
        ("operations/", "recorded, -recorded, occurred_at, -occurred_at"),
        ("lots/", "recorded, -recorded, code, -code, best_before, -best_before"),
        ("recalls/", "opened, -opened, code, -code"),
    ],
)
def test_an_order_that_a_list_doesnt_have_is_refused_with_those_that_it_has(plant: Api, path: str, known: str) -> None:
    for sort in ("version", "", "--code", "code,name"):
        answer = plant.get(path, urlencode({"sort": sort}))
        assert (answer.status, answer.places) == (400, {"sort": "unknown_sort"})
        assert answer.json["errors"][0]["detail"].endswith(f"there are: {known}.")


def test_a_cursor_is_of_the_order_of_its_page(plant: Api) -> None:
    cursor = plant.get("products/", "limit=1&sort=name").json["next"]
    assert plant.get("products/", urlencode({"sort": "name", "cursor": cursor})).status == 200
    for sort in ("-name", "code"):
        answer = plant.get("products/", urlencode({"sort": sort, "cursor": cursor}))
        assert (answer.status, answer.places) == (400, {"cursor": "bad_cursor"})
    answer = plant.get("products/", urlencode({"cursor": cursor}))
    assert (answer.status, answer.places) == (400, {"cursor": "bad_cursor"})


def test_a_cursor_that_tells_a_time_by_no_clock_wasnt_given_by_a_page(plant: Api) -> None:
    key = json.dumps(["occurred_at", "2026-03-02 08:00:00+16:53", "1"]).encode()
    cursor = base64.urlsafe_b64encode(key).decode()
    answer = plant.get("operations/", urlencode({"sort": "occurred_at", "cursor": cursor}))
    assert (answer.status, answer.places) == (400, {"cursor": "bad_cursor"})


def test_a_list_without_orders_has_no_sort(plant: Api) -> None:
    answer = plant.get("audit/", "sort=at")
    assert (answer.status, answer.places) == (400, {"sort": "unknown_field"})


def test_names_are_ordered_by_their_beginning_however_long_they_are(plant: Api) -> None:
    """No index of PostgreSQL takes all of a text that is long and has no pattern."""
    noise = Random(1)  # noqa: S311 - text without a pattern, nothing secret
    names = ["".join(chr(noise.randrange(0x4E00, 0x9FA5)) for _ in range(1000)) for _ in range(6)]
    names.append(names[0][:100] + "\n")
    names += ["\U0001f34f" * 1000, "\U0001f34f" * 100]
    kinds: dict[str, dict[str, str]] = {
        "products": {"class": "raw", "unit": "KGM"},
        "partners": {"role": "both"},
        "operators": {},
        "lines": {"site": "MILL"},
        "campaigns": {"site": "MILL", "product": "CIDER"},
    }
    for number, name in enumerate(names):
        for collection, more in kinds.items():
            answer = plant.post(f"{collection}/", {"code": f"N-{number}", "name": name, **more})
            assert answer.status == 201, answer
    wanted = sorted(names, key=lambda name: (name[:100], names.index(name)), reverse=True)
    for collection in kinds:
        assert [item["name"] for item in listed(plant, f"{collection}/", "-name")][: len(names)] == wanted
