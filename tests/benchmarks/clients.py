"""Clients in processes of their own, so that none of them waits for another one's Python."""

import http.client
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from typing import ClassVar
from uuid import uuid4

from attrs import define, field, frozen

from domain.production.entry import OperationEntry
from tests.benchmarks.by_hand import ByHand
from tests.benchmarks.work import body_of, productions

OPERATIONS = "/api/v1/operations/"
WAYS = ("by hand", "HTTP, bare", "HTTP", "HTTP, Idempotency-Key")
"""Bare is the same use case without history, token and key; the next has the first two, and the last has all."""


@frozen
class Server:
    """Where Lignage answers, and the database behind it."""

    port: int
    token: str
    database: str


class OverHttp:
    """A client of the API on one connection that stays open."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}

    def connect_anew(self) -> None:
        """Leave a connection that the server may have given up meanwhile."""
        self.connection.close()
        self.connection.connect()

    def record(self, entry: OperationEntry) -> None:
        """One operation."""
        self._post(OPERATIONS, body_of(entry))

    def record_once(self, entry: OperationEntry) -> None:
        """One operation under an Idempotency-Key."""
        self._post(OPERATIONS, body_of(entry), {"Idempotency-Key": uuid4().hex})

    def record_batch(self, entries: Sequence[OperationEntry]) -> None:
        """Many operations at once."""
        self._post(f"{OPERATIONS}batch/", {"operations": [body_of(entry) for entry in entries]})

    def _post(self, path: str, body: object, headers: dict[str, str] | None = None) -> None:
        self.connection.request("POST", path, json.dumps(body), self.headers | (headers or {}))
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != http.HTTPStatus.CREATED:
            raise RuntimeError(f"{response.status} {answer[:500]!r}")


@define
class Load:
    """What some clients did at once: how long each operation took, and how long the whole."""

    taken: list[float] = field(factory=list)
    seconds: float = 0

    @property
    def rate(self) -> float:
        """Operations a second."""
        return len(self.taken) / self.seconds

    @property
    def median(self) -> float:
        """Seconds that an operation takes."""
        return statistics.median(self.taken)

    @property
    def p99(self) -> float:
        """Seconds that one operation in a hundred takes longer than."""
        return statistics.quantiles(self.taken, n=100)[-1]


class _Client:
    """What a process has: its connections, its operations, and whom it starts with."""

    connections: ClassVar[tuple[OverHttp, ...]]
    ways: ClassVar[dict[str, Callable[[OperationEntry], None]]]
    entries: ClassVar[Iterator[OperationEntry]]
    barriers: ClassVar[dict[int, Barrier]]


def _enter(server: Server, bare: Server, barriers: dict[int, Barrier]) -> None:
    whole, less = _Client.connections = OverHttp(server), OverHttp(bare)
    records = (ByHand(server.database).record, less.record, whole.record, whole.record_once)
    _Client.ways = dict(zip(WAYS, records, strict=True))
    _Client.entries = productions(multiprocessing.current_process().pid or 0)
    _Client.barriers = barriers


def _share(way: str, clients: int, operations: int) -> tuple[float, float, list[float]]:
    """One client's share: when it began and ended, and how long each operation took."""
    record, entries = _Client.ways[way], [next(_Client.entries) for _ in range(operations)]
    for connection in _Client.connections:
        connection.connect_anew()
    _Client.barriers[clients].wait()
    begin = before = time.perf_counter()
    taken = []
    for entry in entries:
        record(entry)
        after = time.perf_counter()
        taken.append(after - before)
        before = after
    return begin, before, taken


class Clients:
    """A crowd of client processes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def load(self, way: str, clients: int, operations: int, load: Load) -> None:
        """Let so many clients do so many operations each, all at once, and add what it took to the load."""
        shares = self._pool.starmap(_share, [(way, clients, operations)] * clients, chunksize=1)
        load.seconds += max(end for _, end, _ in shares) - min(begin for begin, _, _ in shares)
        load.taken += [seconds for *_, taken in shares for seconds in taken]


@contextmanager
def clients_of(server: Server, bare: Server, sizes: Sequence[int]) -> Iterator[Clients]:
    """Clients of both servers, in crowds of these sizes."""
    context = multiprocessing.get_context("spawn")
    barriers = {size: context.Barrier(size) for size in sizes}
    with context.Pool(max(sizes), _enter, (server, bare, barriers)) as pool:
        yield Clients(pool)
