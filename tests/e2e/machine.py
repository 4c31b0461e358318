"""A machine with a web server of production and a durable database, each of which may end and begin again."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from config.child import manage
from config.run import answers
from infrastructure.system.embedded_postgresql import DatabaseUrls, EmbeddedPostgresql
from tests.factories.web_server import environment_of, free_port, serving

PATIENCE = 60


class Machine:
    """A web server with its workers and a durable database, each of which may be killed and started again."""

    def __init__(self, postgresql: EmbeddedPostgresql, urls: DatabaseUrls, state: Path) -> None:
        self.urls = urls
        self.environment = environment_of(urls.application, state, urls.owner)
        self.port = free_port()
        self._postgresql = postgresql
        self._data = state / "postgresql" / "data"
        self._web = ExitStack()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve, with whatever process it is at the time."""
        with self._web:
            self._serve()
            yield

    @property
    def leader(self) -> int:
        """The process that leads the group of the web server."""
        return self._server.pid

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        children = Path(f"/proc/{self.leader}/task/{self.leader}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]

    def kill_web_server(self) -> None:
        """Kill the web server with all its workers, and start another."""
        os.killpg(self._server.pid, signal.SIGKILL)
        self._web.close()
        self._serve()

    def kill_database(self) -> None:
        """Kill the process that all others of the database belong to, and start it again."""
        self.end_database(signal.SIGKILL)
        self.start_database()

    def end_database(self, how: signal.Signals) -> None:
        """Send the database this signal, upon which it ends."""
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, how)
        until(lambda: is_gone(postmaster))

    def start_database(self) -> None:
        """Start the database, and wait until the web server has found it."""
        with self._postgresql.lease():  # whoever takes one starts it, and it runs as long as anybody has one
            until(lambda: answers(self.port))

    def kill_session(self) -> None:
        """Kill a process of the database that works for the web server, upon which it starts anew by itself."""
        with psycopg.connect(self.urls.superuser) as connection:
            found = connection.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'lignage'").fetchall()
        if found:
            os.kill(random.choice(found)[0], signal.SIGKILL)  # noqa: S311 - any of them
        until(lambda: answers(self.port))

    def _serve(self) -> None:
        self._server = self._web.enter_context(serving(self.environment, self.port))


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true, and not for ever."""
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def is_gone(process: int) -> bool:
    """Whether nothing is left of a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@contextmanager
def running_machine(state: Path) -> Iterator[Machine]:
    """A machine with an empty plant, and its state in this folder."""
    postgresql = EmbeddedPostgresql(state / "postgresql")
    with postgresql.lease() as urls:
        machine = Machine(postgresql, urls, state)
        manage("migrate", "--verbosity", "0", environment=machine.environment)
        with machine.serving():
            yield machine


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine with an empty plant."""
    with running_machine(tmp_path) as machine:
        yield machine
