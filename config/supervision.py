"""Start the embedded PostgreSQL again when it ends, and pause ever longer between starts."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from config.console import say
from infrastructure.system.cluster import EmbeddedPostgresqlError
from infrastructure.system.embedded_postgresql import EmbeddedPostgresql

#: Seconds from one look at PostgreSQL to the next.
INTERVAL = 1.0
#: Seconds of the first pause and of the longest; after as long without a fault the pauses begin anew.
SHORTEST, LONGEST = 1, 60


class Pause:
    """The time before something is started again: each pause twice the one before."""

    def __init__(self) -> None:
        """Begin with the shortest."""
        self._seconds = 0
        self._ended = float("-inf")

    def next(self) -> int:
        """Return the seconds to wait, now that it has ended."""
        now = time.monotonic()
        well = now - self._ended > LONGEST + self._seconds
        self._seconds = SHORTEST if well else min(2 * self._seconds, LONGEST)
        self._ended = now
        return self._seconds


@contextmanager
def kept_running(postgresql: EmbeddedPostgresql | None) -> Iterator[None]:
    """Start the embedded PostgreSQL again whenever it ends while the block runs."""
    if postgresql is None:
        yield
        return
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(postgresql, ended))
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()


def _watch(postgresql: EmbeddedPostgresql, ended: threading.Event) -> None:
    pause = Pause()
    seconds = INTERVAL
    while not ended.wait(seconds):
        seconds = INTERVAL
        try:
            if postgresql.revive():
                say("PostgreSQL had ended; it was started again.")
        except (EmbeddedPostgresqlError, OSError) as error:  # a full disk, for one
            seconds = pause.next()
            say(f"{error} It is tried again in {seconds} s.")
