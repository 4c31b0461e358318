"""One transaction of one use case."""

from abc import abstractmethod
from types import TracebackType
from typing import Protocol, Self

from domain.shared.events import Event


class UnitOfWork(Protocol):
    """`with unit_of_work as work: …; work.commit()`. What isn't committed is rolled back.

    It doesn't nest. Repositories work inside it and never open a transaction of their own.
    """

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    @abstractmethod
    def commit(self, *events: Event) -> None:
        """Make everything since the beginning true at once, with the events that tell of it.

        Raises `Overtaken` when another transaction got there first, `Refused` where the database knows better.
        """
