"""What comes back at a site that holds it, through the use cases, on the fakes and on PostgreSQL."""

import pytest

from domain.production.lot import Disposition
from domain.production.operation import Operation
from domain.shared.errors import Refused
from tests.contracts.worlds import AT, OnMemory, OnPostgresql, World
from tests.core.plant import codes, operation, received, returned, shipped

AT_WARY = {"site": "WARY"}


def back(world: World, quantity: str = "4", **head: object) -> tuple[Operation, str]:
    """Record a return, and answer the label of its sub-lot."""
    entry = operation("return", returned("CIDER", "1", quantity, **AT_WARY), **{**AT_WARY, **head})
    (recorded,) = world.take(entry)
    (movement,) = recorded.movements
    assert movement.lot is not None
    return recorded, movement.lot.sub_lot


class ReturnedGoodsContract:
    @pytest.fixture
    def wary(self, world: World) -> World:
        world.record("receipt", received("CIDER", "1", "100", **AT_WARY), **AT_WARY)
        world.record("shipment", shipped("CIDER", "1", "10", **AT_WARY), **AT_WARY)
        return world

    def test_they_are_on_hold_in_a_sub_lot(self, wary: World) -> None:
        recorded, label = back(wary, document="RN-7")
        assert label == f"returned 2026-03-02 {recorded.id.hex[-8:]}"
        part = wary.lot("CIDER", "1", "WARY", label)
        assert (part.on_hand, part.holds, part.disposition) == (4, 1, Disposition.ON_HOLD)
        (held,) = wary.holds.of_lot(part.id)
        assert (held.hold.reason, held.hold.placed_at, held.hold.placed_by) == ("returned by SHOP, RN-7", AT, "typist")
        assert wary.lot("CIDER", "1", "WARY").holds == 0

    def test_without_a_document_they_name_their_partner(self, wary: World) -> None:
        _, label = back(wary)
        (held,) = wary.holds.of_lot(wary.lot("CIDER", "1", "WARY", label).id)
        assert held.hold.reason == "returned by SHOP"

    def test_each_return_is_held_by_itself(self, wary: World) -> None:
        labels = {back(wary)[1], back(wary)[1]}
        assert len(labels) == 2
        assert {wary.lot("CIDER", "1", "WARY", label).holds for label in labels} == {1}

    def test_one_operation_is_one_hold_on_all_its_lots(self, wary: World) -> None:
        wary.record("receipt", received("MILK", "1", "100", **AT_WARY), **AT_WARY)
        wary.record("shipment", shipped("MILK", "1", "10", **AT_WARY), **AT_WARY)
        lines = (returned(code, "1", "1", sub_lot="torn", **AT_WARY) for code in ("CIDER", "MILK", "CIDER"))
        wary.record("return", *lines, **AT_WARY)
        held = [wary.holds.of_lot(wary.lot(code, "1", "WARY", "torn").id) for code in ("CIDER", "MILK")]
        assert [len(each) for each in held] == [1, 1]
        assert held[0][0].hold == held[1][0].hold

    def test_the_rest_of_the_same_transaction_may_not_use_them(self, wary: World) -> None:
        entries = (
            operation("return", returned("CIDER", "1", "4", sub_lot="torn", **AT_WARY), **AT_WARY),
            operation("shipment", shipped("CIDER", "1", "1", sub_lot="torn", **AT_WARY), **AT_WARY),
        )
        with pytest.raises(Refused) as refusal:
            wary.take(*entries)
        assert codes(refusal) == ["not_usable"]

    def test_a_return_that_is_taken_back_leaves_its_hold_on_nothing(self, wary: World) -> None:
        recorded, label = back(wary)
        wary.reverse(recorded)
        part = wary.lot("CIDER", "1", "WARY", label)
        assert (part.on_hand, part.made_by, part.holds) == (0, None, 1)
        back(wary, quantity="10")

    def test_elsewhere_they_go_to_their_lot(self, world: World) -> None:
        world.record("receipt", received("CIDER", "1", "100"))
        world.record("shipment", shipped("CIDER", "1", "10"))
        recorded = world.record("return", returned("CIDER", "1", "4"))
        assert [movement.lot for movement in recorded.movements] == [world.lot("CIDER", "1").key]
        assert world.lot("CIDER", "1").holds == 0


class TestOnMemory(OnMemory, ReturnedGoodsContract):
    """The fakes."""


class TestOnPostgresql(OnPostgresql, ReturnedGoodsContract):
    """The adapters."""
