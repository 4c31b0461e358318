"""What everybody may expect of the genealogy."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from application.shared.errors import NotFound
from application.traceability.deliveries import deliveries_of
from application.traceability.queries import Handover, Links, Side, TracedLot
from application.traceability.trace_lots import TraceLots, TraceLotsHandler
from domain.access.rights import EVERYWHERE
from domain.production.entry import LINKING
from domain.production.operation import Operation
from domain.shared.exact import canonical
from domain.traceability.exposure import Mixing, mixings_of
from domain.traceability.genealogy import Direction
from domain.traceability.origin import CampaignOrigin, DocumentOrigin, LineOrigin, LotsOrigin, Origin, SupplierLotOrigin
from tests.contracts.worlds import OnMemory, OnPostgresql, World
from tests.core.plant import NOON, arrived, by_product, made, new_id, received, returned, sampled, sent, shipped, used

FORWARD, BACKWARD = (Direction.FORWARD,), (Direction.BACKWARD,)
BOTH = (Direction.FORWARD, Direction.BACKWARD)

MIDDLE = "JUICE T"


def hours(number: float) -> dict[str, Any]:
    return {"occurred_at": NOON + timedelta(hours=number)}


def press_and_fill(world: World) -> dict[str, Operation]:
    """Apples of two suppliers become juice, juice becomes cider, which is shipped, and comes back in part."""
    return {
        "receipt": world.record(
            "receipt",
            received("APPLE", "1", "100", supplier_lot="F-7"),
            received("APPLE", "2", "100", supplier_lot="F-8"),
            partner="SUPPLIER",
            document="DN-1",
        ),
        "pressing": world.record(
            "production",
            used("APPLE", "1", "50"),
            used("APPLE", "2", "50"),
            made("JUICE", "T", "80"),
            by_product("POMACE", "1", "20"),
            campaign="SPRING",
            line="L1",
            **hours(1),
        ),
        "filling": world.record(
            "production", used("JUICE", "T", "40"), made("CIDER", "1", "30"), campaign="SUMMER", line="L2", **hours(2)
        ),
        "shipment": world.record("shipment", shipped("CIDER", "1", "20"), document="SO-1", **hours(3)),
        "more": world.record("shipment", shipped("CIDER", "1", "5"), partner="MARKET", document="SO-2", **hours(4)),
        "return": world.record("return", returned("CIDER", "1", "2"), document="RN-1", **hours(5)),
    }


def lot(world: World, name: str) -> UUID:
    product, code = name.split()
    return world.lot(product, code).id


def mixed(world: World, name: str) -> tuple[set[str], list[Mixing]]:
    """The lots that come, by what people call them, and the mixing steps after them."""
    rows = list(world.genealogy.mixings([lot(world, name)]))
    lots = [row for row in rows if isinstance(row, TracedLot)]
    mixings = rows[len(lots) :]
    return {f"{row.product} {row.code}" for row in lots}, [row for row in mixings if isinstance(row, Mixing)]


def trimmed(recorded: Operation, lots: set[str], world: World) -> Mixing:
    """The operation as a mixing step, without lines that have no part in it."""
    ids = {lot(world, name) for name in lots}
    (step,) = mixings_of([recorded], {})
    return evolve(step, flows=tuple(f for f in step.flows if step.kind in LINKING or f.lot in ids))


class Traced:
    """The rows of a trace, by what people call them."""

    def __init__(self, world: World, origin: Origin, directions: tuple[Direction, ...], **asked: bool) -> None:
        rows = list(TraceLotsHandler(world.genealogy)(TraceLots(origin, directions, EVERYWHERE, **asked)))
        self.rows = rows
        self.lots = [row for row in rows if isinstance(row, TracedLot)]
        self.names = {
            row.id: f"{row.product} {row.code}" + ("" if row.site == "A" else f" {row.site}") for row in self.lots
        }
        self.depths = {self.names[row.id]: row.depth for row in self.lots}
        self.sides = {self.names[row.id]: row.side for row in self.lots}
        self.linked = [
            (row.operation, row.kind, source, target)
            for row in rows
            if isinstance(row, Links)
            for source in row.sources
            for target in row.targets
        ]
        self.links = sorted((self.names[source], self.names[target]) for *_, source, target in self.linked)
        self.handovers = [row for row in rows if isinstance(row, Handover)]
        self.handed = [(h.kind, h.partner, h.lot, canonical(h.quantity), h.document) for h in self.handovers]


class GenealogyReaderContract:
    def traced(self, world: World, name: str, directions: tuple[Direction, ...] = FORWARD, **asked: bool) -> Traced:
        return Traced(world, LotsOrigin(frozenset({lot(world, name)})), directions, **asked)

    def test_forward_to_customers(self, world: World) -> None:
        press_and_fill(world)
        traced = self.traced(world, "APPLE 1")
        assert traced.depths == {"APPLE 1": 0, "JUICE T": 1, "POMACE 1": 1, "CIDER 1": 2}
        assert [row.depth for row in traced.lots] == [0, 1, 1, 2]
        assert traced.links == [("APPLE 1", "JUICE T"), ("APPLE 1", "POMACE 1"), ("JUICE T", "CIDER 1")]
        assert traced.handed == [
            ("shipment", "MARKET", "1", "5", "SO-2"),
            ("shipment", "SHOP", "1", "20", "SO-1"),
            ("return", "SHOP", "1", "2", "RN-1"),
        ]
        assert set(traced.sides.values()) == {Side.START, Side.FORWARD}

    def test_a_lot_comes_with_what_is_known_of_it(self, world: World) -> None:
        recorded = press_and_fill(world)
        (juice,) = [row for row in self.traced(world, "APPLE 1").lots if row.product == "JUICE"]
        assert juice == TracedLot(
            lot(world, MIDDLE), "A", "JUICE", "T", "", 1, Decimal(40), "LTR", "released", "SPRING", Side.FORWARD
        )
        pressed = (recorded["pressing"].id, "production", lot(world, "APPLE 1"), juice.id)
        assert [link for link in self.traced(world, "APPLE 1").linked if link[-1] == juice.id] == [pressed]

    def test_a_handover_says_what_when_and_with_which_document(self, world: World) -> None:
        press_and_fill(world)
        (receipt, _) = self.traced(world, "CIDER 1", BACKWARD).handovers
        assert evolve(receipt, moment=receipt.moment._replace(sequence=0), quantity=Decimal(100)) == Handover(
            "receipt",
            "SUPPLIER",
            lot(world, "APPLE 1"),
            lot(world, "APPLE 1"),
            "A",
            "APPLE",
            "1",
            "",
            "F-7",
            Decimal(100),
            "KGM",
            "DN-1",
            receipt.moment._replace(at=NOON, sequence=0),
        )

    def test_backward_to_suppliers(self, world: World) -> None:
        press_and_fill(world)
        traced = self.traced(world, "CIDER 1", BACKWARD)
        assert traced.depths == {"CIDER 1": 0, "JUICE T": 1, "APPLE 1": 2, "APPLE 2": 2}
        assert traced.links == [("APPLE 1", "JUICE T"), ("APPLE 2", "JUICE T"), ("JUICE T", "CIDER 1")]
        assert [row.supplier_lot for row in traced.handovers] == ["F-7", "F-8"]

    def test_both_ways_at_once(self, world: World) -> None:
        press_and_fill(world)
        traced = self.traced(world, MIDDLE, BOTH)
        assert traced.depths == {"JUICE T": 0, "CIDER 1": 1, "APPLE 1": 1, "APPLE 2": 1}
        assert traced.sides == {
            "JUICE T": Side.START,
            "CIDER 1": Side.FORWARD,
            "APPLE 1": Side.BACKWARD,
            "APPLE 2": Side.BACKWARD,
        }
        assert traced.links == [("APPLE 1", "JUICE T"), ("APPLE 2", "JUICE T"), ("JUICE T", "CIDER 1")]
        assert {row.kind for row in traced.handovers} == {"shipment", "return", "receipt"}

    def test_rework_leads_in_a_circle(self, world: World) -> None:
        press_and_fill(world)
        world.record("rework", used("CIDER", "1", "1"), made("JUICE", "T", "0.7"), **hours(6))
        traced = self.traced(world, MIDDLE, BOTH)
        assert traced.sides["CIDER 1"] is Side.BOTH
        assert traced.links == [
            ("APPLE 1", "JUICE T"),
            ("APPLE 2", "JUICE T"),
            ("CIDER 1", "JUICE T"),
            ("JUICE T", "CIDER 1"),
        ]
        assert self.traced(world, "CIDER 1").depths == {"CIDER 1": 0, "JUICE T": 1}

    def test_a_lot_may_go_into_what_it_comes_out_of(self, world: World) -> None:
        press_and_fill(world)
        world.record("rework", used("CIDER", "1", "5"), made("CIDER", "1", "4"), **hours(6))
        assert self.traced(world, "CIDER 1").links == [("CIDER 1", "CIDER 1")]

    def test_a_transfer_links_what_leaves_with_what_arrives(self, world: World) -> None:
        press_and_fill(world)
        world.record("transfer", sent("CIDER", "1", "1"), arrived("CIDER", "1", "1"))
        assert self.traced(world, MIDDLE).depths == {"JUICE T": 0, "CIDER 1": 1, "CIDER 1 B": 2}

    def test_a_part_keeps_the_trace_of_its_lot(self, world: World) -> None:
        press_and_fill(world)
        world.record("split", used("CIDER", "1", "3"), made("CIDER", "1", "3", sub_lot="pallet 1"), **hours(6))
        back = world.record("return", returned("CIDER", "1", "1", sub_lot="back"), document="RN-2", **hours(7))
        forward = self.traced(world, MIDDLE)
        assert [(row.code, row.sub_lot, row.depth) for row in forward.lots if row.product == "CIDER"] == [
            ("1", "", 1),
            ("1", "pallet 1", 2),
            ("1", "back", 2),
        ]
        shop = [row for row in deliveries_of(forward.handovers) if row.partner == "SHOP"]
        assert [(row.lot, row.shipped, row.returned) for row in shop] == [("1", 20, 3)]
        part = next(row.id for row in forward.lots if row.sub_lot == "back")
        backward = Traced(world, LotsOrigin(frozenset({part})), BACKWARD)
        assert [(row.product, row.depth) for row in backward.lots][:3] == [("CIDER", 0), ("CIDER", 1), ("JUICE", 2)]
        world.reverse(back)
        assert [row.sub_lot for row in self.traced(world, MIDDLE).lots if row.sub_lot] == ["pallet 1"]

    def test_what_was_reversed_counts_for_nothing(self, world: World) -> None:
        recorded = press_and_fill(world)
        for name in ("return", "more", "shipment"):
            world.reverse(recorded[name])
        assert self.traced(world, "APPLE 1").handed == []
        moved = world.record("transfer", sent("CIDER", "1", "1"), arrived("CIDER", "1", "1"))
        for operation in (moved, recorded["filling"]):
            world.reverse(operation)
        assert self.traced(world, "APPLE 1").depths == {"APPLE 1": 0, "JUICE T": 1, "POMACE 1": 1}
        assert self.traced(world, "CIDER 1", BOTH).depths == {"CIDER 1": 0}
        again = world.record("production", used("JUICE", "T", "1"), made("CIDER", "1", "1"))
        assert self.traced(world, MIDDLE).depths == {"JUICE T": 0, "CIDER 1": 1}
        world.reverse(again)
        assert self.traced(world, MIDDLE).depths == {"JUICE T": 0}

    def test_the_view_in_time_leaves_out_what_went_before(self, world: World) -> None:
        press_and_fill(world)
        world.record("receipt", received("SUGAR", "S", "9"), **hours(0))
        world.record("production", used("SUGAR", "S", "9"), made("CIDER", "1", "5"), **hours(4.5))
        assert self.traced(world, "SUGAR S").handed == [
            ("shipment", "MARKET", "1", "5", "SO-2"),
            ("shipment", "SHOP", "1", "20", "SO-1"),
            ("return", "SHOP", "1", "2", "RN-1"),
        ]
        in_time = self.traced(world, "SUGAR S", respect_time=True)
        assert in_time.depths == {"SUGAR S": 0, "CIDER 1": 1}
        assert in_time.handed == [("return", "SHOP", "1", "2", "RN-1")]
        early = world.record("production", used("CIDER", "1", "1"), made("MYSTERY", "1", "1"), **hours(2.5))
        assert "MYSTERY 1" in self.traced(world, "SUGAR S").depths
        assert "MYSTERY 1" not in self.traced(world, "SUGAR S", respect_time=True).depths
        assert early.id not in {link[0] for link in self.traced(world, "SUGAR S", respect_time=True).linked}
        backward = self.traced(world, "MYSTERY 1", BACKWARD, respect_time=True)
        assert backward.depths == {"MYSTERY 1": 0, "CIDER 1": 1, "JUICE T": 2, "APPLE 1": 3, "APPLE 2": 3}
        assert [row.product for row in backward.handovers] == ["APPLE", "APPLE"]

    @pytest.mark.parametrize(
        ("origin", "names"),
        [
            (SupplierLotOrigin("SUPPLIER", "F-7"), {"APPLE 1"}),
            (SupplierLotOrigin("MARKET", "F-7"), set()),
            (SupplierLotOrigin("SUPPLIER", "F-9"), set()),
            (CampaignOrigin("SPRING"), {"JUICE T", "POMACE 1"}),
            (DocumentOrigin("SO-1"), {"CIDER 1"}),
            (DocumentOrigin("DN-1", "SUPPLIER"), {"APPLE 1", "APPLE 2"}),
            (DocumentOrigin("SO-1", "MARKET"), set()),
            (LineOrigin("A", "L1", NOON, NOON + timedelta(hours=2)), {"JUICE T", "POMACE 1"}),
            (LineOrigin("A", "L2", NOON, NOON + timedelta(hours=2)), set()),
        ],
    )
    def test_it_begins_where_one_says(self, world: World, origin: Origin, names: set[str]) -> None:
        press_and_fill(world)
        assert set(world.genealogy.lots_of(origin, EVERYWHERE)) == {lot(world, name) for name in names}

    def test_mixing_steps_come_after_the_lots_in_the_order_of_the_ledger(self, world: World) -> None:
        recorded = press_and_fill(world)
        world.record("sample", sampled("APPLE", "2", "1"))
        lots, mixings = mixed(world, "APPLE 1")
        assert lots == {"APPLE 1", "JUICE T", "POMACE 1", "CIDER 1"}
        names = ["receipt", "pressing", "filling", "shipment", "more", "return"]
        assert [step.operation for step in mixings] == [recorded[name].id for name in names]
        assert mixings == [trimmed(recorded[name], lots, world) for name in names]

    def test_what_feeds_the_closure_from_outside_comes_too(self, world: World) -> None:
        recorded = press_and_fill(world)
        topped = world.record("merge", used("CIDER", "1", "1"), made("CIDER", "2", "1"))
        diluted = world.record("production", used("APPLE", "2", "9"), made("CIDER", "2", "3"))
        lots, mixings = mixed(world, "CIDER 1")
        assert lots == {"CIDER 1", "CIDER 2"}
        assert {step.operation: len(step.flows) for step in mixings} == {
            recorded[name].id: lines for name, lines in {"filling": 2, "shipment": 1, "more": 1, "return": 1}.items()
        } | {topped.id: 2, diluted.id: 2}

    def test_a_part_of_a_lot_says_what_it_is_part_of(self, world: World) -> None:
        press_and_fill(world)
        world.record("return", returned("CIDER", "1", "3", sub_lot="BACK"), **hours(6))
        whole = lot(world, "CIDER 1")
        *_, step = world.genealogy.mixings([whole])
        assert isinstance(step, Mixing)
        (flow,) = step.flows
        assert (flow.whole, flow.lot == whole) == (whole, False)

    def test_a_correction_is_mixed_where_what_it_corrects_stood(self, world: World) -> None:
        recorded = press_and_fill(world)
        lots = used("APPLE", "1", "50"), used("APPLE", "2", "50")
        first = world.correct(recorded["pressing"], "production", *lots, made("JUICE", "T", "90"))
        second = world.correct(first, "production", *lots, made("JUICE", "T", "85"))
        undone = world.record("sample", sampled("APPLE", "1", "1"))
        world.reverse(undone)
        _, mixings = mixed(world, "APPLE 1")
        expected = [
            recorded["receipt"],
            second,
            *(recorded[name] for name in ("filling", "shipment", "more", "return")),
        ]
        assert [step.operation for step in mixings] == [operation.id for operation in expected]

    def test_several_lots_begin_together(self, world: World) -> None:
        press_and_fill(world)
        origin = LotsOrigin(frozenset({lot(world, "APPLE 1"), lot(world, MIDDLE)}))
        assert Traced(world, origin, FORWARD).depths == {"APPLE 1": 0, "JUICE T": 0, "POMACE 1": 1, "CIDER 1": 1}

    def test_what_was_reversed_is_no_beginning(self, world: World) -> None:
        recorded = press_and_fill(world)
        world.reverse(recorded["more"])
        assert not world.genealogy.lots_of(DocumentOrigin("SO-2"), EVERYWHERE)

    @pytest.mark.parametrize(
        "origin",
        [
            LotsOrigin(frozenset({new_id()})),
            SupplierLotOrigin("NOBODY", "F-7"),
            CampaignOrigin("AUTUMN"),
            DocumentOrigin("SO-1", "NOBODY"),
            LineOrigin("A", "L9", NOON, NOON),
            LineOrigin("B", "L1", NOON, NOON),
            LineOrigin("Z", "L1", NOON, NOON),
        ],
    )
    def test_what_does_not_exist_is_said(self, world: World, origin: Origin) -> None:
        with pytest.raises(NotFound):
            world.genealogy.lots_of(origin, EVERYWHERE)


class TestOnMemory(OnMemory, GenealogyReaderContract):
    """The fake, which is the pure walk."""


class TestOnPostgresql(OnPostgresql, GenealogyReaderContract):
    """The adapter."""
