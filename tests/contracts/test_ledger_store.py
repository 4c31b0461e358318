"""What everybody may expect of where the ledger is kept."""

from collections.abc import Collection
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from attrs import evolve

from application.shared.errors import Overtaken
from domain.catalog.product import Product
from domain.production.entry import Kind, OperationEntry
from domain.production.ledger import Ledger
from domain.production.lot import Disposition, Lot, LotKey
from domain.production.operation import Operation
from domain.production.valuation import Cost, CostBasis
from domain.shared.errors import Refused
from tests.contracts.worlds import STAMP, OnMemory, OnPostgresql, World
from tests.core.plant import (
    CAMPAIGNS,
    PRODUCTS,
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
    used,
)

EAST = timezone(timedelta(hours=5, minutes=30))
APPLE_1 = LotKey("A", "APPLE", "1")


def stocked(world: World) -> World:
    """Apples, cider and a mystery to take from."""
    stock = received("APPLE", "1", "100"), received("CIDER", "1", "50"), received("MYSTERY", "1", "5")
    world.record("receipt", *stock, partner="SUPPLIER")
    return world


def shown(lot: Lot) -> tuple[object, ...]:
    """Everything that a lot is; lots themselves compare as things."""
    return lot.id, lot.key, lot.product, lot.on_hand, lot.cost, lot.particulars()


def store(world: World, ledger: Ledger) -> None:
    with world.committed():
        world.store.append(ledger)


# An operation of each kind, to be told after `stocked`, with everything that one may state.
EVERYTHING = {
    "receipt": operation(
        "receipt",
        received(
            "SUGAR",
            "S (1)/2",
            "123456789012.123456",
            supplier_lot="their own",
            made_on=date(2026, 2, 1),
            best_before=date(2027, 2, 1),
            unit_cost=in_euros("0.123456"),
        ),
        partner="SUPPLIER",
        document="delivery note 7",
        number="R-1",
        reason="ordered",
        occurred_at=datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=EAST),
    ),
    "production": operation(
        "production",
        used("APPLE", "1", "60.5"),
        made("JUICE", "TANK", "40.000001", made_on=date(2026, 3, 2)),
        by_product("POMACE", "1", "10"),
        lost("POMACE", "0.000001", "blown away"),
        campaign="SPRING",
        line="L1",
    ),
    "shipment": operation("shipment", shipped("CIDER", "1", "3"), document="DN 1", partner="MARKET"),
    "transfer": operation("transfer", sent("CIDER", "1", "4"), arrived("CIDER", "1", "4")),
    "count": operation("count", missing("APPLE", "1", "1"), found("CIDER", "1", "2"), campaign="SUMMER", line="L2"),
    "loss": operation("loss", destroyed("MYSTERY", "1", "1"), campaign="SPRING"),
    "sample": operation("sample", sampled("CIDER", "1", "1")),
}


class LedgerStoreContract:
    @pytest.mark.parametrize("kind", EVERYTHING)
    def test_an_operation_comes_back_as_it_was_recorded(self, world: World, kind: str) -> None:
        (recorded,) = stocked(world).take(EVERYTHING[kind])
        assert recorded.id == EVERYTHING[kind].id
        assert world.store.operations([recorded.id]) == {recorded.id: recorded}
        assert world.store.fingerprints([recorded.id]) == {recorded.id: EVERYTHING[kind].fingerprint}

    def test_a_return_comes_back_as_it_was_recorded(self, world: World) -> None:
        stocked(world).record("shipment", shipped("CIDER", "1", "3"))
        back = world.record("return", returned("CIDER", "1", "1"), returned("CIDER", "1", "2"))
        assert world.store.operations([back.id]) == {back.id: back}

    def test_what_was_reversed_says_by_what(self, world: World) -> None:
        (original,) = stocked(world).take(EVERYTHING["production"])
        reversal = world.reverse(original)
        assert world.store.operations([original.id, reversal.id]) == {
            original.id: evolve(original, reversed_by=reversal.id),
            reversal.id: reversal,
        }
        assert reversal.reverses == original.id

    def test_what_was_put_right_says_what_it_replaces(self, world: World) -> None:
        original = stocked(world).record("loss", destroyed("APPLE", "1", "1"))
        entries = reversal_of(original), operation("loss", destroyed("APPLE", "1", "2"))
        ledger = world.posting.open(entries)
        corrected = ledger.correct(*entries, STAMP)
        store(world, ledger)
        assert world.store.operations([corrected.id]) == {corrected.id: corrected}
        assert corrected.corrects == original.id

    def test_nothing_is_known_of_what_was_not_recorded(self, world: World) -> None:
        nobody: list[Collection[UUID]] = [[new_id()], []]
        for ids in nobody:
            assert not world.store.operations(ids)
            assert not world.store.fingerprints(ids)

    def test_of_several_those_that_exist_are_found(self, world: World) -> None:
        recorded = {entry.id: entry for entry in stocked(world).take(*EVERYTHING.values())}
        assert len(recorded) == len(EVERYTHING)
        assert world.store.operations([new_id(), *recorded]) == recorded
        assert world.store.fingerprints({new_id(), *recorded}) == {o.id: o.fingerprint for o in recorded.values()}

    def test_lines_keep_their_order(self, world: World) -> None:
        quantities = [str(100 - position) for position in range(30)]
        recorded = world.record("receipt", *(received("APPLE", "1", quantity) for quantity in quantities))
        again = world.store.operations([recorded.id])[recorded.id]
        assert [str(movement.quantity) for movement in again.movements] == quantities

    def test_a_product_is_shown_as_it_is_now(self, world: World) -> None:
        (recorded,) = stocked(world).take(EVERYTHING["loss"])
        named_anew = evolve(PRODUCTS["MYSTERY"], name="Solved", version=2)
        with world.committed():
            world.records[Product].save(named_anew)
        again = world.store.operations([recorded.id])[recorded.id]
        assert again.movements[0].product == named_anew
        assert world.lot("MYSTERY", "1").product == named_anew

    # Lots

    def test_a_received_lot_comes_back_with_all_it_is(self, world: World) -> None:
        (recorded,) = world.take(EVERYTHING["receipt"])
        lot = world.lot("SUGAR", "S (1)/2")
        assert shown(lot) == shown(
            Lot(
                id=recorded.movements[0].lot_id,
                key=LotKey("A", "SUGAR", "S (1)/2"),
                product=PRODUCTS["SUGAR"],
                decided=Disposition.RELEASED,
                on_hand=Decimal("123456789012.123456"),
                # 123456789012.123456 * 0.123456
                cost=Cost(Decimal("15241481344.280713383936"), "EUR", CostBasis.ACTUAL),
                made_by=recorded.id,
                made_on=date(2026, 2, 1),
                best_before=date(2027, 2, 1),
                supplier_lot="their own",
                campaign=None,
            )
        )

    def test_a_lot_made_in_a_campaign_comes_back_with_all_it_is(self, world: World) -> None:
        (recorded,) = stocked(world).take(EVERYTHING["production"])
        lot = world.lot("JUICE", "TANK")
        assert (lot.made_by, lot.campaign, lot.made_on) == (recorded.id, CAMPAIGNS["SPRING"].id, date(2026, 3, 2))
        assert lot.on_hand == Decimal("40.000001")
        # 60.5 kg of apples at the standard 0.20, less 10 kg of pomace at its 0.02.
        assert lot.cost == Cost(Decimal("11.9"), "EUR", CostBasis.STANDARD)
        assert world.lot("APPLE", "1").on_hand == Decimal("39.5")

    def test_a_site_with_positive_release_makes_pending_lots(self, world: World) -> None:
        world.record("receipt", received("APPLE", "1", "1", site="CAREFUL"), site="CAREFUL")
        assert world.lot("APPLE", "1", "CAREFUL").disposition is Disposition.PENDING

    def test_only_lots_that_exist_are_found_each_by_all_of_its_key(self, world: World) -> None:
        stocked(world)
        keys = [APPLE_1, LotKey("B", "APPLE", "1"), LotKey("A", "APPLE", "2"), LotKey("A", "SUGAR", "1")]
        with world.forgotten():
            lots = world.store.lots_for_update(keys, world.known("APPLE", "SUGAR"))
            assert lots.keys() == {APPLE_1}
            assert not world.store.lots_for_update([], world.known())

    def test_codes_are_not_mixed_up(self, world: World) -> None:
        world.record("receipt", received("APPLE", "X", "1"), received("SUGAR", "Y", "2"))
        world.record("receipt", received("APPLE", "Y", "3", site="B"), site="B")
        keys = [LotKey(site, product, code) for site in "AB" for product in ("APPLE", "SUGAR") for code in "XY"]
        with world.forgotten():
            lots = world.store.lots_for_update(keys, world.known("APPLE", "SUGAR"))
        assert {key: lot.on_hand for key, lot in lots.items()} == {
            LotKey("A", "APPLE", "X"): 1,
            LotKey("A", "SUGAR", "Y"): 2,
            LotKey("B", "APPLE", "Y"): 3,
        }

    def test_a_lot_whose_making_was_taken_back_is_made_anew(self, world: World) -> None:
        (recorded,) = world.take(EVERYTHING["receipt"])
        world.reverse(recorded)
        emptied = world.lot("SUGAR", "S (1)/2")
        assert (emptied.on_hand, emptied.cost.amount, emptied.made_by) == (0, 0, None)
        anew = world.record("receipt", received("SUGAR", "S (1)/2", "5", best_before=date(2028, 1, 1)))
        lot = world.lot("SUGAR", "S (1)/2")
        assert (lot.id, lot.on_hand, lot.made_by) == (emptied.id, 5, anew.id)
        assert (lot.made_on, lot.best_before, lot.supplier_lot) == (None, date(2028, 1, 1), "")

    def test_what_is_on_hand_is_what_moved(self, world: World) -> None:
        stocked(world).take(*EVERYTHING.values())
        assert world.lot("APPLE", "1").on_hand == Decimal("38.5")
        assert world.lot("CIDER", "1").on_hand == 44
        assert world.lot("CIDER", "1", "B").on_hand == 4

    # Deliveries

    def test_a_partner_holds_what_was_shipped_less_what_came_back(self, world: World) -> None:
        stocked(world).record("shipment", shipped("CIDER", "1", "10"), shipped("MYSTERY", "1", "2"))
        world.record("shipment", shipped("CIDER", "1", "7"), partner="MARKET")
        world.record("return", returned("CIDER", "1", "4"))
        taken_back = world.record("shipment", shipped("CIDER", "1", "1.5"))
        world.reverse(taken_back)
        world.record("split", used("CIDER", "1", "5"), made("CIDER", "1", "5", sub_lot="pallet 1"))
        world.record("shipment", shipped("CIDER", "1", "3", sub_lot="pallet 1"))
        world.record("return", returned("CIDER", "1", "1", sub_lot="back"))
        cider, mystery = LotKey("A", "CIDER", "1"), LotKey("A", "MYSTERY", "1")
        held = {("SHOP", cider): 8, ("SHOP", mystery): 2, ("MARKET", cider): 7}
        nobody = {("SUPPLIER", cider), ("MARKET", mystery), ("NOBODY", cider), ("SHOP", LotKey("B", "CIDER", "1"))}
        assert {
            holding: amount for holding, amount in world.store.delivered({*held, *nobody}).items() if amount
        } == held
        assert not world.store.delivered([])

    # Sub-lots

    def test_a_sub_lot_is_stored_with_what_it_is_part_of(self, world: World) -> None:
        stocked(world).record("split", used("CIDER", "1", "5"), made("CIDER", "1", "5", sub_lot="pallet 1"))
        whole, part = world.lot("CIDER", "1"), world.lot("CIDER", "1", sub_lot="pallet 1")
        assert (part.key, part.parent, whole.parent) == (LotKey("A", "CIDER", "1", "pallet 1"), whole.id, None)
        more = world.record("split", used("CIDER", "1", "2"), made("CIDER", "1", "2", sub_lot="pallet 1"))
        assert world.lot("CIDER", "1", sub_lot="pallet 1").on_hand == 7
        (recorded,) = world.store.operations([more.id]).values()
        assert recorded == more
        assert [movement.lot_id for movement in recorded.movements] == [whole.id, part.id]

    # What others did meanwhile, and what was given up

    @pytest.mark.parametrize(
        "twice",
        [
            operation("receipt", received("APPLE", "NEW", "1")),
            operation("loss", destroyed("APPLE", "1", "1")),
        ],
    )
    def test_an_operation_is_stored_once(self, world: World, twice: OperationEntry) -> None:
        ours, theirs = stocked(world).ledger(twice), world.ledger(twice)
        store(world, theirs)
        left = world.lot("APPLE", "1").on_hand
        with pytest.raises(Overtaken):
            store(world, ours)
        assert world.lot("APPLE", "1").on_hand == left

    def test_a_lot_is_made_once(self, world: World) -> None:
        ours, theirs = (world.ledger(operation("receipt", received("APPLE", "NEW", "1"))) for _ in range(2))
        store(world, theirs)
        with pytest.raises(Overtaken):
            store(world, ours)
        assert world.lot("APPLE", "NEW").on_hand == 1
        assert not world.store.operations([ours.operations[0].id])

    def test_an_operation_is_reversed_once(self, world: World) -> None:
        original = stocked(world).record("shipment", shipped("CIDER", "1", "10"))
        ours, theirs = (world.ledger(reversal_of(original)) for _ in range(2))
        store(world, theirs)
        with pytest.raises(Refused) as refused:
            store(world, ours)
        assert codes(refused) == ["already_reversed"]
        assert world.lot("CIDER", "1").on_hand == 50

    def test_what_is_not_committed_is_forgotten(self, world: World) -> None:
        original = stocked(world).record("loss", destroyed("APPLE", "1", "1"))
        before = shown(world.lot("APPLE", "1"))
        given_up = [
            reversal_of(original),
            operation("production", used("APPLE", "1", "9"), made("JUICE", "TANK", "9"), campaign="SPRING"),
        ]
        ledger = world.ledger(*given_up)
        with world.forgotten():
            world.store.append(ledger)
        assert not world.store.fingerprints([entry.id for entry in given_up])
        assert world.store.operations([original.id])[original.id].reversed_by is None
        assert shown(world.lot("APPLE", "1")) == before
        with world.forgotten():
            assert not world.store.lots_for_update([LotKey("A", "JUICE", "TANK")], world.known("JUICE"))
        assert not world.campaigns.has_operations(CAMPAIGNS["SPRING"].id)

    def test_a_batch_is_stored_in_its_order(self, world: World) -> None:
        entries = [
            operation("receipt", received("APPLE", "1", "10")),
            operation("production", used("APPLE", "1", "10"), made("JUICE", "TANK", "9"), campaign="SPRING"),
            operation("production", used("JUICE", "TANK", "9"), made("CIDER", "1", "8"), campaign="SPRING"),
        ]
        recorded: tuple[Operation, ...] = world.take(*entries)
        assert [operation.kind for operation in recorded] == [Kind.RECEIPT, Kind.PRODUCTION, Kind.PRODUCTION]
        assert world.store.operations([o.id for o in recorded]) == {o.id: o for o in recorded}
        assert (world.lot("APPLE", "1").on_hand, world.lot("JUICE", "TANK").on_hand) == (0, 0)
        assert world.lot("CIDER", "1").on_hand == 8


class TestOnMemory(OnMemory, LedgerStoreContract):
    """The fake."""


class TestOnPostgresql(OnPostgresql, LedgerStoreContract):
    """The adapter."""
