"""Quality releases and rejects lots; what isn't released doesn't leave."""

import hashlib
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model  # noqa: TID251 - a test makes the user who signs

from tests.e2e.client import Api
from tests.e2e.plant import let_site, line, lot_id, operation, receipt, record

pytestmark = pytest.mark.django_db


def shipment() -> dict[str, Any]:
    """Ten kilograms for the shop."""
    return operation("shipment", line("in", "shipped", "APPLE", "A-1", "10"), partner="SHOP")


def test_a_pending_lot_ships_once_it_is_released_and_no_more_once_rejected(plant: Api) -> None:
    let_site(plant, positive_release=True)
    record(plant, receipt())
    lot = lot_id(plant, "APPLE", "A-1")
    assert plant.get(f"lots/{lot}/").json["disposition"] == "pending"
    refused = plant.post("operations/", shipment())
    assert (refused.status, refused.places) == (409, {"/movements/0/lot": "not_usable"})

    released = plant.post(f"lots/{lot}/release/", {"reason": "sound"})
    assert (released.status, released.json["status_label"]) == (200, "Released")
    record(plant, shipment())
    again = plant.post(f"lots/{lot}/release/", {"reason": "sound"})
    assert (again.status, again.codes) == (409, ["wrong_state"])

    rejected = plant.post(f"lots/{lot}/reject/", {"reason": "mouldy"}, Accept_Language="fr")
    assert (rejected.status, rejected.json["disposition"], rejected.json["status_label"]) == (
        200,
        "rejected",
        "Rejeté",
    )
    refused = plant.post("operations/", shipment())
    assert (refused.status, refused.codes) == (409, ["not_usable"])


def let_sign(password: str) -> None:
    user = get_user_model().objects.get(username="odile")
    user.set_password(password)
    user.save()


def test_whoever_signs_proves_it_with_the_password(plant: Api) -> None:
    record(plant, receipt())
    lot = lot_id(plant, "APPLE", "A-1")
    let_sign("apples and pears")
    signature = {"meaning": "I tasted it", "password": "pears and apples"}
    refused = plant.post(f"lots/{lot}/reject/", {"reason": "sour", "signature": signature})
    assert (refused.status, refused.places) == (422, {"/signature/password": "wrong_password"})
    assert plant.get(f"lots/{lot}/").json["disposition"] == "released"
    signature["password"] = "apples and pears"  # noqa: S105 - the password of a user of this test
    assert plant.post(f"lots/{lot}/reject/", {"reason": "sour", "signature": signature}).status == 200


def test_where_the_site_asks_for_it_decisions_are_signed(plant: Api) -> None:
    record(plant, receipt())
    lot = lot_id(plant, "APPLE", "A-1")
    assert plant.post(f"lots/{lot}/hold/", {"reason": "sour"}).status == 200
    let_site(plant, signs_decisions=True)
    for call in ("reject", "unhold"):
        refused = plant.post(f"lots/{lot}/{call}/", {"reason": "tasted"})
        assert (refused.status, refused.places) == (422, {"/signature": "signature_required"})
    signature = {"meaning": "I tasted it"}
    signed = {"reason": "tasted", "signature": signature}
    refused = plant.post(f"lots/{lot}/unhold/", signed)
    assert (refused.status, refused.places) == (422, {"/signature/password": "password_required"})
    let_sign("apples and pears")
    signature["password"] = "apples and pears"  # noqa: S105 - the password of a user of this test
    assert plant.post(f"lots/{lot}/unhold/", signed).json["disposition"] == "released"
    assert plant.post(f"lots/{lot}/reject/", signed).json["disposition"] == "rejected"
    (decision,) = plant.get(f"lots/{lot}/decisions/").json["items"]
    act = {"act": "rejected", "lot": lot, "key": "APPLE A-1 at MILL", "before": "released", "reason": "tasted"}
    document = json.dumps(act, sort_keys=True, separators=(",", ":")).encode()
    assert decision["signature"] == {
        "name": "odile",
        "meaning": "I tasted it",
        "at": decision["decided_at"],
        "document": hashlib.sha256(document).hexdigest(),
        "proven": True,
    }
