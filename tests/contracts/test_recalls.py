"""What everybody may expect of where recalls are kept, and of what reads them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from application.shared.errors import NotFound
from application.shared.paging import PageRequest
from application.traceability.open_recall import OpenRecall, OpenRecallHandler
from application.traceability.ports import Touched
from application.traceability.recall_queries import LotInRecall, RecallReader, StoredReport
from domain.access.rights import EVERYWHERE
from domain.catalog.site import Site
from domain.quality.holds import HeldByRecall, Lifting, RecallLifting
from domain.shared.canonical import sha256_of
from domain.shared.errors import Invalid, Refused
from domain.shared.signature import Signature
from domain.traceability.origin import LotsOrigin, SupplierLotOrigin
from domain.traceability.recall import LogEntry, Recall, RecallState, Recovery, Step
from infrastructure.persistence.traceability import recall_reader
from infrastructure.persistence.traceability.recall_reader import DjangoRecallReader
from tests.contracts.reading import BAD_CURSORS, assert_ordered, assert_strict, pages, whole
from tests.contracts.worlds import ACTOR, AT, OnMemory, OnPostgresql, World
from tests.core.plant import (
    NOON,
    arrived,
    by_product,
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
    used,
)

LATER = AT + timedelta(hours=1)


def case(code: str = "R-1", **more: Any) -> Recall:
    origin = SupplierLotOrigin("SUPPLIER", "F-7")
    usual = {"hazard": "glass « fin »", "known_at": NOON, "suspects": origin, "mock": False}
    return Recall(new_id(), code, **{**usual, "opened_at": AT, "opened_by": "quality", **more})


def note(recall: Recall, text: str = "looked", at: datetime = AT) -> LogEntry:
    return LogEntry.note(new_id(), recall.id, text, at, "quality")


def lots(world: World, *named: str) -> list[UUID]:
    """Lots by product and code."""
    return [world.lot(*each.split()).id for each in named]


def press_and_fill(world: World) -> None:
    """Apples become juice and pomace, juice becomes cider, which is shipped."""
    world.record("receipt", received("APPLE", "1", "100"), received("APPLE", "2", "100"))
    world.record("production", used("APPLE", "1", "50"), made("JUICE", "T", "40"), by_product("POMACE", "P", "10"))
    world.record("production", used("JUICE", "T", "20"), made("CIDER", "C", "15"))
    world.record("shipment", shipped("CIDER", "C", "9"))


def opened(world: World, *suspects: str, mock: bool = False, code: str = "R-1") -> Recall:
    """A recall of these lots, opened by its use case."""
    handler = OpenRecallHandler(world.unit_of_work, world.genealogy, world.recalls, world.records[Site], world.ids)
    origin = LotsOrigin(frozenset(lots(world, *suspects)))
    return handler(OpenRecall(code, "glass", NOON, origin, mock, ACTOR, AT))


def depths(world: World, recall: Recall, *named: str) -> list[int | None]:
    """The depths of these lots in the recall, None for those that aren't in it."""
    found_there = world.recalled_lots(recall.id)
    return [found_there.get(lot) for lot in lots(world, *named)]


class RecallsContract:
    @pytest.fixture
    def plant(self, world: World) -> World:
        press_and_fill(world)
        return world

    def kept(self, world: World, recall: Recall, *suspects: str) -> Recall:
        """The recall, kept as it is with these suspects alone."""
        begun_with = lots(world, *suspects)
        with world.committed():
            world.recalls.add(recall, begun_with)
        return recall

    def grown(self, world: World, recall: Recall, at: datetime = AT) -> set[UUID]:
        with world.committed():
            joined = world.recalls.grow(recall.id, at)
        assert len(set(joined)) == len(joined)
        return set(joined)

    def close(self, world: World, closed: Recall) -> StoredReport:
        """Keep a recall as closed, with a report."""
        document = {"closed": closed.code}
        stored = StoredReport(closed.id, document, sha256_of(document), LATER, b"<svg/>")
        world.recalls.save(closed)
        world.recalls.store_report(stored)
        return stored

    def touched(self, world: World, *operations: UUID) -> list[Touched]:
        with world.forgotten():
            return list(world.recalls.touched_by(operations))

    def test_what_is_added_is_found(self, plant: World) -> None:
        recall = self.kept(plant, case(mock=True), "APPLE 1", "JUICE T")
        with plant.forgotten():
            assert plant.recalls.for_update(recall.id) == recall
        assert depths(plant, recall, "APPLE 1", "JUICE T", "CIDER C") == [0, 0, None]

    def test_what_is_not_there_is_said(self, plant: World) -> None:
        self.kept(plant, case(), "APPLE 1")
        with plant.forgotten(), pytest.raises(NotFound):
            plant.recalls.for_update(new_id())

    def test_a_code_is_taken_once(self, plant: World) -> None:
        kept = self.kept(plant, case(), "APPLE 1")
        with pytest.raises(Refused) as refusal:
            self.kept(plant, case(), "APPLE 2")
        assert codes(refusal) == ["code_taken"]
        other = self.kept(plant, case("R-2"), "APPLE 1")
        assert depths(plant, kept, "APPLE 1", "APPLE 2") == depths(plant, other, "APPLE 1", "APPLE 2") == [0, None]

    def test_everything_that_its_lots_went_into_joins_and_nothing_twice(self, plant: World) -> None:
        recall = self.kept(plant, case(), "APPLE 1")
        assert self.grown(plant, recall) == set(lots(plant, "JUICE T", "POMACE P", "CIDER C"))
        assert depths(plant, recall, "APPLE 1", "APPLE 2", "JUICE T", "POMACE P", "CIDER C") == [0, None, 1, 1, 2]
        assert self.grown(plant, recall) == set()

    def test_depth_is_the_least_from_any_suspect(self, plant: World) -> None:
        plant.record("rework", used("CIDER", "C", "1"), made("CIDER", "D", "1"))
        recall = self.kept(plant, case(), "APPLE 1", "CIDER C")
        self.grown(plant, recall)
        assert depths(plant, recall, "JUICE T", "CIDER C", "CIDER D") == [1, 0, 1]

    def test_it_ends_in_a_circle(self, plant: World) -> None:
        plant.record("rework", used("CIDER", "C", "1"), made("JUICE", "T", "1"))
        plant.record("rework", used("CIDER", "C", "2"), made("CIDER", "C", "1"))
        recall = self.kept(plant, case(), "CIDER C")
        assert self.grown(plant, recall) == set(lots(plant, "JUICE T"))
        assert depths(plant, recall, "CIDER C", "JUICE T", "POMACE P") == [0, 1, None]

    def test_it_grows_through_a_chain_and_a_transfer(self, plant: World) -> None:
        for number in range(12):
            source = str(number - 1) if number else "T"
            plant.record("merge", used("JUICE", source, "1"), made("JUICE", str(number), "1"))
        plant.record("transfer", sent("JUICE", "11", "1"), arrived("JUICE", "11", "1"))
        recall = self.kept(plant, case(), "JUICE T")
        self.grown(plant, recall)
        assert depths(plant, recall, "JUICE 0", "JUICE 11", "JUICE 11 B", "CIDER C") == [1, 12, 13, 1]

    def test_it_goes_on_growing(self, plant: World) -> None:
        recall = self.kept(plant, case(), "APPLE 1")
        self.grown(plant, recall)
        plant.record("rework", used("CIDER", "C", "1"), made("CIDER", "D", "1"))
        plant.record("rework", used("CIDER", "D", "1"), made("CIDER", "E", "1"))
        assert depths(plant, recall, "CIDER D", "CIDER E") == [3, 4]
        assert self.grown(plant, recall, LATER) == set()

    def test_what_joins_later_is_as_near_as_the_shortest_way_makes_it(self, plant: World) -> None:
        recall = self.kept(plant, case(mock=True), "APPLE 1")
        self.grown(plant, recall)
        chain = ["C", "D", "E", "F"]
        for source, target in pairwise(chain):
            plant.record("rework", used("CIDER", source, "2"), made("CIDER", target, "9"))
        assert depths(plant, recall, "CIDER D", "CIDER E", "CIDER F") == [3, 4, 5]
        # Two operations at once: a way from afar, and a short cut from the suspect.
        far = operation("rework", used("CIDER", "F", "1"), made("CIDER", "G", "1"))
        near = operation("production", used("APPLE", "1", "1"), made("CIDER", "E", "1"))
        onward = operation("rework", used("CIDER", "E", "1"), made("CIDER", "G", "1"))
        plant.take(far, near, onward)
        assert depths(plant, recall, "CIDER D", "CIDER E", "CIDER F", "CIDER G") == [3, 1, 2, 2]
        plant.record("rework", used("CIDER", "F", "1"), made("CIDER", "H", "1"))
        assert depths(plant, recall, "CIDER H") == [3]

    def test_what_was_reversed_joins_nothing_and_what_joined_stays(self, plant: World) -> None:
        first = plant.record("rework", used("CIDER", "C", "1"), made("CIDER", "D", "1"))
        plant.reverse(first)
        recall = self.kept(plant, case(mock=True), "APPLE 1")
        self.grown(plant, recall)
        assert depths(plant, recall, "CIDER C", "CIDER D") == [2, None]
        second = plant.record("rework", used("CIDER", "C", "1"), made("CIDER", "E", "1"))
        assert depths(plant, recall, "CIDER E") == [3]
        plant.reverse(second)
        assert depths(plant, recall, "CIDER E") == [3]

    def test_only_a_recall_whose_lot_went_in_is_touched(self, plant: World) -> None:
        first = self.kept(plant, case("R-1", mock=True), "APPLE 1")
        second = self.kept(plant, case("R-2", mock=True), "APPLE 2")
        self.kept(plant, case("R-3", mock=True), "POMACE P")
        of_first = plant.record("production", used("APPLE", "1", "1"), made("JUICE", "U", "1"))
        of_second = plant.record("production", used("APPLE", "2", "1"), made("JUICE", "V", "1"))
        put_in = plant.record("receipt", received("APPLE", "1", "1"), received("POMACE", "P", "1"))
        sent_out = plant.record("shipment", shipped("POMACE", "P", "1"))
        others = [put_in.id, sent_out.id]
        stamp = (AT, ACTOR.name)
        into = [frozenset(lots(plant, name)) for name in ("JUICE U", "JUICE V")]
        assert self.touched(plant, of_first.id, *others) == [Touched(first, *stamp, into[0])]
        assert self.touched(plant, of_second.id, *others) == [Touched(second, *stamp, into[1])]
        both = self.touched(plant, of_first.id, of_second.id)
        assert sorted(touched.recall.code for touched in both) == ["R-1", "R-2"]
        assert self.touched(plant, *others) == self.touched(plant) == []

    def test_a_closed_recall_is_touched_by_nothing(self, plant: World) -> None:
        recall = self.kept(plant, case(mock=True), "APPLE 1")
        pressed = plant.record("production", used("APPLE", "1", "1"), made("JUICE", "U", "1"))
        assert [touched.recall for touched in self.touched(plant, pressed.id)] == [recall]
        with plant.committed():
            self.close(plant, recall.closed("All came back.", LATER, "quality"))
        assert self.touched(plant, pressed.id) == []
        plant.record("production", used("APPLE", "1", "1"), made("JUICE", "V", "1"))
        assert depths(plant, recall, "JUICE U", "JUICE V") == [1, None]

    def test_what_comes_back_joins_as_a_part_and_alone(self, plant: World) -> None:
        recall = self.kept(plant, case(mock=True), "CIDER C")
        whole_lot = plant.record("return", returned("CIDER", "C", "1"))
        assert self.touched(plant, whole_lot.id) == []
        part = plant.record("return", returned("CIDER", "C", "1", sub_lot="back"))
        assert [touched.recall for touched in self.touched(plant, part.id)] == [recall]
        back = plant.lot("CIDER", "C", sub_lot="back")
        assert plant.recalled_lots(recall.id) == {**dict.fromkeys(lots(plant, "CIDER C"), 0), back.id: 1}

    def test_a_part_is_held_once_however_it_was_set_apart(self, plant: World) -> None:
        recall = opened(plant, "APPLE 1")
        plant.record("split", used("CIDER", "C", "2"), made("CIDER", "C", "2", sub_lot="pallet"))
        plant.record("return", returned("CIDER", "C", "1", sub_lot="back"))
        for label in ("pallet", "back"):
            part = plant.lot("CIDER", "C", sub_lot=label)
            assert [held.hold.recall for held in plant.holds.of_lot(part.id)] == [recall.id]
            assert part.holds == 1
            assert plant.recalled_lots(recall.id)[part.id] == 3

    def test_a_part_that_an_exercise_left_free_is_held_by_a_recall(self, plant: World) -> None:
        opened(plant, "APPLE 1", mock=True)
        plant.record("split", used("CIDER", "C", "2"), made("CIDER", "C", "2", sub_lot="pallet"))
        assert plant.lot("CIDER", "C", sub_lot="pallet").holds == 0
        again = opened(plant, "CIDER C", code="R-2")
        part = plant.lot("CIDER", "C", sub_lot="pallet")
        assert [held.hold.recall for held in plant.holds.of_lot(part.id)] == [again.id]

    def test_a_change_is_kept(self, plant: World) -> None:
        recall, other = self.kept(plant, case(), "APPLE 1"), self.kept(plant, case("R-2"), "APPLE 1")
        closed = recall.closed("All came back.", LATER, "manager", Signature("manager", "I led it", LATER))
        with plant.committed():
            self.close(plant, closed)
        with plant.forgotten():
            assert plant.recalls.for_update(recall.id) == closed
            assert plant.recalls.for_update(other.id) == other

    def test_a_signature_under_the_opening_is_kept_whenever_it_comes(self, plant: World) -> None:
        signature = Signature("quality", "I « open » it", AT, "f" * 64, proven=True)
        at_once = self.kept(plant, case(opening_signature=signature), "APPLE 1")
        due = self.kept(plant, case("R-2", signature_due=True), "APPLE 1")
        with plant.forgotten():
            assert plant.recalls.for_update(at_once.id) == at_once
            assert plant.recalls.for_update(due.id) == due
        signed = due.signed(signature)
        with plant.committed():
            plant.recalls.save(signed)
        with plant.forgotten():
            assert plant.recalls.for_update(due.id) == signed

    def test_the_log_keeps_what_is_written_down(self, plant: World) -> None:
        recall, other = self.kept(plant, case(), "APPLE 1"), self.kept(plant, case("R-2"), "APPLE 1")
        entries = (
            note(recall),
            LogEntry(
                new_id(), recall.id, Step.DESTROYED, AT, "clerk", "SHOP", Decimal("0.000001"), "in a press", LATER
            ),
            note(other),
        )
        with plant.committed():
            for entry in entries:
                plant.recalls.write_down(entry)
        assert plant.recall_log(recall.id) == entries[:2]
        assert plant.recall_log(other.id) == entries[2:]

    def test_all_holds_of_a_recall_are_lifted_in_one_go(self, plant: World) -> None:
        recall, other = opened(plant, "APPLE 1"), opened(plant, "JUICE T", code="R-2")
        plant.record("split", used("CIDER", "C", "2"), made("CIDER", "C", "2", sub_lot="pallet"))
        plant.record("transfer", sent("APPLE", "2", "1"), arrived("APPLE", "2", "1"))
        opened(plant, "APPLE 2", code="R-3")
        before = plant.lot("CIDER", "C")
        with plant.committed():
            assert plant.holds.of_recall(recall.id) == HeldByRecall(5, frozenset({"A"}), frozenset({"A"}))
            assert plant.holds.of_recall(new_id()) == HeldByRecall(0, frozenset(), frozenset())
            lifting = Lifting("no glass", LATER, "quality", Signature("quality", "I looked", LATER))
            assert plant.holds.lift_recall(recall.id, lifting) == RecallLifting(lots=5, still_held=3)
            assert plant.holds.of_recall(recall.id) == HeldByRecall(0, frozenset(), frozenset({"A"}))
        assert (plant.lot("APPLE", "1").holds, plant.lot("POMACE", "P").holds) == (0, 0)
        after = plant.lot("CIDER", "C")
        assert (before.holds, after.holds) == (2, 1)
        assert {(held.hold.recall, held.lifting) for held in plant.holds.of_lot(after.id)} == {
            (recall.id, lifting),
            (other.id, None),
        }
        with plant.forgotten():
            assert plant.holds.lift_recall(recall.id, lifting) == RecallLifting(0, 0)

    def test_a_customer_is_who_was_sent_a_recalled_lot(self, plant: World) -> None:
        recall = self.kept(plant, case(mock=True), "APPLE 1")
        self.grown(plant, recall)
        with plant.forgotten(), pytest.raises(Invalid) as refusal:
            plant.recalls.supplied(recall.id, "NOBODY")
        assert [(fault.code, fault.path) for fault in refusal.value.faults] == [("unknown_code", ("partner",))]
        plant.record("shipment", shipped("APPLE", "2", "1"), partner="MARKET")
        plant.record("shipment", shipped("CIDER", "C", "1"), partner="SHOP")
        with plant.forgotten():
            sent = {name: plant.recalls.supplied(recall.id, name) for name in ("SHOP", "MARKET", "SUPPLIER")}
        assert sent == {"SHOP": True, "MARKET": False, "SUPPLIER": False}

    def test_what_is_taken_is_what_a_held_lot_is_not_taken_for(self, plant: World) -> None:
        rework = plant.record("rework", used("JUICE", "T", "1"), made("CIDER", "D", "9"))
        out = plant.record("shipment", shipped("CIDER", "D", "1"))
        pressed = plant.record("production", used("CIDER", "D", "1"), made("MYSTERY", "1", "1"))
        again = plant.record("rework", used("CIDER", "D", "1"), made("CIDER", "E", "1"))
        named, other = lots(plant, "CIDER D", "CIDER E", "JUICE T"), lots(plant, "CIDER E")
        with plant.forgotten():
            for operations, found in (
                ([rework.id, again.id], []),
                ([rework.id, out.id], ["D"]),
                ([pressed.id], ["D"]),
            ):
                assert [key.code for key in plant.recalls.taken(operations, named)] == found
            assert plant.recalls.taken([out.id], other) == ()

    def test_what_is_not_committed_is_forgotten(self, plant: World) -> None:
        recall = case()
        begun_with = lots(plant, "APPLE 1")
        with plant.forgotten():
            plant.recalls.add(recall, begun_with)
            plant.recalls.grow(recall.id, AT)
            plant.recalls.write_down(note(recall))
        assert (plant.recalled_lots(recall.id), plant.recall_log(recall.id)) == ({}, ())
        with plant.forgotten(), pytest.raises(NotFound):
            plant.recalls.for_update(recall.id)
        self.kept(plant, recall, "APPLE 1")
        with plant.forgotten():
            plant.recalls.grow(recall.id, AT)
            plant.recalls.save(recall.closed("All came back.", LATER, "quality"))
        with plant.forgotten():
            assert plant.recalls.for_update(recall.id).state is RecallState.OPEN
        assert depths(plant, recall, "APPLE 1", "JUICE T") == [0, None]


class TestOnMemory(OnMemory, RecallsContract):
    """The fakes."""


class TestOnPostgresql(OnPostgresql, RecallsContract):
    """The adapter."""


FIGURES = ("made", "returned", "on_hand", "used", "shipped", "transferred", "lost", "sampled", "adjusted")


class RecallReaderContract:
    @pytest.fixture
    def reader(self) -> RecallReader:
        return DjangoRecallReader()

    @pytest.fixture
    def plant(self, world: World) -> World:
        press_and_fill(world)
        return world

    def figures(self, reader: RecallReader, recall: Recall, code: str, **where: str) -> dict[str, int]:
        """Where a lot of the recall went, without what is zero; the difference has to be zero."""
        wanted = {"site": "A", "sub_lot": "", **where}
        (lot,) = [
            each
            for each in whole(lambda request: reader.lots(recall.id, request, EVERYWHERE))
            if each.code == code and all(getattr(each, name) == value for name, value in wanted.items())
        ]
        assert lot.difference == 0
        return {name: int(getattr(lot, name)) for name in FIGURES if getattr(lot, name)}

    def test_a_recall_is_read(self, plant: World, reader: RecallReader) -> None:
        first, second = opened(plant, "APPLE 1"), opened(plant, "APPLE 2", mock=True, code="R-2")
        assert reader.get(first.id, EVERYWHERE) == first
        assert whole(lambda request: reader.page({}, request, EVERYWHERE)) == [second, first]
        with pytest.raises(NotFound):
            reader.get(new_id(), EVERYWHERE)

    def test_recalls_are_asked_for_by_state_kind_and_site(self, plant: World, reader: RecallReader) -> None:
        plant.record("transfer", sent("APPLE", "2", "1"), arrived("APPLE", "2", "1"))
        here, there = opened(plant, "CIDER C"), opened(plant, "APPLE 2", mock=True, code="R-2")
        closed = opened(plant, "POMACE P", code="R-3").closed("Done.", LATER, "manager")
        document = {"closed": closed.code}
        with plant.committed():
            plant.recalls.save(closed)
            plant.recalls.store_report(StoredReport(closed.id, document, sha256_of(document), LATER, b"<svg/>"))
        for filters, wanted in (
            ({"state": RecallState.OPEN}, [there, here]),
            ({"state": RecallState.CLOSED}, [closed]),
            ({"mock": True}, [there]),
            ({"mock": False, "state": RecallState.OPEN}, [here]),
            ({"site": "B"}, [there]),
            ({"site": "A", "mock": False}, [closed, here]),
            ({"site": "NONE"}, []),
        ):
            assert whole(lambda request, filters=filters: reader.page(filters, request, EVERYWHERE)) == wanted
        with pytest.raises(Invalid):
            reader.page({"hazard": "glass"}, PageRequest(5), EVERYWHERE)
        assert reader.stored_report(closed.id) == StoredReport(
            closed.id, document, sha256_of(document), LATER, b"<svg/>"
        )

    def test_recalls_have_other_orders(self, plant: World, reader: RecallReader) -> None:
        stated = [opened(plant, lot, mock=True, code=code) for lot, code in (("APPLE 1", "B"), ("CIDER C", "C"))]
        stated.append(opened(plant, "APPLE 2", mock=True, code="A"))
        assert_ordered(lambda request: reader.page({}, request, EVERYWHERE), "opened", stated.index)
        assert_ordered(lambda request: reader.page({}, request, EVERYWHERE), "code", lambda recall: recall.code)
        assert_strict(lambda request: reader.page({}, request, EVERYWHERE), "opened", "code")

    def test_there_may_be_none(self, plant: World, reader: RecallReader) -> None:
        assert whole(lambda request: reader.page({}, request, EVERYWHERE)) == []
        for read in (
            lambda: reader.log(new_id(), PageRequest(5), EVERYWHERE),
            lambda: reader.stored_report(new_id()),
            lambda: reader.lots(new_id(), PageRequest(5), EVERYWHERE),
            lambda: reader.report(new_id(), AT),
        ):
            with pytest.raises(NotFound):
                read()

    @pytest.mark.parametrize("cursor", BAD_CURSORS)
    def test_a_cursor_that_no_list_gave_is_refused(self, plant: World, reader: RecallReader, cursor: str) -> None:
        recall = opened(plant, "APPLE 1")
        for read in (
            lambda request: reader.page({}, request, EVERYWHERE),
            lambda request: reader.lots(recall.id, request, EVERYWHERE),
            lambda request: reader.log(recall.id, request, EVERYWHERE),
        ):
            with pytest.raises(Invalid):
                read(PageRequest(5, cursor))

    def test_its_lots_come_by_depth_page_by_page(self, plant: World, reader: RecallReader) -> None:
        recall = opened(plant, "APPLE 1", "APPLE 2")
        opened(plant, "JUICE T", code="R-2", mock=True)
        read: list[LotInRecall] = whole(lambda request: reader.lots(recall.id, request, EVERYWHERE))
        assert [lot.depth for lot in read] == [0, 0, 1, 1, 2]
        assert sorted(lot.code for lot in read[:2]) == ["1", "2"]
        assert sorted(lot.code for lot in read[2:4]) == ["P", "T"]
        cider = read[4]
        assert (cider.site, cider.product, cider.product_name) == ("A", "CIDER", "Cider")
        assert cider.product_class == "finished"
        assert (cider.unit, cider.kg_per_unit, cider.campaign) == ("C62", Decimal("1.3"), None)
        assert (cider.disposition, cider.holds, cider.joined_at) == ("on_hold", 1, AT)
        assert [len(page) for page in pages(lambda request: reader.lots(recall.id, request, EVERYWHERE), 2)] == [
            2,
            2,
            1,
        ]

    def test_all_of_a_lot_went_somewhere(self, plant: World, reader: RecallReader) -> None:
        plant.record("return", returned("CIDER", "C", "3"))
        plant.record("sample", sampled("CIDER", "C", "1"))
        plant.record("loss", destroyed("CIDER", "C", "2"))
        plant.record("count", found("CIDER", "C", "20"))
        plant.record("transfer", sent("CIDER", "C", "4"), arrived("CIDER", "C", "4"))
        plant.record("rework", used("CIDER", "C", "5"), made("CIDER", "C", "3"), made("JUICE", "U", "1"))
        plant.record("split", used("CIDER", "C", "2"), made("CIDER", "C", "2", sub_lot="pallet"))
        plant.record("return", returned("CIDER", "C", "1", sub_lot="back"))
        plant.record("count", missing("JUICE", "T", "7"))
        plant.record("production", used("JUICE", "T", "3"), made("CIDER", "D", "1"), lost("JUICE", "1"))
        recall = opened(plant, "APPLE 1", mock=True)
        read = {
            name: self.figures(reader, recall, code, **where)
            for name, code, where in (
                ("apples", "1", {}),
                ("juice", "T", {}),
                ("cider", "C", {}),
                ("there", "C", {"site": "B"}),
                ("pallet", "C", {"sub_lot": "pallet"}),
                ("back", "C", {"sub_lot": "back"}),
            )
        }
        assert read == {
            "apples": {"made": 100, "on_hand": 50, "used": 50},
            "juice": {"made": 40, "on_hand": 10, "used": 23, "adjusted": 7},
            # 15 + 3 made; 9 shipped, 3 came back; 20 found.
            "cider": {
                "made": 18,
                "on_hand": 18 - 7 - 6 - 4 - 2 - 1 + 20,
                "returned": 3,
                "used": 7,
                "shipped": 9,
                "transferred": 4,
                "lost": 2,
                "sampled": 1,
                "adjusted": -20,
            },
            "there": {"made": 4, "on_hand": 4},
            "pallet": {"made": 2, "on_hand": 2},
            "back": {"on_hand": 1, "returned": 1},
        }

    def test_what_was_reversed_or_corrected_counts_as_it_stands(self, plant: World, reader: RecallReader) -> None:
        reversed_ones = (
            plant.record("sample", sampled("CIDER", "C", "1")),
            plant.record("return", returned("CIDER", "C", "3")),
            plant.record("count", found("CIDER", "C", "2")),
            plant.record("transfer", sent("CIDER", "C", "4"), arrived("CIDER", "C", "4")),
            plant.record("rework", used("CIDER", "C", "1"), made("CIDER", "C", "1")),
        )
        for recorded in reversed(reversed_ones):
            plant.reverse(recorded)
        shipment = plant.record("shipment", shipped("CIDER", "C", "5"))
        plant.correct(shipment, "shipment", shipped("CIDER", "C", "2"))
        recall = opened(plant, "CIDER C", mock=True)
        assert self.figures(reader, recall, "C") == {"made": 15, "on_hand": 4, "shipped": 11}

    def test_the_report_has_customers_with_what_they_got_and_did(self, plant: World, reader: RecallReader) -> None:
        plant.record("shipment", shipped("CIDER", "C", "2"), partner="MARKET", document="SO-2")
        plant.record("return", returned("CIDER", "C", "4", sub_lot="back"))
        plant.record("shipment", shipped("POMACE", "P", "7"))
        plant.reverse(plant.record("shipment", shipped("POMACE", "P", "1"), partner="SUPPLIER"))
        plant.record("shipment", shipped("APPLE", "2", "1"), partner="SUPPLIER")
        recall = opened(plant, "APPLE 1")
        said = [
            (Step.NOTIFIED, LATER, "SHOP", None),
            (Step.NOTIFIED, AT, "SHOP", None),
            (Step.ACKNOWLEDGED, LATER, "SHOP", None),
            (Step.DESTROYED, LATER, "SHOP", Decimal("1.5")),
            (Step.DESTROYED, LATER, "SHOP", Decimal("0.5")),
            (Step.DESTROYED, LATER, "MARKET", Decimal(99)),
        ]
        with plant.committed():
            for step, at, partner, kilograms in said:
                plant.recalls.write_down(LogEntry(new_id(), recall.id, step, at, "clerk", partner, kilograms, "", at))
        report = reader.report(recall.id, LATER)
        assert (report.recall, report.at) == (recall, LATER)
        market, shop = report.customers
        assert (market.partner, shop.partner, shop.name) == ("MARKET", "SHOP", "Shop")
        # In kilograms: a bottle weighs 1.3, pomace itself.
        assert market.recovery == Recovery(Decimal("2.6"), Decimal(0), Decimal(99))
        assert shop.recovery == Recovery(Decimal("11.7") + 7, Decimal("5.2"), Decimal(2))
        assert [(each.product, each.lot, each.shipped, each.returned) for each in shop.deliveries] == [
            ("CIDER", "C", 9, 4),
            ("POMACE", "P", 7, 0),
        ]
        assert (market.notified_at, market.acknowledged_at) == (None, None)
        assert (shop.notified_at, shop.acknowledged_at) == (AT, LATER)
        # All that the market had, and 7.2 of the shop: 9.8 of 21.3.
        assert report.effectiveness == Decimal("46.0094")
        assert [supplier.lot for supplier in report.suppliers] == ["1"]
        assert [lot.depth for lot in report.lots] == [0, 1, 1, 2, 3]
        assert {lot.difference for lot in report.lots} == {0}
        assert list(report.log) == whole(lambda request: reader.log(recall.id, request, EVERYWHERE))
        assert report.neighbours_total == len(report.neighbours)

    def test_nothing_shipped_is_no_effectiveness(self, plant: World, reader: RecallReader) -> None:
        report = reader.report(opened(plant, "POMACE P").id, AT)
        assert (report.customers, report.effectiveness) == ((), None)

    def test_the_log_is_in_the_order_in_which_it_happened(self, plant: World, reader: RecallReader) -> None:
        recall, other = opened(plant, "APPLE 1"), opened(plant, "APPLE 2", code="R-2")
        late, early = note(recall, "late", LATER), evolve(note(recall, "early", NOON), recorded_at=LATER)
        with plant.committed():
            for entry in (late, early, note(other)):
                plant.recalls.write_down(entry)
        read: list[LogEntry] = whole(lambda request: reader.log(recall.id, request, EVERYWHERE))
        assert (read[0], read[-1], len(read)) == (early, late, 3)
        assert read[1].text.startswith("Opened: one lot, chosen by hand.")

    def test_neighbours_are_what_was_made_beside_and_not_of_it(self, world: World, reader: RecallReader) -> None:
        days = {
            "1": "2026-03-02",
            "before": "2026-03-01",
            "after": "2026-03-03",
            "long before": "2026-02-28",
            "long after": "2026-03-04",
        }
        for code, day in days.items():
            world.record("receipt", received("APPLE", code, "9", made_on=date.fromisoformat(day)))
        world.record("receipt", received("SUGAR", "1", "9", made_on=date(2026, 3, 2)))
        there = received("APPLE", "1", "9", site="B", made_on=date(2026, 3, 2))
        world.record("receipt", there, site="B")
        world.record("production", used("APPLE", "1", "1"), made("JUICE", "T", "1"), campaign="SPRING")
        world.record("production", used("APPLE", "long after", "1"), made("JUICE", "U", "1"), campaign="SPRING")
        world.record("production", used("APPLE", "long after", "1"), made("JUICE", "V", "1"), campaign="SUMMER")
        report = reader.report(opened(world, "APPLE 1").id, AT)
        found_beside = {(lot.product, lot.code): (lot.site, lot.beside, lot.campaign) for lot in report.neighbours}
        assert found_beside == {
            ("APPLE", "before"): ("A", "the same product, made within a day", None),
            ("APPLE", "after"): ("A", "the same product, made within a day", None),
            ("JUICE", "U"): ("A", "made in campaign SPRING", "SPRING"),
        }
        assert all("No lot of the recall went into it" in lot.why for lot in report.neighbours)
        assert report.neighbours_total == 3

    def test_neighbours_beyond_the_most_that_are_listed_are_counted(
        self, world: World, reader: RecallReader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.record("receipt", *(received("APPLE", str(n), "9", made_on=date(2026, 3, 2)) for n in range(9)))
        recall = opened(world, "APPLE 1", mock=True)
        monkeypatch.setattr(recall_reader, "MOST_NEIGHBOURS", 3)
        report = reader.report(recall.id, AT)
        assert ([lot.code for lot in report.neighbours], report.neighbours_total) == (["0", "2", "3"], 8)

    def test_what_has_no_mass_is_named_where_it_was_shipped_or_came_back(
        self, world: World, reader: RecallReader
    ) -> None:
        world.record("receipt", received("MYSTERY", "1", "9"), received("MYSTERY", "2", "9"))
        held, sent_out = opened(world, "MYSTERY 1", mock=True), opened(world, "MYSTERY 2", mock=True, code="R-2")
        world.record("shipment", shipped("MYSTERY", "2", "1"))
        named = [reader.report(recall.id, AT).not_reconcilable for recall in (held, sent_out)]
        assert named == [(), ("MYSTERY",)]


class TestReadingOnPostgresql(OnPostgresql, RecallReaderContract):
    """The adapter."""
