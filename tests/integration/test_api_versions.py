"""Version 1 is frozen by its stored document; a version 2 is opened beside it by what truly differs."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config.state import ROOT
from interfaces.api.compatibility import breaking_changes
from interfaces.api.documents import document_of
from interfaces.api.urls import VERSIONS
from tests.e2e.client import Api

STORED = ROOT / "docs" / "api"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_served_is_what_is_stored(version: str) -> None:
    stored = json.loads((STORED / f"{version}.json").read_bytes())
    served = json.loads(document_of(version))
    assert breaking_changes(stored, served) == []
    assert served == stored, f"{version} has grown: `make schema` stores its document anew."


# What would be breaking


Document = dict[str, Any]
Change = Callable[[Document], object]


def call(document: Document, path: str, method: str) -> Document:
    found: Document = document["paths"][f"/api/v1/{path}"][method]
    return found


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def parameter(document: Document, path: str, name: str) -> Document:
    (found,) = (each for each in call(document, path, "get")["parameters"] if each["name"] == name)
    parameter: Document = found
    return parameter


BREAKING: dict[str, tuple[Change, str]] = {
    "a call is gone": (
        lambda document: document["paths"]["/api/v1/sites/{code}/"].pop("delete"),
        "DELETE /api/v1/sites/{code}/ is gone.",
    ),
    "a path is gone": (lambda document: document["paths"].pop("/api/v1/lots/"), "GET /api/v1/lots/ is gone."),
    "a status is gone": (
        lambda document: call(document, "operations/", "post")["responses"].pop("409"),
        "POST /api/v1/operations/: the status 409 is gone.",
    ),
    "a format is gone": (
        lambda document: call(document, "audit/", "get")["responses"]["200"]["content"].pop("text/csv"),
        "GET /api/v1/audit/ 200: text/csv is gone.",
    ),
    "a header is gone": (
        lambda document: call(document, "sites/{code}/", "get")["responses"]["200"]["headers"].pop("ETag"),
        "GET /api/v1/sites/{code}/: the header ETag of 200 is gone.",
    ),
    "a parameter is gone": (
        lambda document: call(document, "lots/", "get")["parameters"].remove(parameter(document, "lots/", "site")),
        "GET /api/v1/lots/: the parameter site is gone.",
    ),
    "a parameter is required": (
        lambda document: parameter(document, "lots/", "site").update(required=True),
        "GET /api/v1/lots/: the parameter site is required now.",
    ),
    "a new parameter is required": (
        lambda document: call(document, "lots/", "get")["parameters"].append(
            {"in": "query", "name": "plant", "required": True, "schema": {"type": "string"}}
        ),
        "GET /api/v1/lots/: the parameter plant is required now.",
    ),
    "a word isn't taken any more": (
        lambda document: parameter(document, "lots/", "sort")["schema"]["enum"].remove("code"),
        "GET /api/v1/lots/: sort: fewer words are taken now.",
    ),
    "only some words are taken": (
        lambda document: parameter(document, "lots/", "site")["schema"].update(enum=["MILL"]),
        "GET /api/v1/lots/: site: fewer words are taken now.",
    ),
    "a limit is lower": (
        lambda document: parameter(document, "lots/", "limit")["schema"].update(maximum=100),
        "GET /api/v1/lots/: limit: its maximum is lower now.",
    ),
    "a limit is new": (
        lambda document: schema(document, "SiteWrite")["properties"]["name"].update(minLength=1),
        "POST /api/v1/sites/: name: its minLength is higher now.",
    ),
    "a member that is sent is gone": (
        lambda document: schema(document, "SiteWrite")["properties"].pop("name"),
        "POST /api/v1/sites/: the member name is gone.",
    ),
    "a member has to be sent": (
        lambda document: schema(document, "SiteWrite")["required"].append("name"),
        "POST /api/v1/sites/: the member name is required now.",
    ),
    "a member that is sent has another type": (
        lambda document: schema(document, "LineWrite")["properties"]["code"].update(type=["integer"]),
        "POST /api/v1/lines/: code: string is integer now.",
    ),
    "a member of members has to be sent": (
        lambda document: schema(document, "MovementWrite")["required"].append("lot"),
        "POST /api/v1/operations/: movements[]: the member lot is required now.",
    ),
    "a body is required": (
        lambda document: call(document, "campaigns/{code}/cancel/", "post")["requestBody"].update(required=True),
        "POST /api/v1/campaigns/{code}/cancel/: a body is required now.",
    ),
    "a member that is answered is gone": (
        lambda document: schema(document, "LotRead")["properties"].pop("on_hand"),
        "GET /api/v1/lots/ 200: items[]: the member on_hand is gone.",
    ),
    "a member that is answered has another type": (
        lambda document: schema(document, "LotRead")["properties"]["on_hand"].update(type="number"),
        "GET /api/v1/lots/ 200: items[]: on_hand: string is number now.",
    ),
    "a member that is answered may be null": (
        lambda document: schema(document, "LotRead")["properties"]["code"].update(type=["string", "null"]),
        "GET /api/v1/lots/ 200: items[]: code: string is null or string now.",
    ),
    "a member that is answered may be missing": (
        lambda document: schema(document, "LotRead")["required"].remove("code"),
        "GET /api/v1/lots/ 200: items[]: the member code may be missing now.",
    ),
    "a member that is answered is written otherwise": (
        lambda document: schema(document, "LotRead")["properties"]["made_on"].update(format="date-time"),
        "GET /api/v1/lots/ 200: items[]: made_on: its format is another now.",
    ),
}

ADDED: dict[str, Change] = {
    "a call": lambda document: document["paths"].update({"/api/v1/machines/": document["paths"]["/api/v1/lots/"]}),
    "a status": lambda document: call(document, "lots/", "get")["responses"].update(
        {"410": call(document, "lots/", "get")["responses"]["404"]}
    ),
    "a format": lambda document: call(document, "lots/", "get")["responses"]["200"]["content"].update(
        {"text/csv": {"schema": {"type": "string"}}}
    ),
    "a parameter": lambda document: call(document, "lots/", "get")["parameters"].append(
        {"in": "query", "name": "plant", "schema": {"type": "string"}}
    ),
    "an order": lambda document: parameter(document, "lots/", "sort")["schema"]["enum"].append("made_on"),
    "a higher limit": lambda document: parameter(document, "lots/", "limit")["schema"].update(maximum=1000),
    "a member that may be sent": lambda document: schema(document, "SiteWrite")["properties"].update(
        colour={"type": "string"}
    ),
    "a member needn't be sent": lambda document: schema(document, "SiteWrite")["required"].remove("code"),
    "null may be sent": lambda document: schema(document, "SiteWrite")["properties"]["code"].update(
        type=["string", "null"]
    ),
    "a member that is answered": lambda document: schema(document, "LotRead").update(
        properties={**schema(document, "LotRead")["properties"], "colour": {"type": "string"}},
        required=[*schema(document, "LotRead")["required"], "colour"],
    ),
    "a word that is answered": lambda document: schema(document, "Disposition")["enum"].append("lost"),
    "the same in other words": lambda document: schema(document, "LotRead")["properties"].update(
        code={"allOf": [schema(document, "LotRead")["properties"]["code"]], "description": "Its own."}
    ),
    "another description": lambda document: schema(document, "LotRead").update(description="Another."),
}


@pytest.fixture(scope="module")
def document() -> Document:
    found: Document = json.loads(document_of("v1"))
    return found


@pytest.mark.parametrize(("change", "said"), BREAKING.values(), ids=BREAKING.keys())
def test_what_consumers_would_lose_is_found(document: Document, change: Change, said: str) -> None:
    changed = deepcopy(document)
    change(changed)
    assert said in breaking_changes(document, changed)


@pytest.mark.parametrize("change", ADDED.values(), ids=ADDED.keys())
def test_additions_break_nothing(document: Document, change: Change) -> None:
    changed = deepcopy(document)
    change(changed)
    assert changed != document
    assert breaking_changes(document, changed) == []


def test_what_would_break_isnt_stored(document: Document, tmp_path: Path) -> None:
    call_command("store_api", tmp_path, verbosity=0)
    path = tmp_path / "v1.json"
    assert json.loads(path.read_bytes()) == document
    schema(document_before := deepcopy(document), "LotRead")["properties"]["colour"] = {"type": "string"}
    path.write_text(json.dumps(document_before))
    with pytest.raises(CommandError, match=r"items\[\]: the member colour is gone"):
        call_command("store_api", tmp_path, verbosity=0)
    assert json.loads(path.read_bytes()) == document_before


# A second version


@pytest.fixture
def _second_version(settings: Settings) -> Iterator[None]:
    """Open a version 2."""
    document_of.cache_clear()
    settings.ROOT_URLCONF = "tests.integration.next_version"
    yield
    document_of.cache_clear()


@pytest.mark.django_db
def test_a_version_that_has_nothing_of_its_own_isnt_open(plant: Api) -> None:
    assert plant.get("/api/v2/sites/MILL/").status == 404
    assert [each["version"] for each in plant.get("/api/").json["versions"]] == ["v1"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_second_version")
def test_what_differs_stands_beside_what_it_was(plant: Api) -> None:
    assert plant.get("/api/v2/sites/MILL/").json == {"code": "MILL", "label": plant.get("sites/MILL/").json["name"]}
    assert {"code", "name"} <= plant.get("sites/MILL/").json.keys()
    assert [item["code"] for item in plant.get("/api/v2/sites/", "fields=label,code&sort=-code").json["items"]] == [
        item["code"] for item in reversed(plant.get("sites/").json["items"])
    ]
    assert plant.get("/api/v2/sites/", "fields=name").status == 400
    assert plant.get("/api/v2/machines/PRESS/").json == {"code": "PRESS", "label": "/api/v2/machines/PRESS/"}
    assert plant.get("machines/PRESS/").status == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("_second_version")
def test_all_else_is_served_as_before_under_paths_of_its_own(plant: Api) -> None:
    body = {"code": "PEAR", "class": "raw", "unit": "KGM"}
    made = plant.post("/api/v2/products/", body)
    assert (made.status, made.headers["Location"]) == (201, "/api/v2/products/PEAR/")
    first, second = plant.get("products/PEAR/"), plant.get("/api/v2/products/PEAR/")
    assert (
        (first.body, first.headers["ETag"])
        == (second.body, second.headers["ETag"])
        == (made.body, made.headers["ETag"])
    )
    changed = plant.patch("/api/v2/products/PEAR/", {"name": "Pear"}, If_Match=first.headers["ETag"])
    assert changed.status == 200
    assert plant.post("sites/", {"code": "NEW"}).headers["Location"] == "/api/v1/sites/NEW/"
    assert plant.get("/api/v3/products/").status == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("_second_version")
def test_each_version_has_its_document(plant: Api) -> None:
    versions = plant.get("/api/").json["versions"]
    assert [each["version"] for each in versions] == ["v1", "v2"]
    first, second = (Api().get(each["openapi"]).json for each in versions)
    assert first == json.loads((STORED / "v1.json").read_bytes())
    paths = {path.replace("/api/v1/", "/api/v2/") for path in first["paths"]} | {"/api/v2/machines/{code}/"}
    assert set(second["paths"]) == paths
    names = {name for name in first["components"]["schemas"] if not name.startswith(("Site", "LabelledSite"))}
    assert {name: first["components"]["schemas"][name] for name in names} == {
        name: second["components"]["schemas"].get(name) for name in names
    }
    assert second["components"]["schemas"]["LabelledSiteRead"]["required"] == ["code", "label"]
    assert Api().get(versions[1]["docs"], Accept="text/html").status == 200
