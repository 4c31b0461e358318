"""Goods that come back are kept apart, on hold, until quality has looked at them."""

from typing import Any

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line, lot_id, on_hand, operation, receipt, record, sub_lots

pytestmark = pytest.mark.django_db


def shipment(quantity: str = "300", **more: Any) -> dict[str, Any]:
    """Apples for the shop."""
    return operation("shipment", line("in", "shipped", "APPLE", "A-1", quantity, **more), partner="SHOP")


def return_(quantity: str = "100", **more: Any) -> dict[str, Any]:
    """Apples from the shop."""
    back = line("out", "returned", "APPLE", "A-1", quantity, **more)
    return operation("return", back, partner="SHOP", document="RN-7")


@pytest.fixture
def plant(plant: Api) -> Api:
    """The shop has got some apples."""
    record(plant, receipt())
    record(plant, shipment())
    return plant


def test_what_comes_back_waits_in_a_sub_lot_until_its_hold_is_lifted(plant: Api) -> None:
    back = record(plant, return_())
    (part,) = sub_lots(plant, "APPLE", "A-1")
    assert part["sub_lot"] == f"returned 2026-03-02 {back['id'][-8:]}"
    assert (part["on_hand"], part["disposition"], part["parent"]) == ("100", "on_hold", lot_id(plant, "APPLE", "A-1"))
    assert on_hand(plant, "APPLE", "A-1") == "700"
    assert [(row["lot"], row["sub_lot"]) for row in back["movements"]] == [("A-1", part["sub_lot"])]
    (hold,) = plant.get(f"lots/{part['id']}/holds/").json["items"]
    assert (hold["reason"], hold["placed_by"], hold["recall"]) == ("returned by SHOP, RN-7", "odile", None)
    assert plant.get(f"lots/{lot_id(plant, 'APPLE', 'A-1')}/holds/").json["items"] == []

    refused = plant.post("operations/", shipment("1", sub_lot=part["sub_lot"]))
    assert (refused.status, refused.codes) == (409, ["not_usable"])
    assert plant.post(f"lots/{part['id']}/unhold/", {"reason": "sound"}).json["disposition"] == "released"
    record(plant, shipment("1", sub_lot=part["sub_lot"]))


def test_no_more_comes_back_than_the_partner_got(plant: Api) -> None:
    record(plant, return_("250", sub_lot="torn sacks"))
    (part,) = sub_lots(plant, "APPLE", "A-1")
    assert (part["sub_lot"], part["disposition"]) == ("torn sacks", "on_hold")
    refused = plant.post("operations/", return_("51"))
    assert (refused.status, refused.places) == (422, {"/movements/0/quantity": "more_than_shipped"})
    assert refused.json["errors"][0]["left"] == "50"
    record(plant, return_("50"))


def test_a_return_is_taken_back_and_put_right(plant: Api) -> None:
    back = record(plant, return_())
    corrected = plant.post(f"operations/{back['id']}/correct/", {"reason": "counted again", "operation": return_("90")})
    assert corrected.status == 201, corrected
    first, second = sub_lots(plant, "APPLE", "A-1")
    assert [(part["on_hand"], part["disposition"]) for part in (first, second)] == [("0", "on_hold"), ("90", "on_hold")]
    reversed_ = plant.post(f"operations/{corrected.json['id']}/reverse/", {"reason": "never came"})
    assert reversed_.status == 201, reversed_
    assert [part["on_hand"] for part in sub_lots(plant, "APPLE", "A-1")] == ["0", "0"]
    record(plant, return_("300"))


def test_whoever_mirrors_a_return_by_hand_need_not_know_its_sub_lot(plant: Api) -> None:
    back = record(plant, return_())
    mirrored = line("in", "returned", "APPLE", "A-1", "100", reason="never came")
    taken_back = operation("reversal", mirrored, partner="SHOP", reverses=back["id"])
    reversal = record(plant, taken_back)
    (part,) = sub_lots(plant, "APPLE", "A-1")
    assert (part["on_hand"], reversal["movements"][0]["sub_lot"]) == ("0", part["sub_lot"])
    assert on_hand(plant, "APPLE", "A-1") == "700"


def test_the_same_return_told_again_is_the_same(plant: Api) -> None:
    stated = {**return_(), "id": "0198aaaa-bbbb-7ccc-8ddd-eeeeffff0001"}
    assert [plant.post("operations/", stated).status for _ in range(2)] == [201, 200]
    (part,) = sub_lots(plant, "APPLE", "A-1")
    assert (part["on_hand"], len(plant.get(f"lots/{part['id']}/holds/").json["items"])) == ("100", 1)


def test_what_comes_back_in_a_batch_is_on_hold_for_the_rest_of_it(plant: Api) -> None:
    batch = {"operations": [return_(sub_lot="torn sacks"), shipment("1", sub_lot="torn sacks")]}
    refused = plant.post("operations/batch/", batch)
    assert (refused.status, refused.places) == (409, {"/operations/1/movements/0/lot": "not_usable"})
