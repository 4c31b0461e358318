"""SVG that stands alone: no script, no style sheet, no font of its own, nothing that is fetched."""

from collections.abc import Mapping, Sequence
from enum import Enum
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405 # XML is written here, and none is read

from attrs import frozen

from domain.production.lot import Disposition
from infrastructure.files.layout import Curve, Point, Size
from infrastructure.files.letters import shortened, width_of

INK, LINE, PAPER, PILL = "#111111", "#555555", "#ffffff", "#ececec"
START = "#fff1c2"
LEADING, PADDING, STRIP, MARGIN = 15, 8, 7, 16
HEAD = 84
"""Pixels from the top of the picture down to what is laid out."""
NARROWEST = 640
"""Pixels that a title may take where what is laid out is narrower."""
SAMPLE = 22
"""Pixels; how wide a box of the legend is."""


class Style(Enum):
    """How a text is set: its size in pixels, its weight."""

    TITLE = (17, "bold")
    BOLD = (13, "bold")
    PLAIN = (11, "normal")
    SMALL = (10, "normal")

    @property
    def em(self) -> float:
        """How many pixels an em is, wider where letters are bold."""
        size, weight = self.value
        return size * 1.1 if weight == "bold" else size


@frozen
class Mark:
    """What a box shows of its lots: how many are of which disposition, and whether the trace begins with any."""

    dispositions: Mapping[Disposition, int]
    starts: bool = False


@frozen
class Outline:
    """How a box is drawn whose lots are of one disposition: told apart by dashes too, where there are no colours."""

    strip: str
    dashes: str


OUTLINES: Mapping[Disposition, Outline] = {
    Disposition.PENDING: Outline("#bdbdbd", "6 3"),
    Disposition.RELEASED: Outline(PAPER, "none"),
    Disposition.ON_HOLD: Outline("#c2570c", "2 2"),
    Disposition.REJECTED: Outline("#9b0020", "10 3 2 3"),
}


class Picture:
    """An SVG document as it is drawn."""

    def __init__(self, title: str, summary: str, description: str) -> None:
        self._root = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "role": "group",
                "aria-labelledby": "genealogy-title genealogy-description",
                "font-family": "sans-serif",
                "fill": INK,
            },
        )
        SubElement(self._root, "title", id="genealogy-title").text = title
        SubElement(self._root, "desc", id="genealogy-description").text = f"{summary}. {description}"
        self._title, self._summary = title, summary
        self._paper = SubElement(self._root, "rect", width="100%", height="100%", fill=PAPER)
        self._head = SubElement(self._root, "g")
        self._body = SubElement(self._root, "g", transform=f"translate({MARGIN} {HEAD})")

    def document(self) -> bytes:
        """The document as it is sent."""
        document: bytes = tostring(self._root, encoding="utf-8", xml_declaration=True)
        return document

    def add_head(self, legend: Sequence[tuple[str, Mark]], content: Size) -> None:
        """What the picture shows, how much, and what its outlines mean; this settles its size."""
        room = max(content.width, NARROWEST)
        shown = shortened(self._title, room / Style.TITLE.em)
        self._text(self._head, shown, (MARGIN, 28), Style.TITLE)
        self._text(self._head, self._summary, (MARGIN, 47), Style.PLAIN)
        right = float(MARGIN)
        for says, mark in legend:
            self._outline(self._head, (right + SAMPLE / 2, 62), Size(SAMPLE, 12), mark)
            self._text(self._head, says, (right + SAMPLE + 5, 66), Style.PLAIN)
            right += SAMPLE + 5 + width_of(says) * Style.PLAIN.em + MARGIN
        wanted = (
            content.width,
            width_of(shown) * Style.TITLE.em,
            width_of(self._summary) * Style.PLAIN.em,
            right - 2 * MARGIN,
        )
        width, height = round(max(wanted) + 2 * MARGIN), round(content.height + HEAD + MARGIN)
        self._root.attrib |= {"width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}"}

    def add_curve(self, curve: Curve) -> None:
        """A stroke, with its arrow."""
        first, *others = map(_written, curve.points)
        SubElement(self._body, "path", d=f"M{first}C{' '.join(others)}", fill="none", stroke=LINE)
        if curve.tip:
            SubElement(self._body, "path", d=_arrow(curve.points[-1], curve.tip), fill=LINE)

    def add_joint(self, title: str, text: str, centre: Point, size: Size) -> None:
        """Operations: a rounded label."""
        group = self._group(title)
        self._rect(group, centre, size, rx=_short(size.height / 2), fill=PILL, stroke=LINE)
        self._text(group, text, (centre[0], centre[1] + 3.5), Style.SMALL, anchor="middle")

    def add_box(self, title: str, lines: Sequence[str], centre: Point, size: Size, mark: Mark) -> None:
        """Lots: a box that shows what is marked of them."""
        group = self._group(title)
        self._outline(group, centre, size, mark)
        left, top = centre[0] - size.width / 2 + STRIP + PADDING, centre[1] - size.height / 2
        for number, line in enumerate(lines):
            baseline = top + PADDING / 2 + LEADING * (number + 0.75)
            self._text(group, line, (left, baseline), Style.PLAIN if number else Style.BOLD)

    def _group(self, title: str) -> Element:
        group = SubElement(self._body, "g", role="img")
        SubElement(group, "title").text = title
        return group

    def _outline(self, parent: Element, centre: Point, size: Size, mark: Mark) -> None:
        fill, stroke = (START, "3") if mark.starts else (PAPER, "1.2")
        self._rect(parent, centre, size, fill=fill)
        self._strip(parent, centre, size, mark)
        dashes = OUTLINES[next(iter(mark.dispositions))].dashes if len(mark.dispositions) == 1 else "none"
        self._rect(
            parent, centre, size, fill="none", stroke=INK, **{"stroke-width": stroke, "stroke-dasharray": dashes}
        )

    def _strip(self, parent: Element, centre: Point, size: Size, mark: Mark) -> None:
        """On the left of a box, from its bottom, the share of each disposition that isn't the usual one."""
        bottom, whole = centre[1] + size.height / 2, sum(mark.dispositions.values())
        for disposition, lots in reversed(tuple(mark.dispositions.items())):
            part = Size(STRIP, size.height * lots / whole)
            if disposition is not Disposition.RELEASED:
                middle = (centre[0] - (size.width - STRIP) / 2, bottom - part.height / 2)
                self._rect(parent, middle, part, fill=OUTLINES[disposition].strip)
                bottom -= part.height

    def _rect(self, parent: Element, centre: Point, size: Size, **drawn: str) -> None:
        x, y = _short(centre[0] - size.width / 2), _short(centre[1] - size.height / 2)
        SubElement(
            parent, "rect", {"x": x, "y": y, "width": _short(size.width), "height": _short(size.height)}, **drawn
        )

    def _text(self, parent: Element, text: str, at: Point, style: Style, anchor: str = "start") -> None:
        size, weight = style.value
        drawn = {"x": _short(at[0]), "y": _short(at[1]), "font-size": str(size)}
        drawn |= {"font-weight": weight} if weight != "normal" else {}
        drawn |= {"text-anchor": anchor} if anchor != "start" else {}
        SubElement(parent, "text", drawn).text = text


def _arrow(base: Point, tip: Point) -> str:
    """A triangle as long as it is from its base to its tip, and as wide as that."""
    along = (tip[0] - base[0], tip[1] - base[1])
    across = (-along[1] / 2, along[0] / 2)
    corners = (tip, (base[0] + across[0], base[1] + across[1]), (base[0] - across[0], base[1] - across[1]))
    return f"M{'L'.join(map(_written, corners))}Z"


def _written(point: Point) -> str:
    return f"{_short(point[0])},{_short(point[1])}"


def _short(number: float) -> str:
    """The number to a tenth of a pixel, which is all that can be seen."""
    return f"{number:.1f}".removesuffix(".0")
