"""Recording what happened in the plant, one operation or many at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.production.ports import LedgerStore
from application.production.posting import Posting, relocated
from application.production.who_may_record import as_seen, check_entries
from application.shared.actor import Actor
from application.shared.errors import Overtaken
from application.shared.unit_of_work import UnitOfWork
from domain.production.entry import OperationEntry
from domain.production.ledger import Ledger
from domain.production.operation import Operation, Stamp
from domain.shared.errors import DomainError, Fault, raise_any
from domain.shared.events import Event


@frozen
class RecordOperations:
    """Record these operations in their order, all or none."""

    operations: tuple[OperationEntry, ...]
    actor: Actor
    at: datetime


@frozen
class OperationsRecorded:
    """The ids of all operations asked for, in order, and those recorded now; the others were there before."""

    ids: tuple[UUID, ...]
    new: tuple[Operation, ...]


@frozen
class RecordOperationsHandler:
    """Records operations. An operation whose id is recorded with the same content is left as it is."""

    unit_of_work: UnitOfWork
    posting: Posting
    store: LedgerStore

    def __call__(self, command: RecordOperations) -> OperationsRecorded:
        """`Invalid`, `Refused` and `Forbidden` name every fault by a path from `operations`; nothing is recorded."""
        check_entries(command.actor, ((("operations", index), entry) for index, entry in enumerate(command.operations)))
        with self.unit_of_work as work:
            try:
                taken = record_all(self.posting, self.store, command.operations, command.actor, command.at)
            except DomainError as error:
                raise error.below("operations") from None
            work.commit(*taken.events, by=command.actor, at=command.at)
        return OperationsRecorded(tuple(entry.id for entry in command.operations), taken.operations)


@frozen
class Taken:
    """What the ledger took, and what happened by it."""

    operations: tuple[Operation, ...] = ()
    events: tuple[Event, ...] = ()


def record_all(
    posting: Posting, store: LedgerStore, entries: Sequence[OperationEntry], actor: Actor, at: datetime
) -> Taken:
    """Take those of the entries that aren't recorded yet, and store them. Paths start with an entry's position.

    `Overtaken` where one of them is refused after another transaction has recorded the very same.
    """
    new = unrecorded(entries, store.fingerprints({entry.id for entry in entries}))
    if not new:
        return Taken()
    try:
        ledger = posting.open(list(new.values()), sight=actor.sight)
        _take(ledger, new.values(), actor, at)
    except DomainError as error:
        if store.fingerprints({entry.id for entry in new.values()}):
            raise Overtaken("Another transaction has recorded the same operation meanwhile.") from error
        raise relocated(error, [(position,) for position in new]) from None
    posting.keep(ledger)
    return Taken(tuple(ledger.operations), tuple(ledger.events))


def unrecorded(entries: Sequence[OperationEntry], known: Mapping[UUID, str]) -> dict[int, OperationEntry]:
    """The entries to record, by position. The same told twice is once; the same id for something else is refused."""
    seen = dict(known)
    new: dict[int, OperationEntry] = {}
    faults = []
    for position, entry in enumerate(entries):
        fingerprint = seen.get(entry.id)
        if fingerprint is None:
            new[position] = entry
            seen[entry.id] = entry.fingerprint
        elif fingerprint != entry.fingerprint:
            detail = f"Operation {entry.number or entry.id} is recorded already, with other content."
            faults.append(Fault("operation_exists", detail, (position, "id"), refusal=True))
    raise_any(faults)
    return new


def _take(ledger: Ledger, entries: Iterable[OperationEntry], actor: Actor, at: datetime) -> None:
    for index, entry in enumerate(entries):
        try:
            ledger.record(entry, Stamp(at, actor.name))
        except DomainError as error:
            raise as_seen(actor, error, entry).below(index) from None
