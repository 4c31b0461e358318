"""The mass balance, against small examples worked out by hand."""

from decimal import Decimal

import pytest
from attrs import evolve

from domain.production.balance import Balance, Residual, balance_document, balance_of
from domain.production.lot import Disposition
from domain.production.totals import totals_of
from domain.shared.exact import EXACT, canonical, total
from domain.shared.money import Money
from domain.shared.quantity import Quantity, Unit
from tests.core.plant import (
    PRODUCTS,
    Plant,
    arrived,
    by_product,
    co_product,
    destroyed,
    found,
    in_euros,
    lost,
    made,
    missing,
    received,
    returned,
    sampled,
    sent,
    shipped,
    used,
)


def balance(plant: Plant, campaign: str = "SPRING", target: Quantity | None = None, product: str = "CIDER") -> Balance:
    dispositions = {lot.id: lot.disposition for lot in plant.lots.values()}
    return balance_of(totals_of(plant.operations_of(campaign), dispositions), PRODUCTS[product], target)


def written(numbers: dict[str, Decimal]) -> dict[str, str]:
    return {key: canonical(number) for key, number in numbers.items()}


@pytest.fixture
def plant() -> Plant:
    """1,000 kg of apples at 0.30, 500 bottles at the standard that nobody knows, sugar without a cost."""
    plant = Plant()
    plant.record("receipt", received("APPLE", "A1", "1000", unit_cost=in_euros("0.3")))
    plant.record("receipt", received("BOTTLE", "B1", "500", unit_cost=in_euros("0.1")))
    plant.record("receipt", received("SUGAR", "S1", "100"))
    return plant


@pytest.fixture
def season(plant: Plant) -> Plant:
    """A campaign of two steps with everything in it.

    In kilograms, per operation:
      pressing  1000 in; 600 l x 1.05 = 630 and 250 out, 50 lost           -> 70 unaccounted on L1
      bottling  400 l x 1.05 = 420 and 495 x 0.5 = 247.5 in;
                490 x 1.3 = 637 out, 4 x 0.5 = 2 lost                      -> 28.5 unaccounted on L2
      samples   2 x 1.3 = 2.6
      count     10 l x 1.05 = 10.5 down, 1 x 0.5 up                        -> 10
    Per lot: apples -1000, juice (600 - 400 - 10) x 1.05 = 199.5, pomace 250, cider 488 x 1.3 = 634.4,
    bottles -494 x 0.5 = -247.
    """
    plant.record(
        "production",
        used("APPLE", "A1", "1000"),
        made("JUICE", "J1", "600"),
        by_product("POMACE", "P1", "250"),
        lost("APPLE", "50", "washing"),
        campaign="SPRING",
        line="L1",
    )
    plant.record(
        "production",
        used("JUICE", "J1", "400"),
        used("BOTTLE", "B1", "495"),
        made("CIDER", "C1", "490"),
        lost("BOTTLE", "4", "breakage"),
        campaign="SPRING",
        line="L2",
    )
    plant.record("sample", sampled("CIDER", "C1", "2"), campaign="SPRING")
    plant.record("count", missing("JUICE", "J1", "10"), found("BOTTLE", "B1", "1"), campaign="SPRING")
    return plant


def test_a_campaign_adds_up(season: Plant) -> None:
    result = balance(season)
    assert written(result.inputs) == {"APPLE": "1000", "BOTTLE": "247"}
    assert written(result.outputs) == {"CIDER": "634.4", "JUICE": "199.5", "POMACE": "250"}
    assert written(result.losses) == {"breakage": "2", "washing": "50"}
    assert [canonical(n) for n in (result.samples, result.adjustments, result.unaccounted)] == ["2.6", "10", "98.5"]
    assert result.input_total == 1247
    assert result.output_total == Decimal("1083.9")
    # 1247 = 1083.9 + 52 + 2.6 + 10 + 98.5


def test_accountability_plain_and_strict(season: Plant) -> None:
    result = balance(season)
    # (1247 - 98.5) / 1247 = 92.101042 %
    assert result.accountability == Decimal("92.101")
    # Without 247 kg of bottles, and with adjustments as unaccounted: (1000 - 98.5 - 10) / 1000
    assert result.accountability_strict == Decimal("89.15")


def test_each_loss_reason_has_its_share_of_the_inputs(season: Plant) -> None:
    # 50 / 1247 = 4.00962 %, 2 / 1247 = 0.16038 %
    assert balance(season).loss_shares == {"breakage": Decimal("0.1604"), "washing": Decimal("4.0096")}


def test_packaging_is_reconciled_in_pieces(season: Plant) -> None:
    bottles = balance(season).packaging["BOTTLE"]
    assert (bottles.unit, bottles.issued, bottles.lost, bottles.sampled, bottles.adjusted, bottles.used) == (
        "C62",
        494,  # 495 taken, 1 found again
        4,
        0,
        -1,
        491,  # 495 taken, 4 broken
    )


def test_bulk_that_is_left_is_carried_over_to_the_next_campaign(season: Plant) -> None:
    assert written(balance(season).carry_over.outputs) == {"JUICE": "199.5"}
    season.record("production", used("JUICE", "J1", "190"), made("CIDER", "C9", "150"), campaign="SUMMER", line="L2")
    following = balance(season, "SUMMER")
    assert following.carry_over.inputs == balance(season).carry_over.outputs
    assert following.carry_over.outputs == {}


def test_outputs_are_told_by_role_and_by_disposition(season: Plant) -> None:
    season.decide("CIDER", "C1", Disposition.REJECTED)
    season.decide("POMACE", "P1", Disposition.PENDING)
    result = balance(season)
    assert written(result.outputs_by_role) == {"by_product": "250", "main": "833.9"}  # 634.4 + 199.5
    assert written(result.outputs_by_disposition) == {"pending": "250", "rejected": "634.4", "released": "199.5"}


def test_yield_is_the_net_output_against_target_and_inputs(season: Plant) -> None:
    product_yield = balance(season, target=Quantity("500", Unit.of("C62"))).product_yield
    assert product_yield is not None
    assert (product_yield.product, product_yield.quantity, product_yield.unit) == ("CIDER", 488, Unit.of("C62"))
    assert product_yield.percent_of_target == Decimal("97.6")
    assert product_yield.percent_of_inputs == Decimal("50.8741")  # 634.4 / 1247 = 50.87410 %


@pytest.mark.parametrize(
    ("amount", "unit", "percent"),
    [("19", "HLT", "10"), ("1.9", "MTQ", "10"), ("190000", "MLT", "100"), ("0.7", "HLT", "271.4286")],
)
def test_a_target_may_be_in_another_unit(season: Plant, amount: str, unit: str, percent: str) -> None:
    product_yield = balance(season, target=Quantity(amount, Unit.of(unit)), product="JUICE").product_yield
    assert product_yield is not None
    assert product_yield.percent_of_target == Decimal(percent)  # of 190 l


def test_a_yield_may_be_below_zero_and_a_target_missing(season: Plant) -> None:
    product_yield = balance(season, product="APPLE").product_yield
    assert product_yield is not None
    assert product_yield.quantity == -1000
    assert (product_yield.target, product_yield.percent_of_target) == (None, None)
    assert product_yield.percent_of_inputs == Decimal("-80.1925")  # -1000 / 1247 = -80.19246 %


def test_gains_and_losses_of_a_line_stand_apart_because_they_cancel(plant: Plant) -> None:
    pressed = {"campaign": "SPRING", "line": "L1"}
    plant.record("production", used("APPLE", "A1", "100"), made("JUICE", "J1", "90"), **pressed)  # 100 - 94.5
    plant.record("rework", used("JUICE", "J1", "10"), made("JUICE", "J2", "12"), **pressed)  # 10.5 - 12.6
    plant.record("merge", used("JUICE", "J2", "2"), made("JUICE", "J3", "1"), campaign="SPRING")  # 2.1 - 1.05
    result = balance(plant)
    assert result.unaccounted_by_line == {
        "": Residual(loss=Decimal("1.05"), gain=Decimal(0)),
        "L1": Residual(loss=Decimal("5.5"), gain=Decimal("2.1")),
    }
    assert result.unaccounted == Decimal("4.45")  # 5.5 - 2.1 + 1.05


def test_a_gain_is_shown_as_negative_unaccounted_and_more_than_all(plant: Plant) -> None:
    plant.record("production", used("APPLE", "A1", "100"), made("SUGAR", "S1", "101"), campaign="SPRING")
    result = balance(plant)
    assert (result.unaccounted, result.accountability) == (-1, 101)


def test_what_is_made_and_used_up_inside_nets_out(plant: Plant) -> None:
    plant.record("production", used("APPLE", "A1", "100"), made("JUICE", "J1", "95"), campaign="SPRING")
    plant.record("production", used("JUICE", "J1", "95"), made("SUGAR", "S2", "99.75"), campaign="SPRING")
    plant.record("rework", used("SUGAR", "S2", "9.75"), made("SUGAR", "S2", "9.75"), campaign="SPRING")
    result = balance(plant)
    assert (written(result.inputs), written(result.outputs)) == ({"APPLE": "100"}, {"SUGAR": "99.75"})


def test_lots_of_one_product_don_t_net_against_each_other(plant: Plant) -> None:
    plant.record("rework", used("APPLE", "A1", "100"), made("APPLE", "A2", "98"), campaign="SPRING")
    result = balance(plant)
    assert (written(result.inputs), written(result.outputs)) == ({"APPLE": "100"}, {"APPLE": "98"})


def test_what_ends_higher_by_a_count_alone_is_an_output(plant: Plant) -> None:
    plant.record("count", found("APPLE", "A1", "7"), campaign="SPRING")
    result = balance(plant)
    assert (written(result.outputs), result.adjustments, result.input_total) == ({"APPLE": "7"}, -7, 0)
    assert written(result.outputs_by_role) == {"adjustment": "7"}


def test_a_loss_operation_is_an_input_and_a_loss_with_its_reason(plant: Plant) -> None:
    plant.record("loss", destroyed("APPLE", "A1", "7", reason="frost"), campaign="SPRING")
    plant.record("production", used("APPLE", "A1", "3"), lost("APPLE", "3", "frost"), campaign="SPRING")
    result = balance(plant)
    assert (written(result.inputs), written(result.losses)) == ({"APPLE": "10"}, {"frost": "10"})
    assert result.unaccounted == 0


def test_an_output_with_several_roles_counts_as_its_most_important(plant: Plant) -> None:
    plant.record(
        "production",
        used("APPLE", "A1", "10"),
        by_product("SUGAR", "X", "2"),
        co_product("SUGAR", "X", "3"),
        made("SUGAR", "Y", "1"),
        campaign="SPRING",
    )
    assert written(balance(plant).outputs_by_role) == {"co_product": "5", "main": "1"}


def test_without_input_there_is_no_percentage() -> None:
    result = balance(Plant(), target=Quantity("500", Unit.of("C62")))
    assert (result.input_total, result.accountability, result.accountability_strict) == (0, None, None)
    assert result.product_yield is not None
    assert (result.product_yield.percent_of_inputs, result.product_yield.percent_of_target) == (None, 0)


def test_with_packaging_alone_there_is_no_strict_percentage(plant: Plant) -> None:
    plant.record("production", used("BOTTLE", "B1", "10"), lost("BOTTLE", "9", "breakage"), campaign="SPRING")
    result = balance(plant)
    assert (result.accountability, result.accountability_strict) == (90, None)


def test_grams_litres_and_pieces_become_exact_kilograms(plant: Plant) -> None:
    plant.record("receipt", received("YEAST", "Y1", "0.000007"))
    plant.record("receipt", received("HEAVY", "H1", "123456789012.123456"))
    plant.record(
        "production",
        used("YEAST", "Y1", "0.000007"),
        used("HEAVY", "H1", "123456789012.123456"),
        lost("APPLE", "0.000001", "dust"),
        campaign="SPRING",
    )
    heavy = EXACT.multiply(Decimal("123456789012.123456"), Decimal("123456789.123456789"))
    assert len(heavy.as_tuple().digits) == 35
    result = balance(plant)
    assert result.inputs == {"HEAVY": heavy, "YEAST": Decimal("0.000000007")}
    assert result.unaccounted == EXACT.add(heavy, Decimal("-0.000000993"))


def test_a_product_without_mass_is_named_and_its_rows_left_out(plant: Plant) -> None:
    plant.record(
        "production", used("APPLE", "A1", "10"), made("MYSTERY", "M1", "5"), lost("MYSTERY", "1"), campaign="SPRING"
    )
    plant.record("sample", sampled("MYSTERY", "M1", "1"), campaign="SPRING")
    result = balance(plant)
    assert result.not_reconcilable == ("MYSTERY",)
    assert (written(result.inputs), result.outputs, result.losses, result.samples) == ({"APPLE": "10"}, {}, {}, 0)
    assert result.unaccounted == 10
    assert balance(plant, product="MYSTERY").product_yield is None


def test_reversed_operations_and_reversals_count_for_nothing(season: Plant) -> None:
    before = balance(season)
    for kind, movement in (("sample", sampled("CIDER", "C1", "5")), ("rework", used("CIDER", "C1", "5"))):
        season.reverse(season.record(kind, movement, campaign="SPRING", line="L1"))
    assert balance(season) == before


def test_a_correction_counts_once(season: Plant) -> None:
    pressing = next(operation for operation in season.operations.values() if operation.line == "L1")
    season.correct(pressing, used("APPLE", "A1", "1000"), made("JUICE", "J1", "600"), lost("APPLE", "50", "washing"))
    result = balance(season)
    # The 250 kg of pomace turn from an output into something unaccounted.
    assert (result.output_total, result.unaccounted) == (Decimal("833.9"), Decimal("348.5"))


def test_what_belongs_to_no_campaign_doesn_t_count(season: Plant) -> None:
    before = balance(season)
    season.record("shipment", shipped("CIDER", "C1", "100"))
    season.record("return", returned("CIDER", "C1", "10"))
    season.record("transfer", sent("CIDER", "C1", "10"), arrived("CIDER", "C1", "10"))
    season.record("sample", sampled("CIDER", "C1", "1"))
    season.record("sample", sampled("CIDER", "C1", "1"), campaign="SUMMER")
    assert balance(season) == before


def test_the_order_of_operations_is_nothing_to_the_balance(season: Plant) -> None:
    before = balance(season)
    season.operations = dict(reversed(season.operations.items()))
    assert balance(season) == before


def test_an_operation_has_a_balance_of_its_own_and_its_residuals_add_up_to_the_campaign_s(season: Plant) -> None:
    alone = [balance_of(totals_of([operation], {})) for operation in season.operations_of("SPRING")]
    whole = balance(season)
    for name in ("loss_total", "samples", "adjustments", "unaccounted"):
        assert total(getattr(each, name) for each in alone) == getattr(whole, name), name
    assert [canonical(each.unaccounted) for each in alone] == ["70", "28.5", "0", "0"]
    assert written(alone[1].inputs) == {"BOTTLE": "247.5", "JUICE": "420"}


# Cost


def test_the_inputs_cost_what_was_paid_for_them(season: Plant) -> None:
    cost = balance(season).cost
    # 1000 kg at 0.30; 495 bottles at 0.10 less one found again.
    assert {code: (canonical(c.amount), c.currency, c.basis) for code, c in cost.by_product.items()} == {
        "APPLE": ("300", "EUR", "actual"),
        "BOTTLE": ("49.4", "EUR", "actual"),
    }
    assert (cost.total.amount, cost.complete, cost.without_cost) == (Decimal("349.4"), True, ())


def test_a_standard_cost_is_called_so(plant: Plant) -> None:
    plant.record("receipt", received("APPLE", "A2", "10"))
    plant.record("production", used("APPLE", "A2", "10"), made("JUICE", "J1", "1"), campaign="SPRING")
    cost = balance(plant).cost
    assert (cost.total.amount, cost.total.basis, cost.complete) == (2, "standard", True)  # 10 kg at 0.20
    plant.record("production", used("APPLE", "A1", "10"), made("JUICE", "J1", "1"), campaign="SPRING")
    assert balance(plant).cost.by_product["APPLE"].basis == "standard"


def test_inputs_without_cost_are_listed_and_the_cost_is_called_incomplete(plant: Plant) -> None:
    plant.record(
        "production", used("APPLE", "A1", "10"), used("SUGAR", "S1", "1"), made("JUICE", "J1", "9"), campaign="SPRING"
    )
    cost = balance(plant).cost
    assert (cost.complete, cost.without_cost, cost.total.amount) == (False, ("SUGAR",), 3)


def test_the_cost_of_two_currencies_is_incomplete(plant: Plant) -> None:
    plant.record("receipt", received("JUICE", "J9", "10", unit_cost=Money("1", "USD")))
    plant.record(
        "production", used("APPLE", "A1", "10"), used("JUICE", "J9", "1"), made("CIDER", "C1", "9"), campaign="SPRING"
    )
    assert balance(plant).cost.complete is False


def test_the_document_writes_canonical_decimals_and_nulls_where_there_is_nothing(season: Plant) -> None:
    document = balance_document(balance(season))
    assert document["mass_unit"] == "KGM"
    assert document["input_total"] == "1247"
    assert document["unaccounted_by_line"]["L2"] == {"loss": "28.5", "gain": "0"}
    assert document["yield"]["target"] is None
    assert document["packaging"]["BOTTLE"]["adjusted"] == "-1"
    nothing = balance_document(evolve(balance(Plant()), product_yield=None))
    assert (nothing["accountability_percent"], nothing["yield"], nothing["inputs"]) == (None, None, {})
