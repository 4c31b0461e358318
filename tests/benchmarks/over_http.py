"""Recording over HTTP, with everything that this takes, against the same work by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from config.state import state_folder
from tests.benchmarks.by_hand import ByHand
from tests.benchmarks.clients import WAYS, Load, OverHttp, Server, clients_of
from tests.benchmarks.measuring import Side, compared, line, report
from tests.benchmarks.plant import Plant
from tests.benchmarks.work import productions
from tests.factories.web_server import environment_of, free_port, serving

CROWDS = {1: 60, 16: 20}
"""Clients at once, and operations of each in a round."""

ROUNDS = 5
BATCH, BATCH_RUNS = 1_000, 5
BARE = "tests.benchmarks.bare.settings"


def measure(plant: Plant, hand: ByHand, url: str) -> None:
    """Print recording over HTTP, one operation at a time and by the thousand."""
    token = plant.new_token()
    with served(url, token) as server:
        with served(url, token, BARE) as bare, clients_of(server, bare, list(CROWDS)) as clients:
            for crowd, operations in CROWDS.items():
                loads = {way: Load() for way in WAYS}
                for way in WAYS:
                    clients.load(way, crowd, operations, Load())  # to get warm
                for _ in range(ROUNDS):
                    for way, load in loads.items():
                        clients.load(way, crowd, operations, load)
                _print(crowd, crowd * operations * ROUNDS, loads)
        api, entries = OverHttp(server), productions()
        batches = [
            Side("by hand, COPY", lambda: hand.record_batch(list(islice(entries, BATCH)))),
            Side("HTTP", lambda: api.record_batch(list(islice(entries, BATCH)))),
        ]
        title = f"Record a batch of {BATCH:,} such operations over HTTP, 1 client; {BATCH_RUNS} runs"
        report(title, compared(batches, BATCH_RUNS), "by hand, COPY", BATCH)


def _print(crowd: int, operations: int, loads: dict[str, Load]) -> None:
    line(f"\nRecord over HTTP, 3 lots in and 2 out, two workers; {crowd} clients, {operations:,} operations each way")
    line(f"  {'':30}{'median':>10}{'p99':>12}{'rate':>24}{'speed':>16}{'of bare':>12}")
    for way, load in loads.items():
        times = f"{load.median * 1e3:10.2f}{load.p99 * 1e3:12.2f} ms"
        speeds = f"{load.rate / loads['by hand'].rate:16.2f}{load.rate / loads['HTTP, bare'].rate:12.2f}"
        line(f"  {way:30}{times}{load.rate:19,.1f}/s{speeds}")


@contextmanager
def served(url: str, token: str, settings: str = "config.settings.prod") -> Iterator[Server]:
    """Serve this database as `make run` does, with these settings."""
    port = free_port()
    environment = environment_of(url, state_folder()) | {"DJANGO_SETTINGS_MODULE": settings}
    with serving(environment, port):
        yield Server(port, token, url)
