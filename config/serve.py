"""The web server of `make run`; it ends when its standard input does, which is when the program behind it is gone."""

import multiprocessing
import os
import resource
import signal
import threading

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from config.console import ending_in_order
from config.database import database
from config.settings_check import check_settings
from config.variables import read

WORKERS = 2
#: Connections of a worker at once, and files that it may have open besides.
CONNECTIONS = 2048
OTHER_FILES = 256
#: Milliseconds for the headers of a request, from the end of the one before; and bytes that they have at most.
PATIENCE = 15_000
HEADERS = 32 * 1024
#: glibc keeps the memory that large requests took, unless it maps blocks from a fixed size on by themselves.
ALLOCATION = {"MALLOC_MMAP_THRESHOLD_": str(1024 * 1024)}


def main() -> None:
    """Serve on 127.0.0.1, at the port that PORT names."""
    os.environ |= ALLOCATION  # the workers read it as they start
    multiprocessing.set_start_method("spawn")  # a worker that is a fork would hold on to the lease of its parent
    threading.Thread(target=_end_with_standard_input, daemon=True).start()
    with ending_in_order(), database():
        check_settings()
        Granian(
            "config.rsgi:door",
            address="127.0.0.1",
            port=read("PORT"),
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,  # streams of HTTP/2 that nobody ends would take all threads
            http1_settings=HTTP1Settings(header_read_timeout=PATIENCE, max_buffer_size=HEADERS),
            websockets=False,
            workers=WORKERS,
            respawn_failed_workers=True,
            workers_kill_timeout=3,
            backpressure=_connections(),
            log_level=LogLevels.error,
        ).serve()


def _connections() -> int:
    """Allow as many open files as connections take, and tell how many connections that allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, soft - OTHER_FILES)


def _end_with_standard_input() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
