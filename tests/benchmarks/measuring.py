"""How everything here is measured: both sides in turn, in one process and run, medians with their spread."""

import statistics
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]


def seconds(work: Work) -> float:
    """How long it takes once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compared(works: Mapping[str, Work], runs: int) -> dict[str, list[float]]:
    """The times of each, taken in turn so that a noisy moment falls on all of them."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(runs):
        for name, work in works.items():
            times[name].append(seconds(work))
    return times


def spread(times: list[float], unit: float = 1e3) -> str:
    """Median and the middle half, in milliseconds unless `unit` says otherwise."""
    low, middle, high = statistics.quantiles(times, n=4)
    return f"{middle * unit:8.2f} [{low * unit:.2f} to {high * unit:.2f}]"


def report(title: str, times: Mapping[str, list[float]], base: str, each: int = 1) -> None:
    """Print the medians and each one's speed against `base`: 1.00 is as fast, 0.50 takes twice as long."""
    print(f"\n{title}")  # noqa: T201 - it is what a benchmark is for
    slow = statistics.median(times[base])
    for name, taken in times.items():
        median = statistics.median(taken)
        rate = each / median
        line = f"  {name:34} {spread(taken)} ms  {rate:10,.0f}/s  speed against {base}: {slow / median:.2f}"
        print(line)  # noqa: T201
