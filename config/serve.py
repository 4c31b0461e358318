"""The web server of `make run`; it ends when its standard input does, which is when the program behind it is gone."""

import multiprocessing
import os
import signal
import threading

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config.database import database

WORKERS = 2
THREADS = 4


def main() -> None:
    """Serve on 127.0.0.1, at the port that PORT names."""
    multiprocessing.set_start_method("spawn")  # a worker that is a fork would hold on to the lease of its parent
    threading.Thread(target=_end_with_standard_input, daemon=True).start()
    with database():
        Granian(
            "config.wsgi:application",
            address="127.0.0.1",
            port=int(os.environ["PORT"]),
            interface=Interfaces.WSGI,
            workers=WORKERS,
            workers_kill_timeout=3,
            blocking_threads=int(os.environ.get("SERVER_THREADS", THREADS)),
            log_level=LogLevels.error,
        ).serve()


def _end_with_standard_input() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
