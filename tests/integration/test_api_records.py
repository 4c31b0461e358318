"""Reference data over HTTP: kept by code, however odd the code is."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import receipt, record

pytestmark = pytest.mark.django_db

RECORDS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "products": (
        {"class": "finished", "unit": "C62"},
        {
            "name_fr": "",
            "kg_per_unit": None,
            "unit_cost": None,
            "currency": None,
            "date_marking": "best_before",
            "gtin": "",
            "allergens": [],
        },
        {
            "name": "Cider",
            "name_fr": "Cidre",
            "class": "bulk",
            "unit": "LTR",
            "kg_per_unit": "1.0040",
            "unit_cost": "1.250000",
            "currency": "CHF",
            "date_marking": "use_by",
            "gtin": "07612345678900",
            "allergens": ["sulphites", "nuts"],
        },
    ),
    "sites": (
        {},
        {
            "positive_release": False,
            "ships_past_best_before": True,
            "signs_decisions": False,
            "second_person": False,
            "holds_returns": True,
        },
        {
            "name": "Mill",
            "positive_release": True,
            "ships_past_best_before": False,
            "signs_decisions": True,
            "second_person": True,
            "holds_returns": False,
        },
    ),
    "partners": (
        {"role": "both"},
        {"address": "", "gln": "", "contact": ""},
        {
            "name": "Shop",
            "role": "customer",
            "address": "1 High Street\nHereford",
            "gln": "4012345000009",
            "contact": "+44",
        },
    ),
    "operators": ({}, {}, {"name": "Odile"}),
}
CANONICAL = {"kg_per_unit": "1.004", "unit_cost": "1.25"}
ODD = [
    "A/B",
    "a//b",
    "A (1)/2",
    "100 %",
    "a+b&c=d",
    "?#",
    "../..",
    "é€漢",
    "'; DROP TABLE lot; --",
    "{x}",
    ".",
    "a\\b",
    "/",
]


@pytest.mark.parametrize("collection", RECORDS)
def test_a_record_from_creation_to_removal(api: Api, collection: str) -> None:
    required, defaults, changes = RECORDS[collection]
    path = f"{collection}/X-1/"
    created = api.post(f"{collection}/", {"code": "X-1", **required})
    assert created.status == 201, created
    assert created.headers["Location"] == f"/api/v1/{path}"
    whole = {"code": "X-1", "name": "X-1", **required, **defaults}
    assert created.json == whole

    read = api.get(path)
    assert (read.json, read.headers["ETag"]) == (whole, created.headers["ETag"])
    changed = api.patch(path, changes, If_Match=read.headers["ETag"])
    expected = {**whole, **changes}
    expected |= {name: value for name, value in CANONICAL.items() if name in expected}
    assert (changed.status, changed.json) == (200, expected)
    assert api.get(path).json == expected
    one = dict([next(iter(changes.items()))])
    assert api.patch(path, one, If_Match=changed.headers["ETag"]).json == expected

    replaced = api.put(path, {"code": "X-1", **required}, If_Match=api.get(path).headers["ETag"])
    assert (replaced.status, replaced.json) == (200, whole)
    renamed = api.put(path, {"code": "X-2", **required}, If_Match=replaced.headers["ETag"])
    assert (renamed.status, renamed.places) == (422, {"/code": "frozen"})

    assert api.delete(path, If_Match=read.headers["ETag"]).status == 412
    gone = api.delete(path, If_Match=replaced.headers["ETag"])
    assert (gone.status, gone.body) == (204, b"")
    assert api.get(path).status == 404
    assert api.delete(path, If_Match=replaced.headers["ETag"]).status == 404


@pytest.mark.parametrize("code", ODD)
def test_an_odd_code_has_its_place(api: Api, code: str) -> None:
    created = api.post("partners/", {"code": code, "role": "supplier"})
    assert created.status == 201, created
    for path in (created.headers["Location"], f"partners/{quote(code, safe='')}/"):
        read = api.get(path)
        assert (read.status, read.json["code"]) == (200, code), path
    assert [item["code"] for item in api.get("partners/", f"code={quote(code, safe='')}").json["items"]] == [code]
    assert api.delete(created.headers["Location"], If_Match=read.headers["ETag"]).status == 204


def test_what_is_named_elsewhere_stays(plant: Api) -> None:
    record(plant, receipt())
    for path in ("products/APPLE/", "partners/ORCHARD/", "operators/ODILE/", "sites/MILL/"):
        refused = plant.delete(path, If_Match=plant.get(path).headers["ETag"])
        assert (refused.status, refused.codes) == (409, ["in_use"]), path
        assert plant.get(path).status == 200


def test_unit_and_mass_are_frozen_by_the_first_movement(plant: Api) -> None:
    record(plant, receipt())
    tag = plant.get("products/APPLE/").headers["ETag"]
    refused = plant.patch("products/APPLE/", {"unit": "TNE", "kg_per_unit": "1000"}, If_Match=tag)
    assert (refused.status, refused.places) == (409, {"/unit": "frozen", "/kg_per_unit": "frozen"})
    changed = plant.patch("products/APPLE/", {"name": "Apples", "unit_cost": None}, If_Match=tag)
    assert (changed.status, changed.json["name"], changed.json["currency"]) == (200, "Apples", None)
    unused = plant.patch(
        "products/MYSTERY/", {"kg_per_unit": "1.2"}, If_Match=plant.get("products/MYSTERY/").headers["ETag"]
    )
    assert (unused.status, unused.json["kg_per_unit"]) == (200, "1.2")


def test_a_line_is_found_by_its_code_where_one_site_has_it(plant: Api) -> None:
    found = plant.get("lines/PRESS/")
    assert found.json == {"site": "MILL", "code": "PRESS", "name": "PRESS"}
    created = plant.post("lines/", {"site": "DEPOT", "code": "PRESS", "name": "The other"})
    assert created.headers["Location"] == "/api/v1/lines/PRESS/?site=DEPOT"
    assert plant.get(created.headers["Location"].partition("?")[0], "site=DEPOT").json["name"] == "The other"

    ambiguous = plant.get("lines/PRESS/")
    assert (ambiguous.status, ambiguous.codes) == (409, ["ambiguous"])
    assert plant.get("lines/PRESS/", "site=NONE").status == 404
    tag = created.headers["ETag"]
    moved = plant.call("PATCH", "lines/PRESS/", {"site": "MILL"}, query="site=DEPOT", If_Match=tag)
    assert (moved.status, moved.codes) == (422, ["frozen"])
    named = plant.call("PATCH", "lines/PRESS/", {"name": "P"}, query="site=DEPOT", If_Match=tag)
    assert (named.status, named.json) == (200, {"site": "DEPOT", "code": "PRESS", "name": "P"})
    gone = plant.call("DELETE", "lines/PRESS/", query="site=DEPOT", If_Match=named.headers["ETag"])
    assert gone.status == 204
    assert plant.get("lines/PRESS/").json["site"] == "MILL"


@pytest.mark.parametrize(
    ("collection", "query", "codes"),
    [
        ("products", "class=raw", ["APPLE"]),
        ("products", "unit=LTR", ["JUICE", "MYSTERY"]),
        ("products", "code=CIDER", ["CIDER"]),
        ("products", "date_marking=use_by", []),
        ("partners", "role=customer", ["SHOP"]),
        ("lines", "site=MILL", ["FILL", "PRESS"]),
        ("lines", "site=DEPOT", []),
        ("lines", "site=MILL&code=FILL", ["FILL"]),
        ("sites", "", ["DEPOT", "MILL"]),
        ("operators", "code=NONE", []),
    ],
)
def test_filters_are_named_after_fields(plant: Api, collection: str, query: str, codes: list[str]) -> None:
    assert [item["code"] for item in plant.get(f"{collection}/", query).json["items"]] == codes


@pytest.mark.parametrize("code", ["jean.dupont", "C.1", "a.svg", "1.", ".1", "C 1?#%2F"])
def test_what_is_added_is_at_its_address_whatever_its_code(plant: Api, code: str) -> None:
    for collection, body in (
        ("products", {"code": code, "class": "raw", "unit": "KGM"}),
        ("campaigns", {"code": code, "site": "MILL", "product": "CIDER"}),
        ("users", {"username": code}),
    ):
        added = plant.post(f"{collection}/", body)
        assert added.status == 201, added
        assert plant.get(added.headers["Location"]).json == added.json
    assert plant.post(f"campaigns/{quote(code, safe='')}/open/").status == 200


@pytest.mark.parametrize("code", [".", "..", "a/b"])
def test_what_browsers_take_for_a_place_is_no_code_of_a_campaign_or_user(plant: Api, code: str) -> None:
    campaign = plant.post("campaigns/", {"code": code, "site": "MILL", "product": "CIDER"})
    assert (campaign.status, campaign.places) == (422, {"/code": "bad_code"})
    user = plant.post("users/", {"username": code})
    assert (user.status, user.places) == (422, {"/username": "bad_code"})
