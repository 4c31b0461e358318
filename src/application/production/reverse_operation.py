"""Taking an operation back."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.production.ports import LedgerStore
from application.production.posting import Posting, relocated
from application.production.who_may_record import as_seen, check_taking_back
from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.ids import Ids
from application.shared.unit_of_work import UnitOfWork
from domain.production.entry import OperationEntry
from domain.production.mirror import reversal_entry
from domain.production.operation import Operation, Stamp
from domain.shared.errors import DomainError, Fault, Invalid


@frozen
class ReverseOperation:
    """Take this operation back, and say why. `operator` is who did it, when that isn't whoever did the original."""

    operation: UUID
    reason: str
    actor: Actor
    at: datetime
    operator: str | None = None


@frozen
class ReverseOperationHandler:
    """Records a reversal that mirrors the operation."""

    unit_of_work: UnitOfWork
    posting: Posting
    store: LedgerStore
    ids: Ids

    def __call__(self, command: ReverseOperation) -> Operation:
        """The reversal. `NotFound`, `Forbidden`; `Refused` when it is reversed, used up, or its campaign isn't open."""
        stamp = Stamp(command.at, command.actor.name)
        with self.unit_of_work as work:
            original = recorded_operation(self.store, command.operation)
            check_taking_back(command.actor, original)
            entry = reversal_of(original, self.ids.new(), command.reason, stamp, command.operator)
            try:
                ledger = self.posting.open([entry], [original])
            except DomainError as error:
                raise relocated(error, [()]) from None
            try:
                reversal = ledger.record(entry, stamp)
            except DomainError as error:
                raise as_seen(command.actor, error, entry) from None
            self.posting.keep(ledger)
            work.commit(*ledger.events, by=command.actor, at=command.at)
        return reversal


def recorded_operation(store: LedgerStore, operation: UUID) -> Operation:
    """The operation with this id; `NotFound`."""
    found = store.operations([operation]).get(operation)
    if found is None:
        raise NotFound("operation", operation)
    return found


def reversal_of(original: Operation, reversal: UUID, reason: str, stamp: Stamp, operator: str | None) -> OperationEntry:
    """The entry that takes the original back; `Invalid` without a reason."""
    if not reason.strip():
        raise Invalid(Fault("required", "A reversal gives its reason.", ("reason",)))
    return reversal_entry(original, reversal, reason, stamp, operator)
