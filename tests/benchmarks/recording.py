"""Recording an operation of three inputs and two outputs, alone and by the thousand."""

from itertools import islice

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.by_hand import ByHand
from tests.benchmarks.measuring import Side, compared, line, report
from tests.benchmarks.plant import Plant
from tests.benchmarks.work import INPUTS, productions

SINGLE_RUNS = 400
BATCH, BATCH_RUNS = 1_000, 9


def measure(plant: Plant, hand: ByHand) -> None:
    """Print the handler against the same work by hand."""
    entries = productions()
    singles = [
        Side("by hand", lambda: hand.record(next(entries))),
        Side("handler", lambda: plant.record([next(entries)])),
    ]
    lots = f"{INPUTS:,} lots to take from"
    title = f"Record an operation, 3 lots in and 2 out, 1 client; {SINGLE_RUNS} runs, {lots}"
    report(title, compared(singles, SINGLE_RUNS), "by hand")
    with CaptureQueriesContext(connection) as queries:
        plant.record([next(entries)])
    line(f"  statements of the handler: {len(queries)} and 3 COPY")
    batches = [
        Side("by hand, COPY", lambda: hand.record_batch(list(islice(entries, BATCH)))),
        Side("handler", lambda: plant.record(islice(entries, BATCH))),
    ]
    title = f"Record a batch of {BATCH:,} such operations; {BATCH_RUNS} runs, {lots}"
    report(title, compared(batches, BATCH_RUNS), "by hand, COPY", BATCH)
