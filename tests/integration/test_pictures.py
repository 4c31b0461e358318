"""Pictures of the genealogy hold everything, hide nothing behind anything, and stand alone."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache
from itertools import combinations
from random import Random
from typing import NamedTuple
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring

import pytest

from application.traceability.draw_genealogy import DrawGenealogyHandler
from application.traceability.trace_lots import TraceLots, TraceLotsHandler
from domain.access.rights import EVERYWHERE
from domain.production.entry import Kind
from domain.production.lot import Disposition
from domain.traceability.diagram import Diagram, DrawnLot, Sketch
from domain.traceability.genealogy import Direction
from domain.traceability.origin import LotsOrigin
from infrastructure.files.drawing import WIDEST, SvgDrawing
from tests.contracts.worlds import memory_world
from tests.core.plant import made, received, returned, shipped, used

SVG = "{http://www.w3.org/2000/svg}"


class Frame(NamedTuple):
    """A rectangle in a picture."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Frame") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def touches(self, x: float, y: float) -> bool:
        """Whether the point is on the rectangle's edge, to the width of a thick outline."""
        slack = 3
        inside = self.left - slack <= x <= self.right + slack and self.top - slack <= y <= self.bottom + slack
        return inside and min(x - self.left, self.right - x, y - self.top, self.bottom - y) <= slack


class Seen:
    """A picture as it is seen."""

    def __init__(self, diagram: Diagram) -> None:
        self.bytes = SvgDrawing().svg(diagram)
        self.root = fromstring(self.bytes)  # noqa: S314 - the product wrote it
        self.body = self.root.findall(f"{SVG}g")[-1]
        self.things = self.body.findall(f"{SVG}g")
        self.titles = [thing.findtext(f"{SVG}title") or "" for thing in self.things]
        self.frames = [frame_of(thing.findall(f"{SVG}rect")[0]) for thing in self.things]
        self.texts = [[text.text or "" for text in thing.findall(f"{SVG}text")] for thing in self.things]

    @property
    def boxes(self) -> dict[str, list[str]]:
        """The lines in each lot's box, by its title."""
        return {
            title: lines
            for title, lines in zip(self.titles, self.texts, strict=True)
            if title.startswith("Lot ") or " lots of " in title
        }

    def ends(self) -> Iterator[tuple[float, float]]:
        """Where the strokes begin, and the tips of the arrows."""
        for path in self.body.findall(f"{SVG}path"):
            x, y = re.findall(r"-?[0-9.]+", path.get("d", ""))[:2]
            yield float(x), float(y)


def frame_of(rect: Element) -> Frame:
    x, y, width, height = (float(rect.get(name, "")) for name in ("x", "y", "width", "height"))
    return Frame(x, y, x + width, y + height)


def drawn(number: int, code: str | None = None, product: str = "CIDER", **more: object) -> DrawnLot:
    known = {
        "site": "A",
        "sub_lot": "",
        "campaign": None,
        "depth": number,
        "on_hand": Decimal(1),
        "unit": "LTR",
        **more,
    }
    return DrawnLot(
        id=UUID(int=number),
        product=product,
        code=code or f"L-{number:03}",
        **{"disposition": Disposition.RELEASED, **known},
    )


def diagram(lots: list[DrawnLot], operations: list[tuple[Kind, list[int], list[int]]]) -> Diagram:
    sketch = Sketch()
    for lot in lots:
        sketch.add_lot(lot)
    for number, (kind, sources, targets) in enumerate(operations):
        sketch.add_links(UUID(int=number), kind, [UUID(int=n) for n in sources], [UUID(int=n) for n in targets])
    return sketch.diagram()


def plant(lots: int, seed: int = 1) -> Diagram:
    """Lots that go into lots made somewhat later, and now and then back into earlier ones or into themselves."""
    random = Random(seed)  # noqa: S311 - a plant, not a secret
    dispositions = list(Disposition)
    boxes = [drawn(n, product=f"P{n // 20}", disposition=random.choice(dispositions)) for n in range(lots)]
    operations = []
    for target in range(1, lots):
        sources = random.sample(range(max(0, target - 20), target), min(target, random.randint(1, 3)))
        operations.append((Kind.PRODUCTION, sources, [target]))
        if target % 15 == 0:
            operations.append((Kind.REWORK, [target], [random.randrange(target + 1)]))
    return diagram(boxes, operations)


def heel(tops: int) -> Diagram:
    """A tank that is topped up and never emptied."""
    lots = [drawn(n, f"T-{n}" if n % 2 else f"M-{n}") for n in range(2 * tops)]
    return diagram(lots, [(Kind.MERGE, [n, n + 1], [n + 2]) for n in range(2 * tops - 2)])


PICTURES = {
    "one lot": plant(1),
    "five lots": plant(5),
    "forty lots": plant(40),
    "as many as are drawn each": plant(150),
    "summarised": plant(151),
    "a heel": heel(40),
    "a hub": diagram([drawn(n) for n in range(150)], [(Kind.SPLIT, [0], [n]) for n in range(1, 150)]),
    "in circles": diagram([drawn(n) for n in range(4)], [(Kind.REWORK, [n], [(n + 1) % 4, n]) for n in range(4)]),
    "nothing": diagram([], []),
}


@cache
def seen_as(name: str) -> Seen:
    return Seen(PICTURES[name])


every_picture = pytest.mark.parametrize("name", PICTURES)


@every_picture
def test_nothing_lies_over_anything_or_outside(name: str) -> None:
    seen = seen_as(name)
    assert len(seen.frames) == len(PICTURES[name].boxes) + len(PICTURES[name].joints)
    assert not [pair for pair in combinations(seen.frames, 2) if pair[0].overlaps(pair[1])]
    width, height = (float(seen.root.get(side, "")) for side in ("width", "height"))
    assert seen.root.get("viewBox") == f"0 0 {width:.0f} {height:.0f}"
    dx, dy = (float(number) for number in re.findall(r"\d+", seen.body.get("transform", "")))
    for frame in seen.frames:
        assert frame.left + dx >= 0
        assert frame.top + dy >= 84
        assert frame.right + dx <= width
        assert frame.bottom + dy <= height


@every_picture
def test_every_stroke_leads_from_thing_to_thing(name: str) -> None:
    seen = seen_as(name)
    ends = list(seen.ends())
    outward = sum(len(joint.sources) for joint in PICTURES[name].joints)
    inward = sum(len(joint.targets) for joint in PICTURES[name].joints)
    assert len(ends) == outward + 2 * inward, "a path for each stroke, and one for each arrow"
    assert [end for end in ends if not any(frame.touches(*end) for frame in seen.frames)] == []


@pytest.mark.parametrize("name", ["a heel", "a hub"])
def test_what_is_deep_goes_down_and_what_is_broad_goes_across(name: str) -> None:
    """The other way round, a heel of forty and a hub of 150 would be wider than 18,000 pixels."""
    assert float(seen_as(name).root.get("width", "")) < 1000


@pytest.mark.parametrize("lots", [1, 5, 40, 150])
def test_every_lot_is_there(lots: int) -> None:
    (name,) = (name for name, diagram in PICTURES.items() if diagram == plant(lots))
    boxes = seen_as(name).boxes
    assert sorted(lines[0] for lines in boxes.values()) == [f"L-{n:03}" for n in range(lots)]


def test_a_summary_says_that_it_is_one() -> None:
    seen = seen_as("summarised")
    assert "151 lots, 160 operations, in 8 boxes, drawn together by product and campaign" in "".join(
        seen.root.itertext()
    )
    assert [lines[:3] for title, lines in seen.boxes.items() if " of P1;" in title] == [
        ["P1", "no campaign", "20 lots"]
    ]


@pytest.mark.parametrize("name", ["five lots", "forty lots", "a heel", "in circles"])
def test_the_same_diagram_gives_the_same_bytes_from_every_thread(name: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        pictures = set(threads.map(lambda _: SvgDrawing().svg(PICTURES[name]), range(8)))
    assert pictures == {seen_as(name).bytes}


@every_picture
def test_a_picture_stands_alone(name: str) -> None:
    """Shapes and texts with plain attributes: nothing that runs, styles, or is fetched."""
    seen = seen_as(name)
    assert {each.tag.removeprefix(SVG) for each in seen.root.iter()} <= {
        *("svg", "title", "desc", "g", "rect", "path", "text")
    }
    for each in seen.root.iter():
        for attribute, value in each.attrib.items():
            assert not attribute.startswith(("on", "{", "style", "href"))
            assert "url(" not in value
    assert {each.get("font-family") for each in seen.root.iter()} == {"sans-serif", None}


def test_what_people_type_is_text_and_nothing_else() -> None:
    code, product, partner = '<script>alert("&amp;")</script>', "A&B <'/>", '<&"/()]]>'
    sketch = Sketch()
    sketch.add_lot(drawn(0, code, product))
    sketch.add_receipt(UUID(int=0), Decimal(1), partner)
    seen = Seen(sketch.diagram())
    (title,) = seen.titles
    assert title == (
        f"Lot {product} {code}; at A; 1 LTR on hand; released; 1 LTR received from {partner}; the trace begins here."
    )
    assert seen.root.findtext(f"{SVG}title") == f"Genealogy of {product} {code}"
    assert f"from {partner}" in seen.texts[0]


@pytest.mark.parametrize("code", ["W" * 100, "i" * 100, "りんご" * 33, "LOT-2026-" + "0" * 80 + "-0042"])
def test_what_is_too_long_is_shortened_visibly_and_said_in_full(code: str) -> None:
    seen = Seen(diagram([drawn(0, code)], []))
    (frame,), (title,), shown = seen.frames, seen.titles, seen.texts[0][0]
    assert code in title
    beginning, end = shown.split("…")
    assert code.startswith(beginning)
    assert code.endswith(end)
    assert min(len(beginning), len(end)) >= 4
    assert frame.right - frame.left <= WIDEST


def test_the_largest_quantity_is_never_shortened() -> None:
    seen = Seen(diagram([drawn(0, on_hand=Decimal("999999999999.999999"), unit="MGM")], []))
    assert "999999999999.999999 MGM on hand" in seen.texts[0]


@pytest.mark.parametrize(
    ("disposition", "word"), list(zip(Disposition, ("pending", "released", "on hold", "rejected"), strict=True))
)
def test_a_disposition_is_told_by_a_word_and_by_an_outline_of_its_own(disposition: Disposition, word: str) -> None:
    seen = Seen(diagram([drawn(0, disposition=disposition)], []))
    assert word in seen.texts[0]
    outlines = {
        each: Seen(diagram([drawn(0, disposition=each)], [])).things[0].findall(f"{SVG}rect")[-1].attrib
        for each in Disposition
    }
    assert [each for each in Disposition if outlines[each] == outlines[disposition]] == [disposition]


@pytest.mark.parametrize(
    ("starts", "title"),
    [
        ([drawn(0, campaign="C1")], "Genealogy of CIDER L-000"),
        ([drawn(0, campaign="C1"), drawn(1, depth=0, campaign="C1")], "Genealogy of 2 lots of CIDER of campaign C1"),
        ([drawn(0), drawn(1, depth=0, product="JUICE")], "Genealogy of 2 lots"),
        ([], "Genealogy of nothing: there is no lot to begin with"),
    ],
)
def test_the_title_says_where_the_trace_begins(starts: list[DrawnLot], title: str) -> None:
    seen = Seen(diagram([*starts, *([drawn(9)] if starts else [])], []))
    assert seen.root.findtext(f"{SVG}title") == title
    assert title in [text.text for text in seen.root.iter(f"{SVG}text")]


def test_a_part_of_a_lot_is_named_with_its_label() -> None:
    seen = Seen(diagram([drawn(0), drawn(1, "L-000", sub_lot="RN-1")], [(Kind.RETURN, [0], [1])]))
    assert sorted(lines[0] for lines in seen.boxes.values()) == ["L-000", "L-000 (RN-1)"]
    assert "Return, 1 operation: from CIDER L-000 to CIDER L-000 (RN-1)." in seen.titles


def test_sites_are_named_where_there_are_several() -> None:
    assert Seen(diagram([drawn(0)], [])).texts[0][1] == "CIDER"
    two = Seen(diagram([drawn(0), drawn(1, site="DEPOT")], [(Kind.TRANSFER, [0], [1])]))
    assert sorted(lines[1] for lines in two.boxes.values()) == ["CIDER · A", "CIDER · DEPOT"]


def test_the_use_case_draws_what_the_trace_finds() -> None:
    world = memory_world().furnish()
    world.record("receipt", received("APPLE", "1", "100"), partner="SUPPLIER")
    world.record("production", used("APPLE", "1", "100"), made("JUICE", "T", "80"))
    world.record("production", used("JUICE", "T", "40"), made("CIDER", "1", "30"))
    world.record("shipment", shipped("CIDER", "1", "20"))
    world.record("shipment", shipped("CIDER", "1", "5"), partner="MARKET")
    world.record("return", returned("CIDER", "1", "2"))
    draw = DrawGenealogyHandler(TraceLotsHandler(world.genealogy), SvgDrawing())
    origin = LotsOrigin(frozenset({world.lot("JUICE", "T").id}))
    picture = fromstring(draw(TraceLots(origin, tuple(Direction), EVERYWHERE)))  # noqa: S314 - the product wrote it
    assert {title.text for title in picture.iterfind(f".//{SVG}g/{SVG}title")} == {
        "Lot APPLE 1; at A; 0 KGM on hand; released; 100 KGM received from SUPPLIER.",
        "Production, 1 operation: from APPLE 1 to JUICE T.",
        "Lot JUICE T; at A; 40 LTR on hand; released; the trace begins here.",
        "Production, 1 operation: from JUICE T to CIDER 1.",
        "Lot CIDER 1; at A; 7 C62 on hand; released; 25 C62 shipped to MARKET, SHOP; 2 C62 returned.",
    }
