"""What everybody may expect of where holds are kept."""

from typing import Any

import pytest

from application.quality.ports import Holds
from domain.access.rights import EVERYWHERE
from domain.production.lot import Disposition, Lot
from domain.quality.holds import HeldLot, Hold, Lifting
from domain.shared.signature import Signature
from infrastructure.persistence.production.models import Lot as LotTable
from infrastructure.persistence.quality.readers import DjangoQualityReader
from tests.contracts.reading import whole
from tests.contracts.worlds import AT, OnMemory, OnPostgresql, World
from tests.core.plant import made, new_id, received, used

SIGNED = Signature("quality", "I tasted it", AT)


def hold(**more: Any) -> Hold:
    return Hold(
        **{"id": new_id(), "reason": "glass « found »", "scope": "these", "placed_at": AT, "placed_by": "q", **more}
    )


def lifting(**more: Any) -> Lifting:
    return Lifting(**{"reason": "no glass", "lifted_at": AT, "lifted_by": "q", **more})


class HoldsContract:
    @pytest.fixture
    def holds(self, world: World) -> Holds:
        return world.holds

    @pytest.fixture
    def lots(self, world: World) -> list[Lot]:
        world.record("receipt", *(received("CIDER", code, "10") for code in "123"))
        return [world.lot("CIDER", code) for code in "123"]

    def test_a_hold_stands_on_each_of_its_lots_and_on_no_other(
        self, world: World, holds: Holds, lots: list[Lot]
    ) -> None:
        placed = hold(recall=new_id(), signature=SIGNED)
        with world.committed():
            assert holds.place(placed, [lots[2].id, lots[0].id, lots[2].id, new_id()]) == 2
        shown = [world.lot("CIDER", code) for code in "123"]
        assert [lot.holds for lot in shown] == [1, 0, 1]
        assert [lot.disposition for lot in shown] == [Disposition.ON_HOLD, Disposition.RELEASED, Disposition.ON_HOLD]
        assert holds.of_lot(lots[0].id) == (HeldLot(placed, lots[0].id),)
        assert holds.of_lot(lots[1].id) == ()

    def test_a_hold_may_stand_on_no_lot(self, world: World, holds: Holds) -> None:
        with world.committed():
            assert holds.place(hold(), []) == 0

    def test_a_recall_holds_a_lot_once(self, world: World, holds: Holds, lots: list[Lot]) -> None:
        recall = new_id()
        first, again, other, none = hold(recall=recall), hold(recall=recall), hold(recall=new_id()), hold()
        with world.committed():
            assert holds.place(first, [lots[0].id]) == 1
        with world.committed():
            assert holds.place(again, [lots[0].id, lots[1].id]) == 1
            assert holds.place(hold(recall=recall), [lots[0].id, lots[1].id]) == 0
            assert holds.place(other, [lots[0].id]) == 1
            assert holds.place(none, [lots[0].id]) == 1
        assert [held.hold for held in holds.of_lot(lots[0].id)] == [none, other, first]
        assert [held.hold for held in holds.of_lot(lots[1].id)] == [again]
        assert [world.lot("CIDER", code).holds for code in "123"] == [3, 1, 0]

    def test_a_recall_holds_a_lot_anew_that_it_was_lifted_from(
        self, world: World, holds: Holds, lots: list[Lot]
    ) -> None:
        recall = new_id()
        lifted, standing = hold(recall=recall), hold(recall=recall)
        with world.committed():
            holds.place(lifted, [lots[0].id])
        with world.committed():
            holds.lift(HeldLot(lifted, lots[0].id), lifting())
        with world.committed():
            assert holds.place(standing, [lots[0].id]) == 1
        assert [held.stands for held in holds.of_lot(lots[0].id)] == [True, False]
        assert world.lot("CIDER", "1").holds == 1

    def test_several_stand_on_a_lot_and_are_lifted_one_by_one(
        self, world: World, holds: Holds, lots: list[Lot]
    ) -> None:
        first, second = hold(), hold(reason="and mould")
        for placed in (first, second):
            with world.committed():
                holds.place(placed, [lots[0].id, lots[1].id])
        assert world.lot("CIDER", "1").holds == 2
        lifted = lifting(signature=SIGNED)
        with world.committed():
            holds.lift(HeldLot(first, lots[0].id), lifted)
        assert [world.lot("CIDER", code).holds for code in "123"] == [1, 2, 0]
        history = (HeldLot(second, lots[0].id), HeldLot(first, lots[0].id, lifted))
        assert holds.of_lot(lots[0].id) == history
        with world.committed():
            holds.lift(HeldLot(second, lots[0].id), lifting())
        assert world.lot("CIDER", "1").disposition is Disposition.RELEASED

    def test_what_is_not_committed_is_forgotten(self, world: World, holds: Holds, lots: list[Lot]) -> None:
        placed = hold()
        with world.forgotten():
            holds.place(placed, [lots[0].id])
        assert world.lot("CIDER", "1").holds == 0
        assert holds.of_lot(lots[0].id) == ()
        with world.committed():
            holds.place(placed, [lots[0].id])
        with world.forgotten():
            holds.lift(HeldLot(placed, lots[0].id), lifting())
        assert world.lot("CIDER", "1").holds == 1
        assert holds.of_lot(lots[0].id) == (HeldLot(placed, lots[0].id),)

    def test_what_holds_a_lot_holds_a_new_sub_lot_of_it_by_itself(
        self, world: World, holds: Holds, lots: list[Lot]
    ) -> None:
        lifted, standing, later = hold(), hold(), hold()
        for placed in (lifted, standing):
            with world.committed():
                holds.place(placed, [lots[0].id])
        with world.committed():
            holds.lift(HeldLot(lifted, lots[0].id), lifting())
        world.record("split", used("CIDER", "1", "4"), made("CIDER", "1", "4", sub_lot="pallet 1"))
        part = world.lot("CIDER", "1", sub_lot="pallet 1")
        assert (part.parent, part.holds, part.on_hand) == (lots[0].id, 1, 4)
        assert holds.of_lot(part.id) == (HeldLot(standing, part.id),)
        with world.committed():
            holds.place(later, [lots[0].id])
        with world.committed():
            holds.lift(HeldLot(standing, part.id), lifting())
        assert world.lot("CIDER", "1", sub_lot="pallet 1").disposition is Disposition.RELEASED
        assert world.lot("CIDER", "1").holds == 2


class TestOnMemory(OnMemory, HoldsContract):
    """The fake."""


class TestOnPostgresql(OnPostgresql, HoldsContract):
    """The adapter."""

    def test_a_lot_s_holds_are_read_the_latest_first(self, world: World, holds: Holds, lots: list[Lot]) -> None:
        placed = [hold(reason=f"no. {number}") for number in range(3)]
        for one in placed:
            with world.committed():
                holds.place(one, [lot.id for lot in lots])
        with world.committed():
            holds.lift(HeldLot(placed[1], lots[0].id), lifting(signature=SIGNED))
        read = whole(lambda request: DjangoQualityReader().holds(lots[0].id, request, EVERYWHERE))
        assert read == list(holds.of_lot(lots[0].id))
        assert [held.stands for held in read] == [True, False, True]
        assert [held.hold for held in read] == placed[::-1]

    def test_a_held_lot_has_another_version_for_each_change(self, world: World, holds: Holds, lots: list[Lot]) -> None:
        placed = hold()
        before = LotTable.objects.get(pk=lots[0].id).version
        with world.committed():
            holds.place(placed, [lots[0].id])
        assert LotTable.objects.get(pk=lots[0].id).version == before + 1
        with world.committed():
            holds.lift(HeldLot(placed, lots[0].id), lifting())
        assert LotTable.objects.get(pk=lots[0].id).version == before + 2
