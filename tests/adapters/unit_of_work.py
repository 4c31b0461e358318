"""A unit of work on memory."""

from datetime import datetime
from types import TracebackType
from typing import Self

from attrs import define, field

from application.processes.keep_history import KeepHistory
from application.shared.actor import Actor
from application.shared.events import EventSink
from application.shared.history import History
from application.shared.unit_of_work import UnitOfWork
from domain.shared.events import Event
from tests.adapters.history import MemoryChains
from tests.adapters.memory import Memory


@define
class MemoryUnitOfWork(UnitOfWork):
    """Forgets what wasn't committed, and refuses to nest."""

    memory: Memory
    sinks: tuple[EventSink, ...] = ()
    committed: bool = False
    history: History = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.history = KeepHistory(MemoryChains(self.memory))

    def __enter__(self) -> Self:
        self.memory.begin()
        self.committed = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.memory.end(committed=self.committed and kind is None)

    def commit(self, *events: Event, by: Actor, at: datetime) -> None:
        happened: list[Event] = []
        while events:
            happened += events
            events = tuple(caused for sink in self.sinks for caused in sink.take(events))
        self.memory.events.extend(happened)
        self.history.enter(happened, by, at)
        self.committed = True
