"""Who may record what: at which sites, and with what quality has stopped."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from application.shared.actor import Actor
from application.shared.errors import Forbidden, NotFound
from application.shared.permissions import no_right, require_where_seen
from domain.access.rights import Right
from domain.production.entry import Direction, Kind, OperationEntry
from domain.production.operation import Operation
from domain.shared.errors import Fault, Path


def check_entries(actor: Actor, entries: Iterable[tuple[Path, OperationEntry]]) -> None:
    """Raises `Forbidden` with a fault for each site and each override that isn't the actor's to state, at its path.

    It takes the right at the site of the operation and of each of its movements, but for what a transfer puts in at
    another site: whoever sends goods there is seldom of that site.
    """
    faults = [fault.below(*path) for path, entry in entries for fault in _faults_in(actor, entry)]
    if faults:
        raise Forbidden(*faults)


def check_taking_back(actor: Actor, operation: Operation) -> None:
    """What one might have recorded one may take back: `NotFound` for what the actor doesn't see, `Forbidden`."""
    missing = NotFound("operation", operation.id)
    touched = {operation.site, *(movement.site for movement in operation.movements)}
    require_where_seen(actor, Right.RECORD, {operation.site, *_left(operation)}, missing, seen_at=touched)


def _faults_in(actor: Actor, entry: OperationEntry) -> Iterator[Fault]:
    recording = actor.sight_of(Right.RECORD)
    if entry.site not in recording:
        yield no_right(actor, Right.RECORD, f"at {entry.site}").below("site")
    elif any(site not in recording for site in _left(entry)):
        yield no_right(actor, Right.RECORD, "at every site that goods leave").below("movements")
    if entry.override and not actor.may(Right.OVERRIDE, {entry.site, *_left(entry)}):
        yield evolve(no_right(actor, Right.OVERRIDE, "there"), code="may_not_override", path=("override",))


def _left(operation: OperationEntry | Operation) -> set[str]:
    """The sites that goods leave by the operation, or come back to by its reversal."""
    leaving = Direction.OUT if operation.kind is Kind.REVERSAL else Direction.IN
    return {movement.site for movement in operation.movements if movement.direction is leaving}
