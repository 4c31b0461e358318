"""Facts are never changed: what is wrong is reversed, or reversed and replaced at once, and all stays visible."""

from typing import Any

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import let_site, line, lot_id, on_hand, operation, plan_and_open, pressing, receipt, record

pytestmark = pytest.mark.django_db


def test_a_reversal_puts_everything_back_once(plant: Api) -> None:
    record(plant, receipt())
    pressed = record(plant, pressing())
    assert on_hand(plant, "APPLE", "A-1") == "400"

    reversal = plant.post(f"operations/{pressed['id']}/reverse/", {"reason": "typed twice"})
    assert reversal.status == 201
    assert reversal.headers["Location"] == f"/api/v1/operations/{reversal.json['id']}/"
    assert (reversal.json["kind"], reversal.json["reverses"]) == ("reversal", pressed["id"])
    assert on_hand(plant, "APPLE", "A-1") == "1000"
    assert on_hand(plant, "JUICE", "J-1") == "0"
    assert plant.get(f"operations/{pressed['id']}/").json["reversed_by"] == reversal.json["id"]

    again = plant.post(f"operations/{pressed['id']}/reverse/", {"reason": "typed twice"})
    assert (again.status, again.codes) == (409, ["already_reversed"])
    assert again.json["errors"][0]["reversed_by"] == reversal.json["id"]
    of_reversal = plant.post(f"operations/{reversal.json['id']}/reverse/", {"reason": "no"})
    assert (of_reversal.status, of_reversal.codes) == (422, ["reversal_of_reversal"])


def test_what_is_used_up_is_put_right_by_a_correction(plant: Api) -> None:
    received = record(plant, receipt(quantity="1000"))
    record(plant, pressing())
    refused = plant.post(f"operations/{received['id']}/reverse/", {"reason": "weighed wrong"})
    assert (refused.status, refused.codes) == (409, ["not_enough"])
    assert refused.json["errors"][0]["left"] == "400"

    too_little = plant.post(
        f"operations/{received['id']}/correct/", {"reason": "weighed wrong", "operation": receipt(quantity="500")}
    )
    assert (too_little.status, too_little.codes) == (409, ["not_enough"])
    corrected = plant.post(
        f"operations/{received['id']}/correct/", {"reason": "weighed wrong", "operation": receipt(quantity="980.5")}
    )
    assert corrected.status == 201, corrected
    assert (corrected.json["corrects"], corrected.json["reason"]) == (received["id"], "weighed wrong")
    assert on_hand(plant, "APPLE", "A-1") == "380.5"
    kinds = [item["kind"] for item in plant.get("operations/").json["items"]]
    assert kinds == ["receipt", "production", "reversal", "receipt"]


def test_a_correction_lets_no_more_of_what_is_stopped_out(plant: Api) -> None:
    assert plant.post("partners/", {"code": "FAIR", "name": "The fair", "role": "customer"}).status == 201
    record(plant, receipt())
    shipped = record(plant, shipment("10"))
    pressed = record(plant, pressing())
    assert plant.post(f"lots/{lot_id(plant, 'APPLE', 'A-1')}/hold/", {"reason": "mould"}).status == 200

    for recorded, stated in (
        (shipped, shipment("60")),
        (shipped, shipment("60", partner="FAIR")),
        (shipped, shipment("10", partner="FAIR")),
        (pressed, shipment("1")),
    ):
        refused = plant.post(f"operations/{recorded['id']}/correct/", {"reason": "typed wrong", "operation": stated})
        assert (refused.status, refused.places) == (409, {"/operation/movements/0/lot": "not_usable"})
    assert on_hand(plant, "APPLE", "A-1") == "390"

    fewer = plant.post(f"operations/{shipped['id']}/correct/", {"reason": "weighed", "operation": shipment("9.5")})
    assert (fewer.status, fewer.json["corrects"]) == (201, shipped["id"])
    assert on_hand(plant, "APPLE", "A-1") == "390.5"


def test_a_correction_ships_nothing_past_its_use_by_date(plant: Api) -> None:
    fresh = {"code": "CREAM", "class": "finished", "unit": "KGM", "kg_per_unit": "1", "date_marking": "use_by"}
    assert plant.post("products/", fresh).status == 201
    cream = {"product": "CREAM", "lot": "M-1", "quantity": "5", "unit": "KGM"}
    arrival = {**cream, "direction": "out", "role": "main", "best_before": "2026-03-09"}
    record(plant, operation("receipt", arrival, partner="ORCHARD"))
    stated = operation("shipment", {**cream, "direction": "in", "role": "shipped"}, partner="SHOP")
    shipped = record(plant, stated)
    later = {**stated, "occurred_at": "2026-03-10T08:00:00+01:00"}
    refused = plant.post(f"operations/{shipped['id']}/correct/", {"reason": "typed wrong", "operation": later})
    assert (refused.status, refused.places) == (409, {"/operation/movements/0/lot": "not_usable"})
    on_the_day = {**stated, "occurred_at": "2026-03-09T08:00:00+01:00"}
    answer = plant.post(f"operations/{shipped['id']}/correct/", {"reason": "typed wrong", "operation": on_the_day})
    assert answer.status == 201, answer


def shipment(quantity: str, partner: str = "SHOP") -> dict[str, Any]:
    """Apples that leave."""
    return operation("shipment", line("in", "shipped", "APPLE", "A-1", quantity), partner=partner)


def test_what_a_customer_sends_back(plant: Api) -> None:
    """To the lot itself, where the site holds nothing that comes back."""
    let_site(plant, holds_returns=False)
    record(plant, receipt())
    shipped = operation("shipment", line("in", "shipped", "APPLE", "A-1", "300"), partner="SHOP", document="DN-1")
    record(plant, shipped)
    too_much = operation("return", line("out", "returned", "APPLE", "A-1", "300.5"), partner="SHOP")
    refused = plant.post("operations/", too_much)
    assert (refused.status, refused.codes) == (422, ["more_than_shipped"])
    assert refused.json["errors"][0]["left"] == "300"
    record(plant, operation("return", line("out", "returned", "APPLE", "A-1", "100"), partner="SHOP"))
    assert on_hand(plant, "APPLE", "A-1") == "800"
    moved = plant.get(f"lots/{lot_id(plant, 'APPLE', 'A-1')}/movements/").json["items"]
    assert [(row["kind"], row["direction"], row["quantity"]) for row in moved] == [
        ("receipt", "out", "1000"),
        ("shipment", "in", "300"),
        ("return", "out", "100"),
    ]
    assert (moved[1]["partner"], moved[1]["document"]) == ("SHOP", "DN-1")


def test_a_transfer_moves_a_lot_to_another_site(plant: Api) -> None:
    record(plant, receipt())
    record(
        plant,
        operation(
            "transfer",
            line("in", "transferred", "APPLE", "A-1", "250"),
            line("out", "transferred", "APPLE", "A-1", "250", site="DEPOT"),
        ),
    )
    assert on_hand(plant, "APPLE", "A-1") == "750"
    assert on_hand(plant, "APPLE", "A-1", site="DEPOT") == "250"


def test_the_same_told_twice_under_its_own_id_is_once(plant: Api) -> None:
    stated = receipt(id="0199f0a5-8a51-7c3e-9d2b-5a0f6f6f2a11")
    first, again = plant.post("operations/", stated), plant.post("operations/", stated)
    assert (first.status, again.status) == (201, 200)
    assert (again.body, again.headers["Location"]) == (first.body, first.headers["Location"])
    batch = plant.post("operations/batch/", {"operations": [stated, receipt("A-2")]})
    assert (batch.status, batch.json["items"][0]) == (201, first.json)
    assert [on_hand(plant, "APPLE", lot) for lot in ("A-1", "A-2")] == ["1000", "1000"]
    other = plant.post("operations/", {**stated, "document": "DN-2"})
    assert (other.status, other.places) == (409, {"/id": "operation_exists"})


def test_a_batch_is_recorded_as_a_whole_or_not_at_all(plant: Api) -> None:
    plan_and_open(plant)
    good = [receipt(), pressing("C-1")]
    bad = plant.post("operations/batch/", {"operations": [*good, pressing("C-1")]})
    assert (bad.status, bad.places) == (409, {"/operations/2/movements/0/quantity": "not_enough"})
    assert plant.get("operations/").json["items"] == []

    recorded = plant.post("operations/batch/", {"operations": good})
    assert recorded.status == 201, recorded
    assert recorded.json["items"] == plant.get("operations/").json["items"]


def test_the_balance_of_one_operation_and_of_one_lot(plant: Api) -> None:
    record(plant, receipt())
    pressed = record(plant, pressing())
    balance = plant.get(f"operations/{pressed['id']}/balance/").json
    assert (balance["input_total"], balance["output_total"]) == ("600", "570")
    assert (balance["loss_total"], balance["unaccounted"]) == ("10", "20")
    lot = plant.get(f"lots/{lot_id(plant, 'APPLE', 'A-1')}/balance/").json
    assert (lot["input_total"], lot["output_total"], lot["unaccounted"]) == ("1000", "1000", "0")
    assert lot["outputs_by_role"] == {"on_hand": "400", "used": "600"}
