"""How a program ends when it is told to: in order, and once."""

import signal
from types import FrameType


class ToldToEndError(SystemExit):
    """A signal told the program to end; what it opened is closed on the way out, without a traceback."""


def end_in_order(*signals: signal.Signals) -> None:
    """Make these signals end the program; the first counts, and later ones don't disturb the closing."""

    def end(number: int, _frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise ToldToEndError(128 + number)

    for each in signals:
        signal.signal(each, end)
