"""Who may record what: at which sites, and with what quality has stopped."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from application.shared.actor import Actor
from application.shared.errors import Forbidden, NotFound
from application.shared.permissions import no_right, require_where_seen
from domain.access.rights import Right
from domain.production.entry import Direction, Kind, OperationEntry
from domain.production.operation import Operation
from domain.shared.errors import DomainError, Fault, Path


def check_entries(actor: Actor, entries: Iterable[tuple[Path, OperationEntry]]) -> None:
    """Raises `Forbidden` with a fault for each site and each override that isn't the actor's to state, at its path.

    It takes the right at the site of the operation and of each of its movements, but for what a transfer puts in at
    another site, or its reversal takes back from there: whoever sends goods is seldom of the site that they go to.
    """
    faults = [fault.below(*path) for path, entry in entries for fault in _faults_in(actor, entry)]
    if faults:
        raise Forbidden(*faults)


def check_taking_back(actor: Actor, operation: Operation) -> None:
    """What one might have recorded one may take back: `NotFound` for what the actor doesn't see, `Forbidden`."""
    missing = NotFound("operation", operation.id)
    require_where_seen(actor, Right.RECORD, {operation.site, *_left(operation)}, missing, seen_at=operation.sites)


def as_seen(actor: Actor, error: DomainError, entry: OperationEntry) -> DomainError:
    """What the ledger says of an entry, without what is so of lots at a site where the actor neither reads nor
    records, such as those that a transfer adds to."""
    return type(error)(*(_as_seen(actor, fault, entry) for fault in error.faults))


def _as_seen(actor: Actor, fault: Fault, entry: OperationEntry) -> Fault:
    match fault.path:
        case (*_, "movements", int(position), str()):
            site = entry.movements[position].site
        case _:
            site = str(fault.facts.get("site", entry.site))
    if actor.may(Right.READ, [site]) or actor.may(Right.RECORD, [site]):
        return fault
    return Fault(
        "not_accepted", f"What is so at {site} doesn't allow it: ask there.", fault.path, refusal=fault.refusal
    )


def _faults_in(actor: Actor, entry: OperationEntry) -> Iterator[Fault]:
    recording = actor.sight_of(Right.RECORD)
    if entry.site not in recording:
        yield no_right(actor, Right.RECORD, f"at {entry.site}").below("site")
    else:
        sent, left = entry.kind in (Kind.TRANSFER, Kind.REVERSAL), _left(entry)
        for position, movement in enumerate(entry.movements):
            if movement.site not in recording and not (sent and movement.site not in left):
                yield no_right(actor, Right.RECORD, f"at {movement.site}").below("movements", position, "site")
    if entry.override and not actor.may(Right.OVERRIDE, {entry.site, *_left(entry)}):
        yield evolve(no_right(actor, Right.OVERRIDE, "there"), code="may_not_override", path=("override",))


def _left(operation: OperationEntry | Operation) -> set[str]:
    """The sites that goods leave by the operation, or come back to by its reversal."""
    leaving = Direction.OUT if operation.kind is Kind.REVERSAL else Direction.IN
    return {movement.site for movement in operation.movements if movement.direction is leaving}
