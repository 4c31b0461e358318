"""Where events go, in the transaction that made them true."""

from abc import abstractmethod
from typing import Protocol

from domain.shared.events import Event


class EventSink(Protocol):
    """Takes the events of one unit of work before it commits, such as the audit trail or the outbox."""

    @abstractmethod
    def take(self, events: tuple[Event, ...]) -> None:
        """Store what follows from these events, or raise and undo it all."""
