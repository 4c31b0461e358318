"""Lists, page by page: complete, in order, and steady while others write."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, lot_id, operation, plan_and_open, pressing, receipt, record

pytestmark = pytest.mark.django_db


def pages(api: Api, path: str, limit: int, **filters: str) -> Iterator[list[dict[str, Any]]]:
    """The items of each page of a list."""
    asked = {"limit": limit, **filters}
    while True:
        page = api.get(path, urlencode(asked))
        assert page.status == 200, page
        assert page.json.keys() == {"items", "next"}
        yield page.json["items"]
        if page.json["next"] is None:
            return
        asked["cursor"] = page.json["next"]


def add_receipts(api: Api, number: int, prefix: str) -> None:
    """Record so many receipts, each of a lot of its own."""
    stated = [receipt(f"{prefix}-{index:03}", "1") for index in range(number)]
    assert api.post("operations/batch/", {"operations": stated}).status == 201


def add_partners(api: Api, number: int, prefix: str) -> None:
    """Enter so many partners."""
    for index in range(number):
        assert api.post("partners/", {"code": f"{prefix}-{index:03}", "role": "both"}).status == 201


def add_campaigns(api: Api, number: int, prefix: str) -> None:
    """Plan so many campaigns."""
    for index in range(number):
        plan = {"code": f"{prefix}-{index:03}", "site": "MILL", "product": "CIDER"}
        assert api.post("campaigns/", plan).status == 201


@pytest.mark.parametrize(
    ("path", "add", "name"),
    [
        ("operations/", add_receipts, lambda item: item["movements"][0]["lot"]),
        ("lots/", add_receipts, lambda item: item["code"]),
        ("campaigns/", add_campaigns, lambda item: item["code"]),
        ("partners/", add_partners, lambda item: item["code"]),
    ],
)
def test_nothing_is_missed_or_comes_twice_while_others_write(
    plant: Api, path: str, add: Callable[[Api, int, str], None], name: Callable[[dict[str, Any]], str]
) -> None:
    before = [name(item) for page in pages(plant, path, 500) for item in page]
    add(plant, 7, "M")
    seen: list[str] = []
    for number, page in enumerate(pages(plant, path, 3)):
        seen += [name(item) for item in page]
        assert len(page) <= 3
        # What sorts before the place of the page, and what sorts after it.
        add(plant, 1, f"A{number}")
        if number < 2:
            add(plant, 1, f"Z{number}")
    assert len(seen) == len(set(seen))
    assert set(seen) >= {*before, *(f"M-{index:03}" for index in range(7)), "Z0-000", "Z1-000"}


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 500])
def test_pages_of_any_size_hold_the_same(plant: Api, limit: int) -> None:
    add_receipts(plant, 6, "A")
    found = list(pages(plant, "lots/", limit))
    assert [lot["code"] for page in found for lot in page] == [f"A-{index:03}" for index in range(6)]
    assert all(len(page) == limit for page in found[:-1])
    assert found[-1]


def test_an_empty_list_is_a_page(api: Api) -> None:
    for path in ("operations/", "lots/", "campaigns/", "products/", "lines/"):
        assert api.get(path).json == {"items": [], "next": None}


def test_a_page_has_fifty_unless_asked(plant: Api) -> None:
    add_receipts(plant, 51, "A")
    assert len(plant.get("lots/").json["items"]) == 50


def test_the_movements_of_a_lot_page_by_page(plant: Api) -> None:
    record(plant, receipt(quantity="100"))
    for _ in range(5):
        record(plant, operation("loss", line("in", "loss", "APPLE", "A-1", "1", reason="eaten")))
    found = list(pages(plant, f"lots/{lot_id(plant, 'APPLE', 'A-1')}/movements/", 2))
    assert [len(page) for page in found] == [2, 2, 2]
    assert [row["kind"] for page in found for row in page] == ["receipt", *["loss"] * 5]


@pytest.fixture
def busy(plant: Api) -> Api:
    """Give a plant with a campaign, a receipt elsewhere and something taken back."""
    plan_and_open(plant)
    record(plant, receipt())
    record(plant, pressing("C-1", occurred_at="2026-03-03T10:00:00+01:00"))
    elsewhere = operation("receipt", line("out", "main", "APPLE", "A-D", "5"), partner="ORCHARD", site="DEPOT")
    taken_back = record(plant, elsewhere)
    assert plant.post(f"operations/{taken_back['id']}/reverse/", {"reason": "wrong site"}).status == 201
    return plant


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("site=MILL", ["receipt", "production"]),
        ("site=DEPOT", ["receipt", "reversal"]),
        ("campaign=C-1", ["production"]),
        ("kind=reversal", ["reversal"]),
        ("product=POMACE", ["production"]),
        ("product=APPLE&lot=A-1", ["receipt", "production"]),
        ("lot=A-D&kind=receipt", ["receipt"]),
        ("since=2026-03-03T09:00:00Z&site=MILL", ["production"]),
        ("until=2026-03-03T09:00:00Z&site=MILL", ["receipt"]),
        ("since=2026-03-02T07:00:00Z&until=2026-03-02T07:00:00.000001Z&kind=receipt", ["receipt", "receipt"]),
        ("site=NOWHERE", []),
    ],
)
def test_which_operations_are_wanted(busy: Api, query: str, kinds: list[str]) -> None:
    assert [item["kind"] for item in busy.get("operations/", query).json["items"]] == kinds


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A-1", "J-1", "P-1", "A-D"]),
        ("site=DEPOT", ["A-D"]),
        ("on_hand=positive", ["A-1", "J-1", "P-1"]),
        ("product=JUICE", ["J-1"]),
        ("campaign=C-1", ["J-1", "P-1"]),
        ("disposition=released&site=MILL", ["A-1", "J-1", "P-1"]),
        ("disposition=rejected", []),
        ("code=A-D&on_hand=positive", []),
    ],
)
def test_which_lots_are_wanted(busy: Api, query: str, codes: list[str]) -> None:
    assert sorted(item["code"] for item in busy.get("lots/", query).json["items"]) == sorted(codes)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("status=open", ["C-1"]),
        ("status=closed", []),
        ("site=MILL", ["C-1"]),
        ("line=FILL", []),
        ("product=CIDER", ["C-1"]),
    ],
)
def test_which_campaigns_are_wanted(busy: Api, query: str, codes: list[str]) -> None:
    assert [item["code"] for item in busy.get("campaigns/", query).json["items"]] == codes
