"""PostgreSQL without an installation: a server from a wheel, its data in a folder of ours.

It listens at a Unix socket alone, in a folder that nobody else can enter. It runs while at least one process holds a
lease on it, whichever; the last one to let go stops it.
"""

import fcntl
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from infrastructure.system.cluster import PORT, SUPERUSER, Cluster, EmbeddedPostgresqlError

DATABASE = "lignage"
OWNER = "lignage_owner"
APPLICATION = "lignage"
#: The application doesn't own its tables, so it can't get round their triggers; and none of its statements, locks and
#: forgotten transactions lasts for ever, as by default they do.
BOOTSTRAP = (
    f"CREATE ROLE {OWNER} LOGIN",
    f"CREATE ROLE {APPLICATION} LOGIN",
    f"ALTER ROLE {APPLICATION} SET lock_timeout = '10s'",
    f"ALTER ROLE {APPLICATION} SET statement_timeout = '60s'",
    f"ALTER ROLE {APPLICATION} SET idle_in_transaction_session_timeout = '5min'",
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
)
#: Seconds that a killed server may stand in the way of the next, that a stop may take, and its last step.
RECOVERY = 10
STOP = 60
LEAVING = 1


@dataclass(frozen=True)
class DatabaseUrls:
    """One database, by who connects: the application, the owner of its tables, the superuser."""

    application: str
    owner: str
    superuser: str


class EmbeddedPostgresql:
    """The PostgreSQL of one folder, shared by every process that knows the folder.

    `throwaway` is for tests: faster, not durable, and gone when it stops.
    """

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        """Prepare the folder.

        Raises EmbeddedPostgresqlError where it can't be used.
        """
        self._cluster = Cluster(folder, throwaway=throwaway)
        self._folder = folder
        self._throwaway = throwaway
        self._waiting: threading.Thread | None = None

    @contextmanager
    def lease(self) -> Iterator[DatabaseUrls]:
        """Keep the server running for as long as the block runs.

        Raises EmbeddedPostgresqlError where it doesn't start, or stop.
        """
        with self._opened("leases.lock") as leases:
            try:
                with self._changing():
                    fcntl.flock(leases, fcntl.LOCK_SH)
                    sockets = self._start()
                yield DatabaseUrls(*(_url(role, sockets) for role in (APPLICATION, OWNER, SUPERUSER)))
            finally:
                with self._changing():
                    if _is_last(leases):
                        self._stop()

    def revive(self) -> bool:
        """Start the server again where it has ended, for the holder of a lease. Return whether it had.

        Raises EmbeddedPostgresqlError where it doesn't start.
        """
        found = self._cluster.postmaster()
        if found and found.answers():
            return False
        with self._changing():
            self._start()
        return True

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        with self._opened("changing.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _opened(self, name: str) -> IO[bytes]:
        try:
            return (self._folder / name).open("ab")
        except OSError as error:
            raise EmbeddedPostgresqlError(f"{error.filename} can't be written: {error.strerror}.") from error

    def _start(self) -> Path:
        """Start the server unless it runs, and tell where its socket is."""
        self._cluster.create(BOOTSTRAP)
        give_up = time.monotonic() + RECOVERY
        while True:
            found = self._cluster.postmaster()
            if found and found.answers():
                if found.ready:
                    return found.sockets
                time.sleep(0.1)  # it recovers, or somebody stops it by hand
            elif not (process := self._cluster.launch(instead_of=found)):
                if found is None or time.monotonic() > give_up:
                    raise EmbeddedPostgresqlError(f"PostgreSQL doesn't start: {self._cluster.last_words()}")
                time.sleep(0.5)
            else:
                self._waiting = threading.Thread(target=process.wait, daemon=True)  # whoever stops it, it is no zombie
                self._waiting.start()

    def _stop(self) -> None:
        found = self._cluster.postmaster()
        if not (found and found.answers()):
            return
        with suppress(ProcessLookupError):  # it was killed just now
            os.kill(found.pid, signal.SIGINT)  # a fast shutdown: it ends the sessions and writes a checkpoint
        give_up = time.monotonic() + STOP
        while self._cluster.postmaster() and time.monotonic() < give_up:
            if not found.answers():  # it leaves, its pid file last of all; or it was killed, and the file stays
                give_up = min(give_up, time.monotonic() + LEAVING)
            time.sleep(0.02)
        if found.answers():
            raise EmbeddedPostgresqlError(f"PostgreSQL doesn't stop: {self._cluster.last_words()}")
        if self._waiting:
            self._waiting.join()
        shutil.rmtree(found.sockets)
        if self._throwaway:
            shutil.rmtree(self._cluster.home)


def _is_last(leases: IO[bytes]) -> bool:
    try:
        fcntl.flock(leases, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _url(role: str, sockets: Path) -> str:
    return f"postgresql://{role}@/{DATABASE}?host={quote(str(sockets))}&port={PORT}"
