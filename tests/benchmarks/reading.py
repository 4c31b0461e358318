"""Reading lists and single things over HTTP, against bare views that answer with the same bytes."""

import http.client
from collections.abc import Mapping
from statistics import median

import psycopg

from tests.benchmarks.clients import Server
from tests.benchmarks.measuring import Side, compared, line
from tests.benchmarks.over_http import BARE, served
from tests.benchmarks.plant import Plant
from tests.benchmarks.work import CAMPAIGN

PAGE = 50
CAMPAIGNS = 100
RUNS = 400
PRODUCT, LEAST = "product", "bare"


class Reader:
    """A client on one connection that stays open."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._headers = {"Authorization": f"Bearer {server.token}"}

    def read(self, path: str) -> bytes:
        """The body at this path."""
        self._connection.request("GET", f"/api/v1/{path}", headers=self._headers)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{response.status} {body[:500]!r}")
        return body


def measure(plant: Plant, url: str) -> None:
    """Print how long each takes, and how many times the bare view's."""
    for number in range(CAMPAIGNS):
        plant.open_campaign(f"{CAMPAIGN}-{number}")
    token = plant.new_token()
    with served(url, token) as product, served(url, token, BARE) as bare:
        readers = {PRODUCT: Reader(product), LEAST: Reader(bare)}
        line(f"\nRead over HTTP, 1 client; {RUNS} runs, pages of {PAGE}; medians in ms, bare views with the same bytes")
        line(f"  {'':30}{PRODUCT:>10}{LEAST:>10}{'time':>8}{'bytes':>10}")
        for name, path in _paths(url).items():
            _compare(readers, name, path)


def _paths(url: str) -> Mapping[str, str]:
    with psycopg.connect(url) as connection:
        operation = connection.execute("SELECT id FROM operation WHERE kind = 'production' LIMIT 1").fetchone()
        lot = connection.execute("SELECT id FROM lot LIMIT 1").fetchone()
    if operation is None or lot is None:
        raise RuntimeError("Nothing has been recorded that could be read.")
    return {
        "list of campaigns": f"campaigns/?limit={PAGE}",
        "a campaign": f"campaigns/{CAMPAIGN}/",
        "list of operations": f"operations/?limit={PAGE}",
        "an operation": f"operations/{operation[0]}/",
        "list of lots": f"lots/?limit={PAGE}",
        "a lot": f"lots/{lot[0]}/",
    }


def _compare(readers: Mapping[str, Reader], name: str, path: str) -> None:
    bodies = {reader.read(path) for reader in readers.values()}
    if len(bodies) != 1:
        raise RuntimeError(f"The bare view answers {path} with other bytes.")
    sides = [Side(side, lambda reader=reader: reader.read(path)) for side, reader in readers.items()]
    times = {side: median(taken) * 1e3 for side, taken in compared(sides, RUNS).items()}
    (size,) = map(len, bodies)
    line(f"  {name:30}{times[PRODUCT]:10.2f}{times[LEAST]:10.2f}{times[PRODUCT] / times[LEAST]:8.2f}{size:10,}")
