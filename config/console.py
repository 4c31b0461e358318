"""How a program deals with whoever started it: what it says, and how it ends."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class CannotRunError(Exception):
    """Something on this machine stands in the way; the message is a line for whoever started the program."""


class ToldToEndError(SystemExit):
    """A signal told the program to end; what it opened is closed on the way out, without a traceback."""


@contextmanager
def ending_in_order(*signals: signal.Signals) -> Iterator[None]:
    """Let these signals end the block in order, and CannotRunError end the program with its line.

    The first signal counts; those that follow don't disturb the closing.
    """

    def end(number: int, _frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise ToldToEndError(128 + number)

    for each in signals:
        if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN:  # nohup means what it says
            signal.signal(each, end)
    try:
        yield
    except CannotRunError as error:
        sys.exit(str(error))


def say(text: str) -> None:
    """Print something at once, for whoever started the program and may be reading through a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
