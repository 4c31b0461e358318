"""Show where it went at a glance, and put the picture into a report."""

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from tests.e2e.client import Answer, Api
from tests.e2e.plant import line, lot_id, operation, pressing, record

pytestmark = pytest.mark.django_db

SVG = "image/svg+xml"
NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def mill(plant: Api) -> Api:
    """Apples were pressed, the juice was bottled, and bottles were shipped."""
    apples = line("out", "main", "APPLE", "A-1", "1000", supplier_lot="ROW 7")
    record(plant, operation("receipt", apples, partner="ORCHARD", document="DN-9"))
    record(plant, pressing())
    filled = [line("in", "input", "JUICE", "J-1", "100"), line("out", "main", "CIDER", "C-1", "130")]
    record(plant, operation("production", *filled, line="FILL"))
    bottles = line("in", "shipped", "CIDER", "C-1", "100")
    record(plant, operation("shipment", bottles, partner="SHOP", document="SO-1"))
    return plant


def picture(api: Api, product: str, code: str, query: str = "", **headers: str) -> Answer:
    return api.get(f"lots/{lot_id(api, product, code)}/trace/picture.svg", query, **headers)


def drawn(answer: Answer) -> list[str]:
    """What the picture says of each lot and each operation, to whoever points at it."""
    assert (answer.status, answer.type) == (200, SVG), answer
    drawing = fromstring(answer.body)  # noqa: S314 - the product wrote it
    return [title.text or "" for title in drawing.iterfind(".//{*}g/{*}title")]


def lots(answer: Answer) -> set[str]:
    return {says.split()[1] for says in drawn(answer) if says.startswith("Lot ")}


def test_a_lot_with_what_went_in_and_where_it_went(mill: Api) -> None:
    answer = picture(mill, "JUICE", "J-1")
    assert set(drawn(answer)) == {
        "Production, 1 operation: from APPLE A-1 to JUICE J-1.",
        "Production, 1 operation: from JUICE J-1 to CIDER C-1.",
        "Lot APPLE A-1; at MILL; 400 KGM on hand; released; 1000 KGM received from ORCHARD.",
        "Lot JUICE J-1; at MILL; 300 LTR on hand; released; the trace begins here.",
        "Lot CIDER C-1; at MILL; 30 C62 on hand; released; 100 C62 shipped to SHOP.",
    }


def test_one_way_alone(mill: Api) -> None:
    assert lots(picture(mill, "JUICE", "J-1", "direction=forward")) == {"JUICE", "CIDER"}
    assert lots(picture(mill, "JUICE", "J-1", "direction=backward")) == {"JUICE", "APPLE"}


@pytest.mark.parametrize("query", ["supplier=ORCHARD&supplier_lot=ROW%207", "document=SO-1", "document=DN-9"])
def test_from_wherever_a_trace_begins(mill: Api, query: str) -> None:
    found = {lot["product"] for lot in mill.get("traces/", query).json["lots"]}
    assert lots(mill.get("traces/picture.svg", query)) == found


@pytest.mark.parametrize(
    ("path", "query", "status", "codes"),
    [
        ("traces/picture.svg", "", 400, ["wrong_origin"]),
        ("traces/picture.svg", "document=NONE", 422, ["no_lots"]),
        ("traces/picture.svg", "document=SO-1&direction=up", 422, ["unknown_value"]),
        ("traces/picture.svg", "document=SO-1&width=9", 400, ["unknown_field"]),
        (f"lots/{NOWHERE}/trace/picture.svg", "", 404, ["not_found"]),
        ("lots/J-1/trace/picture.svg", "", 404, ["not_found"]),
        (f"lots/{NOWHERE}/trace/picture.svg", "document=SO-1", 400, ["unknown_field"]),
    ],
)
def test_what_is_no_picture_is_said(mill: Api, path: str, query: str, status: int, codes: list[str]) -> None:
    for headers in ({}, {"Accept": SVG}):
        answer = mill.get(path, query, **headers)
        assert (answer.status, answer.codes, answer.type) == (status, codes, "application/problem+json"), answer


def test_pictures_come_as_svg_alone(mill: Api) -> None:
    answer = picture(mill, "JUICE", "J-1", Accept="application/json")
    assert (answer.status, answer.type, answer.codes) == (406, "application/problem+json", ["not_acceptable"])


def test_an_unchanged_picture_is_not_sent_again(mill: Api) -> None:
    before = picture(mill, "JUICE", "J-1")
    tag = before.headers["ETag"]
    again = picture(mill, "JUICE", "J-1", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")
    bottles = line("in", "shipped", "CIDER", "C-1", "5")
    record(mill, operation("shipment", bottles, partner="SHOP", document="SO-2"))
    after = picture(mill, "JUICE", "J-1", If_None_Match=tag)
    assert (after.status, after.headers["ETag"] != tag) == (200, True)


def test_a_picture_runs_nothing_and_is_found_in_the_document_of_the_interface(mill: Api) -> None:
    assert picture(mill, "JUICE", "J-1").headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    paths: dict[str, Any] = mill.get("openapi.json").json["paths"]
    for path in ("/api/v1/lots/{lot_id}/trace/picture.svg", "/api/v1/traces/picture.svg"):
        call = paths[path]["get"]
        assert list(call["responses"]["200"]["content"]) == [SVG]
        assert {"direction", "respect_time"} <= {parameter["name"] for parameter in call["parameters"]}
