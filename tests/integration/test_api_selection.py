"""Whoever wants some members of an answer alone gets those, as another representation of the same."""

import pytest

from tests.e2e.client import Answer, Api
from tests.e2e.plant import lot_id, plan_and_open, pressing, receipt, record

pytestmark = pytest.mark.django_db

SELECTION = "application/vnd.lignage.selection+json"


def chosen(answer: Answer) -> list[str]:
    """The names of what an answer shows of its document, or of each of its items."""
    assert (answer.status, answer.type) == (200, SELECTION), answer
    document = answer.json
    if document.keys() == {"items", "next"}:
        (names,) = {tuple(item) for item in document["items"]}
        return list(names)
    return list(document)


def test_lists_and_single_resources_are_selected_from_alike(plant: Api) -> None:
    plan_and_open(plant)
    record(plant, receipt())
    pressed = record(plant, pressing("C-1"))["id"]
    apples = lot_id(plant, "APPLE", "A-1")
    assert plant.post(f"lots/{apples}/hold/", {"reason": "glass"}).status == 200
    for path, fields in (
        ("products/", "code,class"),
        ("products/JUICE/", "code,class"),
        ("lines/PRESS/", "site"),
        ("campaigns/", "code,status,status_label"),
        ("campaigns/C-1/", "status_label"),
        ("campaigns/C-1/balance/", "status,unaccounted"),
        ("campaigns/C-1/history/", "number,sentence"),
        ("operations/", "id,movements"),
        (f"operations/{pressed}/", "kind"),
        (f"operations/{pressed}/balance/", "input_total"),
        ("lots/", "code,on_hand,parent"),
        (f"lots/{apples}/", "disposition,on_hand"),
        (f"lots/{apples}/movements/", "quantity"),
        (f"lots/{apples}/holds/", "reason,stands"),
        (f"lots/{apples}/history/", "sentence"),
        ("audit/", "sentence"),
    ):
        whole, some = plant.get(path), plant.get(path, f"fields={fields}")
        assert sorted(chosen(some)) == sorted(fields.split(",")), path
        if "items" in whole.json:
            for item, part in zip(whole.json["items"], some.json["items"], strict=True):
                assert part.items() <= item.items()
            assert some.json["next"] == whole.json["next"]
        else:
            assert some.json.items() <= whole.json.items(), path


def test_a_member_that_there_isnt_is_refused_with_those_that_there_are(plant: Api) -> None:
    known = plant.get("sites/").json["items"][0].keys()
    for query, named in (("fields=code,colour", "colour"), ("fields=", ""), ("fields=code,,name", "")):
        for path in ("sites/", "sites/MILL/"):
            answer = plant.get(path, query)
            assert (answer.status, answer.places) == (400, {"fields": "unknown_member"})
            assert answer.json["detail"] == f"There is no member '{named}' here; there are: {', '.join(known)}."


def test_where_nothing_is_shown_nothing_is_chosen(plant: Api) -> None:
    record(plant, receipt())
    lot = lot_id(plant, "APPLE", "A-1")
    for answer in (
        plant.get(f"lots/{lot}/trace/", "fields=lots"),
        plant.call("POST", "sites/", {"code": "X"}, query="fields=code"),
    ):
        assert (answer.status, answer.places) == (400, {"fields": "unknown_field"})
    for media_type in ("text/csv", "application/x-ndjson"):
        answer = plant.get("audit/", "fields=sentence", Accept=media_type)
        assert (answer.status, answer.places) == (400, {"fields": "not_json"})


def test_a_selection_has_a_tag_of_its_own_that_names_the_version_too(plant: Api) -> None:
    whole = plant.get("sites/MILL/").headers["ETag"]
    tags = {fields: plant.get("sites/MILL/", f"fields={fields}").headers["ETag"] for fields in ("code", "name,code")}
    assert len({whole, *tags.values()}) == 3
    assert plant.get("sites/MILL/", "fields=code,name").headers["ETag"] == tags["name,code"]
    known = plant.get("sites/MILL/", "fields=code", If_None_Match=tags["code"])
    assert (known.status, known.headers["ETag"], known.body) == (304, tags["code"], b"")
    for stale in (whole, tags["name,code"]):
        assert plant.get("sites/MILL/", "fields=code", If_None_Match=stale).status == 200
    assert plant.get("sites/MILL/", If_None_Match=tags["code"]).status == 200
    changed = plant.patch("sites/MILL/", {"name": "The mill"}, If_Match=tags["code"])
    assert changed.status == 200
    assert plant.get("sites/MILL/", "fields=code", If_None_Match=tags["code"]).status == 200
    assert plant.patch("sites/MILL/", {"name": "Mill"}, If_Match=tags["code"]).status == 412


def test_problems_are_whole(plant: Api) -> None:
    answer = plant.get("sites/NONE/", "fields=code")
    assert (answer.status, answer.type) == (404, "application/problem+json")
    assert answer.json["title"]
