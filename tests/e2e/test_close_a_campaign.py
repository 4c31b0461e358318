"""A campaign from plan to signed balance, and what becomes of it when a mistake is found afterwards."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, lot_id, on_hand, operation, plan_and_open, pressing, receipt, record

pytestmark = pytest.mark.django_db

EXPLAINED = {
    "explanation": "The press was emptied by hand, and 20 kg went to the cows.",
    "signature": {"meaning": "I have checked the cellar book."},
}


def recomputed(balance: dict[str, Any]) -> str:
    """The hash as a stranger computes it from what was served, with nothing of ours: RFC 8785, and SHA-256."""
    document = {name: value for name, value in balance.items() if name != "sha256"}
    assert not any(isinstance(value, float) for value in document.values())
    return hashlib.sha256(
        json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def bottling(**more: Any) -> dict[str, Any]:
    """210 kg of juice (200 l) become 250 bottles of 0.8 kg; 10 kg are missing."""
    return operation(
        "production",
        line("in", "input", "JUICE", "J-1", "200"),
        line("out", "main", "CIDER", "B-1", "250"),
        line="FILL",
        campaign="C-1",
        **more,
    )


def test_the_whole_life_of_a_campaign(plant: Api) -> None:
    plan_a_campaign_where_lots_wait_for_quality(plant)
    pressed = record_what_happens(plant)
    everything_that_blocks_it_comes_at_once(plant)
    put_right_what_blocks_it(plant)
    first = explain_sign_and_close(plant)
    nothing_in_it_changes_from_now_on(plant, pressed)
    second = reopen_correct_and_close_again(plant, pressed)
    assert plant.get("campaigns/C-1/balances/").json["items"] == [first, second]


def plan_a_campaign_where_lots_wait_for_quality(plant: Api) -> None:
    """Nothing is recorded in it before it is open, and the plan doesn't change any more once it is."""
    tag = plant.get("sites/MILL/").headers["ETag"]
    assert plant.patch("sites/MILL/", {"positive_release": True}, If_Match=tag).status == 200
    plan = {"code": "C-1", "site": "MILL", "product": "CIDER", "target": "500", "unit": "C62"}
    planned = plant.post("campaigns/", {**plan, "accountability_min": "99"})
    assert (planned.status, planned.json["status"]) == (201, "planned")
    assert planned.headers["Location"] == "/api/v1/campaigns/C-1/"

    record(plant, receipt())
    too_early = plant.post("operations/", pressing("C-1"))
    assert (too_early.status, too_early.codes) == (409, ["campaign_not_open"])
    opened = plant.post("campaigns/C-1/open/")
    assert (opened.status, opened.json["status"]) == (200, "open")
    changed = plant.patch("campaigns/C-1/", {"target": "600"}, If_Match=opened.headers["ETag"])
    assert (changed.status, changed.codes) == (409, ["wrong_state"])


def record_what_happens(plant: Api) -> dict[str, Any]:
    """Juice is pressed and bottled, and a litre goes where nobody knows its mass; answer the pressing."""
    pressed = record(plant, pressing("C-1"))
    record(plant, bottling())
    tasting = (line("in", "input", "JUICE", "J-1", "1"), line("out", "main", "MYSTERY", "M-1", "1"))
    record(plant, operation("production", *tasting, campaign="C-1"))
    return pressed


def everything_that_blocks_it_comes_at_once(plant: Api) -> None:
    """Two lots that wait, a product without mass, and an accountability that nobody explains or signs."""
    blocked = plant.post("campaigns/C-1/close/", {})
    assert blocked.status == 409
    blockers = {blocker["code"]: blocker for blocker in blocked.json["blockers"]}
    assert blockers.keys() == {"lots_pending", "no_mass", "explanation_required", "signature_required"}
    waiting = {(lot["product"], lot["lot"]) for lot in blockers["lots_pending"]["lots"]}
    assert waiting == {("CIDER", "B-1"), ("MYSTERY", "M-1")}
    assert blockers["no_mass"]["products"] == ["MYSTERY"]
    assert blockers["signature_required"]["accountability_min"] == "99"
    assert plant.get("campaigns/C-1/").json["status"] == "open"


def put_right_what_blocks_it(plant: Api) -> None:
    """The litre is taken back, the bottles are released; what remains is a difference to explain."""
    (*_, tasting) = plant.get("operations/").json["items"]
    assert plant.post(f"operations/{tasting['id']}/reverse/", {"reason": "wrong tank"}).status == 201
    released = plant.post(f"lots/{lot_id(plant, 'CIDER', 'B-1')}/release/", {"reason": "tasted"})
    assert (released.status, released.json["disposition"]) == (200, "released")

    # 600 kg of apples in; out are 210 kg of juice, 200 kg of cider, 150 kg of pomace and 10 kg lost: 30 kg are missing.
    live = plant.get("campaigns/C-1/balance/").json
    assert live["inputs"] == {"APPLE": "600"}
    assert live["outputs"] == {"CIDER": "200", "JUICE": "210", "POMACE": "150"}
    assert (live["losses"], live["unaccounted"]) == ({"swept up": "10"}, "30")
    assert live["accountability_percent"] == "95"
    assert (live["version"], live["sha256"], live["status"]) == (None, None, "open")


def explain_sign_and_close(plant: Api) -> dict[str, Any]:
    """An explanation alone isn't enough; with a signature it closes. Answer the stored balance."""
    blocked = plant.post("campaigns/C-1/close/", {"explanation": "It was a hot day."})
    assert (blocked.status, [b["code"] for b in blocked.json["blockers"]]) == (409, ["signature_required"])
    closed = plant.post("campaigns/C-1/close/", EXPLAINED)
    assert (closed.status, closed.json["status"]) == (200, "closed")
    stored = plant.get("campaigns/C-1/balance/").json
    assert stored == closed.json["balance"]
    assert (stored["version"], stored["status"], stored["closed_by"]) == (1, "closed", "odile")
    assert stored["signature"]["name"] == "odile"
    assert stored["yield"]["percent_of_target"] == "50"
    assert recomputed(stored) == stored["sha256"]
    parts = ("output_total", "loss_total", "samples", "adjustments", "unaccounted")
    assert sum(Decimal(stored[part]) for part in parts) == Decimal(stored["input_total"])
    return stored


def nothing_in_it_changes_from_now_on(plant: Api, pressed: dict[str, Any]) -> None:
    """Nothing gets into a closed campaign, and nothing in it is taken back, in whatever way one asks."""
    before = plant.get("operations/").body, plant.get("campaigns/C-1/").body
    operations = f"operations/{pressed['id']}"
    mirrored = [{**row, "direction": {"in": "out", "out": "in"}[row["direction"]]} for row in pressing()["movements"]]
    by_hand = operation("reversal", *mirrored, reverses=pressed["id"], reason="by hand", campaign="C-1")
    for path, body in (
        ("operations/", bottling()),
        ("operations/", by_hand),
        (f"{operations}/reverse/", {"reason": "too late"}),
        (f"{operations}/correct/", {"reason": "too late", "operation": pressing("C-1")}),
    ):
        refused = plant.post(path, body)
        assert (refused.status, refused.codes) == (409, ["campaign_not_open"]), path
    for path, body in (
        ("campaigns/C-1/open/", {}),
        ("campaigns/C-1/close/", EXPLAINED),
        ("campaigns/C-1/cancel/", {}),
    ):
        assert plant.post(path, body).status == 409, path
    assert (plant.get("operations/").body, plant.get("campaigns/C-1/").body) == before


def reopen_correct_and_close_again(plant: Api, pressed: dict[str, Any]) -> dict[str, Any]:
    """25 kg of pomace were forgotten; with them the balance is inside the band. Answer the second version."""
    assert plant.post("campaigns/C-1/reopen/", {"reason": "a slip"}).status == 400
    reopened = plant.post("campaigns/C-1/reopen/", {"reason": "a slip", "signature": {"meaning": "I reopen it"}})
    assert (reopened.status, reopened.json["status"], reopened.json["closings"]) == (200, "open", 1)
    right = pressing("C-1")
    right["movements"][2]["quantity"] = "175"
    corrected = plant.post(f"operations/{pressed['id']}/correct/", {"reason": "25 kg forgotten", "operation": right})
    assert (corrected.status, corrected.json["corrects"]) == (201, pressed["id"])
    assert on_hand(plant, "POMACE", "P-1") == "175"
    again = plant.post("campaigns/C-1/close/")
    assert again.status == 200, again
    stored = again.json["balance"]
    assert (stored["version"], stored["unaccounted"], stored["accountability_percent"]) == (2, "5", "99.1667")
    assert recomputed(stored) == stored["sha256"]
    return stored


def test_a_campaign_inside_its_band_closes_without_a_word(plant: Api) -> None:
    plan_and_open(plant)
    record(plant, receipt())
    record(plant, pressing("C-1"))
    closed = plant.post("campaigns/C-1/close/")
    assert closed.status == 200, closed
    assert closed.json["balance"]["accountability_percent"] == "96.6667"
    assert closed.json["balance"]["signature"] is None


def test_a_campaign_with_operations_is_cancelled_only_once_they_are_reversed(plant: Api) -> None:
    plan_and_open(plant)
    record(plant, receipt())
    pressed = record(plant, pressing("C-1"))
    refused = plant.post("campaigns/C-1/cancel/", {"reason": "no apples left"})
    assert (refused.status, refused.codes) == (409, ["has_operations"])
    assert plant.post(f"operations/{pressed['id']}/reverse/", {"reason": "never happened"}).status == 201
    cancelled = plant.post("campaigns/C-1/cancel/", {"reason": "no apples left"})
    assert (cancelled.status, cancelled.json["status"]) == (200, "cancelled")
