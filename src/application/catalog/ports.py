"""What keeping the catalog needs from outside."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol, TypeVar
from uuid import UUID

from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner
from domain.catalog.product import Product
from domain.catalog.site import Site

Key = str | tuple[str, str]
"""A record's code; a line's site and code."""

R = TypeVar("R", Product, Site, Line, Partner, Operator)


class Records(Protocol[R]):
    """One kind of record of the catalog."""

    @abstractmethod
    def find(self, keys: Collection[Key]) -> Mapping[Key, R]:
        """Those of these that exist, in one query."""

    @abstractmethod
    def for_update(self, key: Key) -> R:
        """The record, locked against other changes; `NotFound`."""

    @abstractmethod
    def add(self, records: Iterable[R]) -> None:
        """Store new records at once; `Refused` for a code that is taken."""

    @abstractmethod
    def save(self, record: R) -> None:
        """Store a change."""

    @abstractmethod
    def remove(self, record: R) -> None:
        """Forget the record; `Refused` when anything names it."""


class ProductUse(Protocol):
    """What the catalog has to know of the ledger."""

    @abstractmethod
    def has_movements(self, product: UUID) -> bool:
        """Whether anything was ever recorded of it, without counting."""
