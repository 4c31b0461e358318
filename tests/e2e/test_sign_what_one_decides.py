"""A site where whoever decides signs with their password, and isn't one of those who recorded it."""

import hashlib
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model  # noqa: TID251 - a test makes the users who sign

from tests.e2e.client import BASE, Api
from tests.e2e.plant import let_site, line, lot_id, operation, plan_and_open, receipt, record
from tests.factories.browser import Client

pytestmark = pytest.mark.django_db

PASSWORD = "apples and pears"  # noqa: S105 - of the users of these tests
WRONG = "pears and apples"
WHY = "20 kg went to the cows."


def hashed(**document: Any) -> str:
    """The SHA-256 of a document as a stranger computes it: canonical JSON as RFC 8785 has it for texts and integers."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def person(name: str, role: str = "quality") -> Api:
    """Somebody of the mill with a password."""
    api = Api.of(name, role, "MILL")
    user = get_user_model().objects.get(username=name)
    user.set_password(PASSWORD)
    user.save()
    return api


def by(meaning: str = "I checked the cellar book", password: str | None = PASSWORD) -> dict[str, Any]:
    """A signature."""
    return {"meaning": meaning, **({} if password is None else {"password": password})}


@pytest.fixture
def mill(plant: Api) -> Api:
    """Give the API as who recorded everything sees it: apples that wait, and a campaign that used some of them."""
    record(plant, receipt("A-0"))
    let_site(plant, positive_release=True, signs_decisions=True, second_person=True)
    plan_and_open(plant)
    ana = person("ana")
    record(ana, receipt("A-9"))
    pressed = line("in", "input", "APPLE", "A-0", "100"), line("out", "main", "JUICE", "J-1", "76")
    record(ana, operation("production", *pressed, campaign="C-1", line="PRESS"))
    return ana


def test_a_campaign_is_closed_with_a_password_and_by_somebody_else(mill: Api) -> None:
    """A token is no proof of who signs: the password is, at that moment."""
    bea = person("bea")
    close = "campaigns/C-1/close/"
    unsigned = bea.post(close, {"explanation": WHY})
    assert (unsigned.status, [each["code"] for each in unsigned.json["blockers"]]) == (409, ["signature_required"])
    by_token = bea.post(close, {"explanation": WHY, "signature": by(password=None)})
    assert (by_token.status, [each["code"] for each in by_token.json["blockers"]]) == (409, ["password_required"])
    wrong = bea.post(close, {"explanation": WHY, "signature": by(password=WRONG)})
    assert (wrong.status, wrong.places) == (422, {"/signature/password": "wrong_password"})
    own = mill.post(close, {"explanation": WHY, "signature": by()})
    assert (own.status, own.codes) == (403, ["second_person"])
    assert bea.get("campaigns/C-1/").json["status"] == "open"

    assert bea.post(close, {"explanation": WHY, "signature": by()}).status == 200
    stored = bea.get("campaigns/C-1/balance/").json
    sha256, signature = stored.pop("sha256"), stored["signature"]
    assert (signature["name"], signature["proven"]) == ("bea", True)
    assert signature["document"] == hashed(**{**stored, "signature": None})
    assert sha256 == hashed(**stored)

    reopen = "campaigns/C-1/reopen/"
    unproven = mill.post(reopen, {"reason": "one more", "signature": by(password=None)})
    assert (unproven.status, unproven.places) == (422, {"/signature/password": "password_required"})
    assert mill.post(reopen, {"reason": "one more", "signature": by()}).status == 200
    (entry,) = (each for each in bea.get("campaigns/C-1/history/").json["items"] if each["action"] == "reopened")
    act = {"act": "reopen", "campaign": "C-1", "closing": "1", "reason": "one more"}
    assert entry["signature"]["document"] == hashed(**act)


@pytest.mark.parametrize(("call", "after"), [("release", "released"), ("reject", "rejected")])
def test_a_lot_is_decided_about_by_somebody_else_than_who_recorded_it(mill: Api, call: str, after: str) -> None:
    lot, bea = lot_id(mill, "APPLE", "A-9"), person("bea")
    signed = {"reason": "tasted", "signature": by("I tasted it")}
    own = mill.post(f"lots/{lot}/{call}/", signed)
    assert (own.status, own.codes) == (403, ["second_person"])
    assert mill.get(f"lots/{lot}/").json["disposition"] == "pending"
    assert mill.get(f"lots/{lot}/decisions/").json["items"] == []

    assert bea.post(f"lots/{lot}/{call}/", signed).json["disposition"] == after
    (decision,) = mill.get(f"lots/{lot}/decisions/").json["items"]
    act = {"act": after, "lot": lot, "key": "APPLE A-9 at MILL", "before": "pending", "reason": "tasted"}
    assert decision["signature"]["document"] == hashed(**act)
    assert (decision["signature"]["name"], decision["signature"]["meaning"]) == ("bea", "I tasted it")


def test_who_corrected_it_recorded_it_too(mill: Api) -> None:
    bea, carl = person("bea"), person("carl")
    (recorded,) = mill.get("operations/", "lot=A-9").json["items"]
    replacement = receipt("A-9", "900")
    assert bea.post(f"operations/{recorded['id']}/correct/", {"reason": "typo", "operation": replacement}).status == 201
    signed = {"reason": "tasted", "signature": by("I tasted it")}
    lot = lot_id(mill, "APPLE", "A-9")
    assert bea.post(f"lots/{lot}/release/", signed).codes == ["second_person"]
    assert carl.post(f"lots/{lot}/release/", signed).status == 200


def test_a_recall_is_signed_and_what_was_signed_can_be_recomputed(plant: Api, mill: Api) -> None:
    lot = lot_id(mill, "APPLE", "A-9")
    known = "2026-03-03T09:00:00+01:00"
    stated = {"code": "R-1", "hazard": "glass", "known_at": known, "suspects": {"lots": [lot]}}
    for signature, place in ((None, {"/signature": "signature_required"}), (by(password=None), NO_PASSWORD)):
        refused = mill.post("recalls/", {**stated, "signature": signature})
        assert (refused.status, refused.places) == (422, place)
    opened = mill.post("recalls/", {**stated, "signature": by("I open it")})
    assert opened.status == 201, opened
    recall = opened.json["id"]
    (entry,) = plant.get("audit/", f"subject=recall:{recall}&action=opened").json["items"]
    utc = {"known_at": "2026-03-03T08:00:00.000000Z"}
    assert entry["signature"]["document"] == hashed(**{"act": "open recall", "mock": False, **stated, **utc})

    closing = {"conclusion": "All came back."}
    assert mill.post(f"recalls/{recall}/close/", closing).places == {"/signature": "signature_required"}
    closed = mill.post(f"recalls/{recall}/close/", {**closing, "signature": by("I led it")})
    assert closed.json["signature"]["document"] == hashed(act="close recall", recall=recall, **closing)


NO_PASSWORD = {"/signature/password": "password_required"}


def test_a_session_signs_with_the_password_too(mill: Api) -> None:
    """Having signed in a while ago proves nothing of who sits there now."""
    person("bea")
    client = Client()
    assert client.login(username="bea", password=PASSWORD)
    path = f"{BASE}lots/{lot_id(mill, 'APPLE', 'A-9')}/release/"
    statuses = []
    for password in (None, WRONG, PASSWORD):
        body = {"reason": "tasted", "signature": by(password=password)}
        statuses.append(client.post(path, body, content_type="application/json").status_code)
    assert statuses == [422, 422, 200]
