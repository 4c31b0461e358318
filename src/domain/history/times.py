"""The times along a chain: where the clock that gave them ran back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import define, field

from domain.history.chain import Entry, Finding

LEAST = timedelta(seconds=1)
"""Less than this lies between requests that run side by side: the later one may be entered first."""


@define
class _Lapse:
    """Entries in a row that say an earlier time than one before them, and by how much at most."""

    first: int
    last: int
    by: timedelta


@define
class Times:
    """Watches the times of a chain's entries as they are read."""

    chain: str
    _latest: datetime | None = None
    _lapses: list[_Lapse] = field(factory=list)

    def along(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        """The entries, unchanged."""
        for entry in entries:
            if entry.clock is not None:
                if self._latest is not None and entry.clock < self._latest:
                    self._behind(entry.number, self._latest - entry.clock)
                else:
                    self._latest = entry.clock
            yield entry

    def _behind(self, number: int, by: timedelta) -> None:
        last = self._lapses[-1] if self._lapses else None
        if last and last.last == number - 1:
            last.last, last.by = number, max(last.by, by)
            return
        if last and last.by < LEAST:
            self._lapses.pop()
        self._lapses.append(_Lapse(number, number, by))

    def notes(self) -> Iterator[Finding]:
        """Where the clock ran back by a second or more, a note for entries in a row."""
        for lapse in self._lapses:
            if lapse.by >= LEAST:
                which = "This entry says" if lapse.first == lapse.last else f"Entries up to no. {lapse.last} say"
                detail = (
                    f"{which} a time up to {lapse.by} before that of an entry ahead: "
                    "the clock ran back, or a request waited that long for its turn."
                )
                yield Finding(self.chain, lapse.first, "clock_ran_back", detail)
