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


KNOWN = "2026-03-03T09:00:00+01:00"


def recall(mill: Api, code: str = "R-1", **signature: Any) -> Any:
    """Open a recall of A-9, and what the API answers."""
    suspects = {"lots": [lot_id(mill, "APPLE", "A-9")]}
    return mill.post(
        "recalls/", {"code": code, "hazard": "glass", "known_at": KNOWN, "suspects": suspects, **signature}
    )


def opening(mill: Api, code: str = "R-1") -> str:
    """The SHA-256 of what is signed of the opening of that recall."""
    suspects, known = {"lots": [lot_id(mill, "APPLE", "A-9")]}, "2026-03-03T08:00:00.000000Z"
    stated = {"code": code, "hazard": "glass", "known_at": known, "suspects": suspects, "mock": False}
    return hashed(act="open recall", **stated)


def test_a_recall_is_signed_and_what_was_signed_can_be_recomputed(plant: Api, mill: Api) -> None:
    opened = recall(mill, signature=by("I open it"))
    assert opened.status == 201, opened
    assert (opened.json["signature_due"], "warnings" in opened.json) == (False, False)
    assert (opened.json["signature"], opened.json["opening_signature"]["document"]) == (None, opening(mill))
    case = opened.json["id"]
    (entry,) = plant.get("audit/", f"subject=recall:{case}&action=opened").json["items"]
    assert (entry["signature"]["document"], entry["signature"]["proven"]) == (opening(mill), True)

    closing = {"conclusion": "All came back."}
    assert mill.post(f"recalls/{case}/close/", closing).places == {"/signature": "signature_required"}
    closed = mill.post(f"recalls/{case}/close/", {**closing, "signature": by("I led it")})
    assert closed.json["signature"]["document"] == hashed(act="close recall", recall=case, **closing)


@pytest.mark.parametrize(
    ("signature", "codes"),
    [
        (None, ["signature_due"]),
        (by(password=None), ["signature_due"]),
        (by(password=WRONG), ["wrong_password", "signature_due"]),
    ],
)
def test_a_recall_holds_the_goods_at_once_and_is_signed_afterwards(
    plant: Api, mill: Api, signature: Any, codes: list[str]
) -> None:
    opened = recall(mill, signature=signature)
    assert (opened.status, [warning["code"] for warning in opened.json["warnings"]]) == (201, codes)
    case = opened.json["id"]
    found = mill.get(f"recalls/{case}/")
    assert opened.json == {**found.json, "warnings": opened.json["warnings"]}
    assert opened.headers["ETag"] == found.headers["ETag"]
    assert (found.json["opening_signature"], found.json["signature_due"]) == (None, True)
    assert mill.get(f"lots/{lot_id(mill, 'APPLE', 'A-9')}/").json["disposition"] == "on_hold"

    closing = {"conclusion": "All came back.", "signature": by("I led it")}
    refused = mill.post(f"recalls/{case}/close/", closing)
    assert (refused.status, refused.codes) == (409, ["signature_due"])
    sign = f"recalls/{case}/sign/"
    for wrong, code in ((by(password=None), "password_required"), (by(password=WRONG), "wrong_password")):
        again = mill.post(sign, {"signature": wrong})
        assert (again.status, again.places) == (422, {"/signature/password": code})
    bea = person("bea")
    signed = bea.post(sign, {"signature": by("I open it")})
    assert (signed.status, signed.json["signature_due"]) == (200, False)
    under = signed.json["opening_signature"]
    assert (under["name"], under["document"], under["proven"]) == ("bea", opening(mill), True)
    assert bea.post(sign, {"signature": by("I open it")}).codes == ["wrong_state"]
    (entry,) = plant.get("audit/", f"subject=recall:{case}&action=signed").json["items"]
    assert entry["signature"]["document"] == under["document"]
    assert mill.get(f"recalls/{case}/log/").json["items"][-1]["text"] == "Opening signed by bea: I open it"
    assert mill.post(f"recalls/{case}/close/", closing).status == 200
    assert mill.get(f"recalls/{case}/report/").json["recall"]["opening_signature"] == under


def test_no_attempts_of_anybody_keep_a_recall_from_holding_the_goods(mill: Api) -> None:
    """Neither a stranger's at the sign-in page, nor those of who recalls."""
    stranger = Client()
    for _ in range(6):
        stranger.post("/sign-in/", {"username": "ana", "password": WRONG})
    for number in range(5):
        assert recall(mill, f"R-{number}", signature=by(password=WRONG)).json["signature_due"]
    throttled = recall(mill, "R-5", signature=by())
    assert throttled.status == 201
    assert [each["code"] for each in throttled.json["warnings"]] == ["too_many_attempts", "signature_due"]
    assert mill.get(f"lots/{lot_id(mill, 'APPLE', 'A-9')}/holds/").json["items"][0]["recall"] == throttled.json["id"]


def test_a_repeated_opening_is_one_recall_whatever_its_password(mill: Api) -> None:
    suspects = {"lots": [lot_id(mill, "APPLE", "A-9")]}
    stated = {
        "code": "R-1",
        "hazard": "glass",
        "known_at": KNOWN,
        "suspects": suspects,
        "signature": by(password=WRONG),
    }
    first, again = (mill.post("recalls/", stated, Idempotency_Key="k") for _ in range(2))
    assert (first.status, again.status, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.body == again.body
    assert len(mill.get("recalls/").json["items"]) == 1


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
