"""The balance of one lot: what was put into it against where it went and what is left."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from domain.production.balance import Balance, balance_of
from domain.production.lot import LotKey
from domain.production.lot_account import LotAccount, Moved, lot_totals
from domain.production.operation import Movement
from domain.production.valuation import NO_COST, Cost, plus
from domain.shared.exact import ZERO, canonical, total
from tests.core.plant import (
    Plant,
    arrived,
    destroyed,
    found,
    in_euros,
    made,
    missing,
    received,
    returned,
    sampled,
    sent,
    shipped,
    used,
)


def balance_of_lot(plant: Plant, code: str, lot: str, site: str = "A") -> Balance:
    key = LotKey(site, code, lot)
    groups: dict[Any, list[Movement]] = defaultdict(list)
    for operation in plant.operations.values():
        if not operation.reverses and not operation.reversed_by:
            for movement in operation.movements:
                if movement.lot == key:
                    groups[movement.direction, movement.role, movement.reason].append(movement)
    moved = tuple(Moved(*group, total(m.quantity for m in rows), _cost(rows)) for group, rows in groups.items())
    subject = plant.lots[key]
    return balance_of(
        lot_totals(LotAccount(subject.product, subject.disposition, moved, subject.on_hand, subject.cost))
    )


def _cost(rows: list[Movement]) -> Cost:
    cost = NO_COST
    for movement in rows:
        cost = plus(cost, movement.cost)
    return cost


def test_a_lot_adds_up() -> None:
    plant = Plant()
    plant.record("receipt", received("APPLE", "A1", "1000", unit_cost=in_euros("0.49")))
    plant.record("production", used("APPLE", "A1", "1000"), made("CIDER", "C1", "490"))
    plant.record("rework", used("CIDER", "C1", "5"), made("JUICE", "J1", "6"))
    plant.record("shipment", shipped("CIDER", "C1", "60"), shipped("CIDER", "C1", "40"))
    plant.record("return", returned("CIDER", "C1", "10"))
    plant.record("transfer", sent("CIDER", "C1", "20"), arrived("CIDER", "C1", "20"))
    plant.record("loss", destroyed("CIDER", "C1", "3", reason="fall"))
    plant.record("sample", sampled("CIDER", "C1", "2"))
    plant.record("count", missing("CIDER", "C1", "4"))
    plant.record("count", found("CIDER", "C1", "3"))
    plant.reverse(plant.record("loss", destroyed("CIDER", "C1", "7")))
    result = balance_of_lot(plant, "CIDER", "C1")
    # 1.3 kg a piece: 490 in; 5 used, 100 - 10 shipped, 20 transferred, 369 left; 3 lost, 2 sampled, 4 - 3 missing.
    assert {role: canonical(mass) for role, mass in result.outputs_by_role.items()} == {
        "on_hand": "479.7",
        "shipped": "117",
        "transferred": "26",
        "used": "6.5",
    }
    assert result.inputs == {"CIDER": 637}
    assert (result.losses, result.samples, result.adjustments) == (
        {"fall": Decimal("3.9")},
        Decimal("2.6"),
        Decimal("1.3"),
    )
    assert (result.unaccounted, result.accountability) == (0, 100)
    assert result.input_total == total((result.output_total, result.loss_total, result.samples, result.adjustments))
    assert result.cost.total.amount == 490
    moved = balance_of_lot(plant, "CIDER", "C1", "B")
    assert (moved.inputs, moved.outputs_by_role) == ({"CIDER": 26}, {"on_hand": 26})


def test_a_lot_without_mass_is_not_reconcilable() -> None:
    plant = Plant()
    plant.record("receipt", received("MYSTERY", "M1", "10"))
    result = balance_of_lot(plant, "MYSTERY", "M1")
    assert (result.not_reconcilable, result.input_total) == (("MYSTERY",), ZERO)
