"""Removing a record that nothing names from the catalog."""

from datetime import datetime
from typing import Generic

from attrs import frozen

from application.catalog.ports import Key, R, Records
from application.catalog.who_may_keep import check_change
from application.shared.actor import Actor
from application.shared.errors import StaleWrite
from application.shared.unit_of_work import UnitOfWork
from domain.catalog.events import RecordRemoved


@frozen
class RemoveRecord:
    """Remove this record, if it still has the version that the caller saw."""

    key: Key
    version: int
    actor: Actor
    at: datetime


@frozen
class RemoveRecordHandler(Generic[R]):
    """Removes records of one kind."""

    unit_of_work: UnitOfWork
    records: Records[R]

    def __call__(self, command: RemoveRecord) -> None:
        """`NotFound`, `Forbidden`, `StaleWrite`, or `Refused` when something names the record."""
        with self.unit_of_work as work:
            record = self.records.for_update(command.key)
            check_change(command.actor, record)
            if record.version != command.version:
                raise StaleWrite(type(record).__name__.lower())
            self.records.remove(record)
            work.commit(RecordRemoved(record), by=command.actor, at=command.at)
