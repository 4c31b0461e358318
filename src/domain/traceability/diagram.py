"""What a picture of the genealogy shows: every lot or, beyond what can be read, lots that are alike as one."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from attrs import define, field, frozen

from domain.production.entry import Kind
from domain.production.lot import Disposition
from domain.shared.exact import EXACT, ZERO

MOST_BOXES = 150
"""As many boxes can be read in one picture."""

MOST_STROKES = 500
"""As many strokes between boxes and operations can be followed."""


class Scale(StrEnum):
    """What one box stands for."""

    LOT = "lot"
    CAMPAIGN = "campaign"
    """The lots of one product at one site that one campaign made, or that none did."""
    PRODUCT = "product"
    """The lots of one product at one site."""
    LARGEST = "largest"
    """The same for the products with the most lots; one box stands for all others together."""


class Flow(StrEnum):
    """What a quantity says of lots."""

    ON_HAND = "on_hand"
    RECEIVED = "received"
    SHIPPED = "shipped"
    RETURNED = "returned"


@frozen
class DrawnLot:
    """A lot as it comes into a picture. `depth` is the least number of operations from where the trace begins."""

    id: UUID
    site: str
    product: str
    code: str
    sub_lot: str
    campaign: str | None
    depth: int
    on_hand: Decimal
    unit: str
    disposition: Disposition


class Name(NamedTuple):
    """What lots are called by. What they don't have in common is None."""

    site: str | None
    product: str | None
    campaign: str | None
    code: str | None
    sub_lot: str | None

    def shared(self, other: "Name") -> "Name":
        """What both have in common."""
        return Name(*(mine if mine == theirs else None for mine, theirs in zip(self, other, strict=True)))


@frozen
class Box:
    """What is known of the lots that a box stands for.

    `starts` says with how many of them the trace begins. Without a unit, products are mixed: litres and bottles have
    no sum, and `quantities` is empty. Suppliers and customers are partners' codes.
    """

    name: Name
    depth: int
    lots: int
    starts: int
    dispositions: Mapping[Disposition, int]
    unit: str | None
    quantities: Mapping[Flow, Decimal]
    suppliers: tuple[str, ...]
    customers: tuple[str, ...]


@frozen
class Joint:
    """Operations of one kind that put into the same boxes. `sources` and `targets` are places among the boxes.

    Each source went into each target through one of them at least: no stroke shows what never happened.
    """

    kind: Kind
    times: int
    sources: tuple[int, ...]
    targets: tuple[int, ...]


@frozen
class Diagram:
    """A picture before it is laid out; the same for the same trace, in whatever order its rows come.

    `start` is what the lots that the trace begins with are called by; None where there are none.
    """

    scale: Scale
    start: Name | None
    boxes: tuple[Box, ...]
    joints: tuple[Joint, ...]

    @property
    def lots(self) -> int:
        """How many lots it shows."""
        return sum(box.lots for box in self.boxes)

    @property
    def starts(self) -> int:
        """How many lots the trace begins with."""
        return sum(box.starts for box in self.boxes)

    @property
    def operations(self) -> int:
        """How many operations it shows."""
        return sum(joint.times for joint in self.joints)


@define(eq=False)
class _Tally:
    """Adds up what a box says. `number` is its place; `into` is what it was folded into, if it was."""

    name: Name
    depth: int
    unit: str | None
    lots: int
    starts: int
    dispositions: dict[Disposition, int]
    quantities: dict[Flow, Decimal]
    suppliers: set[str] = field(factory=set)
    customers: set[str] = field(factory=set)
    number: int = 0
    into: "_Tally | None" = None

    @classmethod
    def of(cls, lot: DrawnLot) -> "_Tally":
        name = Name(lot.site, lot.product, lot.campaign, lot.code, lot.sub_lot)
        return cls(name, lot.depth, lot.unit, 1, int(lot.depth == 0), {lot.disposition: 1}, {Flow.ON_HAND: lot.on_hand})

    def take(self, other: "_Tally") -> None:
        self.name = self.name.shared(other.name)
        self.depth = min(self.depth, other.depth)
        self.unit = self.unit if self.name.product else None
        self.lots += other.lots
        self.starts += other.starts
        for disposition, lots in other.dispositions.items():
            self.dispositions[disposition] = self.dispositions.get(disposition, 0) + lots
        for flow, quantity in other.quantities.items():
            self.count(flow, quantity)
        self.suppliers |= other.suppliers
        self.customers |= other.customers
        other.into = self

    def count(self, flow: Flow, quantity: Decimal) -> None:
        self.quantities[flow] = EXACT.add(self.quantities.get(flow, ZERO), quantity)

    def standing(self) -> "_Tally":
        """The box that this one became part of, or itself."""
        return self.into.standing() if self.into else self

    def box(self) -> Box:
        return Box(
            name=self.name,
            depth=self.depth,
            lots=self.lots,
            starts=self.starts,
            dispositions={each: self.dispositions[each] for each in Disposition if each in self.dispositions},
            unit=self.unit,
            quantities=dict(self.quantities) if self.unit else {},
            suppliers=tuple(sorted(self.suppliers)),
            customers=tuple(sorted(self.customers)),
        )


@define(eq=False)
class _Passage:
    """An operation, with the boxes that it took from and put into as the bits of two numbers."""

    kind: Kind
    sources: int = 0
    targets: int = 0


@define(eq=False)
class Sketch:
    """Takes a trace as it comes, all lots before what links them, and keeps of it what the picture needs."""

    _scale: Scale = Scale.LOT
    _start: Name | None = None
    _boxes: dict[Hashable, _Tally] = field(factory=dict)
    _box_of: dict[UUID, _Tally] = field(factory=dict)
    _passages: dict[UUID, _Passage] = field(factory=dict)

    def add_lot(self, lot: DrawnLot) -> None:
        """Another lot, which comes once."""
        tally = _Tally.of(lot)
        if tally.starts:
            self._start = self._start.shared(tally.name) if self._start else tally.name
        box = self._boxes.setdefault(lot.id if self._scale is Scale.LOT else _kin(self._scale, tally.name), tally)
        if box is not tally:
            box.take(tally)
        self._box_of[lot.id] = box
        if len(self._boxes) > MOST_BOXES and self._scale in (Scale.LOT, Scale.CAMPAIGN):
            self._coarsen()

    def add_links(self, operation: UUID, kind: Kind, sources: Iterable[UUID], targets: Iterable[UUID]) -> None:
        """What an operation took from, and put into, or a part of that, of the lots."""
        if not self._passages:
            self._settle()
        passage = self._passages.setdefault(operation, _Passage(kind))
        for lot in sources:
            passage.sources |= 1 << self._of(lot).number
        for lot in targets:
            passage.targets |= 1 << self._of(lot).number

    def add_receipt(self, lot: UUID, quantity: Decimal, supplier: str | None) -> None:
        """What came of a lot, from a supplier if one is named."""
        box = self._of(lot)
        box.count(Flow.RECEIVED, quantity)
        box.suppliers |= {supplier} if supplier else set()

    def add_delivery(self, lot: UUID, flow: Flow, quantity: Decimal, customer: str | None) -> None:
        """What of a lot was shipped, or returned."""
        box = self._of(lot)
        box.count(flow, quantity)
        box.customers |= {customer} if customer else set()

    def diagram(self) -> Diagram:
        """The picture of all that was taken, so coarse that it can be read."""
        self._settle()
        while _strokes(self._joined()) > MOST_STROKES:
            self._coarsen()
        order = sorted(self._boxes.values(), key=_rank)
        place_of = {tally.number: place for place, tally in enumerate(order)}
        joints = [
            Joint(kind, times, _places(sources, place_of), _places(targets, place_of))
            for (kind, targets), (times, sources) in self._joined().items()
        ]
        joints.sort(key=lambda joint: (joint.sources, joint.targets, joint.kind))
        return Diagram(self._scale, self._start, tuple(tally.box() for tally in order), tuple(joints))

    def _of(self, lot: UUID) -> _Tally:
        return self._box_of[lot].standing()

    def _settle(self) -> None:
        """Have no more boxes than can be read, now that all lots are there, and number them for the passages."""
        while len(self._boxes) > MOST_BOXES:
            self._coarsen()
        if not self._passages:
            for number, tally in enumerate(self._boxes.values()):
                tally.number = number

    def _coarsen(self) -> None:
        """Fold the boxes into fewer, and have the passages go through those."""
        before = list(self._boxes.values())
        self._boxes = {}
        self._scale, key_of = _coarser(self._scale, before)
        for tally in before:
            kept = self._boxes.setdefault(key_of(tally), tally)
            if kept is not tally:
                kept.take(tally)
        now = {tally.number: tally.standing().number for tally in before}
        for passage in self._passages.values():
            passage.sources, passage.targets = _moved(passage.sources, now), _moved(passage.targets, now)

    def _joined(self) -> Mapping[tuple[Kind, int], tuple[int, int]]:
        """By kind and by what they put into: how many operations, and what they took from."""
        joined: dict[tuple[Kind, int], tuple[int, int]] = {}
        for passage in self._passages.values():
            times, sources = joined.get((passage.kind, passage.targets), (0, 0))
            joined[passage.kind, passage.targets] = (times + 1, sources | passage.sources)
        return joined


_KINSHIP = {Scale.CAMPAIGN: ("site", "product", "campaign"), Scale.PRODUCT: ("site", "product")}


def _kin(scale: Scale, name: Name) -> Hashable:
    """What lots of one box have in common on this scale."""
    return tuple(getattr(name, part) for part in _KINSHIP[scale])


def _coarser(scale: Scale, boxes: Sequence[_Tally]) -> tuple[Scale, Callable[[_Tally], Hashable]]:
    """The next scale, and what becomes one box on it."""
    if scale in (Scale.LOT, Scale.CAMPAIGN):
        coarser = Scale.CAMPAIGN if scale is Scale.LOT else Scale.PRODUCT
        return coarser, lambda tally: _kin(coarser, tally.name)
    most = MOST_BOXES - 1 if len(boxes) > MOST_BOXES else len(boxes) // 2
    by_size = sorted(boxes, key=lambda tally: (tally.name.product is None, -tally.lots, _rank(tally)))
    largest = set(by_size[:most])
    return Scale.LARGEST, lambda tally: tally if tally in largest else None


def _rank(tally: _Tally) -> tuple[object, ...]:
    """The order of boxes: as the trace comes to them, then by their names."""
    return (tally.depth, *(part or "" for part in tally.name))


def _strokes(joined: Mapping[tuple[Kind, int], tuple[int, int]]) -> int:
    return sum(targets.bit_count() + sources.bit_count() for (_, targets), (_, sources) in joined.items())


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _moved(number: int, now: Mapping[int, int]) -> int:
    return sum({1 << now[bit] for bit in _bits(number)})


def _places(number: int, place_of: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(sorted(place_of[bit] for bit in _bits(number)))
