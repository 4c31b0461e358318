"""What keeping the history needs from outside."""

from abc import abstractmethod
from collections.abc import Generator, Iterator, Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from attrs import frozen

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


@frozen
class EnteredOperation:
    """What an entry says of an operation, and the operation that it means; None where there is none any more.

    `sha256`, `at` and `actor` are as the entry has them, None where it doesn't.
    """

    chain: str
    number: int
    named: str
    operation: UUID | None
    sha256: str | None
    at: str | None
    actor: str | None


@frozen
class Unentered:
    """How many operations of a site no entry tells of, and how many movements of it belong to no operation."""

    site: str
    operations: int
    movements: int


@frozen
class KeptDocument:
    """The hashes of a document that was closed with: of its text, beside it, and in the entry of the closing.

    None where there is no such thing; `number` is then 0.
    """

    chain: str
    number: int
    name: str
    of_text: str | None
    beside: str | None
    entered: str | None


@frozen
class WrongLot:
    """A lot with something else on hand than was moved; None where the lot itself is gone."""

    site: str
    name: str
    on_hand: Decimal | None
    moved: Decimal


class Facts(Protocol):
    """What the history tells of, as it is stored elsewhere. Everything is read a part at a time, in no order."""

    @abstractmethod
    def operations(self) -> Generator[EnteredOperation, None, None]:
        """Every entry of an operation."""

    @abstractmethod
    def unentered(self) -> Generator[Unentered, None, None]:
        """Sites with operations that no entry tells of, or with movements of no operation."""

    @abstractmethod
    def documents(self) -> Generator[KeptDocument, None, None]:
        """Every stored balance and recall report, and every entry of a closing."""

    @abstractmethod
    def wrong_lots(self) -> Generator[WrongLot, None, None]:
        """Lots that don't hold what was moved."""


class Seals(Protocol):
    """Signs texts, so that others can tell that they are from here."""

    @property
    @abstractmethod
    def public_key(self) -> str:
        """What others check signatures with."""

    @abstractmethod
    def sign(self, text: bytes) -> str:
        """The signature under a text."""

    @abstractmethod
    def signed(self, text: bytes, signature: str) -> bool:
        """Whether it's our signature, under this text."""
