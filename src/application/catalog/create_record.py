"""Adding a record to the catalog."""

from datetime import datetime
from typing import Generic

from attrs import frozen

from application.catalog.ports import R, Records
from application.catalog.who_may_keep import check_new
from application.shared.actor import Actor
from application.shared.unit_of_work import UnitOfWork
from domain.catalog.events import RecordAdded
from domain.catalog.record import faults_in
from domain.shared.errors import raise_any


@frozen
class CreateRecord(Generic[R]):
    """Add this record."""

    record: R
    actor: Actor
    at: datetime


@frozen
class CreateRecordHandler(Generic[R]):
    """Adds records of one kind."""

    unit_of_work: UnitOfWork
    records: Records[R]

    def __call__(self, command: CreateRecord[R]) -> R:
        """The record as stored. `Forbidden`, `Invalid`, `Refused` for a code that is taken."""
        check_new(command.actor, command.record)
        raise_any(faults_in(command.record))
        with self.unit_of_work as work:
            self.records.add([command.record])
            work.commit(RecordAdded(command.record), by=command.actor, at=command.at)
        return command.record
