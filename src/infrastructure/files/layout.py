"""Where everything in a picture goes: layered layout (Sugiyama) by Graphviz, its library and not its program."""

import json
from collections.abc import Sequence
from threading import Lock
from typing import Any

from attrs import frozen
from pygraphviz import AGraph  # type: ignore[import-untyped]  # it comes without types

POINTS_IN_AN_INCH = 72
PAGE = 1.414
"""A page is this much wider than high."""
MUCH = 1.2
"""Letters that are this much larger on a page are worth another direction."""

GAPS = {"LR": {"nodesep": "0.14", "ranksep": "0.55"}, "TB": {"nodesep": "0.2", "ranksep": "0.35"}}
"""Inches between neighbours and between layers, by the way that things go."""

ARROW, TRUNK = "0.7", "8"
"""How large arrows are, and by how much the trunk is kept straighter than the rest."""

PATIENCE = "1"
"""How long Graphviz looks for better places: in rounds, not in seconds, so that pictures are the same everywhere."""

_ONE_AT_A_TIME = Lock()
"""Graphviz keeps state of its own, so that two threads mustn't use it at once."""

Point = tuple[float, float]


@frozen
class Size:
    """How large something is drawn, in pixels."""

    width: float
    height: float


@frozen
class Curve:
    """A stroke: a Bézier spline of 3n + 1 points and, where it ends in an arrow, the arrow's tip."""

    points: tuple[Point, ...]
    tip: Point | None


@frozen
class Layout:
    """How large the picture is, the centre of each thing in it, and the curve of each stroke."""

    size: Size
    centres: tuple[Point, ...]
    curves: tuple[Curve, ...]

    @property
    def on_a_page(self) -> float:
        """How wide a page has to be to hold it."""
        return max(self.size.width, self.size.height * PAGE)


@frozen
class Stroke:
    """A stroke from one thing to another, by their places; with `arrow` it ends in one, the `trunk` runs straight."""

    source: int
    target: int
    arrow: bool
    trunk: bool


def lay_out(sizes: Sequence[Size], strokes: Sequence[Stroke]) -> Layout:
    """Place things of these sizes, in layers from left to right or, where a page holds that much better, downwards."""
    if not sizes:
        return Layout(Size(0, 0), (), ())
    # Bending strokes round things is most of the work and changes the size little: straight ones show the better way.
    across, down = (_laid_out(sizes, strokes, way, splines="line") for way in GAPS)
    way = "TB" if down.on_a_page * MUCH < across.on_a_page else "LR"
    return _laid_out(sizes, strokes, way, splines="true")


def _laid_out(sizes: Sequence[Size], strokes: Sequence[Stroke], way: str, *, splines: str) -> Layout:
    out, into = ("e", "w") if way == "LR" else ("s", "n")
    with _ONE_AT_A_TIME:
        graph = AGraph(directed=True, strict=False, rankdir=way, splines=splines, nslimit=PATIENCE, **GAPS[way])
        try:
            for number, size in enumerate(sizes):
                inches = {"width": size.width / POINTS_IN_AN_INCH, "height": size.height / POINTS_IN_AN_INCH}
                graph.add_node(number, shape="box", label="", fixedsize="true", **inches)
            for number, stroke in enumerate(strokes):
                drawn = {"arrowsize": ARROW} if stroke.arrow else {"arrowhead": "none"}
                drawn |= {"weight": TRUNK if stroke.trunk else "1", "tailport": out, "headport": into}
                graph.add_edge(stroke.source, stroke.target, number, id=number, **drawn)
            written = graph.draw(format="json0", prog="dot")
        finally:
            graph.close()
    return _read(json.loads(written))


def _read(written: dict[str, Any]) -> Layout:
    """What Graphviz wrote, which counts upwards from the bottom."""
    _, _, width, height = map(float, written["bb"].split(","))
    centres = {int(each["name"]): _point(each["pos"], height) for each in written["objects"]}
    curves = {int(each["id"]): _curve(each["pos"], height) for each in written.get("edges", ())}
    return Layout(
        Size(width, height),
        tuple(centres[number] for number in sorted(centres)),
        tuple(curves[number] for number in sorted(curves)),
    )


def _curve(written: str, height: float) -> Curve:
    tips = [_point(each[2:], height) for each in written.split() if each.startswith("e,")]
    points = tuple(_point(each, height) for each in written.split() if each[0] not in "es")
    return Curve(points, tips[0] if tips else None)


def _point(written: str, height: float) -> Point:
    x, y = map(float, written.split(","))
    return x, height - y
