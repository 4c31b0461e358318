"""Pictures of the genealogy as SVG."""

from attrs import frozen
from typing_extensions import override

from application.traceability.ports import Drawing
from domain.production.lot import Disposition
from domain.traceability.diagram import Diagram, Joint
from infrastructure.files import captions
from infrastructure.files.layout import Layout, Size, Stroke, lay_out
from infrastructure.files.letters import shortened, width_of
from infrastructure.files.svg import LEADING, PADDING, STRIP, Mark, Picture, Style

WIDEST = 250
"""Pixels; what doesn't fit into a box is shortened, and said in full by its title."""


@frozen
class Caption:
    """A text in lines that fit, with how large the thing is that it stands in."""

    lines: tuple[str, ...]
    size: Size


class SvgDrawing(Drawing):
    """Has Graphviz lay the diagram out, and writes what came to stand where."""

    @override
    def svg(self, diagram: Diagram) -> bytes:
        boxes, joints = _box_captions(diagram), [_joint_caption(joint) for joint in diagram.joints]
        layout = lay_out([caption.size for caption in (*boxes, *joints)], _strokes(diagram))
        picture = _headed(diagram, layout)
        for curve in layout.curves:
            picture.add_curve(curve)
        for joint, caption, centre in zip(diagram.joints, joints, layout.centres[len(boxes) :], strict=True):
            title = captions.joint_title(joint, diagram.boxes)
            picture.add_joint(title, caption.lines[0], centre, caption.size)
        for box, caption, centre in zip(diagram.boxes, boxes, layout.centres[: len(boxes)], strict=True):
            picture.add_box(
                captions.box_title(box), caption.lines, centre, caption.size, Mark(box.dispositions, box.starts > 0)
            )
        return picture.document()


def _headed(diagram: Diagram, layout: Layout) -> Picture:
    """The picture with what stands above: what it shows, how much, and what its outlines mean."""
    picture = Picture(captions.title(diagram), captions.summary(diagram), captions.DESCRIPTION)
    present = {disposition for box in diagram.boxes for disposition in box.dispositions}
    legend = [(captions.WORDS[each], Mark({each: 1})) for each in Disposition if each in present]
    if any(box.starts for box in diagram.boxes):
        legend.insert(0, ("the trace begins here", Mark({Disposition.RELEASED: 1}, starts=True)))
    picture.add_head(legend, layout.size)
    return picture


def _strokes(diagram: Diagram) -> list[Stroke]:
    """From each box into the operations that took from it, and on, with an arrow, into what they put something into.

    The trunk leads through boxes that were made of others and went into others.
    """
    first = len(diagram.boxes)
    taken = {place for joint in diagram.joints for place in joint.sources}
    trunk = {place for joint in diagram.joints for place in joint.targets} & taken
    return [
        stroke
        for number, joint in enumerate(diagram.joints, start=first)
        for stroke in (
            *(Stroke(source, number, arrow=False, trunk=source in trunk) for source in joint.sources),
            *(Stroke(number, target, arrow=True, trunk=target in trunk) for target in joint.targets),
        )
    ]


def _box_captions(diagram: Diagram) -> list[Caption]:
    """What stands in each box; all of them are as wide as the widest."""
    several_sites = len({box.name.site for box in diagram.boxes}) > 1
    texts = [captions.box_lines(box, diagram.scale, sites=several_sites) for box in diagram.boxes]
    room = WIDEST - 2 * PADDING - STRIP
    fitted = [[_fitted(line, room, bold=not number) for number, line in enumerate(lines)] for lines in texts]
    widest = max((width for lines in fitted for _, width in lines), default=0) + 2 * PADDING + STRIP
    return [
        Caption(tuple(line for line, _ in lines), Size(round(widest), len(lines) * LEADING + PADDING))
        for lines in fitted
    ]


def _fitted(line: str, room: float, *, bold: bool) -> tuple[str, float]:
    """The line so short that there is room for it, and its width then."""
    em = Style.BOLD.em if bold else Style.PLAIN.em
    short = shortened(line, room / em)
    return short, width_of(short) * em


def _joint_caption(joint: Joint) -> Caption:
    text = captions.joint_caption(joint)
    return Caption((text,), Size(round(width_of(text) * Style.SMALL.em + 2 * PADDING), LEADING + 3))
