"""Mistakes are put right by reversing, or by reversing and replacing at once; nothing is edited, nothing vanishes."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from domain.production.entry import Direction, MovementEntry, OperationEntry
from domain.production.lot import Disposition
from domain.production.operation import Operation
from domain.shared.errors import Invalid, Refused
from tests.core.cases import for_each
from tests.core.plant import (
    CAMPAIGNS,
    STAMP,
    Plant,
    arrived,
    by_product,
    codes,
    destroyed,
    found,
    in_euros,
    lost,
    made,
    missing,
    new_id,
    operation,
    received,
    returned,
    reversal_of,
    sampled,
    sent,
    shipped,
    told,
    used,
)

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def plant() -> Plant:
    """A plant with 100 kg of apples for 30 EUR and 50 bottles of cider, 10 of them with a customer."""
    plant = Plant()
    plant.record("receipt", received("APPLE", "A1", "100", unit_cost=in_euros("0.3")), partner="SUPPLIER")
    plant.record("receipt", received("CIDER", "C1", "50", unit_cost=in_euros("2")))
    plant.record("shipment", shipped("CIDER", "C1", "10"))
    return plant


@pytest.fixture
def pressing(plant: Plant) -> Operation:
    return plant.record(
        "production",
        used("APPLE", "A1", "60"),
        made("JUICE", "J1", "40", made_on=MARCH),
        by_product("POMACE", "P1", "15"),
        lost("APPLE", "2", "washing"),
        campaign="SPRING",
        line="L1",
        document="SHEET 1",
    )


def state(plant: Plant) -> dict[str, tuple[Decimal, Decimal]]:
    return {str(key): (lot.on_hand, lot.cost.amount) for key, lot in plant.lots.items() if lot.on_hand}


@for_each(
    ("kind", "movements"),
    [
        ("receipt", [received("APPLE", "A1", "1"), received("SUGAR", "S1", "1")]),
        ("production", [used("APPLE", "A1", "9"), made("JUICE", "J1", "7"), lost("APPLE", "1")]),
        ("split", [used("CIDER", "C1", "9"), made("CIDER", "C2", "4"), made("CIDER", "C3", "5")]),
        ("merge", [used("CIDER", "C1", "9"), made("CIDER", "C1", "4")]),
        ("rework", [used("CIDER", "C1", "9"), made("JUICE", "J1", "4")]),
        ("transfer", [sent("CIDER", "C1", "9"), arrived("CIDER", "C1", "9")]),
        ("loss", [destroyed("CIDER", "C1", "40")]),
        ("sample", [sampled("CIDER", "C1", "1")]),
        ("shipment", [shipped("CIDER", "C1", "9"), shipped("CIDER", "C1", "1")]),
        ("return", [returned("CIDER", "C1", "10")]),
        ("count", [missing("CIDER", "C1", "1"), found("APPLE", "A1", "1")]),
    ],
)
def test_a_reversal_restores_what_was_there(plant: Plant, kind: str, movements: list[MovementEntry]) -> None:
    plant = plant.twin()
    before, held = state(plant), plant.delivered["SHOP", plant.lot("CIDER", "C1").key]
    original = plant.record(kind, *movements)
    assert state(plant) != before
    plant.reverse(original)
    assert state(plant) == before
    assert plant.delivered["SHOP", plant.lot("CIDER", "C1").key] == held


def test_a_reversal_is_the_mirror_of_its_original_and_both_stay(plant: Plant, pressing: Operation) -> None:
    reversal = plant.reverse(pressing)
    assert [(m.lot, m.role, m.quantity, m.kilograms, m.cost) for m in reversal.movements] == [
        (m.lot, m.role, m.quantity, m.kilograms, m.cost) for m in pressing.movements
    ]
    assert all(m.direction is not o.direction for m, o in zip(reversal.movements, pressing.movements, strict=True))
    assert (reversal.reverses, reversal.reason, reversal.recorded) == (pressing.id, "typed wrong", STAMP)
    assert (reversal.campaign, reversal.line, reversal.document) == ("SPRING", "L1", "SHEET 1")
    assert plant.operations[pressing.id] == evolve(pressing, reversed_by=reversal.id)


def _without_the_last_line(entry: OperationEntry) -> OperationEntry:
    return evolve(entry, movements=entry.movements[:-1])


def _with_one_line_more(entry: OperationEntry) -> OperationEntry:
    return evolve(entry, movements=(*entry.movements, entry.movements[0]))


def _changed(**changes: object) -> Callable[[OperationEntry], OperationEntry]:
    return lambda entry: evolve(entry, movements=(evolve(entry.movements[0], **changes), *entry.movements[1:]))


@pytest.mark.parametrize(
    ("other", "faults"),
    [
        (_without_the_last_line, [("movements",)]),
        (_with_one_line_more, [("movements", 4, "quantity")]),
        (_changed(quantity=Decimal("59.999999")), [("movements", 0, "quantity"), ("movements",)]),
        (_changed(lot="A2"), [("movements", 0, "quantity"), ("movements",)]),
        (_changed(direction=Direction.IN), [("movements", 0, "quantity"), ("movements",)]),
        (lambda entry: evolve(entry, campaign="SUMMER"), [("campaign",)]),
        (lambda entry: evolve(entry, line="L2"), [("line",)]),
        (lambda entry: evolve(entry, partner="SHOP"), [("partner",)]),
    ],
    ids=["a line short", "a line more", "quantity", "lot", "direction", "campaign", "line", "partner"],
)
def test_only_the_exact_mirror_reverses(
    plant: Plant,
    pressing: Operation,
    other: Callable[[OperationEntry], OperationEntry],
    faults: list[tuple[str | int, ...]],
) -> None:
    with pytest.raises(Invalid) as refusal:
        plant.take(other(reversal_of(pressing)))
    assert told(refusal.value.faults) == [("not_the_mirror", path) for path in faults]


def test_the_mirror_may_be_written_in_another_order_and_with_other_zeros(plant: Plant, pressing: Operation) -> None:
    entry = reversal_of(pressing)
    lines = [evolve(line, quantity=Decimal(f"{line.quantity}.00")) for line in reversed(entry.movements)]
    plant.take(evolve(entry, movements=tuple(lines), campaign=None, line=None))
    assert plant.on_hand("APPLE", "A1") == "100"


def test_a_reversal_gives_its_reason_in_its_head_or_on_a_line(plant: Plant, pressing: Operation) -> None:
    with pytest.raises(Invalid) as refusal:
        plant.take(reversal_of(pressing, reason=" "))
    assert told(refusal.value.faults) == [("required", ("reason",))]
    on_a_line = _changed(reason="wrong tank")(reversal_of(pressing, reason=""))
    assert plant.take(on_a_line).reason == "wrong tank"


def test_what_doesn_t_exist_can_t_be_reversed(plant: Plant, pressing: Operation) -> None:
    ghost = evolve(pressing, id=new_id())
    plant.operations[ghost.id] = None  # the store found nothing
    with pytest.raises(Invalid) as refusal:
        plant.reverse(ghost)
    assert told(refusal.value.faults) == [("unknown_operation", ("reverses",))]


def test_a_reversal_can_t_be_reversed(plant: Plant, pressing: Operation) -> None:
    reversal = plant.reverse(pressing)
    with pytest.raises(Invalid) as refusal:
        plant.reverse(reversal)
    assert codes(refusal) == ["reversal_of_reversal"]


def test_nothing_is_reversed_twice(plant: Plant, pressing: Operation) -> None:
    reversal = plant.reverse(pressing)
    with pytest.raises(Refused) as refusal:
        plant.reverse(pressing)
    assert codes(refusal) == ["already_reversed"]
    assert refusal.value.faults[0].facts == {"reversed_by": str(reversal.id)}


def test_nothing_is_reversed_twice_in_one_transaction_either(plant: Plant, pressing: Operation) -> None:
    first, second = reversal_of(pressing), reversal_of(pressing)
    with plant.transaction(first, second) as ledger:
        ledger.record(first, STAMP)
        with pytest.raises(Refused) as refusal:
            ledger.record(second, STAMP)
    assert codes(refusal) == ["already_reversed"]


def test_what_is_used_already_can_t_be_reversed_and_the_refusal_says_what_is_left(
    plant: Plant, pressing: Operation
) -> None:
    plant.record("production", used("JUICE", "J1", "30"), made("CIDER", "C2", "20"))
    with pytest.raises(Refused) as refusal:
        plant.reverse(pressing)
    (fault,) = refusal.value.faults
    assert (fault.code, fault.facts["lot"], fault.facts["left"]) == ("not_enough", "J1", "10")
    assert "40 LTR is asked for" in fault.detail
    assert plant.on_hand("APPLE", "A1") == "40"


def test_a_shipment_whose_goods_came_back_can_t_be_reversed(plant: Plant) -> None:
    shipment = plant.record("shipment", shipped("CIDER", "C1", "5"), partner="MARKET")
    back = plant.record("return", returned("CIDER", "C1", "2"), partner="MARKET")
    with pytest.raises(Refused) as refusal:
        plant.reverse(shipment)
    assert codes(refusal) == ["already_returned"]
    assert refusal.value.faults[0].detail.startswith("MARKET has returned 2 of lot")
    plant.reverse(back)
    plant.reverse(shipment)
    assert plant.on_hand("CIDER", "C1") == "40"


def test_what_came_back_counts_again_as_with_the_customer_when_its_return_is_reversed(plant: Plant) -> None:
    plant.reverse(plant.record("return", returned("CIDER", "C1", "10")))
    plant.record("return", returned("CIDER", "C1", "10"))
    assert plant.on_hand("CIDER", "C1") == "50"


@pytest.mark.parametrize("state_name", ["PLANNED", "CLOSED", "CANCELLED"])
def test_nothing_of_a_campaign_that_is_not_open_is_reversed_or_corrected(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, pressing: Operation, state_name: str
) -> None:
    monkeypatch.setitem(CAMPAIGNS, "SPRING", evolve(CAMPAIGNS["SPRING"], state=CAMPAIGNS[state_name].state))
    attempts = (
        lambda: plant.reverse(pressing),
        lambda: plant.take(evolve(reversal_of(pressing), campaign=None)),
        lambda: plant.correct(pressing, used("APPLE", "A1", "1"), campaign=None),
    )
    for attempt in attempts:
        with pytest.raises(Refused) as refusal:
            attempt()
        assert codes(refusal) == ["campaign_not_open"]


# Correcting


def test_what_is_used_already_can_be_put_right_by_replacing_it(plant: Plant, pressing: Operation) -> None:
    plant.record("production", used("JUICE", "J1", "30"), made("CIDER", "C2", "20"))
    corrected = plant.correct(
        pressing, used("APPLE", "A1", "62"), made("JUICE", "J1", "41"), by_product("POMACE", "P1", "15")
    )
    assert [plant.on_hand("APPLE", "A1"), plant.on_hand("JUICE", "J1"), plant.on_hand("POMACE", "P1")] == [
        "38",  # 100 - 60 + 60 - 62
        "11",  # 40 - 30 - 40 + 41
        "15",
    ]
    assert corrected.corrects == pressing.id
    assert plant.operations[pressing.id].reversed_by is not None
    assert len(plant.operations) == 7  # receipt, receipt, shipment, pressing, bottling, reversal, replacement


def test_what_was_taken_may_be_put_right_whatever_quality_says_since(plant: Plant, pressing: Operation) -> None:
    plant.decide("APPLE", "A1", Disposition.REJECTED)
    plant.correct(pressing, used("APPLE", "A1", "59"), made("JUICE", "J1", "40"))
    assert plant.on_hand("APPLE", "A1") == "41"  # 100 - 60 + 60 - 59


def test_a_correction_takes_nothing_else_that_is_rejected(plant: Plant, pressing: Operation) -> None:
    plant.record("receipt", received("APPLE", "A2", "10"))
    plant.decide("APPLE", "A2", Disposition.REJECTED)
    with pytest.raises(Refused) as refusal:
        plant.correct(pressing, used("APPLE", "A2", "10"), made("JUICE", "J1", "7"))
    assert codes(refusal) == ["not_usable"]


# What quality has stopped since

STOPS = pytest.mark.parametrize("stopped", [Disposition.ON_HOLD, Disposition.REJECTED])
UNSHIPPABLE = for_each("stopped", [Disposition.ON_HOLD, Disposition.REJECTED, Disposition.PENDING])


@pytest.fixture
def shipment(plant: Plant) -> Operation:
    """Two lines of one lot for the shop, 10 and 2."""
    return plant.record("shipment", shipped("CIDER", "C1", "10"), shipped("CIDER", "C1", "2"))


@UNSHIPPABLE
@for_each(
    ("again", "left"), [(["12"], "28"), (["11.999999"], "28.000001"), (["3", "9"], "28"), (["1", "2", "3"], "34")]
)
def test_a_shipment_of_what_was_stopped_since_is_corrected_to_as_much_or_less(
    plant: Plant, shipment: Operation, stopped: Disposition, again: list[str], left: str
) -> None:
    plant = plant.twin()
    plant.decide("CIDER", "C1", stopped)
    plant.correct(shipment, *(shipped("CIDER", "C1", quantity) for quantity in again))
    assert plant.on_hand("CIDER", "C1") == left  # of 40


@UNSHIPPABLE
@for_each(
    ("again", "head"),
    [
        (["12.000001"], {}),
        (["10", "2.000001"], {}),
        (["10", "1", "2"], {}),
        (["1"], {"partner": "MARKET"}),
    ],
)
def test_a_correction_ships_no_more_of_what_is_stopped_and_to_nobody_else(
    plant: Plant, shipment: Operation, stopped: Disposition, again: list[str], head: dict[str, str]
) -> None:
    plant = plant.twin()
    lines = [shipped("CIDER", "C1", quantity) for quantity in again]
    plant.decide("CIDER", "C1", stopped)
    before = state(plant)
    with pytest.raises(Refused) as refusal:
        plant.correct(shipment, *lines, **head)
    every_line = [("not_usable", ("operation", "movements", place, "lot")) for place in range(len(lines))]
    assert told(refusal.value.faults) == every_line
    assert state(plant) == before
    plant.decide("CIDER", "C1", Disposition.RELEASED)
    plant.correct(shipment, *lines, **head)


@STOPS
def test_each_lot_is_compared_with_itself(plant: Plant, stopped: Disposition) -> None:
    plant.record("receipt", received("CIDER", "C2", "50"))
    both = plant.record("shipment", shipped("CIDER", "C1", "5"), shipped("CIDER", "C2", "5"))
    plant.decide("CIDER", "C1", stopped)
    with pytest.raises(Refused) as refusal:
        plant.correct(both, shipped("CIDER", "C2", "4"), shipped("CIDER", "C1", "6"))
    assert told(refusal.value.faults) == [("not_usable", ("operation", "movements", 1, "lot"))]
    plant.correct(both, shipped("CIDER", "C2", "6"), shipped("CIDER", "C1", "4"))
    assert (plant.on_hand("CIDER", "C1"), plant.on_hand("CIDER", "C2")) == ("36", "44")


def test_corrections_one_after_the_other_take_no_more_than_the_last(plant: Plant, shipment: Operation) -> None:
    plant.decide("CIDER", "C1", Disposition.ON_HOLD)
    fewer = plant.correct(shipment, shipped("CIDER", "C1", "5"))
    with pytest.raises(Refused) as refusal:
        plant.correct(fewer, shipped("CIDER", "C1", "12"))
    assert codes(refusal) == ["not_usable"]


USES: dict[str, list[MovementEntry]] = {
    "production": [used("CIDER", "C1", "1"), made("JUICE", "J9", "1")],
    "split": [used("CIDER", "C1", "1"), made("CIDER", "C9", "1")],
    "merge": [used("CIDER", "C1", "1"), made("CIDER", "C9", "1")],
    "transfer": [sent("CIDER", "C1", "1"), arrived("CIDER", "C9", "1")],
    "shipment": [shipped("CIDER", "C1", "1")],
    "loss": [destroyed("CIDER", "C1", "1")],
    "rework": [used("CIDER", "C1", "1"), made("CIDER", "C9", "1")],
    "sample": [sampled("CIDER", "C1", "1")],
    "count": [missing("CIDER", "C1", "1")],
}
ALWAYS_ALLOWED = {"loss", "rework", "sample", "count"}


@for_each("stopped", [Disposition.ON_HOLD, Disposition.REJECTED])
@for_each("before", USES)
def test_what_is_stopped_is_used_again_by_the_same_kind_of_operation_alone(
    plant: Plant, before: str, stopped: Disposition
) -> None:
    plant = plant.twin()
    original = plant.record(before, *USES[before])
    plant.decide("CIDER", "C1", stopped)
    for after, lines in USES.items():
        # Each on the plant as it is now: a correction that is taken isn't kept.
        kept = plant.twin()
        head = {"kind": after, "partner": "SHOP" if after == "shipment" else None}
        if after == before or after in ALWAYS_ALLOWED:
            kept.correct(original, *lines, **head)
            assert kept.on_hand("CIDER", "C1") == "39", after
            continue
        with pytest.raises(Refused) as refusal:
            kept.correct(original, *lines, **head)
        assert told(refusal.value.faults) == [("not_usable", ("operation", "movements", 0, "lot"))], after


@STOPS
def test_more_of_what_is_stopped_takes_an_override(plant: Plant, pressing: Operation, stopped: Disposition) -> None:
    plant.decide("APPLE", "A1", stopped)
    lines = used("APPLE", "A1", "60"), used("APPLE", "A1", "0.000001"), made("JUICE", "J1", "40")
    with pytest.raises(Refused) as refusal:
        plant.correct(pressing, *lines)
    assert codes(refusal) == ["not_usable"] * 2
    corrected = plant.correct(pressing, *lines, override="heated")
    assert (corrected.override, plant.on_hand("APPLE", "A1")) == ("heated", "39.999999")


@STOPS
def test_what_an_override_let_through_takes_an_override_again(plant: Plant, stopped: Disposition) -> None:
    plant.decide("APPLE", "A1", stopped)
    pressing = plant.record("production", used("APPLE", "A1", "60"), made("JUICE", "J1", "40"), override="heated")
    lines = used("APPLE", "A1", "60"), made("JUICE", "J1", "39")
    with pytest.raises(Refused) as refusal:
        plant.correct(pressing, *lines)
    assert codes(refusal) == ["not_usable"]
    assert plant.correct(pressing, *lines, override="heated").override == "heated"


@STOPS
def test_what_was_set_apart_was_not_used(plant: Plant, stopped: Disposition) -> None:
    plant.decide("CIDER", "C1", stopped)
    apart = plant.record("split", used("CIDER", "C1", "5"), made("CIDER", "C1", "5", sub_lot="pallet 1"))
    with pytest.raises(Refused) as refusal:
        plant.correct(apart, used("CIDER", "C1", "5"), made("CIDER", "C2", "5"))
    assert told(refusal.value.faults) == [("not_usable", ("operation", "movements", 0, "lot")), ("not_usable", ())]
    plant.correct(apart, used("CIDER", "C1", "6"), made("CIDER", "C1", "6", sub_lot="pallet 1"))


@STOPS
def test_what_was_put_back_doesnt_count_as_taken(plant: Plant, stopped: Disposition) -> None:
    topped_up = plant.record("merge", used("CIDER", "C1", "9"), made("CIDER", "C1", "4"))
    plant.decide("CIDER", "C1", stopped)
    with pytest.raises(Refused) as refusal:
        plant.correct(topped_up, used("CIDER", "C1", "9.000001"), made("CIDER", "C1", "4"))
    assert codes(refusal) == ["not_usable"]
    plant.correct(topped_up, used("CIDER", "C1", "9"), made("CIDER", "C1", "5"))


@STOPS
def test_a_lot_and_its_sub_lot_are_two(plant: Plant, stopped: Disposition) -> None:
    plant.record("split", used("CIDER", "C1", "5"), made("CIDER", "C1", "5", sub_lot="pallet 1"))
    shipment = plant.record("shipment", shipped("CIDER", "C1", "5", sub_lot="pallet 1"))
    plant.decide("CIDER", "C1", stopped)
    with pytest.raises(Refused) as refusal:
        plant.correct(shipment, shipped("CIDER", "C1", "5"))
    assert codes(refusal) == ["not_usable"]
    plant.correct(shipment, shipped("CIDER", "C1", "4", sub_lot="pallet 1"))


@for_each("stopped", [Disposition.RELEASED, Disposition.ON_HOLD])
@for_each(("code", "site"), [("MILK", "A"), ("MILK", "FRESH"), ("CIDER", "FRESH")])
def test_a_correction_ships_nothing_past_its_date(code: str, site: str, stopped: Disposition) -> None:
    plant = Plant()
    plant.record("receipt", received(code, "X1", "5", best_before=APRIL, site=site), site=site)
    line = shipped(code, "X1", "5", site=site)
    shipment = plant.record("shipment", line, site=site)
    plant.decide(code, "X1", stopped, site)
    with pytest.raises(Refused) as refusal:
        plant.correct(shipment, line, site=site, occurred_at=datetime.fromisoformat("2026-04-02T00:00:00+02:00"))
    assert told(refusal.value.faults) == [("not_usable", ("operation", "movements", 0, "lot"))]
    assert "2026-04-01" in refusal.value.faults[0].detail
    plant.correct(shipment, line, site=site, occurred_at=datetime.fromisoformat("2026-04-01T23:59:59+02:00"))


@pytest.mark.parametrize(
    ("made_now", "left", "asked"),
    [("29.999999", "10", "10.000001"), ("1", "10", "39")],
)
def test_a_correction_leaves_no_less_than_what_was_used(
    plant: Plant, pressing: Operation, made_now: str, left: str, asked: str
) -> None:
    plant.record("production", used("JUICE", "J1", "30"), made("CIDER", "C2", "20"))
    before = state(plant)
    with pytest.raises(Refused) as refusal:
        plant.correct(pressing, used("APPLE", "A1", "60"), made("JUICE", "J1", made_now))
    (fault,) = refusal.value.faults
    assert (fault.code, fault.path, fault.facts["left"]) == ("not_enough", ("operation",), left)
    assert f"{asked} LTR is asked for" in fault.detail
    assert state(plant) == before


def test_a_correction_that_takes_more_than_there_is_is_refused(plant: Plant, pressing: Operation) -> None:
    with pytest.raises(Refused) as refusal:
        plant.correct(pressing, used("APPLE", "A1", "100.000001"), made("JUICE", "J1", "40"))
    assert codes(refusal) == ["not_enough"]
    plant.correct(pressing, used("APPLE", "A1", "100"), made("JUICE", "J1", "40"))
    assert plant.on_hand("APPLE", "A1") == "0"


def test_a_replacement_may_take_what_it_puts_there_itself(plant: Plant, pressing: Operation) -> None:
    plant.correct(pressing, used("APPLE", "A1", "60"), used("JUICE", "J1", "1"), made("JUICE", "J1", "41"))
    assert plant.on_hand("JUICE", "J1") == "40"


def test_the_faults_of_a_replacement_are_told_with_their_place(plant: Plant, pressing: Operation) -> None:
    with pytest.raises(Invalid) as refusal:
        plant.correct(pressing, used("APPLE", "A7", "1"), made("JUICE", "J1", "40"), campaign="CLOSED")
    assert told(refusal.value.faults) == [
        ("campaign_not_open", ("operation", "campaign")),
        ("unknown_lot", ("operation", "movements", 0, "lot")),
    ]


def test_a_correction_may_move_an_operation_to_another_campaign_and_kind(plant: Plant, pressing: Operation) -> None:
    corrected = plant.correct(
        pressing, used("APPLE", "A1", "60"), made("JUICE", "J2", "40"), kind="rework", campaign="SUMMER"
    )
    assert (corrected.kind, corrected.campaign) == ("rework", "SUMMER")
    assert plant.on_hand("JUICE", "J1") == "0"


def test_a_shipment_is_put_right_although_some_of_it_came_back(plant: Plant) -> None:
    shipment = plant.record("shipment", shipped("CIDER", "C1", "8"), partner="MARKET")
    plant.record("return", returned("CIDER", "C1", "6"), partner="MARKET")
    with pytest.raises(Refused) as refusal:
        plant.correct(shipment, shipped("CIDER", "C1", "5"))
    assert codes(refusal) == ["already_returned"]
    plant.correct(shipment, shipped("CIDER", "C1", "6"))
    assert plant.on_hand("CIDER", "C1") == "40"  # 50 - 10 - 6 + 6


def test_a_lot_made_anew_takes_the_dates_of_its_new_making(plant: Plant, pressing: Operation) -> None:
    plant.correct(pressing, used("APPLE", "A1", "60"), made("JUICE", "J1", "40", made_on=APRIL, best_before=APRIL))
    assert (plant.lot("JUICE", "J1").made_on, plant.lot("JUICE", "J1").best_before) == (APRIL, APRIL)


def test_a_lot_whose_making_was_taken_back_is_made_anew_by_the_next_line(plant: Plant, pressing: Operation) -> None:
    known = plant.lot("JUICE", "J1").id
    plant.reverse(pressing)
    plant.record("receipt", received("JUICE", "J1", "7", made_on=APRIL))
    lot = plant.lot("JUICE", "J1")
    assert (lot.id, lot.made_on, lot.campaign, lot.on_hand) == (known, APRIL, None, 7)
    with pytest.raises(Invalid) as refusal:
        plant.record("receipt", received("JUICE", "J1", "7", made_on=MARCH))
    assert codes(refusal) == ["lot_exists"]


def test_the_ledger_gives_back_lots_whose_making_changed(plant: Plant, pressing: Operation) -> None:
    entry = reversal_of(pressing)
    with plant.transaction(entry) as ledger:
        ledger.record(entry, STAMP)
    assert {lot.key.code for lot in ledger.revised_lots} == {"J1", "P1"}
    assert ledger.new_lots == []


def test_a_lot_taken_back_and_made_anew_in_one_ledger_is_stored_as_it_ends(plant: Plant, pressing: Operation) -> None:
    entry = reversal_of(pressing)
    again = operation("production", used("APPLE", "A1", "60"), made("JUICE", "J1", "40", made_on=APRIL))
    with plant.transaction(entry, again) as ledger:
        ledger.correct(entry, again, STAMP)
    assert [(lot.key.code, lot.made_on) for lot in ledger.revised_lots if lot.key.product == "JUICE"] == [("J1", APRIL)]


@pytest.mark.parametrize("stopped", [Disposition.ON_HOLD, Disposition.REJECTED])
def test_putting_its_making_right_doesn_t_let_a_stopped_lot_go(
    plant: Plant, pressing: Operation, stopped: Disposition
) -> None:
    plant.decide("JUICE", "J1", stopped)
    plant.correct(pressing, used("APPLE", "A1", "60"), made("JUICE", "J1", "39"))
    assert plant.lot("JUICE", "J1").disposition is stopped


def test_a_lot_made_anew_waits_again_where_new_lots_wait() -> None:
    plant = Plant()
    receipt = plant.record("receipt", received("CIDER", "C1", "5", site="CAREFUL"), site="CAREFUL")
    plant.decide("CIDER", "C1", Disposition.RELEASED, "CAREFUL")
    plant.correct(receipt, received("CIDER", "C1", "6", site="CAREFUL"), site="CAREFUL")
    assert plant.lot("CIDER", "C1", "CAREFUL").disposition is Disposition.PENDING


# What quality has stopped isn't let go by another name


@STOPS
def test_what_is_stopped_is_not_renamed_by_correcting_where_it_came_from(stopped: Disposition) -> None:
    plant = Plant()
    receipt = plant.record("receipt", received("APPLE", "A1", "10"), received("APPLE", "B1", "5"))
    plant.decide("APPLE", "A1", stopped)
    for renaming in (
        [received("APPLE", "A2", "10"), received("APPLE", "B1", "5")],
        [received("APPLE", "A1", "9"), received("APPLE", "B1", "6")],
        [received("SUGAR", "S1", "10")],
    ):
        with pytest.raises(Refused) as refusal:
            plant.correct(receipt, *renaming)
        assert told(refusal.value.faults) == [("not_usable", ())]
        assert refusal.value.faults[0].facts == {"site": "A", "product": "APPLE", "lot": "A1", "disposition": stopped}
    more = plant.correct(receipt, received("APPLE", "A1", "11"), received("APPLE", "B2", "5"))
    less = plant.correct(more, received("APPLE", "A1", "9"), received("APPLE", "B2", "5"))
    plant.decide("APPLE", "A1", Disposition.RELEASED)
    plant.correct(less, received("APPLE", "A2", "9"), received("APPLE", "B2", "5"))


@STOPS
def test_what_is_stopped_is_not_taken_back(stopped: Disposition) -> None:
    plant = Plant()
    receipt = plant.record("receipt", received("APPLE", "A1", "10"))
    plant.decide("APPLE", "A1", stopped)
    with pytest.raises(Refused) as refusal:
        plant.reverse(receipt)
    assert told(refusal.value.faults) == [("not_usable", ())]
    with pytest.raises(Refused):
        plant.correct(receipt, destroyed("APPLE", "A1", "1"), kind="loss")
    plant.decide("APPLE", "A1", Disposition.PENDING)
    plant.reverse(receipt)


@for_each(
    ("holds", "decided", "refused"),
    [(1, Disposition.RELEASED, False), (2, Disposition.RELEASED, True), (1, Disposition.REJECTED, True)],
)
def test_what_came_back_and_is_on_hold_for_that_alone_may_be_put_right(
    holds: int, decided: Disposition, refused: bool
) -> None:
    plant, wary = Plant(), {"site": "WARY"}
    plant.record("receipt", received("CIDER", "C1", "10", **wary), **wary)
    plant.record("shipment", shipped("CIDER", "C1", "10", **wary), **wary)
    back = plant.record("return", returned("CIDER", "C1", "4", **wary), **wary)
    (movement,) = back.movements
    assert movement.lot
    part = plant.lots[movement.lot]
    part.holds, part.decided = holds, decided
    fewer = returned("CIDER", "C1", "3", **wary)
    with pytest.raises(Refused):
        plant.correct(back, received("CIDER", "C2", "4", **wary), kind="receipt", partner=None, **wary)
    if refused:
        for act in (lambda: plant.correct(back, fewer, **wary), lambda: plant.reverse(back)):
            with pytest.raises(Refused) as refusal:
                act()
            assert codes(refusal) == ["not_usable"]
        return
    again = plant.correct(back, fewer, **wary)
    (moved,) = again.movements
    assert moved.lot
    assert plant.lots[moved.lot].disposition is Disposition.ON_HOLD
    plant.reverse(again)
