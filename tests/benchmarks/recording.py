"""Recording an operation of three inputs and two outputs, alone and by the thousand."""

from itertools import islice

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.by_hand import ByHand
from tests.benchmarks.measuring import compared, report
from tests.benchmarks.plant import INPUTS, Plant

SINGLE_RUNS = 400
BATCH, BATCH_RUNS = 1_000, 9


def measure(plant: Plant, hand: ByHand) -> None:
    """Print the handler against the same work by hand."""
    entries = plant.productions()
    singles = {
        "by hand": lambda: hand.record(next(entries)),
        "handler": lambda: plant.record([next(entries)]),
    }
    size = f"{INPUTS:,} lots to take from"
    title = f"Record an operation, 3 lots in and 2 out, 1 client, median of {SINGLE_RUNS}; {size}"
    report(title, compared(singles, SINGLE_RUNS), "by hand")
    with CaptureQueriesContext(connection) as queries:
        plant.record([next(entries)])
    print(f"  statements of the handler: {len(queries)} and 3 COPY")  # noqa: T201
    batches = {
        "by hand": lambda: hand.record_batch(list(islice(entries, BATCH))),
        "handler": lambda: plant.record(list(islice(entries, BATCH))),
    }
    title = f"Record a batch of {BATCH:,} such operations, median of {BATCH_RUNS}; {size}"
    report(title, compared(batches, BATCH_RUNS), "by hand", BATCH)
