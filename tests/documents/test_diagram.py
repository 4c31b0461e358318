"""What a picture of the genealogy shows, and when it shows lots together."""

from collections.abc import Iterable
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from domain.production.entry import Kind
from domain.production.lot import Disposition
from domain.traceability.diagram import (
    MOST_STROKES,
    Box,
    Diagram,
    DrawnLot,
    Flow,
    Name,
    Scale,
    Sketch,
)

Operation = tuple[Kind, Iterable[int], Iterable[int]]
"""Its kind, the numbers of the lots that it took from, and of those that it put into."""

MADE = Kind.PRODUCTION


def drawn(number: int, product: str = "CIDER", campaign: str | None = None, depth: int = 1, **more: object) -> DrawnLot:
    known = {
        "site": "A",
        "sub_lot": "",
        "on_hand": Decimal(1),
        "unit": "LTR",
        "disposition": Disposition.RELEASED,
        **more,
    }
    return DrawnLot(id=UUID(int=number), product=product, code=f"{number:07}", campaign=campaign, depth=depth, **known)


def sketch_of(lots: Iterable[DrawnLot], operations: Iterable[Operation] = ()) -> Sketch:
    return sketched(lots, enumerate(operations))


def sketched(lots: Iterable[DrawnLot], operations: Iterable[tuple[int, Operation]]) -> Sketch:
    sketch = Sketch()
    for lot in lots:
        sketch.add_lot(lot)
    for number, (kind, sources, targets) in operations:
        sketch.add_links(UUID(int=number), kind, [UUID(int=n) for n in sources], [UUID(int=n) for n in targets])
    return sketch


def diagram_of(lots: Iterable[DrawnLot], operations: Iterable[Operation] = ()) -> Diagram:
    return sketch_of(lots, operations).diagram()


def named(diagram: Diagram) -> dict[Name, Box]:
    return {box.name: box for box in diagram.boxes}


def strokes(diagram: Diagram) -> set[tuple[Kind, Name, Name]]:
    return {
        (joint.kind, diagram.boxes[source].name, diagram.boxes[target].name)
        for joint in diagram.joints
        for source in joint.sources
        for target in joint.targets
    }


def test_a_lot_is_a_box_with_what_is_known_of_it() -> None:
    sketch = sketch_of([drawn(1, campaign="SPRING", depth=0, on_hand=Decimal("1.5"))])
    sketch.add_receipt(UUID(int=1), Decimal(7), "ORCHARD")
    sketch.add_receipt(UUID(int=1), Decimal(2), None)
    sketch.add_delivery(UUID(int=1), Flow.SHIPPED, Decimal(3), "SHOP")
    sketch.add_delivery(UUID(int=1), Flow.SHIPPED, Decimal(2), "MARKET")
    sketch.add_delivery(UUID(int=1), Flow.RETURNED, Decimal(1), "SHOP")
    assert sketch.diagram() == Diagram(
        Scale.LOT,
        Name("A", "CIDER", "SPRING", "0000001", ""),
        (
            Box(
                name=Name("A", "CIDER", "SPRING", "0000001", ""),
                depth=0,
                lots=1,
                starts=1,
                dispositions={Disposition.RELEASED: 1},
                unit="LTR",
                quantities={
                    Flow.ON_HAND: Decimal("1.5"),
                    Flow.RECEIVED: Decimal(9),
                    Flow.SHIPPED: Decimal(5),
                    Flow.RETURNED: Decimal(1),
                },
                suppliers=("ORCHARD",),
                customers=("MARKET", "SHOP"),
            ),
        ),
        (),
    )


def test_nothing_gives_an_empty_picture() -> None:
    assert diagram_of([]) == Diagram(Scale.LOT, None, (), ())


def test_an_operation_is_one_joint_however_many_lots_it_links() -> None:
    diagram = diagram_of([drawn(number) for number in range(5)], [(MADE, (0, 1, 2), (3, 4))])
    ((joint,), codes) = diagram.joints, [box.name.code for box in diagram.boxes]
    assert (joint.kind, joint.times) == (MADE, 1)
    assert [codes[place] for place in joint.sources] == ["0000000", "0000001", "0000002"]
    assert [codes[place] for place in joint.targets] == ["0000003", "0000004"]


def test_operations_of_one_kind_into_the_same_lots_are_one_joint() -> None:
    operations = [
        (Kind.MERGE, (0,), (3,)),
        (Kind.MERGE, (1,), (3,)),
        (MADE, (2,), (3,)),
        (MADE, (3,), (2,)),
    ]
    diagram = diagram_of([drawn(number) for number in range(4)], operations)
    assert [(joint.kind, joint.times, joint.sources, joint.targets) for joint in diagram.joints] == [
        (Kind.MERGE, 2, (0, 1), (3,)),
        (MADE, 1, (2,), (3,)),
        (MADE, 1, (3,), (2,)),
    ]
    assert diagram.operations == 4


def test_rework_may_lead_into_the_lot_itself() -> None:
    diagram = diagram_of([drawn(1)], [(Kind.REWORK, (1,), (1,))])
    assert [(joint.sources, joint.targets) for joint in diagram.joints] == [((0,), (0,))]


@pytest.mark.parametrize(("lots", "scale", "boxes"), [(150, Scale.LOT, 150), (151, Scale.CAMPAIGN, 4)])
def test_up_to_150_lots_are_drawn_each_and_one_more_by_product_and_campaign(
    lots: int, scale: Scale, boxes: int
) -> None:
    diagram = diagram_of([drawn(n, ("APPLE", "CIDER")[n % 2], ("C1", None)[n // 2 % 2]) for n in range(lots)])
    assert (diagram.scale, len(diagram.boxes), diagram.lots) == (scale, boxes, lots)


@pytest.mark.parametrize(
    ("starts", "called"),
    [
        ([0], Name("A", "P0", "C1", "0000000", "")),
        ([0, 2], Name("A", "P0", "C1", None, "")),
        ([0, 1], Name("A", None, "C1", None, "")),
        ([], None),
    ],
)
@pytest.mark.parametrize("lots", [4, 400])
def test_it_says_where_the_trace_begins(lots: int, starts: list[int], called: Name | None) -> None:
    diagram = diagram_of([drawn(n, f"P{n % 2}", "C1", depth=n not in starts) for n in range(lots)])
    assert (diagram.start, diagram.starts) == (called, len(starts))


def test_lots_that_are_drawn_together_are_added_up() -> None:
    lots = [
        drawn(n, "CIDER", "C1", depth=n, on_hand=Decimal("0.1"), disposition=list(Disposition)[n % 3])
        for n in range(151)
    ]
    sketch = sketch_of(lots, [(MADE, (0,), (n,)) for n in range(1, 151)])
    for number, customer in ((3, "SHOP"), (4, "MARKET"), (5, "SHOP")):
        sketch.add_delivery(UUID(int=number), Flow.SHIPPED, Decimal(2), customer)
    diagram = sketch.diagram()
    (box,) = diagram.boxes
    assert (box.name, box.depth, box.lots, box.starts) == (Name("A", "CIDER", "C1", None, ""), 0, 151, 1)
    assert box.dispositions == {Disposition.PENDING: 51, Disposition.RELEASED: 50, Disposition.ON_HOLD: 50}
    assert box.quantities == {Flow.ON_HAND: Decimal("15.1"), Flow.SHIPPED: Decimal(6)}
    assert box.customers == ("MARKET", "SHOP")
    assert [(joint.times, joint.sources, joint.targets) for joint in diagram.joints] == [(150, (0,), (0,))]


def test_sites_are_kept_apart() -> None:
    diagram = diagram_of([drawn(n, site="AB"[n % 2]) for n in range(200)])
    assert [(box.name.site, box.lots) for box in diagram.boxes] == [("A", 100), ("B", 100)]


def test_a_group_of_one_keeps_its_code() -> None:
    diagram = diagram_of([drawn(0, "SUGAR"), *(drawn(n) for n in range(1, 200))])
    assert [box.name.code for box in diagram.boxes] == [None, "0000000"]


def test_many_campaigns_are_drawn_by_product() -> None:
    diagram = diagram_of([drawn(n, f"P{n % 2}", f"C{n // 2}") for n in range(2 * 151)])
    assert diagram.scale is Scale.PRODUCT
    assert [(box.name, box.lots) for box in diagram.boxes] == [
        (Name("A", "P0", None, None, ""), 151),
        (Name("A", "P1", None, None, ""), 151),
    ]


def test_of_many_products_those_with_the_fewest_lots_are_one_box_without_quantities() -> None:
    lots = [drawn(n, f"P{n % 160:03}") for n in range(149 + 160)]
    diagram = diagram_of(lots)
    assert (diagram.scale, len(diagram.boxes), diagram.lots) == (Scale.LARGEST, 150, 309)
    (others,) = (box for box in diagram.boxes if box.name.product is None)
    assert (others.lots, others.unit, others.quantities) == (11, None, {})
    assert {box.lots for box in diagram.boxes if box is not others} == {2}


def test_what_can_not_be_followed_any_more_is_drawn_together() -> None:
    tangle = [(MADE, (n,), {(n + k) % 100 for k in range(1, 11)}) for n in range(100)]
    assert sum(1 + 10 for _ in tangle) > MOST_STROKES
    diagram = diagram_of([drawn(n, f"P{n // 10}") for n in range(100)], tangle)
    assert (diagram.scale, len(diagram.boxes)) == (Scale.CAMPAIGN, 10)
    assert sum(len(joint.sources) + len(joint.targets) for joint in diagram.joints) <= MOST_STROKES


def test_a_tangle_of_products_is_drawn_ever_more_together() -> None:
    products = 150
    random = Random(1)  # noqa: S311 - a plant, not a secret
    tangle = [(MADE, random.sample(range(products), 9), random.sample(range(products), 9)) for _ in range(300)]
    diagram = diagram_of([drawn(n, f"P{n:03}") for n in range(products)], tangle)
    assert (diagram.scale, diagram.lots, diagram.operations) == (Scale.LARGEST, 150, 300)
    assert sum(len(joint.sources) + len(joint.targets) for joint in diagram.joints) <= MOST_STROKES


def plant(lots: int, seed: int) -> tuple[list[DrawnLot], list[Operation]]:
    """Lots of a few products and campaigns with operations between any of them, circles included."""
    random = Random(seed)  # noqa: S311 - a plant, not a secret
    made = [
        drawn(n, f"P{random.randrange(2)}", random.choice([None, "C1", "C2"]), random.randrange(5)) for n in range(lots)
    ]
    operations = [
        (random.choice([MADE, Kind.REWORK]), random.sample(range(lots), 2), random.sample(range(lots), 2))
        for _ in range(lots // 2)
    ]
    return made, operations


def known_by(lot: DrawnLot, scale: Scale) -> Name:
    code = lot.code if scale is Scale.LOT else None
    return Name(lot.site, lot.product, lot.campaign, code, "")


@pytest.mark.parametrize("lots", [5, 40, 150, 151, 400])
@pytest.mark.parametrize("seed", range(3))
def test_every_stroke_is_true_and_none_is_missing(lots: int, seed: int) -> None:
    made, operations = plant(lots, seed)
    diagram = diagram_of(made, operations)
    assert diagram.scale is (Scale.LOT if lots <= 150 else Scale.CAMPAIGN)
    assert diagram.operations == len(operations)
    assert strokes(diagram) == {
        (kind, known_by(made[source], diagram.scale), known_by(made[target], diagram.scale))
        for kind, sources, targets in operations
        for source in sources
        for target in targets
    }


@pytest.mark.parametrize("lots", [150, 151, 700])
@pytest.mark.parametrize("products", [2, 300])
def test_the_order_of_rows_changes_nothing(lots: int, products: int) -> None:
    made, operations = plant(lots, 1)
    made = [drawn(n, f"P{n % products}", lot.campaign, lot.depth) for n, lot in enumerate(made)]
    random = Random(2)  # noqa: S311 - an order, not a secret
    one, other = (list(enumerate(operations)) for _ in range(2))
    random.shuffle(other)
    assert sketched(made, one).diagram() == sketched(random.sample(made, lots), other).diagram()
