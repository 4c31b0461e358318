"""Part of a lot gets a status of its own: it is set apart as a sub-lot, and decided about by itself."""

from typing import Any

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, lot_id, operation, receipt, record, sub_lots

pytestmark = pytest.mark.django_db

PALLET = "pallet 1-3"


def setting_apart(quantity: str = "300", **more: Any) -> dict[str, Any]:
    """Some of the apples, as a sub-lot."""
    into = line("out", "main", "APPLE", "A-1", quantity, sub_lot=PALLET)
    return operation("split", line("in", "input", "APPLE", "A-1", quantity), into, **more)


def shipment(**more: Any) -> dict[str, Any]:
    """Ten kilograms for the shop."""
    return operation("shipment", line("in", "shipped", "APPLE", "A-1", "10", **more), partner="SHOP")


def test_part_of_a_held_lot_is_set_apart_and_goes_free(plant: Api) -> None:
    record(plant, receipt())
    lot = lot_id(plant, "APPLE", "A-1")
    assert plant.post(f"lots/{lot}/hold/", {"reason": "glass"}).status == 200
    apart = record(plant, setting_apart())
    assert [(movement["lot"], movement["sub_lot"]) for movement in apart["movements"]] == [
        ("A-1", ""),
        ("A-1", PALLET),
    ]
    (part,) = plant.get("lots/", f"parent={lot}").json["items"]
    assert (part["code"], part["sub_lot"], part["parent"], part["on_hand"]) == ("A-1", PALLET, lot, "300")
    assert part["disposition"] == "on_hold"
    assert plant.get("lots/", f"sub_lot={PALLET.replace(' ', '%20')}").json["items"] == [part]
    (hold,) = plant.get(f"lots/{part['id']}/holds/").json["items"]
    assert (hold["reason"], hold["scope"]) == ("glass", "Lot APPLE A-1 at MILL")

    free = plant.post(f"lots/{part['id']}/unhold/", {"reason": "no glass in these"})
    assert (free.status, free.json["disposition"]) == (200, "released")
    record(plant, shipment(sub_lot=PALLET))
    refused = plant.post("operations/", shipment())
    assert (refused.status, refused.places) == (409, {"/movements/0/lot": "not_usable"})

    undone = plant.post(f"operations/{apart['id']}/reverse/", {"reason": "typed wrong"})
    assert (undone.status, undone.codes) == (409, ["not_enough"])
    assert undone.json["errors"][0]["sub_lot"] == PALLET


def test_only_a_split_of_its_lot_makes_a_sub_lot(plant: Api) -> None:
    record(plant, receipt())
    pressed = operation(
        "production", line("in", "input", "APPLE", "A-1", "1"), line("out", "main", "APPLE", "A-1", "1", sub_lot=PALLET)
    )
    refused = plant.post("operations/", pressed)
    assert (refused.status, refused.places) == (422, {"/movements/1/sub_lot": "not_here"})
    unknown = plant.post("operations/", shipment(sub_lot=PALLET))
    assert (unknown.status, unknown.places) == (422, {"/movements/0/sub_lot": "unknown_lot"})


def test_setting_apart_is_taken_back_and_told_again(plant: Api) -> None:
    record(plant, receipt())
    apart = record(plant, setting_apart())
    corrected = plant.post(
        f"operations/{apart['id']}/correct/", {"reason": "counted again", "operation": setting_apart("200")}
    )
    assert corrected.status == 201
    (part,) = sub_lots(plant, "APPLE", "A-1")
    assert part["on_hand"] == "200"
    assert plant.post(f"operations/{corrected.json['id']}/reverse/", {"reason": "not at all"}).status == 201
    assert plant.get(f"lots/{part['id']}/").json["on_hand"] == "0"
