"""Programs that another program starts, and that never outlive it."""

import os
import signal
import subprocess  # nosec B404 # it starts programs of our own, without a shell
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from config.console import CannotRunError
from config.state import ROOT

#: Seconds that a child has to end in order, before it is killed.
PATIENCE = 10


@contextmanager
def child(
    *arguments: str, environment: Mapping[str, str], stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python with these arguments; when the block ends, so does the child, with all that it left running.

    The child reads nothing from its standard input, and finds it closed when this program is killed.
    """
    with subprocess.Popen(  # nosec B603  # noqa: S603 - our own programs, no shell
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=stdout,
        start_new_session=True,  # Ctrl-C in the terminal is for this program, which then ends the child
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says it the second way
                os.killpg(process.pid, signal.SIGKILL)


def manage(*arguments: str, environment: Mapping[str, str], given: str = "") -> str:
    """Run a command of manage.py, give it a text to read, and answer what it printed.

    Raises CannotRunError.
    """
    with child("manage.py", *arguments, environment=environment, stdout=subprocess.PIPE) as process:
        printed, _ = process.communicate(given.encode())
    if process.returncode != 0:
        raise CannotRunError(f"manage.py {arguments[0]} ended with exit code {process.returncode}.")
    return printed.decode().strip()
