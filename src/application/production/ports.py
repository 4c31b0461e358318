"""What production needs from outside: set-based, in the words of the plant."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.production.campaign import Campaign
from domain.production.closing import StoredBalance
from domain.production.ledger import Delivered, Ledger
from domain.production.lot import Lot, LotKey
from domain.production.operation import Operation
from domain.production.references import Codes, References

Progress = Callable[[int], None]
"""Told how many more are done."""


class ReferenceBook(Protocol):
    """Looks codes up for recording."""

    @abstractmethod
    def look_up(self, codes: Codes) -> References:
        """What exists of these. The campaigns stay locked against closing until the transaction ends."""


class LedgerStore(Protocol):
    """Stores the ledger; what is appended is never changed."""

    @abstractmethod
    def fingerprints(self, ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The fingerprints of those of these operations that are recorded."""

    @abstractmethod
    def operations(self, ids: Collection[UUID]) -> Mapping[UUID, Operation]:
        """Those of these operations that are recorded, with their movements and what reversed them."""

    @abstractmethod
    def lots_for_update(self, keys: Collection[LotKey], references: References) -> Mapping[LotKey, Lot]:
        """Those of these lots that exist, locked in the order of their ids so that nobody waits in a circle.

        `references` has their products.
        """

    @abstractmethod
    def delivered(self, holdings: Collection[Delivered]) -> Mapping[Delivered, Decimal]:
        """How much of each lot, its sub-lots included, each partner holds: shipped less returned, reversals counted."""

    @abstractmethod
    def append(self, ledger: Ledger) -> None:
        """Store what the ledger took: operations with their movements, new lots, what changed about other lots.

        What is on hand follows from the movements. Raises `Overtaken` when an operation or a lot of the same identity
        was stored meanwhile.
        """


class Campaigns(Protocol):
    """Stores campaigns."""

    @abstractmethod
    def find(self, codes: Collection[str]) -> Mapping[str, Campaign]:
        """Those of these that exist."""

    @abstractmethod
    def for_update(self, code: str) -> Campaign:
        """The campaign, locked: nothing is recorded in it and nobody else changes it meanwhile. `NotFound`."""

    @abstractmethod
    def add(self, campaigns: Iterable[Campaign]) -> None:
        """Store new campaigns; `Refused` for a code that is taken."""

    @abstractmethod
    def save(self, campaign: Campaign) -> None:
        """Store a change."""

    @abstractmethod
    def has_operations(self, campaign: UUID) -> bool:
        """Whether any operation stands in it that isn't reversed."""


class BalanceBook(Protocol):
    """What closing a campaign reads and stores, beside the totals."""

    @abstractmethod
    def waiting_lots(self, campaign: UUID) -> tuple[LotKey, ...]:
        """Finished lots that the campaign put something into and that are pending."""

    @abstractmethod
    def recorded_by(self, campaign: UUID) -> frozenset[str]:
        """Whoever recorded what stands in the campaign."""

    @abstractmethod
    def store(self, balance: StoredBalance) -> None:
        """Keep a version of a campaign's balance for good."""
