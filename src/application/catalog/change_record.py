"""Changing a record of the catalog."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic

from attrs import evolve, frozen

from application.catalog.ports import Key, ProductUse, R, Records
from application.catalog.who_may_keep import check_change
from application.shared.actor import Actor
from application.shared.errors import StaleWrite
from application.shared.unit_of_work import UnitOfWork
from domain.catalog.events import RecordChanged
from domain.catalog.product import Product, check_revision
from domain.catalog.record import faults_in
from domain.shared.errors import raise_any


@frozen
class ChangeRecord:
    """Set these attributes of the record, if it still has the version that the caller saw."""

    key: Key
    changes: Mapping[str, Any]
    version: int
    actor: Actor
    at: datetime


@frozen
class ChangeRecordHandler(Generic[R]):
    """Changes records of one kind; `check` is what that kind forbids, given the record before and after."""

    unit_of_work: UnitOfWork
    records: Records[R]
    check: Callable[[R, R], None] = lambda _before, _after: None

    def __call__(self, command: ChangeRecord) -> R:
        """The record as changed. `NotFound`, `Forbidden`, `StaleWrite`, `Invalid`, or `Refused` by its kind."""
        with self.unit_of_work as work:
            before = self.records.for_update(command.key)
            check_change(command.actor, before)
            if before.version != command.version:
                raise StaleWrite(type(before).__name__.lower())
            after = evolve(before, **command.changes, version=before.version + 1)
            raise_any(faults_in(after))
            self.check(before, after)
            self.records.save(after)
            work.commit(RecordChanged(before, after), by=command.actor, at=command.at)
        return after


@frozen
class ProductRevision:
    """Unit and mass of a product are frozen after its first movement."""

    use: ProductUse

    def __call__(self, before: Product, after: Product) -> None:
        """Raises `Refused` for what may no longer change."""
        check_revision(before, after, has_movements=self.use.has_movements(before.id))
