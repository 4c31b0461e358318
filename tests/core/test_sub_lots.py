"""Sub-lots: parts of a lot with a status of their own."""

from datetime import date
from typing import Any

import pytest

from domain.production.grammar import faults_in
from domain.production.lot import Disposition, LotKey
from domain.shared.errors import Invalid, Refused
from tests.core.cases import for_each
from tests.core.plant import (
    CAMPAIGNS,
    Plant,
    arrived,
    by_product,
    co_product,
    codes,
    destroyed,
    found,
    in_euros,
    lost,
    made,
    missing,
    operation,
    received,
    returned,
    sent,
    shipped,
    told,
    used,
)

PENDING, RELEASED, ON_HOLD, REJECTED = Disposition
MADE_ON, BEST_BEFORE = date(2026, 3, 1), date(2026, 9, 1)
PART = {"sub_lot": "pallet 1"}
WHOLE, PALLET = LotKey("A", "CIDER", "C1"), LotKey("A", "CIDER", "C1", "pallet 1")


@pytest.fixture
def plant() -> Plant:
    plant = Plant()
    stated: dict[str, Any] = {"made_on": MADE_ON, "best_before": BEST_BEFORE, "supplier_lot": "theirs"}
    plant.record("receipt", received("CIDER", "C1", "100", unit_cost=in_euros("2"), **stated))
    return plant


def set_apart(plant: Plant, quantity: str = "30", **more: Any) -> Any:
    return plant.record("split", used("CIDER", "C1", quantity), made("CIDER", "C1", quantity, **PART), **more)


def test_a_sub_lot_is_called_by_its_lot_and_its_label() -> None:
    assert str(WHOLE) == "CIDER C1 at A"
    assert str(PALLET) == "CIDER C1 (pallet 1) at A"
    assert (PALLET.whole, WHOLE.whole) == (WHOLE, WHOLE)
    assert WHOLE.facts == {"site": "A", "product": "CIDER", "lot": "C1"}
    assert PALLET.facts == {**WHOLE.facts, "sub_lot": "pallet 1"}


def test_what_is_set_apart_keeps_what_its_lot_is(plant: Plant) -> None:
    plant.lot("CIDER", "C1").campaign = CAMPAIGNS["SPRING"].id
    apart = set_apart(plant)
    whole, pallet = plant.lot("CIDER", "C1"), plant.lots[PALLET]
    assert (pallet.parent, pallet.made_by, whole.parent) == (whole.id, apart.id, None)
    assert (pallet.made_on, pallet.best_before, pallet.supplier_lot) == (MADE_ON, BEST_BEFORE, "theirs")
    assert pallet.campaign == CAMPAIGNS["SPRING"].id
    assert (plant.on_hand("CIDER", "C1"), plant.on_hand("CIDER", "C1", **PART)) == ("70", "30")
    assert pallet.cost.amount == 60
    assert {movement.lot for movement in apart.movements} == {WHOLE, PALLET}
    assert {movement.lot_id for movement in apart.movements} == {whole.id, pallet.id}


@pytest.mark.parametrize("decided", [PENDING, RELEASED, REJECTED])
@pytest.mark.parametrize("holds", [0, 2])
def test_a_sub_lot_inherits_what_was_decided_and_what_holds_its_lot(
    plant: Plant, decided: Disposition, holds: int
) -> None:
    plant.lot("CIDER", "C1").decided, plant.lot("CIDER", "C1").holds = decided, holds
    set_apart(plant)
    pallet = plant.lots[PALLET]
    assert (pallet.decided, pallet.holds) == (decided, holds)


def test_its_status_is_its_own_from_then_on(plant: Plant) -> None:
    set_apart(plant)
    plant.lots[PALLET].holds = 1
    plant.record("shipment", shipped("CIDER", "C1", "1"))
    with pytest.raises(Refused) as refusal:
        plant.record("shipment", shipped("CIDER", "C1", "1", **PART))
    assert codes(refusal) == ["not_usable"]
    (fault,) = refusal.value.faults
    assert fault.facts == {**PALLET.facts, "disposition": ON_HOLD}
    assert "CIDER C1 (pallet 1) at A" in fault.detail
    plant.lots[PALLET].holds = 0
    plant.lot("CIDER", "C1").decided = REJECTED
    plant.record("shipment", shipped("CIDER", "C1", "1", **PART))


def test_a_sub_lot_is_used_as_any_lot_is(plant: Plant) -> None:
    set_apart(plant)
    plant.record("production", used("CIDER", "C1", "1", **PART), made("POMACE", "P1", "1"))
    plant.record("transfer", sent("CIDER", "C1", "2", **PART), arrived("CIDER", "C1", "2"))
    plant.record("loss", destroyed("CIDER", "C1", "3", **PART))
    plant.record("count", missing("CIDER", "C1", "4", **PART))
    plant.record("count", found("CIDER", "C1", "0.5", **PART))
    assert plant.on_hand("CIDER", "C1", **PART) == "20.5"
    assert plant.lot("CIDER", "C1", "B").best_before == BEST_BEFORE
    with pytest.raises(Refused) as refusal:
        plant.record("shipment", shipped("CIDER", "C1", "21", **PART))
    assert refusal.value.faults[0].facts == {**PALLET.facts, "left": "20.5", "unit": "C62"}


def test_more_may_be_set_apart_into_the_same_and_some_lost_on_the_way(plant: Plant) -> None:
    set_apart(plant)
    into = made("CIDER", "C1", "9", **PART), made("CIDER", "C1", "10", sub_lot="pallet 2")
    plant.record("split", used("CIDER", "C1", "20"), *into, lost("CIDER", "1", "dropped"))
    assert plant.on_hand("CIDER", "C1", **PART) == "39"
    assert plant.on_hand("CIDER", "C1", sub_lot="pallet 2") == "10"


@pytest.mark.parametrize("stopped", [{"holds": 1}, {"decided": REJECTED}, {"decided": PENDING}])
def test_what_isnt_released_doesnt_get_it_in_a_sub_lot_that_is(plant: Plant, stopped: dict[str, Any]) -> None:
    set_apart(plant)
    for name, value in stopped.items():
        setattr(plant.lot("CIDER", "C1"), name, value)
    with pytest.raises(Refused) as refusal:
        set_apart(plant)
    assert told(refusal.value.faults) == [("not_released", ("movements", 1, "lot"))]


def test_setting_apart_can_be_taken_back_and_done_anew(plant: Plant) -> None:
    apart = set_apart(plant)
    plant.reverse(apart)
    assert (plant.on_hand("CIDER", "C1"), plant.on_hand("CIDER", "C1", **PART)) == ("100", "0")
    assert plant.lots[PALLET].made_by is None
    plant.lot("CIDER", "C1").decided = PENDING
    plant.lots[PALLET].decided = PENDING
    again = set_apart(plant, "7")
    assert plant.lots[PALLET].made_by == again.id
    corrected = plant.correct(again, used("CIDER", "C1", "8"), made("CIDER", "C1", "8", **PART))
    assert plant.lots[PALLET].made_by == corrected.id
    assert (plant.on_hand("CIDER", "C1"), plant.on_hand("CIDER", "C1", **PART)) == ("92", "8")


def test_goods_come_back_to_a_sub_lot(plant: Plant) -> None:
    plant.record("shipment", shipped("CIDER", "C1", "10"))
    back = plant.record("return", returned("CIDER", "C1", "4", **PART))
    pallet = plant.lots[PALLET]
    assert (pallet.parent, pallet.made_by) == (plant.lot("CIDER", "C1").id, back.id)
    assert (pallet.made_on, pallet.best_before, pallet.supplier_lot) == (MADE_ON, BEST_BEFORE, "theirs")
    assert pallet.cost.amount == 8
    with pytest.raises(Invalid) as refusal:
        plant.record("return", returned("CIDER", "C1", "5"), returned("CIDER", "C1", "2", **PART))
    assert codes(refusal) == ["more_than_shipped"] * 2
    assert {fault.facts["left"] for fault in refusal.value.faults} == {"6"}
    plant.record("shipment", shipped("CIDER", "C1", "4", **PART))
    plant.record("return", returned("CIDER", "C1", "10", **PART))


def test_a_shipment_whose_goods_came_back_to_a_sub_lot_stands(plant: Plant) -> None:
    shipment = plant.record("shipment", shipped("CIDER", "C1", "10"))
    back = plant.record("return", returned("CIDER", "C1", "4", **PART))
    with pytest.raises(Refused) as refusal:
        plant.reverse(shipment)
    assert codes(refusal) == ["already_returned"]
    plant.reverse(back)
    plant.reverse(shipment)


def test_what_is_returned_to_has_to_exist(plant: Plant) -> None:
    for line, code, name in (
        (returned("CIDER", "C9", "1", **PART), "unknown_lot", "lot"),
        (returned("CIDER", "C9", "1"), "unknown_lot", "lot"),
    ):
        with pytest.raises(Invalid) as refusal:
            plant.record("return", line)
        assert told(refusal.value.faults) == [(code, ("movements", 0, name))]


@for_each(
    ("kind", "line"),
    [
        ("shipment", shipped("CIDER", "C1", "1", **PART)),
        ("loss", destroyed("CIDER", "C1", "1", **PART)),
        ("count", found("CIDER", "C1", "1", **PART)),
        ("count", missing("CIDER", "C1", "1", **PART)),
    ],
)
def test_no_other_operation_makes_a_sub_lot(plant: Plant, kind: str, line: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        plant.record(kind, line)
    assert told(refusal.value.faults) == [("unknown_lot", ("movements", 0, "sub_lot"))]


FIRST, SECOND = ("movements", 0), ("movements", 1)


@for_each(
    ("stated", "faults"),
    [
        # What puts nothing into a sub-lot
        (operation("receipt", received("CIDER", "C1", "1", **PART)), [("not_here", (*FIRST, "sub_lot"))]),
        (
            operation("production", used("CIDER", "C1", "1"), made("CIDER", "C1", "1", **PART)),
            [("not_here", (*SECOND, "sub_lot"))],
        ),
        (
            operation("rework", used("CIDER", "C1", "1"), made("CIDER", "C1", "1", **PART)),
            [("not_here", (*SECOND, "sub_lot"))],
        ),
        (
            operation("merge", used("CIDER", "C1", "1"), made("CIDER", "C1", "1", **PART)),
            [("not_here", (*SECOND, "sub_lot"))],
        ),
        (
            operation("transfer", sent("CIDER", "C1", "1"), arrived("CIDER", "C1", "1", **PART)),
            [("not_here", (*SECOND, "sub_lot"))],
        ),
        # What a sub-lot is set apart from
        (
            operation("split", used("CIDER", "C2", "1"), made("CIDER", "C1", "1", **PART)),
            [("not_the_whole_lot", (*FIRST, "lot"))],
        ),
        (
            operation("split", used("JUICE", "C1", "1"), made("CIDER", "C1", "1", **PART)),
            [("not_the_whole_lot", (*FIRST, "lot"))],
        ),
        (
            operation("split", used("CIDER", "C1", "1", sub_lot="pallet 2"), made("CIDER", "C1", "1", **PART)),
            [("not_the_whole_lot", (*FIRST, "lot"))],
        ),
        (
            operation(
                "split", used("CIDER", "C1", "2"), made("CIDER", "C1", "1", **PART), made("CIDER", "C2", "1", **PART)
            ),
            [("not_the_whole_lot", (*FIRST, "lot"))],
        ),
        (operation("split", made("CIDER", "C1", "1", **PART)), [("required", ("movements",))]),
        # What comes out beside it
        (
            operation("split", made("CIDER", "C2", "1"), made("CIDER", "C1", "1", **PART), used("CIDER", "C1", "2")),
            [("required", (*FIRST, "sub_lot"))],
        ),
        *(
            (
                operation("split", used("CIDER", "C1", "1"), row("CIDER", "C1", "1", **PART)),
                [("wrong_role", (*SECOND, "role"))],
            )
            for row in (by_product, co_product)
        ),
        # What it has from its lot
        *(
            (operation("return", returned("CIDER", "C1", "1", **PART, **own)), [("not_here", (*FIRST, *own))])
            for own in ({"made_on": MADE_ON}, {"best_before": BEST_BEFORE}, {"supplier_lot": "theirs"})
        ),
        # Labels
        (operation("return", returned("CIDER", "C1", "1", sub_lot=" x")), [("bad_code", (*FIRST, "sub_lot"))]),
        (operation("return", returned("CIDER", "C1", "1", sub_lot="x" * 101)), [("too_long", (*FIRST, "sub_lot"))]),
        (
            operation("production", used("CIDER", "C1", "1"), lost("CIDER", "1", **PART)),
            [("not_here", (*SECOND, "sub_lot"))],
        ),
        # What is right
        (operation("split", used("CIDER", "C1", "1"), made("CIDER", "C1", "1", **PART)), []),
        (operation("split", used("CIDER", "C1", "1", **PART), made("CIDER", "C2", "1")), []),
        (operation("merge", used("CIDER", "C1", "1", **PART), made("CIDER", "C1", "1")), []),
        (operation("return", returned("CIDER", "C1", "1", **PART)), []),
    ],
)
def test_how_sub_lots_may_be_stated(stated: Any, faults: list[Any]) -> None:
    assert told(faults_in(stated)) == faults


@pytest.mark.parametrize(
    ("decided", "holds", "override", "code"),
    [
        (PENDING, 0, "", "not_released"),
        (PENDING, 1, "because", "not_released"),
        (RELEASED, 1, "", "not_usable"),
        (RELEASED, 1, "because", "not_released"),
        (REJECTED, 0, "because", "not_released"),
    ],
)
def test_a_part_goes_back_into_its_lot_only_once_it_is_released(
    plant: Plant, decided: Disposition, holds: int, override: str, code: str
) -> None:
    set_apart(plant)
    plant.lots[PALLET].decided, plant.lots[PALLET].holds = decided, holds
    back = used("CIDER", "C1", "1", **PART), made("CIDER", "C1", "1")
    with pytest.raises(Refused) as refusal:
        plant.record("merge", *back, override=override)
    assert codes(refusal) == [code]
    plant.lots[PALLET].decided, plant.lots[PALLET].holds = RELEASED, 0
    plant.record("merge", *back)
