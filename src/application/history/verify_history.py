"""Looking whether the history is whole."""

from collections.abc import Iterator
from contextlib import closing

from attrs import field, frozen

from application.history.ports import Chains
from domain.history.chain import Entry, Finding, findings


@frozen
class Verified:
    """How much was looked at, and what is wrong with it."""

    chains: int = 0
    entries: int = 0
    findings: tuple[Finding, ...] = field(factory=tuple)


@frozen
class VerifyHistoryHandler:
    """Follows every chain from its beginning to its head."""

    chains: Chains

    def __call__(self) -> Verified:
        """Everything that was found. It keeps only that, however long the history is."""
        seen, chains = _Counter(), 0
        found: list[Finding] = []
        with closing(self.chains.read()) as read:
            for head, entries in read:
                chains += 1
                found += findings(head, seen.counted(entries))
        return Verified(chains, seen.number, tuple(found))


class _Counter:
    def __init__(self) -> None:
        self.number = 0

    def counted(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self.number += 1
            yield entry
