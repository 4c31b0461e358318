"""Chains of entries in memory."""

from collections.abc import Generator, Iterator, Sequence

from attrs import frozen

from application.history.ports import Chains
from domain.history.chain import BEGINNING, Entry, Head, hash_of
from tests.adapters.memory import Memory


@frozen
class MemoryChains(Chains):
    """Links them as the database does."""

    memory: Memory

    def add(self, entries: Sequence[tuple[str, bytes]]) -> None:
        for chain, document in entries:
            before = self.memory.chains.get(chain, ())
            number, previous = (before[-1].number + 1, before[-1].sha256) if before else (1, BEGINNING)
            entry = Entry(number, document, hash_of(previous, chain, number, document))
            self.memory.chains[chain] = (*before, entry)

    def read(self) -> Generator[tuple[Head, Iterator[Entry]], None, None]:
        for chain, entries in self.memory.chains.items():
            yield Head(chain, entries[-1].number, entries[-1].sha256), iter(entries)
