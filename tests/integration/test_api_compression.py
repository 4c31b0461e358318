"""Answers are compressed for whoever accepts that, unless their length could tell a secret."""

import gzip
import zlib
from typing import Any

import pytest

from infrastructure.identity.models import User
from tests.e2e.client import Answer, Api
from tests.e2e.plant import lot_id, pressing, receipt, record
from tests.factories.browser import Client

pytestmark = pytest.mark.django_db

ACCEPTING = {"Accept_Encoding": "gzip, br;q=0.5"}


def unpacked(answer: Answer) -> bytes:
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers.get("Content-Length", len(answer.body))) == len(answer.body)
    return gzip.decompress(answer.body)


def test_whoever_accepts_gzip_gets_it(plant: Api) -> None:
    whole, packed = plant.get("products/"), plant.get("products/", **ACCEPTING)
    assert "Content-Encoding" not in whole.headers
    assert unpacked(packed) == whole.body
    assert len(packed.body) < len(whole.body) / 2
    assert packed.type == whole.type
    schema = Api().get("openapi.json", **ACCEPTING)
    assert unpacked(schema) == Api().get("openapi.json").body
    assert len(schema.body) < len(unpacked(schema)) / 5


def test_what_is_small_stays_as_it_is(plant: Api) -> None:
    answer = plant.get("operators/ODILE/", **ACCEPTING)
    assert "Content-Encoding" not in answer.headers
    assert answer.json["code"] == "ODILE"


def test_a_stream_comes_compressed_piece_by_piece(plant: Api) -> None:
    for number in range(5):
        record(plant, receipt(f"A-{number}"))
    lines = {"Accept": "application/x-ndjson"}
    whole, packed = plant.get("audit/", **lines), plant.get("audit/", **lines, **ACCEPTING)
    assert unpacked(packed) == whole.body
    assert "Content-Length" not in packed.headers
    assert whole.body.endswith(b'{"type":"end","changes":' + str(whole.body.count(b"\n") - 2).encode() + b"}\n")
    # The beginning can be read before the end has come.
    assert zlib.decompressobj(wbits=31).decompress(packed.body[:-100]).startswith(b'{"type":"audit"}\n')


def test_the_tag_of_a_compressed_answer_serves_as_the_other_does(plant: Api) -> None:
    name = "The mill at the end of the lane, beside the river " * 10
    made = plant.post("sites/", {"code": "LONG", "name": name}, **ACCEPTING)
    read = plant.get("sites/LONG/", **ACCEPTING)
    tag, strong = read.headers["ETag"], plant.get("sites/LONG/").headers["ETag"]
    assert unpacked(read) == unpacked(made)
    assert made.headers["ETag"] == tag == f"W/{strong}"
    for known in (tag, strong):
        for more in (ACCEPTING, {}):
            same = plant.get("sites/LONG/", If_None_Match=known, **more)
            assert (same.status, same.body) == (304, b"")
    changed = plant.patch("sites/LONG/", {"name": name.upper()}, If_Match=tag, **ACCEPTING)
    assert changed.status == 200
    assert plant.get("sites/LONG/", If_None_Match=tag).status == 200
    assert plant.patch("sites/LONG/", {"name": "Mill"}, If_Match=tag).status == 412
    assert plant.delete("sites/LONG/", If_Match=changed.headers["ETag"]).status == 204


def test_content_without_a_version_keeps_its_tag_as_well(plant: Api) -> None:
    record(plant, receipt())
    record(plant, pressing())
    path = f"lots/{lot_id(plant, 'APPLE', 'A-1')}/balance/"
    tag = plant.get(path, **ACCEPTING).headers["ETag"]
    assert tag == f"W/{plant.get(path).headers['ETag']}"
    assert plant.get(path, If_None_Match=tag, **ACCEPTING).status == 304


def test_an_answer_given_again_is_the_same_compressed_or_not(plant: Api) -> None:
    body: dict[str, Any] = {"code": "LONG", "name": "The mill at the end of the lane " * 20}
    first = plant.post("sites/", body, Idempotency_Key="k", **ACCEPTING)
    again = plant.post("sites/", body, Idempotency_Key="k")
    assert (first.status, again.status, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert unpacked(first) == again.body


def test_nothing_is_compressed_for_a_cookie_nor_outside_the_api(plant: Api) -> None:
    """Its length would tell a page elsewhere, which can make the browser ask, what is in it (BREACH)."""
    browser = Client()
    browser.force_login(User.objects.get(username="odile"))
    for path in ("/api/v1/products/", "/admin/login/"):
        answer = browser.get(path, headers={"Accept-Encoding": "gzip"}, follow=True)
        assert answer.status_code == 200
        assert len(answer.content) > 200
        assert "Content-Encoding" not in answer
    assert "Content-Encoding" not in Client().get("/admin/login/", headers={"Accept-Encoding": "gzip"})


def test_what_is_compressed_already_isnt_compressed_again(plant: Api) -> None:
    record(plant, receipt())
    suspects = {"lots": [lot_id(plant, "APPLE", "A-1")]}
    stated = {"code": "R-1", "hazard": "glass", "known_at": "2026-03-03T09:00:00Z", "suspects": suspects, "mock": True}
    recall = plant.post("recalls/", stated).json["id"]
    answer = plant.get(f"recalls/{recall}/report.xlsx", **ACCEPTING)
    assert answer.status == 200
    assert "Content-Encoding" not in answer.headers
