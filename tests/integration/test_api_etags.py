"""Every single resource says which version it is; nobody overwrites what they haven't seen."""

import pytest

from tests.database import Database, in_threads
from tests.e2e.client import Answer, Api
from tests.e2e.plant import furnish, lot_id, plan_and_open, pressing, receipt, record


@pytest.mark.django_db
def test_what_you_have_isnt_sent_again(plant: Api) -> None:
    plan_and_open(plant)
    record(plant, receipt())
    operation = record(plant, pressing("C-1"))
    lot = lot_id(plant, "APPLE", "A-1")
    for path in (
        "products/APPLE/",
        "sites/MILL/",
        "lines/PRESS/",
        "partners/SHOP/",
        "operators/ODILE/",
        "campaigns/C-1/",
        "campaigns/C-1/balance/",
        f"operations/{operation['id']}/",
        f"operations/{operation['id']}/balance/",
        f"lots/{lot}/",
        f"lots/{lot}/balance/",
    ):
        tag = plant.get(path).headers["ETag"]
        assert tag.startswith('"'), path
        for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
            answer = plant.get(path, If_None_Match=known)
            assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", tag), path
        assert plant.get(path, If_None_Match='"x"').status == 200


@pytest.mark.django_db
def test_a_lot_and_its_balance_have_another_tag_once_something_moves(plant: Api) -> None:
    received = record(plant, receipt())
    lot = lot_id(plant, "APPLE", "A-1")
    paths = (f"lots/{lot}/", f"lots/{lot}/balance/", f"operations/{received['id']}/")
    before = [plant.get(path).headers["ETag"] for path in paths]
    assert plant.post(f"operations/{received['id']}/reverse/", {"reason": "r"}).status == 201
    assert all(plant.get(path, If_None_Match=tag).status == 200 for path, tag in zip(paths, before, strict=True))


@pytest.mark.django_db
def test_the_answer_to_a_post_has_the_tag_of_what_is_read_afterwards(plant: Api) -> None:
    for path, body in (("operations/", receipt()), ("sites/", {"code": "X"})):
        created = plant.post(path, body)
        read = plant.get(created.headers["Location"])
        assert (read.body, read.headers["ETag"]) == (created.body, created.headers["ETag"])


@pytest.mark.django_db
def test_labels_are_in_the_readers_language_and_tags_know_it(plant: Api) -> None:
    plan_and_open(plant)
    english, french = (plant.get("campaigns/C-1/", Accept_Language=language) for language in ("en", "fr-CH, fr"))
    assert (english.json["status_label"], french.json["status_label"]) == ("Open", "En cours")
    assert english.json["status"] == french.json["status"] == "open"
    assert french.headers["Content-Language"] == "fr"
    assert "Accept-Language" in french.headers["Vary"]
    assert plant.get("campaigns/C-1/", Accept_Language="fr", If_None_Match=english.headers["ETag"]).status == 200
    assert plant.post("campaigns/C-1/close/").status == 409
    assert plant.get("campaigns/C-1/", Accept_Language="de").json["status_label"] == "Open"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "label"),
    [("planned", "Planifiée"), ("open", "En cours"), ("closed", "Terminée"), ("cancelled", "Annulée")],
)
def test_each_state_has_its_french_name(plant: Api, status: str, label: str) -> None:
    steps = {"planned": [], "open": ["open"], "closed": ["open", "close"], "cancelled": ["cancel"]}
    assert plant.post("campaigns/", {"code": "C-1", "site": "MILL", "product": "CIDER"}).status == 201
    signed = {"explanation": "Nothing was made.", "signature": {"meaning": "I know why."}}
    for step in steps[status]:
        assert plant.post(f"campaigns/C-1/{step}/", signed if step == "close" else {}).status == 200
    campaign = plant.get("campaigns/C-1/", Accept_Language="fr").json
    assert (campaign["status"], campaign["status_label"]) == (status, label)


@pytest.mark.django_db
def test_a_plan_changes_for_whoever_saw_it_last_in_whatever_language(plant: Api) -> None:
    plan = {"code": "C-1", "site": "MILL", "product": "CIDER", "target": "500", "unit": "C62"}
    first = plant.post("campaigns/", plan)
    seen = plant.get("campaigns/C-1/", Accept_Language="fr").headers["ETag"]
    changed = plant.patch("campaigns/C-1/", {"target": "600", "line": "PRESS"}, If_Match=seen)
    assert (changed.status, changed.json["target"], changed.json["unit"]) == (200, "600", "C62")
    late = plant.patch("campaigns/C-1/", {"target": "700"}, If_Match=first.headers["ETag"])
    assert (late.status, late.codes) == (412, ["stale"])
    frozen = plant.patch("campaigns/C-1/", {"code": "C-2"}, If_Match=changed.headers["ETag"])
    assert (frozen.status, frozen.places) == (422, {"/code": "frozen"})
    cleared = plant.patch("campaigns/C-1/", {"target": None, "line": None}, If_Match=changed.headers["ETag"])
    assert (cleared.json["target"], cleared.json["unit"], cleared.json["line"]) == (None, None, None)


def test_of_ten_changes_at_once_one_is_taken(committed_database: Database) -> None:
    plant = furnish(Api.of("odile"))
    tag, token = plant.get("sites/MILL/").headers["ETag"], plant.token

    def rename(number: int) -> Answer:
        return Api(token).patch("sites/MILL/", {"name": f"Mill {number}"}, If_Match=tag)

    answers = in_threads(10, rename)
    assert sorted(answer.status for answer in answers) == [200] + [412] * 9
    (taken,) = [answer.json for answer in answers if answer.status == 200]
    assert plant.get("sites/MILL/").json == taken
