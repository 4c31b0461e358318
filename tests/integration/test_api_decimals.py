"""Decimals go through the whole stack as they are written: 18 digits, 6 of them after the point."""

import json
from decimal import Decimal, localcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.e2e.client import Api
from tests.e2e.plant import lot_id, on_hand, receipt, record

pytestmark = pytest.mark.django_db

LONGEST = "123456789012.654321"


def canonical(written: str) -> str:
    """The one way to write it."""
    return f"{Decimal(written).normalize():f}"


def posted_as_number(api: Api, quantity: str, lot: str) -> None:
    """Record a receipt whose quantity is a JSON number, digit for digit."""
    body = json.dumps(receipt(lot, "@")).replace('"@"', quantity).encode()
    assert api.call("POST", "operations/", raw=body).status == 201


@pytest.mark.parametrize("as_number", [False, True])
@pytest.mark.parametrize("quantity", [LONGEST, "999999999999.999999", "0.000001", "12.50", "12", "1.000000"])
def test_a_quantity_is_what_is_written(plant: Api, quantity: str, *, as_number: bool) -> None:
    if as_number:
        posted_as_number(plant, quantity, "A-1")
    else:
        record(plant, receipt(quantity=quantity))
    (item,) = plant.get("operations/").json["items"]
    (movement,) = item["movements"]
    assert movement["quantity"] == movement["kilograms"] == canonical(quantity)
    assert on_hand(plant, "APPLE", "A-1") == canonical(quantity)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**18 - 1), st.booleans())
def test_any_quantity_is_what_is_written(plant: Api, millionths: int, as_number: bool) -> None:
    quantity, lot = f"{Decimal(millionths).scaleb(-6):f}", f"A-{millionths}-{as_number}"
    if as_number:
        posted_as_number(plant, quantity, lot)
    else:
        record(plant, receipt(lot, quantity))
    assert Decimal(on_hand(plant, "APPLE", lot)) % Decimal(quantity) == 0


def test_a_mass_of_eighteen_digits_times_a_quantity_of_eighteen_is_exact(plant: Api) -> None:
    mass = "123456789.123456789"
    dense = {"code": "DENSE", "class": "raw", "unit": "C62", "kg_per_unit": mass}
    assert plant.post("products/", dense).json["kg_per_unit"] == mass
    stated = receipt("D-1", LONGEST)
    stated["movements"][0] |= {"product": "DENSE", "unit": "C62"}
    (movement,) = record(plant, stated)["movements"]
    with localcontext(prec=60):
        exact = Decimal(LONGEST) * Decimal(mass)
    assert movement["kilograms"] == canonical_long(exact)
    lot = plant.get(f"lots/{lot_id(plant, 'DENSE', 'D-1')}/").json
    assert (lot["on_hand"], lot["kilograms"]) == (LONGEST, canonical_long(exact))


def canonical_long(number: Decimal) -> str:
    """The one way to write a number of more than 28 digits."""
    with localcontext(prec=60):
        return f"{number.normalize():f}"


def test_a_cost_is_what_is_written(plant: Api) -> None:
    stated = receipt("A-1", "3")
    stated["movements"][0] |= {"unit_cost": "0.333333", "currency": "CHF"}
    received = record(plant, stated)
    cost = plant.get(f"lots/{lot_id(plant, 'APPLE', 'A-1')}/balance/").json["cost"]
    assert (cost["total"], cost["currency"], cost["basis"]) == ("0.999999", "CHF", "actual")
    assert received["movements"][0]["quantity"] == "3"
