"""Tracing: where lots went, and what went into them."""

from collections.abc import Iterator

from attrs import evolve, frozen

from application.traceability.queries import GenealogyReader, Handover, Link, Origin, Side, TracedLot, TraceRow
from domain.production.entry import Kind
from domain.traceability.genealogy import ClosureInTime, Direction, closure_in_time


@frozen
class TraceLots:
    """Trace from here, forward, backward or both; with `respect_time` only by links that come after what they carry."""

    origin: Origin
    directions: tuple[Direction, ...]
    respect_time: bool = False


@frozen
class TraceLotsHandler:
    """Traces are complete and ignore time, on purpose; the view that respects it stands beside, never instead."""

    genealogy: GenealogyReader

    def __call__(self, query: TraceLots) -> Iterator[TraceRow]:
        """The rows of the trace, as `GenealogyReader.trace` gives them. `NotFound`, before the first row."""
        lots = self.genealogy.lots_of(query.origin)
        if not query.respect_time:
            return self.genealogy.trace(lots, query.directions)
        walks = [
            closure_in_time(self.genealogy.steps(lots, direction), lots, direction) for direction in query.directions
        ]
        return _in_time(self.genealogy.trace(lots, query.directions), walks)


def _in_time(rows: Iterator[TraceRow], walks: list[ClosureInTime]) -> Iterator[TraceRow]:
    """Those of the rows that the walks came to, with the depth and the side that they found."""
    for row in rows:
        match row:
            case TracedLot(id=lot):
                if depths := {walk.direction: walk.arrivals[lot].depth for walk in walks if lot in walk.arrivals}:
                    yield evolve(row, depth=min(depths.values()), side=_side(depths))
            case Link(operation=operation, source=source, target=target):
                if any(walk.includes(operation, source, target) for walk in walks):
                    yield row
            case Handover(lot_id=lot, moment=moment, kind=kind):
                towards = Direction.BACKWARD if kind == Kind.RECEIPT else Direction.FORWARD
                if any(walk.concerns(lot, moment) for walk in walks if walk.direction is towards):
                    yield row


def _side(depths: dict[Direction, int]) -> Side:
    if 0 in depths.values():
        return Side.START
    return Side.BOTH if len(depths) > 1 else Side(next(iter(depths)))
