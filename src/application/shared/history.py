"""The history that every change enters, in the transaction that makes it."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from application.shared.actor import Actor
from domain.shared.events import Event


class History(Protocol):
    """Enters what happened. Last of all before a transaction ends, as others wait for whoever enters."""

    @abstractmethod
    def enter(self, events: Sequence[Event], by: Actor, at: datetime) -> None:
        """These events, in their order, as the actor's doing at this time by the server's clock."""
