"""One transaction of one use case."""

from abc import abstractmethod
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from application.shared.actor import Actor
from domain.shared.events import Event


class UnitOfWork(Protocol):
    """`with unit_of_work as work: …; work.commit(*events, by=actor, at=now)`. What isn't committed is rolled back.

    It doesn't nest. Repositories work inside it and never open a transaction of their own.
    """

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    @abstractmethod
    def commit(self, *events: Event, by: Actor, at: datetime) -> None:
        """Make everything since the beginning true at once, with the events that tell of it, in the history too.

        `at` is the time by the server's clock, `by` whose doing it is.

        Raises `Overtaken` when another transaction got there first, `Refused` where the database knows better.
        """
