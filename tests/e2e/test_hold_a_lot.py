"""Quality puts lots on hold; what is on hold stays where it is until the last hold is lifted."""

from typing import Any

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, lot_id, on_hand, operation, pressing, receipt, record

pytestmark = pytest.mark.django_db


def shipment() -> dict[str, Any]:
    """Ten kilograms for the shop."""
    return operation("shipment", line("in", "shipped", "APPLE", "A-1", "10"), partner="SHOP")


@pytest.fixture
def lot(plant: Api) -> str:
    """A lot of apples."""
    record(plant, receipt())
    return lot_id(plant, "APPLE", "A-1")


def test_what_is_on_hold_stays_until_the_last_hold_is_lifted(plant: Api, lot: str) -> None:
    signature = {"meaning": "I found it"}
    held = plant.post(f"lots/{lot}/hold/", {"reason": "glass", "signature": signature}, Accept_Language="fr")
    assert (held.status, held.json["disposition"], held.json["status_label"]) == (200, "on_hold", "Bloqué")
    assert plant.post(f"lots/{lot}/hold/", {"reason": "mould"}).status == 200
    for refused in (plant.post("operations/", shipment()), plant.post("operations/", pressing())):
        assert (refused.status, refused.codes) == (409, ["not_usable"])
    early = plant.post(f"lots/{lot}/release/", {"reason": "sound"})
    assert (early.status, early.codes, early.json["errors"][0]["holds"]) == (409, ["wrong_state"], 2)

    mould, glass = plant.get(f"lots/{lot}/holds/").json["items"]
    assert [hold["reason"] for hold in (mould, glass)] == ["mould", "glass"]
    assert (glass["scope"], glass["placed_by"], glass["recall"]) == ("Lot APPLE A-1 at MILL", "odile", None)
    signed = {"name": "odile", "meaning": "I found it", "at": glass["placed_at"], "proven": False}
    assert {name: glass["signature"][name] for name in signed} == signed
    assert (mould["signature"], mould["stands"], mould["lifted"]) == (None, True, None)

    still = plant.post(f"lots/{lot}/unhold/", {"reason": "no glass", "hold": glass["id"]})
    assert (still.status, still.json["disposition"]) == (200, "on_hold")
    free = plant.post(f"lots/{lot}/unhold/", {"reason": "no mould", "signature": {"meaning": "I looked"}})
    assert (free.status, free.json["disposition"]) == (200, "released")
    none = plant.post(f"lots/{lot}/unhold/", {"reason": "once more"})
    assert (none.status, none.codes) == (409, ["not_held"])
    record(plant, shipment())

    mould, glass = plant.get(f"lots/{lot}/holds/").json["items"]
    assert [hold["stands"] for hold in (mould, glass)] == [False, False]
    assert (glass["lifted"]["reason"], glass["lifted"]["lifted_by"], glass["lifted"]["signature"]) == (
        "no glass",
        "odile",
        None,
    )
    assert mould["lifted"]["signature"]["meaning"] == "I looked"


def test_a_rejected_lot_stays_rejected_when_its_hold_is_lifted(plant: Api, lot: str) -> None:
    plant.post(f"lots/{lot}/hold/", {"reason": "glass"})
    rejected = plant.post(f"lots/{lot}/reject/", {"reason": "glass indeed", "signature": {"meaning": "I saw it"}})
    assert (rejected.status, rejected.json["disposition"]) == (200, "rejected")
    lifted = plant.post(f"lots/{lot}/unhold/", {"reason": "decided"})
    assert (lifted.status, lifted.json["disposition"]) == (200, "rejected")
    (decision,) = plant.get(f"lots/{lot}/decisions/").json["items"]
    assert (decision["before"], decision["after"], decision["reason"]) == ("on_hold", "rejected", "glass indeed")
    assert (decision["signature"]["name"], decision["signature"]["meaning"]) == ("odile", "I saw it")


def test_what_is_on_hold_may_be_destroyed_and_counted(plant: Api, lot: str) -> None:
    plant.post(f"lots/{lot}/hold/", {"reason": "glass"})
    record(plant, operation("loss", line("in", "loss", "APPLE", "A-1", "990", reason="destroyed")))
    record(plant, operation("count", line("in", "adjustment", "APPLE", "A-1", "1", reason="counted")))
    assert on_hand(plant, "APPLE", "A-1") == "9"


def test_what_is_on_hold_is_not_renamed_by_putting_its_receipt_right(plant: Api) -> None:
    received = record(plant, receipt())["id"]
    lot = lot_id(plant, "APPLE", "A-1")
    plant.post(f"lots/{lot}/hold/", {"reason": "glass"})
    renaming = {"reason": "another lot", "operation": receipt("A-2")}
    for refused in (
        plant.post(f"operations/{received}/correct/", renaming),
        plant.post(f"operations/{received}/reverse/", {"reason": "never came"}),
    ):
        assert (refused.status, refused.places) == (409, {"": "not_usable"})
        assert refused.json["detail"] == (
            "Lot APPLE A-1 at MILL is on hold: what was put into it stays there until quality lets it go."
        )
    fewer = plant.post(f"operations/{received}/correct/", {"reason": "weighed", "operation": receipt(quantity="900")})
    assert (fewer.status, on_hand(plant, "APPLE", "A-1")) == (201, "900")
    plant.post(f"lots/{lot}/unhold/", {"reason": "no glass"})
    assert plant.post(f"operations/{fewer.json['id']}/correct/", renaming).status == 201
    assert (on_hand(plant, "APPLE", "A-1"), on_hand(plant, "APPLE", "A-2")) == ("0", "1000")


def test_what_is_reworked_of_a_rejected_lot_waits_for_quality(plant: Api, lot: str) -> None:
    plant.post(f"lots/{lot}/reject/", {"reason": "mouldy"})
    lines = line("in", "input", "APPLE", "A-1", "10"), line("out", "main", "APPLE", "A-2", "9")
    record(plant, operation("rework", *lines))
    sorted_out = lot_id(plant, "APPLE", "A-2")
    assert plant.get(f"lots/{sorted_out}/").json["disposition"] == "pending"


def test_a_hold_of_another_lot_is_unknown(plant: Api, lot: str) -> None:
    plant.post(f"lots/{lot}/hold/", {"reason": "glass"})
    (hold,) = plant.get(f"lots/{lot}/holds/").json["items"]
    record(plant, receipt("A-2"))
    other = plant.post(f"lots/{lot_id(plant, 'APPLE', 'A-2')}/unhold/", {"reason": "r", "hold": hold["id"]})
    assert (other.status, other.places) == (422, {"/hold": "unknown_hold"})


def test_a_hold_that_is_asked_for_twice_with_one_key_is_one(plant: Api, lot: str) -> None:
    for _ in range(2):
        assert plant.post(f"lots/{lot}/hold/", {"reason": "glass"}, Idempotency_Key="h-1").status == 200
    assert len(plant.get(f"lots/{lot}/holds/").json["items"]) == 1
    for _ in range(2):
        lifted = plant.post(f"lots/{lot}/unhold/", {"reason": "no glass"}, Idempotency_Key="h-2")
        assert (lifted.status, lifted.json["disposition"]) == (200, "released")
