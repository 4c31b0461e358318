"""One transaction of one use case, in PostgreSQL."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

from django.db import connection, transaction
from typing_extensions import override

from application.shared.actor import Actor
from application.shared.events import EventSink
from application.shared.history import History
from application.shared.unit_of_work import UnitOfWork
from domain.shared.events import Event
from infrastructure.persistence.shared.refusals import meaning, understood
from infrastructure.persistence.shared.statements import CHECK_WHAT_IS_DEFERRED

answering: ContextVar[list[Callable[[], None]] | None] = ContextVar("answering", default=None)
"""Whether the transaction of a request with an Idempotency-Key is around us (see `receipts`): the only nesting.

If so, what its units of work leave for the very end of it.
"""


class DjangoUnitOfWork(UnitOfWork):
    """A transaction at READ COMMITTED. What the database refuses is raised in the application's own words."""

    def __init__(self, sinks: Iterable[EventSink], history: History) -> None:
        self._sinks = tuple(sinks)
        self._history = history

    @override
    def __enter__(self) -> Self:
        self._committed = False
        self._left_for_the_end = answering.get()
        self._atomic = transaction.atomic(durable=True) if self._left_for_the_end is None else _Part()
        self._atomic.__enter__()
        return self

    @override
    def commit(self, *events: Event, by: Actor, at: datetime) -> None:
        happened: list[Event] = []
        while events:
            happened += events
            events = tuple(caused for sink in self._sinks for caused in sink.take(events))
        self._enter = partial(self._history.enter, happened, by, at)
        if self._left_for_the_end is None:
            self._enter()
        if self._left_for_the_end is not None or len(connection.atomic_blocks) > 1:
            # What is deferred to the end of the transaction belongs to this unit of work, not to what is around it.
            with connection.cursor() as cursor:
                cursor.execute(CHECK_WHAT_IS_DEFERRED)
        self._committed = True

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None and not self._committed:
            transaction.set_rollback(True)
        with understood():
            self._atomic.__exit__(kind, error, traceback)
        if understandable := meaning(error):
            raise understandable from error
        if error is None and self._committed and self._left_for_the_end is not None:
            self._left_for_the_end.append(self._enter)


class _Part:
    """A part of the transaction of an answer, which can be undone alone.

    Its savepoint isn't released, which would take an exchange with the database: the transaction's end does.
    """

    def __enter__(self) -> None:
        self._savepoint = transaction.savepoint()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None or transaction.get_rollback():
            transaction.set_rollback(False)
            transaction.savepoint_rollback(self._savepoint)
