"""How everything here is measured: both sides in turn, in one process and run, medians with their spread."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

Work = Callable[[], object]


def _nothing() -> None:
    """What most work needs afterwards."""


@frozen
class Side:
    """One of the ways to do the same work; `undo`, which isn't timed, lets it be done again."""

    name: str
    work: Work
    undo: Work = _nothing


def seconds(work: Work) -> float:
    """How long it takes once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compared(sides: Sequence[Side], runs: int) -> dict[str, list[float]]:
    """The times of each, taken in turn so that a noisy moment falls on all of them, after once to get warm."""
    times: dict[str, list[float]] = {side.name: [] for side in sides}
    for run in range(runs + 1):
        for side in sides:
            taken = seconds(side.work)
            side.undo()
            if run:
                times[side.name].append(taken)
    return times


def report(title: str, times: Mapping[str, Sequence[float]], base: str, each: int = 1) -> None:
    """Print medians in milliseconds, middle halves and rates; times and speeds are as multiples of those of `base`."""
    line(f"\n{title}")
    line(f"  {'':30}{'median':>10}   {'middle half':24}{'rate':>12}{'time':>8}{'speed':>8}")
    usual = statistics.median(times[base])
    for name, taken in times.items():
        low, median, high = statistics.quantiles(taken, n=4)
        spread = f"{low * 1e3:.2f} to {high * 1e3:.2f} ms"
        ratios = f"{median / usual:8.2f}{usual / median:8.2f}"
        line(f"  {name:30}{median * 1e3:10.2f}   {spread:24}{each / median:10,.1f}/s{ratios}")


def line(text: str) -> None:
    """Print a line."""
    print(text, flush=True)  # noqa: T201 - it is what a benchmark is for
