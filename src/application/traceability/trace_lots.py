"""Tracing: where lots went, and what went into them."""

from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from uuid import UUID

from attrs import evolve, frozen

from application.traceability.queries import GenealogyReader, Handover, Links, Side, TracedLot, TraceRow
from application.traceability.starting_lots import starting_lots
from domain.access.rights import Sight
from domain.production.entry import Kind
from domain.traceability.genealogy import ClosureInTime, Direction, closure_in_time
from domain.traceability.origin import Origin


@frozen
class TraceLots:
    """Trace from here, forward, backward or both; with `respect_time` only by links that come after what they carry."""

    origin: Origin
    directions: tuple[Direction, ...]
    sight: Sight
    respect_time: bool = False


@frozen
class TraceLotsHandler:
    """Traces are complete and ignore time, on purpose; the view that respects it stands beside, never instead."""

    genealogy: GenealogyReader

    def __call__(self, query: TraceLots) -> Generator[TraceRow, None, None]:
        """The rows of the trace, as `GenealogyReader.trace` gives them; refused as `starting_lots` says, at once."""
        lots = starting_lots(self.genealogy, query.origin, query.sight)
        if query.respect_time:
            return self._respecting_time(lots, query.directions)
        return self.genealogy.trace(lots, query.directions)

    def _respecting_time(
        self, lots: Collection[UUID], directions: Collection[Direction]
    ) -> Generator[TraceRow, None, None]:
        """What the walks that respect time came to, of the same moment as these."""
        with self.genealogy.one_moment():
            walks = [closure_in_time(self.genealogy.steps(lots, towards), lots, towards) for towards in directions]
            yield from _in_time(self.genealogy.trace(lots, directions), walks)


def _in_time(rows: Generator[TraceRow, None, None], walks: list[ClosureInTime]) -> Generator[TraceRow, None, None]:
    """Those of the rows that the walks came to, with the depth and the side that they found."""
    with closing(rows):
        for row in rows:
            match row:
                case TracedLot():
                    yield from _lot_in_time(row, walks)
                case Links():
                    yield from _links_in_time(row, walks)
                case Handover(lot_id=lot, moment=moment, kind=kind):
                    towards = Direction.BACKWARD if kind == Kind.RECEIPT else Direction.FORWARD
                    if any(walk.concerns(lot, moment) for walk in walks if walk.direction is towards):
                        yield row


def _lot_in_time(lot: TracedLot, walks: list[ClosureInTime]) -> Iterator[TracedLot]:
    if depths := {walk.direction: walk.arrivals[lot.id].depth for walk in walks if lot.id in walk.arrivals}:
        yield evolve(lot, depth=min(depths.values()), side=_side(depths))


def _links_in_time(links: Links, walks: list[ClosureInTime]) -> Iterator[Links]:
    for source in links.sources:
        targets = tuple(
            target for target in links.targets if any(walk.includes(links.operation, source, target) for walk in walks)
        )
        if targets:
            yield evolve(links, sources=(source,), targets=targets)


def _side(depths: dict[Direction, int]) -> Side:
    if 0 in depths.values():
        return Side.START
    return Side.BOTH if len(depths) > 1 else Side(next(iter(depths)))
