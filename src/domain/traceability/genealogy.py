"""The genealogy: the directed graph of lots and the operations that turned them into lots.

The walks here are the specification of a trace: plain, pure, and independent of the order in which anything is given.
The recursive query of the database has to agree with them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from attrs import frozen

from domain.production.entry import LINKING, Kind
from domain.production.entry import Direction as Movement
from domain.production.operation import Operation


class Direction(StrEnum):
    """Forward: where it went. Backward: what went into it."""

    FORWARD = "forward"
    BACKWARD = "backward"


class Moment(NamedTuple):
    """When something happened; of what happened at the same time, what the ledger took first comes first."""

    at: datetime
    sequence: int


@frozen
class Step:
    """A standing operation that links every lot of `sources` with every lot of `targets`."""

    operation: UUID
    kind: Kind
    moment: Moment
    sources: frozenset[UUID]
    targets: frozenset[UUID]

    def entered(self, direction: Direction) -> frozenset[UUID]:
        """The lots from which a walk in this direction comes to the step."""
        return self.sources if direction is Direction.FORWARD else self.targets

    def left(self, direction: Direction) -> frozenset[UUID]:
        """The lots to which a walk in this direction goes on."""
        return self.targets if direction is Direction.FORWARD else self.sources


def steps_of(operations: Iterable[Operation], wholes: Mapping[UUID, UUID]) -> Iterator[Step]:
    """The steps of operations, given in the order in which the ledger took them; what was reversed links nothing.

    `wholes` are the lots that sub-lots are parts of. Nothing goes into a return, but what comes back may have been
    shipped as any part of its lot: it follows from every lot of the same whole that the partner was sent before, and
    from the whole itself.
    """
    sent: dict[tuple[str | None, UUID], set[UUID]] = defaultdict(set)
    for sequence, operation in enumerate(operations):
        if operation.kind is Kind.SHIPMENT:
            for movement in operation.movements:
                if movement.lot_id:
                    sent[operation.partner, wholes.get(movement.lot_id, movement.lot_id)].add(movement.lot_id)
        if operation.reversed_by is not None:
            continue
        taken, put = (
            frozenset(m.lot_id for m in operation.movements if m.lot_id and m.direction is direction)
            for direction in Movement
        )
        moment = Moment(operation.occurred_at, sequence)
        if operation.kind in LINKING:
            yield Step(operation.id, operation.kind, moment, taken, put)
        elif operation.kind is Kind.RETURN:
            for lot in put:
                whole = wholes.get(lot, lot)
                if sources := ({whole} | sent[operation.partner, whole]) - {lot}:
                    yield Step(operation.id, operation.kind, moment, frozenset(sources), frozenset({lot}))


def closure(steps: Iterable[Step], starts: Iterable[UUID], direction: Direction) -> Mapping[UUID, int]:
    """Every lot that the starting lots lead to, themselves included, by the least number of operations to it.

    Complete whatever the depth, ends in cycles, and ignores time on purpose: a link counts even where what it carries
    came later.
    """
    following: dict[UUID, set[UUID]] = defaultdict(set)
    for step in steps:
        for lot in step.entered(direction):
            following[lot] |= step.left(direction)
    depths = dict.fromkeys(starts, 0)
    frontier, depth = set(depths), 0
    while frontier:
        depth += 1
        frontier = {lot for reached in frontier for lot in following[reached] if lot not in depths}
        depths |= dict.fromkeys(frontier, depth)
    return depths


@frozen
class Arrival:
    """How a walk that respects time came to a lot: by how few operations, and when first.

    Walking backward it is when last. None is before, or after, everything: the walk began here.
    """

    depth: int
    moment: Moment | None

    def carries(self, moment: Moment, direction: Direction) -> bool:
        """Whether what happens to the lot at this moment concerns what the walk follows."""
        if self.moment is None:
            return True
        return moment > self.moment if direction is Direction.FORWARD else moment < self.moment


@frozen
class ClosureInTime:
    """What a walk that respects time came to, and through which lot of which operation it went on."""

    direction: Direction
    arrivals: Mapping[UUID, Arrival]
    passages: frozenset[tuple[UUID, UUID]]

    def includes(self, operation: UUID, source: UUID, target: UUID) -> bool:
        """Whether the walk went from one lot to the other through this operation, in its direction."""
        return (operation, source if self.direction is Direction.FORWARD else target) in self.passages

    def concerns(self, lot: UUID, moment: Moment) -> bool:
        """Whether what happened to the lot then is of what the walk follows."""
        return lot in self.arrivals and self.arrivals[lot].carries(moment, self.direction)


def closure_in_time(steps: Iterable[Step], starts: Iterable[UUID], direction: Direction) -> ClosureInTime:
    """The lots that the starting lots lead to by links that come after what they carry; a part of `closure`.

    Of the steps in the order of time (backward: against it), each carries on what reached one of its lots before. As
    no path goes back in time, one pass finds all of them, and the shortest to each lot.
    """
    arrivals = {lot: Arrival(0, None) for lot in starts}
    passages: set[tuple[UUID, UUID]] = set()
    for step in sorted(steps, key=lambda step: step.moment, reverse=direction is Direction.BACKWARD):
        met = [lot for lot in step.entered(direction) if lot in arrivals]
        if not met:
            continue
        passages |= {(step.operation, lot) for lot in met}
        depth = min(arrivals[lot].depth for lot in met) + 1
        for lot in step.left(direction):
            known = arrivals.get(lot, Arrival(depth, step.moment))
            arrivals[lot] = Arrival(min(depth, known.depth), known.moment)
    return ClosureInTime(direction, arrivals, frozenset(passages))
