"""A program ends in order when it is told to, once, and with one line where it can't run."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal
from config.console import CannotRunError, ending_in_order
with ending_in_order(signal.SIGTERM, signal.SIGHUP):
"""


def run(*body: str, wrapper: tuple[str, ...] = ()) -> tuple[int, str, str]:
    """Run a program with these lines at its heart, and give its exit code, its output and its complaints."""
    program = PROGRAM + "".join(f"    {line}\n" for line in body)
    ended = subprocess.run(
        (*wrapper, sys.executable, "-c", program), capture_output=True, text=True, check=False, timeout=60
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_ends_it_and_the_next_does_not_disturb_the_closing(told: signal.Signals) -> None:
    ended = run(
        "try:",
        f"    os.kill(os.getpid(), {told:d})",
        "finally:",
        "    os.kill(os.getpid(), signal.SIGTERM)",
        "    print('closed')",
    )
    assert ended == (128 + told, "closed\n", "")


def test_what_stands_in_the_way_is_said_in_a_line() -> None:
    assert run("raise CannotRunError('There is no room.')") == (1, "", "There is no room.\n")


def test_nohup_keeps_it_running_when_the_terminal_goes() -> None:
    code, said, _ = run("os.kill(os.getpid(), signal.SIGHUP)", "print('still here')", wrapper=("nohup",))
    assert (code, said) == (0, "still here\n")
