"""A stranger attacks the server; whoever works with it doesn't notice."""

import http.client
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from config.child import manage
from tests.e2e.attacks import (
    FORM,
    HOST,
    PREFACE,
    Attack,
    answers_by_the_byte,
    bodies_by_the_byte,
    chunks_by_the_byte,
    expectations,
    head,
    headers_by_the_byte,
    large_bodies,
    memory,
    silence,
    under,
    unfinished_streams,
    whole_bodies,
)
from tests.e2e.machine import Machine, running_machine, until
from tests.e2e.plant import furnish, receipt
from tests.e2e.sockets import ApiOverSockets

SOON = 2.0
"""Seconds that anybody waits for an answer at most."""

SECONDS = 4.0
"""How long each attack is kept up."""

SPARE = 200 * 2**20
"""Bytes that the server may take beyond what it takes when it is idle."""

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="memory is looked up as Linux shows it")

ATTACKS: dict[str, Attack] = {
    "streams of HTTP/2": unfinished_streams,
    "a body of the API by the byte": bodies_by_the_byte("/api/v1/operations/", length=1000),
    "a large one": bodies_by_the_byte("/api/v1/operations/batch/", length=9_000_000),
    "hundreds of them": bodies_by_the_byte("/api/v1/operations/", length=1000, connections=300),
    "a body of a page": bodies_by_the_byte("/sign-in/", f"Content-Type: {FORM.decode()}", length=1000),
    "a body where none is taken": bodies_by_the_byte("/health/live", length=1000),
    "chunks": chunks_by_the_byte,
    "headers": headers_by_the_byte,
    "silence": silence,
    "expectations": expectations,
    "the document of the API, read by the byte": answers_by_the_byte("/api/v1/openapi.json"),
    "hundreds of readers": answers_by_the_byte("/api/v1/openapi.json", 200),
    "a list": answers_by_the_byte("/api/v1/operations/?limit=500"),
    "the history": answers_by_the_byte("/api/v1/audit/?limit=500"),
    "large bodies without an end": large_bodies("/api/v1/operations/batch/", 9_500_000),
    "larger ones than any that is taken": large_bodies("/sign-in/", 300_000_000),
}

BATCH = "/api/v1/operations/batch/"
DOCUMENTS: dict[str, Attack] = {
    "millions of numbers": whole_bodies(BATCH, b"[" + b"0," * 5_200_000 + b"0]"),
    "as many as may be": whole_bodies(BATCH, b"[" + b"0," * 299_990 + b"0]"),
    "millions of objects": whole_bodies(BATCH, b'{"operations":[' + b"{}," * 3_400_000 + b"{}]}"),
    "as many members as may be": whole_bodies(BATCH, b"[" + b'{"a":0,"b":0},' * 99_990 + b"0]"),
    "depth": whole_bodies(BATCH, b'{"a":' * 1_900_000),
    "quotes": whole_bodies(BATCH, b'"' * 10_000_000),
    "digits": whole_bodies(BATCH, b"9" * 10_000_000),
}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine that is attacked again and again."""
    with running_machine(tmp_path_factory.mktemp("machine")) as machine:
        yield machine


@pytest.fixture(scope="module")
def worker(machine: Machine) -> "Worker":
    """Somebody who records."""
    token = manage("create_token", "odile", "--role", "administrator", environment=machine.environment)
    return Worker(machine, token)


class Worker:
    """Somebody who records, and looks whether the server is well."""

    def __init__(self, machine: Machine, token: str) -> None:
        self.machine = machine
        self.token = token
        self.api = ApiOverSockets(machine.port, token)
        self._lots = (f"A-{number}" for number in count(1))
        furnish(self.api)
        for _ in range(20):
            self.works()
        self.idle = memory(machine.leader)

    def works(self) -> None:
        """Record, and ask for the health of the server; each takes no longer than anybody waits."""
        began = time.monotonic()
        with closing(http.client.HTTPConnection("127.0.0.1", self.machine.port, timeout=10)) as connection:
            connection.request("GET", "/health/live")
            assert connection.getresponse().status == 200
        live = time.monotonic() - began
        answer = self.api.post("operations/", receipt(next(self._lots)))
        assert answer.status == 201, answer
        recorded = time.monotonic() - began - live
        assert (live < SOON, recorded < SOON) == (True, True), (live, recorded)

    def is_served(self) -> bool:
        """Whether it is possible to work; who is cut off asks again."""
        try:
            self.works()
        except OSError:
            return False
        return True


@pytest.mark.parametrize("attack", [*ATTACKS.values(), *DOCUMENTS.values()], ids=[*ATTACKS, *DOCUMENTS])
def test_others_work_meanwhile_and_afterwards(worker: Worker, attack: Attack) -> None:
    most = 0
    with under(attack, worker.machine.port, worker.token):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(0.2)
            worker.works()
            most = max(most, memory(worker.machine.leader))
    worker.works()
    assert most - worker.idle < SPARE, (worker.idle >> 20, most >> 20)


def answer_to(port: int, sent: bytes, seconds: float = 30) -> bytes:
    """What the server answers to these bytes, up to where it ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(sent)
        answered = b""
        while part := connection.recv(65536):
            answered += part
    return answered


def test_http_2_is_not_spoken(machine: Machine) -> None:
    assert answer_to(machine.port, PREFACE) == b""


def test_a_body_that_does_not_arrive_is_answered_and_the_connection_ended(machine: Machine) -> None:
    began = time.monotonic()
    answered = answer_to(machine.port, head("POST", "/api/v1/operations/", "Content-Length: 100") + b"[")
    assert answered.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answered
    assert 5 < time.monotonic() - began < 15


def test_headers_that_do_not_arrive_end_the_connection(machine: Machine) -> None:
    began = time.monotonic()
    assert answer_to(machine.port, b"GET / HTTP/1.1\r\n" + HOST) == b""
    assert 5 < time.monotonic() - began < 20


def test_headers_that_are_too_long_are_refused(machine: Machine) -> None:
    assert answer_to(machine.port, head("GET", "/", f"X-Long: {'x' * 60_000}")).startswith(b"HTTP/1.1 431 ")


def test_a_large_batch_finds_room_between_large_bodies_that_do_not_end(worker: Worker) -> None:
    batch = {"operations": [receipt(f"B-{number}", document="x" * 90) for number in range(1000)]}
    with under(large_bodies("/api/v1/operations/batch/", 9_500_000, 8), worker.machine.port, ""):
        time.sleep(1)
        assert worker.api.post("operations/batch/", batch).status == 201


def test_a_large_answer_is_whole(worker: Worker) -> None:
    wanted = worker.api.get("openapi.json")
    assert wanted.status == 200
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(30)
        slow.connect(("127.0.0.1", worker.machine.port))
        slow.sendall(head("GET", "/api/v1/openapi.json", "Connection: close"))
        answered = b""
        while part := slow.recv(4096):
            answered += part
    assert answered.partition(b"\r\n\r\n")[2] == wanted.body


@pytest.mark.parametrize("number", [1, 2])
def test_killed_workers_are_replaced_and_recording_goes_on(worker: Worker, number: int) -> None:
    machine = worker.machine
    time.sleep(6)  # who is killed again sooner is thought to be faulty
    for process in machine.workers()[:number]:
        os.kill(process, signal.SIGKILL)
    began = time.monotonic()
    until(worker.is_served)
    assert time.monotonic() - began < 10
    until(lambda: len(machine.workers()) == 2)
    worker.works()
