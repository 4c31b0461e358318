"""What keeping the history needs from outside."""

from abc import abstractmethod
from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from domain.history.chain import Entry, Head


class Chains(Protocol):
    """Keeps chains of entries. They grow at their ends, and nothing of them changes."""

    @abstractmethod
    def add(self, entries: Sequence[tuple[str, bytes]]) -> None:
        """Put documents at the ends of chains, each given with the name of its chain, in this order.

        Whoever adds to the same chain waits until the transaction ends.
        """

    @abstractmethod
    def read(self) -> Generator[tuple[Head, Iterator[Entry]], None, None]:
        """Each chain with its head and its entries in the order of their numbers, all of one moment, in no order.

        The entries of a chain are to be read before the next chain is asked for.
        """
