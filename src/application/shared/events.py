"""Where events go, in the transaction that made them true."""

from abc import abstractmethod
from typing import Protocol

from domain.shared.events import Event


class EventSink(Protocol):
    """Takes the events of one unit of work before it commits: the audit trail, the outbox, or a process."""

    @abstractmethod
    def take(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Do what follows from these events and answer what happened by it, for all sinks; or raise and undo it all."""
