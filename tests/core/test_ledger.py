"""What the ledger lets through, and what it refuses, lot by lot."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from domain.production.entry import MovementEntry
from domain.production.ledger import Ledger, LedgerState
from domain.production.lot import Disposition, Lot, LotKey
from domain.shared.errors import Invalid, Refused
from tests.core.cases import for_each
from tests.core.plant import (
    REFERENCES,
    STAMP,
    Plant,
    arrived,
    codes,
    destroyed,
    found,
    lost,
    made,
    missing,
    new_id,
    operation,
    received,
    returned,
    sampled,
    sent,
    shipped,
    told,
    used,
)

MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))
ON_HOLD, REJECTED, PENDING, RELEASED = (
    Disposition.ON_HOLD,
    Disposition.REJECTED,
    Disposition.PENDING,
    Disposition.RELEASED,
)


@pytest.fixture
def plant() -> Plant:
    """A plant with 100 kg of apples and 50 bottles of cider."""
    plant = Plant()
    plant.record("receipt", received("APPLE", "A1", "100", made_on=MARCH, supplier_lot="S7"), partner="SUPPLIER")
    plant.record("receipt", received("CIDER", "C1", "50"))
    return plant


# On hand


def test_what_comes_in_adds_up_and_what_goes_out_is_gone(plant: Plant) -> None:
    plant.record("production", used("APPLE", "A1", "60.000001"), made("JUICE", "J1", "40"), lost("APPLE", "1"))
    plant.record("receipt", received("APPLE", "A1", "0.5"))
    plant.record("sample", sampled("JUICE", "J1", "0.25"))
    plant.record("loss", destroyed("JUICE", "J1", "1"))
    plant.record("count", missing("APPLE", "A1", "0.4"), found("JUICE", "J1", "2"))
    assert plant.on_hand("APPLE", "A1") == "40.099999"  # 100 - 60.000001 + 0.5 - 0.4
    assert plant.on_hand("JUICE", "J1") == "40.75"  # 40 - 0.25 - 1 + 2


@for_each(
    ("kind", "taker"),
    [
        ("production", used("CIDER", "C1", "50.000001")),
        ("split", used("CIDER", "C1", "50.000001")),
        ("merge", used("CIDER", "C1", "50.000001")),
        ("rework", used("CIDER", "C1", "50.000001")),
        ("shipment", shipped("CIDER", "C1", "50.000001")),
        ("loss", destroyed("CIDER", "C1", "50.000001")),
        ("sample", sampled("CIDER", "C1", "50.000001")),
        ("count", missing("CIDER", "C1", "50.000001")),
    ],
)
def test_no_more_can_be_taken_than_there_is_and_the_refusal_says_what_is_left(
    plant: Plant, kind: str, taker: MovementEntry
) -> None:
    plant = plant.twin()
    with pytest.raises(Refused) as refusal:
        plant.record(kind, taker)
    (fault,) = refusal.value.faults
    assert (fault.code, fault.path) == ("not_enough", ("movements", 0, "quantity"))
    assert fault.facts == {"site": "A", "product": "CIDER", "lot": "C1", "left": "50", "unit": "C62"}
    assert str(refusal.value) == "Lot CIDER C1 at A has 50 C62 left; 50.000001 C62 is asked for."
    plant.record(kind, evolve(taker, quantity=Decimal(50)))
    assert plant.on_hand("CIDER", "C1") == "0"


def test_a_transfer_takes_no_more_than_there_is(plant: Plant) -> None:
    with pytest.raises(Refused) as refusal:
        plant.record("transfer", sent("CIDER", "C1", "51"), arrived("CIDER", "C1", "51"))
    assert refusal.value.faults[0].facts["left"] == "50"


def test_lines_of_one_operation_share_what_there_is(plant: Plant) -> None:
    with pytest.raises(Refused) as refusal:
        plant.record("production", used("APPLE", "A1", "60"), used("APPLE", "A1", "60"), made("JUICE", "J1", "100"))
    assert told(refusal.value.faults) == [("not_enough", ("movements", 1, "quantity"))]


def test_what_goes_in_has_to_be_there_before_anything_comes_out_of_it(plant: Plant) -> None:
    heel = [used("JUICE", "TANK", "1"), made("JUICE", "TANK", "60"), used("APPLE", "A1", "60")]
    with pytest.raises(Invalid) as refusal:
        plant.record("production", *heel)
    assert codes(refusal) == ["unknown_lot"]
    plant.record("receipt", received("JUICE", "TANK", "0.5"))
    with pytest.raises(Refused) as shortage:
        plant.record("production", *heel)
    assert shortage.value.faults[0].facts["left"] == "0.5"


def test_a_lot_may_be_on_both_sides(plant: Plant) -> None:
    plant.record("production", used("APPLE", "A1", "50"), made("JUICE", "TANK", "40"))
    plant.record("production", used("JUICE", "TANK", "40"), used("APPLE", "A1", "50"), made("JUICE", "TANK", "75"))
    plant.record("rework", used("CIDER", "C1", "10"), used("JUICE", "TANK", "5"), made("JUICE", "TANK", "12"))
    assert plant.on_hand("JUICE", "TANK") == "82"  # 40 - 40 + 75 - 5 + 12


def test_only_what_exists_can_be_taken(plant: Plant) -> None:
    for kind, stated in (("loss", destroyed("CIDER", "C2", "1")), ("sample", sampled("APPLE", "C1", "1"))):
        with pytest.raises(Invalid) as refusal:
            plant.record(kind, stated)
        assert told(refusal.value.faults) == [("unknown_lot", ("movements", 0, "lot"))]


def test_a_lot_of_one_site_is_not_at_another(plant: Plant) -> None:
    with pytest.raises(Invalid) as refusal:
        plant.record("loss", destroyed("CIDER", "C1", "1", site="B"), site="B")
    assert codes(refusal) == ["unknown_lot"]


def test_a_lot_s_code_is_unique_for_its_site_and_product_only(plant: Plant) -> None:
    plant.record("receipt", received("SUGAR", "A1", "1"))
    plant.record("receipt", received("APPLE", "A1", "2", site="B"), site="B")
    assert [plant.on_hand("APPLE", "A1"), plant.on_hand("SUGAR", "A1"), plant.on_hand("APPLE", "A1", "B")] == [
        "100",
        "1",
        "2",
    ]


def test_a_lot_holds_no_more_than_can_be_written(plant: Plant) -> None:
    plant.record("receipt", received("SUGAR", "S1", "999999999999.999999"))
    with pytest.raises(Invalid) as refusal:
        plant.record("receipt", received("SUGAR", "S1", "0.000001"))
    assert codes(refusal) == ["too_many_digits"]


def test_all_that_is_wrong_is_told_at_once(plant: Plant) -> None:
    plant.decide("CIDER", "C1", REJECTED)
    with pytest.raises(Invalid) as refusal:
        plant.record(
            "production",
            used("CIDER", "C1", "51"),
            used("CIDER", "C9", "1"),
            made("APPLE", "A1", "1", made_on=APRIL),
            campaign="CLOSED",
        )
    assert told(refusal.value.faults) == [
        ("campaign_not_open", ("campaign",)),
        ("not_usable", ("movements", 0, "lot")),
        ("unknown_lot", ("movements", 1, "lot")),
        ("lot_exists", ("movements", 2, "made_on")),
        ("not_enough", ("movements", 0, "quantity")),
    ]


def test_what_is_refused_leaves_the_ledger_as_it_was(plant: Plant) -> None:
    lots = {key: evolve(lot) for key, lot in plant.lots.items()}
    before = {key: (lot.on_hand, lot.cost) for key, lot in lots.items()}
    ledger = Ledger(REFERENCES, LedgerState(lots), new_id)
    with pytest.raises(Refused):
        ledger.record(operation("production", used("APPLE", "A1", "1"), used("CIDER", "C1", "51")), STAMP)
    assert {key: (lot.on_hand, lot.cost) for key, lot in lots.items()} == before
    assert (ledger.operations, ledger.new_lots, ledger.revised_lots) == ([], [], [])


def test_what_is_recorded_is_what_was_stated_with_its_mass(plant: Plant) -> None:
    stated = operation(
        "production",
        used("APPLE", "A1", "10"),
        lost("APPLE", "0.5", "washing"),
        made("JUICE", "J1", "8.5"),
        made("MYSTERY", "M1", "1"),
        campaign="SPRING",
        line="L1",
        document="SHEET 4",
        number="OP-1",
    )
    recorded = plant.take(stated)
    assert [(m.lot and m.lot.code, m.quantity, m.kilograms, m.reason) for m in recorded.movements] == [
        ("A1", Decimal(10), Decimal(10), ""),
        (None, Decimal("0.5"), Decimal("0.5"), "washing"),
        ("J1", Decimal("8.5"), Decimal("8.925"), ""),  # 8.5 l x 1.05 kg/l
        ("M1", Decimal(1), None, ""),
    ]
    assert (recorded.id, recorded.occurred_at, recorded.recorded) == (stated.id, stated.occurred_at, STAMP)
    assert (recorded.campaign, recorded.line, recorded.document, recorded.number) == ("SPRING", "L1", "SHEET 4", "OP-1")
    assert plant.lot("JUICE", "J1").campaign == REFERENCES.campaigns["SPRING"].id


# Dates and what else a lot's making says


def test_a_received_lot_keeps_what_its_receipt_says(plant: Plant) -> None:
    lot = plant.lot("APPLE", "A1")
    assert (lot.made_on, lot.best_before, lot.supplier_lot) == (MARCH, None, "S7")


@for_each("kind", ["split", "merge"])
def test_split_and_merge_hand_down_the_earliest_dates(kind: str) -> None:
    plant = Plant()
    plant.record("receipt", received("CIDER", "C1", "5", made_on=APRIL, best_before=MAY))
    plant.record("receipt", received("CIDER", "C2", "5", made_on=MARCH, best_before=JUNE))
    plant.record("receipt", received("CIDER", "C3", "5"))
    inputs = [used("CIDER", lot, "5") for lot in ("C1", "C2", "C3")]
    plant.record(kind, *inputs, made("CIDER", "C4", "10"), made("CIDER", "C5", "5", best_before=date(2026, 4, 15)))
    heir, own = plant.lot("CIDER", "C4"), plant.lot("CIDER", "C5")
    assert (heir.made_on, heir.best_before) == (MARCH, MAY)
    assert (own.made_on, own.best_before) == (MARCH, date(2026, 4, 15))


def test_a_transfer_hands_down_dates_of_the_same_product_only() -> None:
    plant = Plant()
    plant.record("receipt", received("CIDER", "C1", "5", made_on=APRIL, best_before=JUNE, supplier_lot="S1"))
    plant.record("receipt", received("MILK", "M1", "5", made_on=MARCH, best_before=MAY))
    plant.record(
        "transfer",
        sent("CIDER", "C1", "5"),
        sent("MILK", "M1", "5"),
        arrived("CIDER", "C1", "5"),
        arrived("MILK", "M1", "5"),
    )
    moved = plant.lot("CIDER", "C1", "B")
    assert (moved.made_on, moved.best_before, moved.supplier_lot) == (APRIL, JUNE, "S1")


@pytest.mark.parametrize("kind", ["production", "rework"])
def test_what_is_made_has_dates_of_its_own_or_none(kind: str, plant: Plant) -> None:
    plant.record(kind, used("APPLE", "A1", "10"), made("JUICE", "J1", "9"), made("JUICE", "J2", "1", made_on=MAY))
    assert (plant.lot("JUICE", "J1").made_on, plant.lot("JUICE", "J1").supplier_lot) == (None, "")
    assert plant.lot("JUICE", "J2").made_on == MAY


@pytest.mark.parametrize("name", ["made_on", "best_before", "supplier_lot"])
def test_a_line_that_adds_to_a_lot_doesn_t_change_what_its_making_said(plant: Plant, name: str) -> None:
    differing = {"made_on": APRIL, "best_before": APRIL, "supplier_lot": "S8"}
    with pytest.raises(Invalid) as refusal:
        plant.record("receipt", received("APPLE", "A1", "1", **{name: differing[name]}))
    assert told(refusal.value.faults) == [("lot_exists", ("movements", 0, name))]


def test_a_line_that_adds_to_a_lot_may_say_what_is_so_already(plant: Plant) -> None:
    plant.record("receipt", received("APPLE", "A1", "1", made_on=MARCH, supplier_lot="S7"))
    plant.record("receipt", received("APPLE", "A1", "1"))
    assert (plant.on_hand("APPLE", "A1"), plant.lot("APPLE", "A1").made_on) == ("102", MARCH)


# Disposition


def test_a_site_decides_whether_its_new_lots_wait_for_their_release() -> None:
    plant = Plant()
    plant.record("receipt", received("CIDER", "C1", "5"))
    plant.record("receipt", received("CIDER", "C1", "5", site="CAREFUL"), site="CAREFUL")
    assert plant.lot("CIDER", "C1").disposition is RELEASED
    assert plant.lot("CIDER", "C1", "CAREFUL").disposition is PENDING


def test_a_lot_keeps_its_disposition_when_more_is_put_in(plant: Plant) -> None:
    for disposition in Disposition:
        plant.decide("CIDER", "C1", disposition)
        plant.record("receipt", received("CIDER", "C1", "1"))
        assert plant.lot("CIDER", "C1").disposition is disposition


@pytest.mark.parametrize("kind", ["split", "merge"])
def test_quarantine_is_handed_down_by_split_and_merge(plant: Plant, kind: str) -> None:
    plant.record("receipt", received("CIDER", "C2", "5"))
    plant.decide("CIDER", "C2", PENDING)
    plant.record(kind, used("CIDER", "C1", "5"), used("CIDER", "C2", "5"), made("CIDER", "C3", "10"))
    assert plant.lot("CIDER", "C3").disposition is PENDING


def test_quarantine_is_handed_down_by_a_transfer(plant: Plant) -> None:
    plant.decide("CIDER", "C1", PENDING)
    plant.record("transfer", sent("CIDER", "C1", "5"), arrived("CIDER", "C1", "5"))
    assert plant.lot("CIDER", "C1", "B").disposition is PENDING


@pytest.mark.parametrize("kind", ["split", "merge"])
def test_what_is_pending_isn_t_released_by_putting_it_to_what_is(plant: Plant, kind: str) -> None:
    plant.record("receipt", received("CIDER", "C2", "5"))
    plant.decide("CIDER", "C2", PENDING)
    with pytest.raises(Refused) as refusal:
        plant.record(kind, used("CIDER", "C2", "5"), made("CIDER", "C1", "5"))
    assert told(refusal.value.faults) == [("not_released", ("movements", 1, "lot"))]
    plant.decide("CIDER", "C1", PENDING)
    plant.record(kind, used("CIDER", "C2", "5"), made("CIDER", "C1", "5"))


@for_each("disposition", [ON_HOLD, REJECTED])
@for_each("kind", ["production", "split", "merge"])
def test_what_is_stopped_can_t_be_consumed(plant: Plant, kind: str, disposition: Disposition) -> None:
    plant.decide("CIDER", "C1", disposition)
    with pytest.raises(Refused) as refusal:
        plant.record(kind, used("CIDER", "C1", "1"), made("CIDER", "C2", "1"))
    assert told(refusal.value.faults) == [("not_usable", ("movements", 0, "lot"))]
    assert refusal.value.faults[0].facts["disposition"] == disposition


@for_each("disposition", [ON_HOLD, REJECTED])
def test_what_is_stopped_can_t_be_transferred(plant: Plant, disposition: Disposition) -> None:
    plant.decide("CIDER", "C1", disposition)
    with pytest.raises(Refused) as refusal:
        plant.record("transfer", sent("CIDER", "C1", "1"), arrived("CIDER", "C1", "1"))
    assert codes(refusal) == ["not_usable"]


@pytest.mark.parametrize("disposition", [ON_HOLD, REJECTED])
def test_what_is_stopped_can_be_reworked_destroyed_sampled_and_counted(plant: Plant, disposition: Disposition) -> None:
    plant.decide("CIDER", "C1", disposition)
    plant.record("rework", used("CIDER", "C1", "10"), made("JUICE", "J1", "7"))
    plant.record("loss", destroyed("CIDER", "C1", "10"))
    plant.record("sample", sampled("CIDER", "C1", "1"))
    plant.record("count", missing("CIDER", "C1", "1"))
    assert plant.on_hand("CIDER", "C1") == "28"


def test_what_is_pending_can_be_consumed(plant: Plant) -> None:
    plant.decide("APPLE", "A1", PENDING)
    plant.record("production", used("APPLE", "A1", "10"), made("JUICE", "J1", "7"))
    assert plant.on_hand("APPLE", "A1") == "90"


@for_each("disposition", [PENDING, ON_HOLD, REJECTED])
def test_only_what_is_released_ships(plant: Plant, disposition: Disposition) -> None:
    plant.decide("CIDER", "C1", disposition)
    with pytest.raises(Refused) as refusal:
        plant.record("shipment", shipped("CIDER", "C1", "1"))
    assert told(refusal.value.faults) == [("not_usable", ("movements", 0, "lot"))]


@for_each(
    ("code", "site", "shipped_at", "ships"),
    [
        ("MILK", "A", "2026-05-01T23:59:59+02:00", True),
        ("MILK", "A", "2026-05-02T00:00:00+02:00", False),
        ("MILK", "FRESH", "2026-05-02T08:00:00+02:00", False),
        ("CIDER", "A", "2026-05-02T08:00:00+02:00", True),
        ("CIDER", "FRESH", "2026-05-01T08:00:00+02:00", True),
        ("CIDER", "FRESH", "2026-05-02T08:00:00+02:00", False),
    ],
)
def test_past_a_use_by_date_nothing_ships_and_past_a_best_before_where_the_site_says_so(
    code: str, site: str, shipped_at: str, *, ships: bool
) -> None:
    plant = Plant()
    plant.record("receipt", received(code, "X1", "5", best_before=MAY, site=site), site=site)
    shipment = operation(
        "shipment", shipped(code, "X1", "1", site=site), site=site, occurred_at=datetime.fromisoformat(shipped_at)
    )
    if ships:
        plant.take(shipment)
        return
    with pytest.raises(Refused) as refusal:
        plant.take(shipment)
    assert codes(refusal) == ["not_usable"]


# Returns


def test_no_more_comes_back_than_went_to_that_partner(plant: Plant) -> None:
    plant.record("shipment", shipped("CIDER", "C1", "10"))
    plant.record("shipment", shipped("CIDER", "C1", "5"), partner="MARKET")
    plant.record("return", returned("CIDER", "C1", "4"))
    with pytest.raises(Invalid) as refusal:
        plant.record("return", returned("CIDER", "C1", "6.000001"))
    (fault,) = refusal.value.faults
    assert (fault.code, fault.path) == ("more_than_shipped", ("movements", 0, "quantity"))
    assert fault.facts == {"partner": "SHOP", "lot": "C1", "left": "6", "unit": "C62"}
    plant.record("return", returned("CIDER", "C1", "6"))
    assert plant.on_hand("CIDER", "C1") == "45"  # 50 - 10 - 5 + 4 + 6


def test_lines_of_a_return_share_what_the_partner_holds(plant: Plant) -> None:
    plant.record("shipment", shipped("CIDER", "C1", "10"))
    with pytest.raises(Invalid) as refusal:
        plant.record("return", returned("CIDER", "C1", "6"), returned("CIDER", "C1", "6"))
    assert set(codes(refusal)) == {"more_than_shipped"}


@for_each(("lot", "code"), [("C1", "more_than_shipped"), ("C2", "unknown_lot")])
def test_what_never_left_can_t_come_back(plant: Plant, lot: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        plant.record("return", returned("CIDER", lot, "1"))
    assert codes(refusal) == [code]


# Campaigns


@for_each("state", ["PLANNED", "CLOSED", "CANCELLED"])
@for_each(
    ("kind", "stated"),
    [
        ("production", used("APPLE", "A1", "1")),
        ("rework", used("APPLE", "A1", "1")),
        ("loss", destroyed("APPLE", "A1", "1")),
        ("sample", sampled("APPLE", "A1", "1")),
        ("count", found("APPLE", "A1", "1")),
    ],
)
def test_a_campaign_that_is_not_open_takes_nothing(plant: Plant, kind: str, stated: MovementEntry, state: str) -> None:
    with pytest.raises(Refused) as refusal:
        plant.record(kind, stated, campaign=state)
    assert told(refusal.value.faults) == [("campaign_not_open", ("campaign",))]
    assert refusal.value.faults[0].facts == {"campaign": state, "state": state.lower()}


# What is stored


def test_the_ledger_tells_new_lots_from_those_that_it_only_moved(plant: Plant) -> None:
    entry = operation("production", used("APPLE", "A1", "1"), made("JUICE", "J1", "1"), made("JUICE", "J1", "1"))
    with plant.transaction(entry) as ledger:
        recorded = ledger.record(entry, STAMP)
    assert [lot.key for lot in ledger.new_lots] == [LotKey("A", "JUICE", "J1")]
    assert ledger.revised_lots == []
    assert ledger.operations == [recorded]
    assert {m.lot_id for m in recorded.movements if m.lot == LotKey("A", "JUICE", "J1")} == {ledger.new_lots[0].id}


def test_two_lots_are_the_same_only_by_identity() -> None:
    twins = [Lot(new_id(), LotKey("A", "CIDER", "C1"), REFERENCES.products["CIDER"], RELEASED) for _ in range(2)]
    assert twins[0] != twins[1]
