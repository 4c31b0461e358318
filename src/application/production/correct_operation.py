"""Putting an operation right: reversing it and putting another in its place, at once."""

from datetime import datetime
from uuid import UUID

from attrs import evolve, frozen

from application.production.ports import LedgerStore
from application.production.posting import Posting, relocated
from application.production.reverse_operation import recorded_operation, reversal_of
from application.production.who_may_record import as_seen, check_entries, check_taking_back
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.unit_of_work import UnitOfWork
from domain.production.entry import Kind, OperationEntry
from domain.production.operation import Operation, Stamp
from domain.shared.errors import DomainError, Fault, Invalid


@frozen
class CorrectOperation:
    """Reverse this operation, record `replacement` in its place, and say why."""

    operation: UUID
    reason: str
    replacement: OperationEntry
    actor: Actor
    at: datetime


@frozen
class CorrectOperationHandler:
    """Reverses and replaces in one transaction; what is on hand is checked after both."""

    unit_of_work: UnitOfWork
    posting: Posting
    store: LedgerStore
    ids: Ids

    def __call__(self, command: CorrectOperation) -> Operation:
        """The replacement. Paths of its faults start with `operation`. `NotFound`, `Forbidden`."""
        check_entries(command.actor, [(("operation",), command.replacement)])
        stamp = Stamp(command.at, command.actor.name)
        with self.unit_of_work as work:
            original = recorded_operation(self.store, command.operation)
            check_taking_back(command.actor, original)
            reversal = reversal_of(original, self.ids.new(), command.reason, stamp, None)
            replacement = self._replacement(command)
            try:
                ledger = self.posting.open([reversal, replacement], [original])
            except DomainError as error:
                raise relocated(error, [(), ("operation",)]) from None
            try:
                corrected = ledger.correct(reversal, replacement, stamp)
            except DomainError as error:
                raise as_seen(command.actor, error, replacement) from None
            self.posting.keep(ledger)
            work.commit(*ledger.events, by=command.actor, at=command.at)
        return corrected

    def _replacement(self, command: CorrectOperation) -> OperationEntry:
        entry = evolve(command.replacement, reason=command.replacement.reason or command.reason)
        if entry.kind is Kind.REVERSAL:
            detail = "An operation is replaced by one of another kind than a reversal."
            raise Invalid(Fault("not_here", detail, ("operation", "kind")))
        if self.store.fingerprints([entry.id]):
            raise Invalid(Fault("operation_exists", "An operation with this id is recorded.", ("operation", "id")))
        return entry
