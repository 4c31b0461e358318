"""What things cost: what a receipt paid, else the standard cost and called so; conserved to the last digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.production.lot import Lot
from domain.production.operation import Movement, Operation
from domain.production.valuation import NO_COST, UNKNOWN_COST, Cost, CostBasis, at_unit_cost, minus, plus, shared_out
from domain.shared.exact import EXACT, canonical, total
from domain.shared.money import Money
from tests.core.cases import for_each
from tests.core.plant import (
    IN,
    Plant,
    arrived,
    by_product,
    co_product,
    destroyed,
    found,
    in_euros,
    lost,
    made,
    received,
    returned,
    sampled,
    sent,
    shipped,
    used,
)

ACTUAL, STANDARD, UNKNOWN = CostBasis.ACTUAL, CostBasis.STANDARD, CostBasis.UNKNOWN
IN_DOLLARS = Money("1", "USD")


def worth(thing: Lot | Movement) -> tuple[str, CostBasis]:
    return canonical(thing.cost.amount), thing.cost.basis


def euros(amount: str, basis: CostBasis = ACTUAL) -> Cost:
    return Cost(Decimal(amount), "EUR", basis)


def movement_of(recorded: Operation, lot: str) -> Movement:
    return next(m for m in recorded.movements if m.lot and m.lot.code == lot)


@pytest.fixture
def plant() -> Plant:
    """A plant with 100 kg of apples for 30 EUR."""
    plant = Plant()
    plant.record("receipt", received("APPLE", "A1", "100", unit_cost=in_euros("0.3")))
    return plant


@for_each(
    ("code", "paid", "cost"),
    [
        ("APPLE", in_euros("0.25"), Cost(Decimal("2.5"), "EUR", ACTUAL)),
        ("APPLE", None, Cost(Decimal(2), "EUR", STANDARD)),  # 10 kg at 0.20
        ("APPLE", in_euros("0"), Cost(Decimal(0), "EUR", ACTUAL)),
        ("SUGAR", None, Cost(Decimal(0), None, UNKNOWN)),
    ],
)
def test_a_receipt_costs_what_it_paid_else_the_standard_cost_else_nobody_knows(
    code: str, paid: Money | None, cost: Cost
) -> None:
    plant = Plant()
    receipt = plant.record("receipt", received(code, "X1", "10", unit_cost=paid))
    assert receipt.movements[0].cost == plant.lot(code, "X1").cost == cost


def test_what_is_drawn_takes_its_share_of_what_the_lot_is_worth(plant: Plant) -> None:
    plant.record("receipt", received("APPLE", "A1", "50", unit_cost=in_euros("0.6")))  # 150 kg for 60 EUR
    drawn = plant.record("loss", destroyed("APPLE", "A1", "37.5"))
    assert worth(drawn.movements[0]) == ("15", ACTUAL)  # a quarter
    assert worth(plant.lot("APPLE", "A1")) == ("45", ACTUAL)


def test_what_is_made_costs_what_went_in_and_what_is_lost_bears_none_of_it(plant: Plant) -> None:
    plant.record("receipt", received("SUGAR", "S1", "10", unit_cost=in_euros("2")))
    pressing = plant.record(
        "production",
        used("APPLE", "A1", "50"),  # 15 EUR
        used("SUGAR", "S1", "5"),  # 10 EUR
        made("JUICE", "J1", "40"),
        by_product("POMACE", "P1", "10"),  # 10 kg at 0.02 EUR, its standard cost
        lost("APPLE", "3"),
    )
    assert worth(plant.lot("POMACE", "P1")) == ("0.2", STANDARD)
    assert worth(plant.lot("JUICE", "J1")) == ("24.8", ACTUAL)  # 15 + 10 - 0.2
    assert pressing.movements[-1].cost == NO_COST


def test_main_and_co_products_share_the_cost_by_their_mass(plant: Plant) -> None:
    plant.record(
        "production",
        used("APPLE", "A1", "100"),
        made("JUICE", "J1", "20"),  # 21 kg
        co_product("CIDER", "C1", "10"),  # 13 kg
        made("SUGAR", "S1", "26"),
    )
    # 30 EUR over 60 kg: 0.50 EUR a kilogram.
    assert [worth(plant.lot(*lot))[0] for lot in (("JUICE", "J1"), ("CIDER", "C1"), ("SUGAR", "S1"))] == [
        "10.5",
        "6.5",
        "13",
    ]


@for_each(
    ("price", "of_the_by_product", "of_the_juice"),
    [("0.015", "0", "1.5"), ("0.016", "1.6", "0"), ("0.02", "1.6", "0.4")],
)
def test_by_products_never_cost_more_than_what_went_in(price: str, of_the_by_product: str, of_the_juice: str) -> None:
    plant = Plant()
    plant.record("receipt", received("APPLE", "A1", "100", unit_cost=in_euros(price)))
    pomace = by_product("POMACE", "P1", "80")  # 80 kg at 0.02, 1.60 EUR
    plant.record("production", used("APPLE", "A1", "100"), made("JUICE", "J1", "10"), pomace)
    assert worth(plant.lot("POMACE", "P1"))[0] == of_the_by_product
    assert worth(plant.lot("JUICE", "J1")) == (of_the_juice, ACTUAL)


def test_what_can_t_be_divided_is_divided_without_losing_any(plant: Plant) -> None:
    plant.record("receipt", received("SUGAR", "S1", "10", unit_cost=in_euros("1")))
    thirds = [made("CIDER", lot, "1") for lot in ("C1", "C2", "C3")]
    plant.record("production", used("SUGAR", "S1", "10"), *thirds)
    shares = [plant.lot("CIDER", lot).cost.amount for lot in ("C1", "C2", "C3")]
    assert total(shares) == 10
    assert {canonical(share) for share in shares} == {"3.333333", "3.333334"}


def test_the_worst_basis_of_what_went_in_is_that_of_what_is_made(plant: Plant) -> None:
    plant.record("receipt", received("APPLE", "A2", "10"))
    plant.record("receipt", received("SUGAR", "S1", "10"))
    plant.record("production", used("APPLE", "A1", "10"), used("APPLE", "A2", "10"), made("JUICE", "J1", "1"))
    plant.record("production", used("APPLE", "A1", "10"), used("SUGAR", "S1", "10"), made("JUICE", "J2", "1"))
    assert worth(plant.lot("JUICE", "J1")) == ("5", STANDARD)  # 10 x 0.3 + 10 x 0.2
    assert worth(plant.lot("JUICE", "J2")) == ("3", UNKNOWN)  # the known part
    plant.record("rework", used("JUICE", "J1", "1"), used("JUICE", "J2", "1"), made("JUICE", "J3", "2"))
    assert worth(plant.lot("JUICE", "J3")) == ("8", UNKNOWN)


def test_what_is_made_of_nothing_or_of_unknown_mass_has_no_known_cost(plant: Plant) -> None:
    plant.record("production", made("JUICE", "J1", "1"))
    plant.record("production", used("APPLE", "A1", "10"), made("MYSTERY", "M1", "1"), made("CIDER", "C1", "1"))
    assert {plant.lot(*lot).cost.basis for lot in (("JUICE", "J1"), ("MYSTERY", "M1"), ("CIDER", "C1"))} == {UNKNOWN}


def test_currencies_don_t_mix_and_their_sum_is_not_known(plant: Plant) -> None:
    plant.record("receipt", received("SUGAR", "S1", "5", unit_cost=IN_DOLLARS))
    plant.record("production", used("APPLE", "A1", "10"), used("SUGAR", "S1", "5"), made("JUICE", "J1", "1"))
    assert plant.lot("JUICE", "J1").cost.basis is UNKNOWN


def test_a_transfer_carries_the_cost_over(plant: Plant) -> None:
    plant.record("receipt", received("SUGAR", "S1", "10"))
    plant.record(
        "transfer",
        sent("APPLE", "A1", "60"),  # 18 EUR
        sent("SUGAR", "S1", "10"),
        arrived("APPLE", "A1", "20"),
        arrived("SUGAR", "S1", "10"),
        arrived("APPLE", "A2", "40"),
    )
    assert worth(plant.lot("APPLE", "A1", "B")) == ("6", ACTUAL)
    assert worth(plant.lot("APPLE", "A2", "B")) == ("12", ACTUAL)
    assert worth(plant.lot("SUGAR", "S1", "B")) == ("0", UNKNOWN)


def test_what_is_counted_in_or_comes_back_costs_what_the_lot_costs_now(plant: Plant) -> None:
    plant.record("shipment", shipped("APPLE", "A1", "50"))
    plant.record("count", found("APPLE", "A1", "10"))
    plant.record("return", returned("APPLE", "A1", "20"))
    assert worth(plant.lot("APPLE", "A1")) == ("24", ACTUAL)  # 80 kg at 0.30


def test_what_is_counted_into_an_empty_or_new_lot_costs_the_standard(plant: Plant) -> None:
    plant.record("sample", sampled("APPLE", "A1", "100"))
    plant.record("count", found("APPLE", "A1", "10"), found("SUGAR", "S1", "10"))
    assert worth(plant.lot("APPLE", "A1")) == ("2", STANDARD)
    assert worth(plant.lot("SUGAR", "S1")) == ("0", UNKNOWN)


def test_an_emptied_lot_that_is_filled_again_forgets_what_it_was_worth(plant: Plant) -> None:
    plant.record("receipt", received("SUGAR", "TANK", "10"))
    plant.record("loss", destroyed("SUGAR", "TANK", "10"))
    plant.record("receipt", received("SUGAR", "TANK", "10", unit_cost=in_euros("1")))
    assert worth(plant.lot("SUGAR", "TANK")) == ("10", ACTUAL)


def test_what_is_not_known_stays_so_until_the_lot_is_empty(plant: Plant) -> None:
    plant.record("receipt", received("SUGAR", "TANK", "10"))
    plant.record("receipt", received("SUGAR", "TANK", "10", unit_cost=in_euros("1")))
    assert worth(plant.lot("SUGAR", "TANK")) == ("10", UNKNOWN)


MICROS = st.integers(1, 10**18 - 1).map(lambda micro: EXACT.scaleb(Decimal(micro), -6))
KILOGRAMS = st.integers(1, 10**36 - 1).map(lambda digits: EXACT.scaleb(Decimal(digits), -15))


@given(MICROS, st.lists(KILOGRAMS, min_size=1, max_size=5))
def test_shares_add_up_to_the_whole_however_long_the_weights_are(amount: Decimal, weights: list[Decimal]) -> None:
    shares = shared_out(Cost(amount, "EUR", STANDARD), weights)
    assert total(share.amount for share in shares) == amount
    assert {(share.currency, share.basis) for share in shares} == {("EUR", STANDARD)}
    assert all(0 <= share.amount <= amount for share in shares)


@given(st.lists(st.tuples(MICROS, MICROS), min_size=1, max_size=3), MICROS, MICROS)
def test_money_is_conserved_to_the_last_digit(
    receipts: list[tuple[Decimal, Decimal]], main: Decimal, other: Decimal
) -> None:
    plant = Plant()
    for number, (quantity, price) in enumerate(receipts):
        plant.record("receipt", received("APPLE", f"A{number}", quantity, unit_cost=Money(price, "EUR")))
    paid = total(lot.cost.amount for lot in plant.lots.values())
    # Draw two thirds of each, or all of the smallest.
    drawn = [EXACT.scaleb(Decimal(int(EXACT.scaleb(q, 6)) * 2 // 3 or 1), -6) for q, _ in receipts]
    inputs = [used("APPLE", f"A{number}", quantity) for number, quantity in enumerate(drawn)]
    outputs = [made("HEAVY", "H1", main), co_product("JUICE", "J1", other), by_product("POMACE", "P1", main)]
    plant.record("production", *inputs, *outputs)
    assert total(lot.cost.amount for lot in plant.lots.values()) == paid
    assert all(lot.cost.amount >= 0 for lot in plant.lots.values())


def test_costs_add_subtract_and_are_trusted_as_far_as_their_worst_part() -> None:
    assert plus(euros("1"), euros("2", STANDARD)) == euros("3", STANDARD)
    assert plus(NO_COST, euros("2")) == euros("2")
    assert plus(euros("2"), UNKNOWN_COST) == euros("2", UNKNOWN)
    assert minus(euros("3", STANDARD), euros("1")) == euros("2", STANDARD)
    assert minus(euros("3"), NO_COST) == euros("3")
    assert plus(euros("1"), Cost(Decimal(5), "USD")).basis is UNKNOWN
    # The last digit of quantity and price: 0.000001 x 0.000001.
    assert at_unit_cost(Decimal("0.000001"), in_euros("0.000001"), None).amount == Decimal("1E-12")


def test_both_sides_of_a_movement_carry_its_cost(plant: Plant) -> None:
    split = plant.record("split", used("APPLE", "A1", "40"), made("APPLE", "A2", "10"), made("APPLE", "A3", "30"))
    costs = {m.lot.code: m.cost.amount for m in split.movements if m.lot}
    assert costs == {"A1": 12, "A2": 3, "A3": 9}
    assert movement_of(split, "A1").direction is IN
