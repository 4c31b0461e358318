"""Where the identity of new things comes from."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    """A source of identities that nobody else was ever given."""

    @abstractmethod
    def new(self) -> UUID:
        """Make an identity; later ones sort after earlier ones, to the millisecond."""
