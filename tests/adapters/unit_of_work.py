"""A unit of work on memory."""

from types import TracebackType
from typing import Self

from attrs import define

from application.shared.events import EventSink
from application.shared.unit_of_work import UnitOfWork
from domain.shared.events import Event
from tests.adapters.memory import Memory


@define
class MemoryUnitOfWork(UnitOfWork):
    """Forgets what wasn't committed, and refuses to nest."""

    memory: Memory
    sinks: tuple[EventSink, ...] = ()
    committed: bool = False

    def __enter__(self) -> Self:
        self.memory.begin()
        self.committed = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.memory.end(committed=self.committed and kind is None)

    def commit(self, *events: Event) -> None:
        while events:
            self.memory.events.extend(events)
            events = tuple(caused for sink in self.sinks for caused in sink.take(events))
        self.committed = True
