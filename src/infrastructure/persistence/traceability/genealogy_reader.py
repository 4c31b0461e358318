"""Traces by a recursive query, their rows read as the caller goes on."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from typing_extensions import override

from application.traceability.queries import GenealogyReader, Handover, Links, Side, TracedLot, TraceRow
from domain.access.rights import Sight
from domain.production.entry import Direction as Movement
from domain.production.entry import Kind
from domain.traceability.exposure import Flow, Mixing
from domain.traceability.genealogy import Direction, Moment, Step
from domain.traceability.origin import Origin
from infrastructure.persistence.production.totals import STANDING
from infrastructure.persistence.shared.reading import BY_INDEXES, one_moment
from infrastructure.persistence.shared.statements import ROWS_AT_ONCE, rows_looked_up, rows_of, rows_streamed
from infrastructure.persistence.traceability.origins import lots_of, sites_of
from infrastructure.persistence.traceability.walk import onward

_STARTS = "SELECT number::numeric FROM lot WHERE id = ANY(%({})s)"

_REACHED = f"""
WITH RECURSIVE forward_walk (node) AS ({_STARTS.format("forward")} UNION {onward("forward_walk")}),
backward_walk (node) AS ({_STARTS.format("backward")} UNION {onward("backward_walk", "target", "source")}),
forward AS (SELECT node::bigint AS number, scale(node) AS depth FROM forward_walk WHERE node > 0),
backward AS (SELECT node::bigint AS number, scale(node) AS depth FROM backward_walk WHERE node > 0),
reached AS (
    SELECT number, least(forward.depth, backward.depth) AS depth,
           CASE WHEN 0 IN (forward.depth, backward.depth) THEN 0
                WHEN backward.depth IS NULL THEN 1 WHEN forward.depth IS NULL THEN 2 ELSE 3 END AS side
    FROM forward FULL JOIN backward USING (number)
)
SELECT count(*), array_agg(number ORDER BY depth, number)::text, array_agg(depth ORDER BY depth, number)::text,
       array_agg(side ORDER BY depth, number)::text,
       (array_agg(number) FILTER (WHERE side IN (0, 1, 3)))::text,
       (array_agg(number) FILTER (WHERE side IN (0, 2, 3)))::text
FROM reached
"""  # noqa: S608 - our own text

SIDES = (Side.START, Side.FORWARD, Side.BACKWARD, Side.BOTH)

_LOTS = """
SELECT lot.id, site.code, product.code, lot.code, lot.sub_lot, reached.depth, lot.on_hand, product.unit,
       lot.disposition, campaign.code, reached.side
FROM unnest(%(numbers)s::bigint[], %(depths)s::int[], %(sides)s::int[]) AS reached (number, depth, side)
JOIN lot ON lot.number = reached.number
JOIN site ON site.id = lot.site_id
JOIN product ON product.id = lot.product_id
LEFT JOIN campaign ON campaign.id = lot.campaign_id
ORDER BY reached.depth, reached.number
"""

# Going both ways, a link from what the lots led to, into what led to them, is found by the first half already.
_LINKS = """
SELECT operation.id, operation.kind, link.sources, link.targets
FROM (
    SELECT node, sources,
           (SELECT array_agg(lot.id ORDER BY lot.number) FROM passage JOIN lot ON lot.number = passage.target
            WHERE source = node)
    FROM (
        SELECT passage.target AS node, array_agg(lot.id ORDER BY lot.number) AS sources
        FROM unnest(%(forward)s::bigint[]) AS reached (number)
        JOIN passage ON passage.source = reached.number
        JOIN lot ON lot.number = reached.number
        GROUP BY passage.target
    ) AS went
    UNION ALL
    SELECT node,
           (SELECT array_agg(lot.id ORDER BY lot.number) FROM passage JOIN lot ON lot.number = passage.source
            WHERE target = node AND source <> ALL (%(already)s::bigint[])),
           targets
    FROM (
        SELECT passage.source AS node, array_agg(lot.id ORDER BY lot.number) AS targets
        FROM unnest(%(backward)s::bigint[]) AS reached (number)
        JOIN passage ON passage.target = reached.number
        JOIN lot ON lot.number = reached.number
        GROUP BY passage.source
    ) AS came
) AS link (node, sources, targets)
JOIN operation ON operation.sequence = -link.node
ORDER BY operation.sequence
"""

_HANDED = f"""
SELECT operation.kind, operation.partner_id, lot.id, coalesce(lot.parent_id, lot.id),
       lot.site_id, lot.product_id, lot.code, lot.sub_lot,
       lot.supplier_lot, movement.quantity, operation.document, operation.occurred_at, operation.sequence
FROM unnest(%({{direction}})s::bigint[]) AS reached (number)
JOIN lot ON lot.number = reached.number
JOIN movement ON movement.lot_id = lot.id AND movement.role IN ({{roles}})
JOIN operation ON operation.id = movement.operation_id AND operation.kind IN ({{kinds}})
WHERE {STANDING}
"""  # noqa: S608 - our own text

_HANDOVERS = f"""
SELECT handed.kind, partner.code, handed.lot_id, handed.whole_lot, site.code, product.code, handed.code, handed.sub_lot,
       handed.supplier_lot, handed.quantity, product.unit, handed.document, handed.occurred_at, handed.sequence
FROM (
    {_HANDED.format(direction="forward", roles="'shipped', 'returned'", kinds="'shipment', 'return'")}
    UNION ALL
    {_HANDED.format(direction="backward", roles="'main'", kinds="'receipt'")}
) AS handed (
    kind, partner_id, lot_id, whole_lot, site_id, product_id, code, sub_lot,
    supplier_lot, quantity, document, occurred_at, sequence
)
JOIN site ON site.id = handed.site_id
JOIN product ON product.id = handed.product_id
LEFT JOIN partner ON partner.id = handed.partner_id
ORDER BY partner.code, site.code, product.code, handed.code, handed.whole_lot,
         handed.occurred_at, handed.sequence
"""  # noqa: S608 - our own text

_STEPS = """
SELECT operation.id, operation.kind, operation.occurred_at, operation.sequence, step.sources, step.targets
FROM (
    SELECT node,
           (SELECT array_agg(lot.id) FROM passage JOIN lot ON lot.number = passage.source WHERE target = node),
           (SELECT array_agg(lot.id) FROM passage JOIN lot ON lot.number = passage.target WHERE source = node)
    FROM (
        SELECT target AS node FROM unnest(%(forward)s::bigint[]) AS reached (number)
        JOIN passage ON source = reached.number
        UNION
        SELECT source FROM unnest(%(backward)s::bigint[]) AS reached (number) JOIN passage ON target = reached.number
    ) AS met
) AS step (node, sources, targets)
JOIN operation ON operation.sequence = -step.node
"""

# What was corrected has its place still, however often.
_MIXINGS = f"""
WITH affected AS MATERIALIZED (
    SELECT lot.id FROM unnest(%(forward)s::bigint[]) AS reached (number) JOIN lot USING (number)
),
touching AS (SELECT DISTINCT operation_id AS id FROM affected JOIN movement ON movement.lot_id = affected.id),
mixing AS (
    SELECT operation.id, operation.kind, operation.occurred_at, operation.partner_id, operation.document,
           CASE WHEN operation.corrects_id IS NULL THEN operation.sequence ELSE (
               WITH RECURSIVE corrected (corrects_id, sequence) AS (
                   SELECT corrects_id, sequence FROM operation AS last WHERE last.id = operation.corrects_id
                   UNION ALL
                   SELECT earlier.corrects_id, earlier.sequence
                   FROM corrected JOIN operation AS earlier ON earlier.id = corrected.corrects_id
               )
               SELECT min(sequence) FROM corrected
           ) END AS place
    FROM touching JOIN operation USING (id)
    WHERE {STANDING}
)
SELECT mixing.id, mixing.kind, mixing.occurred_at, partner.code, mixing.document,
       movement.direction, movement.lot_id, coalesce(lot.parent_id, lot.id), product.code, movement.quantity,
       movement.kilograms
FROM mixing
JOIN movement ON movement.operation_id = mixing.id
LEFT JOIN lot ON lot.id = movement.lot_id
JOIN product ON product.id = movement.product_id
LEFT JOIN partner ON partner.id = mixing.partner_id
WHERE mixing.kind IN ('production', 'split', 'merge', 'rework', 'transfer')
   OR movement.lot_id IN (SELECT id FROM affected)
ORDER BY mixing.place, movement.position
"""  # noqa: S608 - our own text


class _Reached(NamedTuple):
    """The lots of a closure, in arrays as PostgreSQL writes them: nothing is done with them but to hand them back.

    `forward` and `backward` are the lots that the walk each way came to, those it began with included.
    """

    size: int
    numbers: str
    depths: str
    sides: str
    forward: str
    backward: str


class DjangoGenealogyReader(GenealogyReader):
    """Walks what the triggers keep in `passage`. Four statements, whatever there is to find."""

    @override
    def one_moment(self) -> AbstractContextManager[None]:
        return one_moment()

    @override
    def lots_of(self, origin: Origin, sight: Sight) -> Collection[UUID]:
        return lots_of(origin, sight)

    @override
    def sites_of(self, lots: Collection[UUID]) -> frozenset[str]:
        return sites_of(lots)

    @override
    def trace(self, lots: Collection[UUID], directions: Collection[Direction]) -> Generator[TraceRow, None, None]:
        with one_moment(_PLANNED):
            reached = _reached(lots, directions)
            walked = _walked(reached, directions)
            # What fits into one chunk is fetched at once, by a plan that the session keeps: planning anew takes longer.
            if reached.size <= ROWS_AT_ONCE:
                yield from _traced(reached, walked, rows_looked_up)
            else:
                with one_moment(_PLANNED_FOR_MANY):
                    yield from _traced(reached, walked, rows_streamed)

    @override
    def steps(self, lots: Collection[UUID], direction: Direction) -> Collection[Step]:
        with one_moment(_PLANNED | _PLANNED_FOR_MANY):
            walked = _walked(_reached(lots, (direction,)), (direction,))
            return list(map(_step, rows_streamed(_STEPS, walked)))

    @override
    def mixings(self, lots: Collection[UUID]) -> Generator[TracedLot | Mixing, None, None]:
        with one_moment(_PLANNED | _PLANNED_FOR_MANY):
            reached = _reached(lots, (Direction.FORWARD,))
            yield from map(_traced_lot, rows_streamed(_LOTS, reached._asdict()))
            lines = rows_streamed(_MIXINGS, _walked(reached, (Direction.FORWARD,)))
            yield from (_mixing(list(rows)) for _, rows in groupby(lines, key=itemgetter(0)))


# All rows are wanted, not the first few soon; what starts workers or a compiler costs as much as the plant is large.
_PLANNED = BY_INDEXES | {
    "cursor_tuple_fraction": "1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "work_mem": "'32MB'",
    "plan_cache_mode": "force_generic_plan",
}
_PLANNED_FOR_MANY = {"plan_cache_mode": "force_custom_plan"}


def handovers(forward: Sequence[int]) -> Iterator[Handover]:
    """What was shipped and what came back of the lots with these numbers, as a trace gives it."""
    return map(_handover, rows_of(_HANDOVERS, {"forward": list(forward), "backward": _NONE}))


_NONE = "{}"

Rows = Callable[[str, Mapping[str, Any]], Iterable[Sequence[Any]]]
"""A way of reading what a statement gives."""


def _reached(lots: Collection[UUID], directions: Collection[Direction]) -> _Reached:
    starts = {direction.value: list(lots) if direction in directions else [] for direction in Direction}
    ((size, *arrays),) = rows_looked_up(_REACHED, starts)
    return _Reached(size, *(array or _NONE for array in arrays))


def _walked(reached: _Reached, directions: Collection[Direction]) -> dict[str, str]:
    """The lots that the walk each way came to, and those whose links the way back finds again."""
    forward = reached.forward if Direction.FORWARD in directions else _NONE
    backward = reached.backward if Direction.BACKWARD in directions else _NONE
    return {"forward": forward, "backward": backward, "already": _NONE if backward == _NONE else forward}


def _traced(reached: _Reached, walked: Mapping[str, str], rows: Rows) -> Iterator[TraceRow]:
    yield from map(_traced_lot, rows(_LOTS, reached._asdict()))
    yield from map(_links, rows(_LINKS, walked))
    yield from map(_handover, rows(_HANDOVERS, walked))


def _traced_lot(row: Sequence[Any]) -> TracedLot:
    *columns, side = row
    return TracedLot(*(*columns, SIDES[side]))


def _links(row: Sequence[Any]) -> Links:
    operation, kind, sources, targets = row
    return Links(operation, kind, tuple(sources or ()), tuple(targets or ()))


def _handover(row: Sequence[Any]) -> Handover:
    *columns, at, sequence = row
    return Handover(*(*columns, Moment(at, sequence)))


def _step(row: Sequence[Any]) -> Step:
    operation, kind, at, sequence, sources, targets = row
    return Step(operation, Kind(kind), Moment(at, sequence), frozenset(sources or ()), frozenset(targets or ()))


def _mixing(rows: Sequence[Sequence[Any]]) -> Mixing:
    operation, kind, at, partner, document = rows[0][:5]
    flows = tuple(Flow(Movement(direction), *rest) for _, _, _, _, _, direction, *rest in rows)
    return Mixing(operation, Kind(kind), at, partner, document, flows)
