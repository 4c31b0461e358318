"""What keeping the history needs from outside."""

from abc import abstractmethod
from collections.abc import Generator, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from domain.history.chain import Entry, Head
from domain.history.entry import Told
from domain.shared.canonical import Json


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


class Count(StrEnum):
    """What a lot says of itself that follows from facts."""

    ON_HAND = "on_hand"
    VALUE = "value"
    HOLDS = "holds"


@frozen
class WrongLot:
    """A lot that says something else than follows from its facts; None where the lot itself is gone."""

    site: str
    name: str
    what: Count
    says: Decimal | None
    follows: Decimal


class Difference(StrEnum):
    """How what is stored differs from what the history tells."""

    GONE = "gone"
    ALTERED = "altered"
    NOT_ENTERED = "not_entered"


@frozen
class Unlike:
    """Something that isn't as the history tells: its kind, what to call it, and how it differs.

    `number` is that of the entry that tells of it, 0 where none does.
    """

    chain: str
    number: int
    kind: str
    name: str
    difference: Difference


@frozen
class Retold:
    """A record as it is stored, and everything that the history tells of it, with numbers, the first thing first.

    `stored` has its attributes as the history keeps values; none where they can't be read, None where it isn't there.
    """

    kind: str
    name: str
    entries: tuple[tuple[int, Told], ...]
    stored: Mapping[str, Json] | None


@frozen
class Unchecked:
    """How many passwords, tokens and linked accounts were entered before entries had a hash to compare them with."""

    passwords: int
    tokens: int
    accounts: int


@frozen
class WrongLinks:
    """How many links of the genealogy are missing, and how many follow from no standing movement."""

    missing: int
    astray: int


class Facts(Protocol):
    """What the history tells of, as it is stored elsewhere. Everything is read a part at a time, in no order."""

    @abstractmethod
    def operations(self) -> int:
        """How many entries tell of an operation."""

    @abstractmethod
    def unentered(self) -> Generator[Unentered, None, None]:
        """Sites with operations that no entry tells of, or with movements of no operation."""

    @abstractmethod
    def documents(self) -> Generator[KeptDocument, None, None]:
        """Every stored balance and recall report, and every entry of a closing."""

    @abstractmethod
    def wrong_lots(self) -> Generator[WrongLot, None, None]:
        """Lots that don't hold what was moved, aren't worth what it cost, or count other holds than stand on them."""

    @abstractmethod
    def unlike(self) -> Generator[Unlike, None, None]:
        """Operations with their movements, lots, decisions, holds, liftings, lots and notes of recalls, pictures of
        reports, users, their roles, passwords, tokens and accounts that aren't as the history tells.
        """

    @abstractmethod
    def unchecked(self) -> Unchecked:
        """What the history tells of and can't be compared with."""

    @abstractmethod
    def retold(self) -> Generator[Retold, None, None]:
        """Every record of the catalog, every campaign and every recall that is stored or told of."""

    @abstractmethod
    def wrong_links(self) -> WrongLinks:
        """How the stored genealogy differs from what follows from the movements."""


@frozen
class DatabaseSchema:
    """What the database consists of: each object with its description, in words, and who but the owner may do what.

    `rights` is None where they say nothing, as the application owns its tables.
    """

    objects: Mapping[str, str]
    rights: Mapping[str, str] | None


class Schemas(Protocol):
    """Knows the schema of the database."""

    @abstractmethod
    def found(self) -> DatabaseSchema:
        """The schema as it is."""

    @abstractmethod
    def migrated(self) -> DatabaseSchema:
        """The schema as the migrations make it."""


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
