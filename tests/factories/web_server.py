"""The web server of production, in processes of its own on a real socket."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.child import child
from config.run import wait_until_ready


def free_port() -> int:
    """A port at which nobody listens just now."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
    return port


def environment_of(database: str, state: Path, owner: str = "") -> dict[str, str]:
    """What the commands and the server of production find in their environment."""
    (state / "static").mkdir(parents=True, exist_ok=True)  # the server looks for it
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "DATABASE_URL": database,
        "DATABASE_OWNER_URL": owner or database,
        "LIGNAGE_STATE": str(state),
        "SECRET_KEY": "for tests alone " * 4,
        "ALLOWED_HOSTS": "127.0.0.1",
        "RATE_LIMIT": "0",
        "SECURE_SSL_REDIRECT": "false",  # nobody encrypts what stays on this machine
    }


@contextmanager
def serving(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve at this port as `make run` does, from when it is ready; the process leads a group with its workers."""
    with child("-m", "config.serve", environment=environment | {"PORT": str(port)}) as process:
        wait_until_ready(process, port)
        yield process
