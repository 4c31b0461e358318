"""Traces on the reference plant: raw SQL, the use case and HTTP, for closures of ten lots to a hundred thousand."""

import http.client
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from uuid import UUID

import psycopg
from attrs import frozen

from application.traceability.open_recall import OpenRecall
from application.traceability.queries import TracedLot
from application.traceability.reference_plant import MakeReferencePlant
from application.traceability.trace_lots import TraceLots
from domain.access.rights import EVERYWHERE
from domain.traceability.genealogy import Direction
from domain.traceability.origin import LotsOrigin
from infrastructure.persistence.traceability.reference_plant import Part, lot_code, parts_of
from tests.benchmarks.clients import Server
from tests.benchmarks.measuring import Side, compared, line, report, seconds
from tests.benchmarks.over_http import served
from tests.benchmarks.plant import ME, Plant

RECALLS = 3
LOTS = int(os.environ.get("BENCH_LOTS", "100000"))
EDGES_OF_A_LOT = 10
JSON, LINES = "application/json", "application/x-ndjson"

# What the ledger alone gives: every step through two movements and two looks at their operation.
OVER_MOVEMENTS = """
WITH RECURSIVE reached (lot) AS (
    SELECT %s::uuid
    UNION
    SELECT made.lot_id
    FROM reached
    JOIN movement AS taken ON taken.lot_id = reached.lot AND taken.direction = 'in'
        AND taken.role IN ('input', 'transferred')
    JOIN operation ON operation.id = taken.operation_id
        AND operation.kind IN ('production', 'split', 'merge', 'rework', 'transfer')
        AND NOT EXISTS (SELECT FROM operation AS reversal WHERE reversal.reverses_id = operation.id)
    JOIN movement AS made ON made.operation_id = operation.id AND made.direction = 'out' AND made.lot_id IS NOT NULL
)
SELECT array_agg(lot) FROM reached
"""
OVER_PASSAGES = """
WITH RECURSIVE reached (lot) AS (
    SELECT number FROM lot WHERE id = %s
    UNION
    SELECT leaving.target
    FROM reached
    JOIN passage AS entering ON entering.source = reached.lot
    JOIN passage AS leaving ON leaving.source = entering.target
)
SELECT array_agg(lot) FROM reached
"""
ITS_LOTS = """
SELECT lot.id, site.code, product.code, lot.code, lot.on_hand, product.unit, lot.disposition, campaign.code
FROM lot JOIN site ON site.id = lot.site_id JOIN product ON product.id = lot.product_id
LEFT JOIN campaign ON campaign.id = lot.campaign_id
WHERE lot.number = ANY(%s)
"""
ITS_LINKS = """
SELECT operation.id, operation.kind, source.id, target.id
FROM passage AS entering
JOIN passage AS leaving ON leaving.source = entering.target
JOIN operation ON operation.sequence = -entering.target
JOIN lot AS source ON source.number = entering.source
JOIN lot AS target ON target.number = leaving.target
WHERE entering.source = ANY(%s)
"""
ITS_HANDOVERS = """
SELECT partner.code, lot.id, operation.kind, movement.quantity, operation.document, operation.occurred_at
FROM lot
JOIN movement ON movement.lot_id = lot.id AND movement.role IN ('shipped', 'returned')
JOIN operation ON operation.id = movement.operation_id AND operation.kind IN ('shipment', 'return')
LEFT JOIN partner ON partner.id = operation.partner_id
WHERE lot.number = ANY(%s)
  AND NOT EXISTS (SELECT FROM operation AS reversal WHERE reversal.reverses_id = operation.id)
"""


@frozen
class ByHand:
    """A trace in four statements, with less than the product's: no depth, and nothing in any order."""

    connection: psycopg.Connection

    def closure(self, statement: str, lot: UUID) -> list[object]:
        """Which lots, and nothing of them."""
        row = self.connection.execute(statement, [lot]).fetchone()
        return list(row[0]) if row else []

    def trace(self, lot: UUID) -> None:
        """All rows, as Python has them."""
        reached = self.closure(OVER_PASSAGES, lot)
        for statement in (ITS_LOTS, ITS_LINKS, ITS_HANDOVERS):
            self.connection.cursor(binary=True).execute(statement, [reached]).fetchall()


@frozen
class OverHttp:
    """A client that reads to the end and keeps nothing."""

    server: Server

    def trace(self, lot: UUID, accepted: str) -> None:
        """One trace."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=600)) as connection:
            headers = {"Authorization": f"Bearer {self.server.token}", "Accept": accepted}
            connection.request("GET", f"/api/v1/lots/{lot}/trace/?direction=forward", headers=headers)
            response = connection.getresponse()
            if response.status != http.HTTPStatus.OK:
                raise RuntimeError(f"{response.status} {response.read(500)!r}")
            while response.read(1 << 20):
                pass


def measure(plant: Plant, url: str, superuser: str) -> None:
    """Make the plant, and print traces of each size."""
    make = plant.container.traceability.make_reference_plant()
    taken = seconds(lambda: make(MakeReferencePlant(LOTS, LOTS * EDGES_OF_A_LOT), lambda _more: None))
    line(f"\nA reference plant of {LOTS:,} lots and {LOTS * EDGES_OF_A_LOT:,} links: made in {taken:.0f} s")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # what autovacuum does within a minute
    with psycopg.connect(url, autocommit=True) as connection, served(url, plant.new_token()) as server:
        by_hand, over_http = ByHand(connection), OverHttp(server)
        starts = _starts(connection)
        _memory_of_a_stream(over_http, starts)
        for part, lot in starts.items():
            _compare(plant, by_hand, over_http, part, lot)
    _recall(plant, next(lot for part, lot in starts.items() if part.shape == "hub"))


def _starts(connection: psycopg.Connection) -> Mapping[Part, UUID]:
    """The first lot of a part of each shape and size."""
    unlike = {(part.shape, part.size): part for part in reversed(parts_of(LOTS, EDGES_OF_A_LOT))}
    codes = {lot_code(part.first): part for part in unlike.values()}
    rows = connection.execute("SELECT code, id FROM lot WHERE code = ANY(%s)", [list(codes)]).fetchall()
    return {codes[code]: lot for code, lot in sorted(rows, key=lambda row: codes[row[0]].size)}


def _compare(plant: Plant, by_hand: ByHand, over_http: OverHttp, part: Part, lot: UUID) -> None:
    trace = plant.container.traceability.trace_lots()
    asked = TraceLots(LotsOrigin(frozenset({lot})), (Direction.FORWARD,), EVERYWHERE)
    rows = list(trace(asked))
    lots, links = sum(isinstance(row, TracedLot) for row in rows), _links(rows)
    if lots != len(by_hand.closure(OVER_MOVEMENTS, lot)):
        raise RuntimeError("The trace isn't the closure.")
    sides = [
        Side("by hand, all rows", partial(by_hand.trace, lot)),
        Side("by hand, ids over movements", partial(by_hand.closure, OVER_MOVEMENTS, lot)),
        Side("by hand, ids over passages", partial(by_hand.closure, OVER_PASSAGES, lot)),
        Side("handler", lambda: _exhaust(iter(trace(asked)))),
        Side("HTTP, JSON", partial(over_http.trace, lot, JSON)),
        Side("HTTP, NDJSON", partial(over_http.trace, lot, LINES)),
    ]
    runs = 31 if lots < 10_000 else 5
    title = f"Trace forward, {part.shape}: {lots:,} lots, {links:,} links; {runs} runs"
    report(title, compared(sides, runs), "by hand, all rows", lots)


def _recall(plant: Plant, lot: UUID) -> None:
    """Print how long it takes to recall a lot that ten thousand were made of, with and without their holds."""
    open_recall, reader = plant.container.traceability.open_recall(), plant.container.traceability.recall_reader()
    line(f"\nOpen a recall of what the hub's lot went into; {RECALLS} of each")
    for name, mock in (("mock recall", True), ("recall, with holds", False)):
        taken, reported = [], []
        for number in range(RECALLS):
            at = datetime.now(UTC)
            command = OpenRecall(f"{name} {number}", "glass", at, LotsOrigin(frozenset({lot})), mock, ME, at)
            begin = time.perf_counter()
            recall = open_recall(command)
            between = time.perf_counter()
            report = reader.report(recall.id, at)
            taken.append(between - begin)
            reported.append(time.perf_counter() - between)
        lots = len(report.lots)
        line(f"  {name:30}{median(taken):10.2f} s   {lots:,} lots; its report, read: {median(reported):.2f} s")


def _links(rows: list[object]) -> int:
    return sum(len(row.sources) * len(row.targets) for row in rows if hasattr(row, "sources"))


def _exhaust(rows: Iterator[object]) -> None:
    for _ in rows:
        pass


def _memory_of_a_stream(over_http: OverHttp, starts: Mapping[Part, UUID]) -> None:
    """Print how far the server's processes grow over the longest stream, after a short one has warmed them."""
    if not Path("/proc/self").exists():
        return
    small, large = (list(starts.values())[end] for end in (0, -1))
    for _ in range(8):
        over_http.trace(small, LINES)
    before = _peaks()
    for _ in range(4):
        over_http.trace(large, LINES)
    grown = max(_peaks()[process] - peak for process, peak in before.items())
    size = list(starts)[-1].size
    line(f"\nStreaming {size:,} lots four times, the peak of the server's memory grows by {grown / 1024:.1f} MiB")


def _peaks() -> dict[str, int]:
    """The most memory that each process of the server ever had, in KiB."""
    peaks = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"config.serve" in (process / "cmdline").read_bytes():
                status = (process / "status").read_text()
                peaks[process.name] = int(status.split("VmHWM:")[1].split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
    return peaks
