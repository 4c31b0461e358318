"""Reversals: the mirror of an operation, all of its lines, nothing more."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from attrs import evolve

from domain.production.entry import Kind, MovementEntry, OperationEntry
from domain.production.operation import Movement, Operation, Stamp
from domain.shared.errors import Fault

Line = tuple[str, str, str, str, str, str, Decimal]
"""What makes two lines the same: site, product, lot, sub-lot, direction, role, quantity."""


def reversal_entry(
    original: Operation, reversal: UUID, reason: str, stamp: Stamp, operator: str | None
) -> OperationEntry:
    """The entry that takes this operation back, as if somebody had written all its lines the other way round."""
    return OperationEntry(
        id=reversal,
        kind=Kind.REVERSAL,
        occurred_at=stamp.at,
        site=original.site,
        operator=operator or original.operator,
        campaign=original.campaign,
        line=original.line,
        partner=original.partner,
        document=original.document,
        reverses=original.id,
        reason=reason,
        movements=tuple(
            MovementEntry(
                site=movement.site,
                product=movement.product.code,
                lot=movement.lot.code if movement.lot else None,
                sub_lot=movement.lot.sub_lot if movement.lot else "",
                direction=movement.direction.mirrored,
                role=movement.role,
                quantity=movement.quantity,
                unit=movement.product.unit.code,
            )
            for movement in original.movements
        ),
    )


def told_apart(entry: OperationEntry, original: Operation) -> OperationEntry:
    """The reversal with the sub-lots of the original on the same lines, where it names none.

    Whoever stated a return to a lot didn't state the sub-lot that its site put it to, and mirrors what was stated.
    """
    parts: dict[Line, list[str]] = defaultdict(list)
    wholes: Counter[Line] = Counter()
    for movement in original.movements:
        if movement.lot and movement.lot.sub_lot:
            parts[_line_of(evolve(movement, lot=movement.lot.whole))].append(movement.lot.sub_lot)
        else:
            wholes[_line_of(movement)] += 1
    if not parts:
        return entry
    return evolve(entry, movements=tuple(_told_apart(movement, wholes, parts) for movement in entry.movements))


def _told_apart(movement: MovementEntry, wholes: Counter[Line], parts: dict[Line, list[str]]) -> MovementEntry:
    line = _line_mirrored_by(movement)
    if wholes[line]:
        wholes[line] -= 1
        return movement
    return evolve(movement, sub_lot=parts[line].pop(0)) if parts[line] else movement


def mirror(original: Operation, entry: OperationEntry, stamp: Stamp, fingerprint: str) -> Operation:
    """The reversal as it is recorded: the original's own lines the other way round, with their mass and cost."""
    reasons = {_line_mirrored_by(movement): movement.reason for movement in entry.movements}
    return evolve(
        original,
        id=entry.id,
        kind=Kind.REVERSAL,
        occurred_at=entry.occurred_at,
        recorded=stamp,
        operator=entry.operator,
        number=entry.number,
        reason=_reason(entry),
        reverses=original.id,
        corrects=None,
        override="",
        fingerprint=fingerprint,
        movements=tuple(
            evolve(movement, direction=movement.direction.mirrored, reason=reasons.get(_line_of(movement), ""))
            for movement in original.movements
        ),
    )


def faults_against_mirror(entry: OperationEntry, original: Operation) -> Iterator[Fault]:
    """Where an entry that somebody wrote isn't the mirror of the operation that it takes back."""
    for name in ("site", "campaign", "line", "partner"):
        stated, meant = getattr(entry, name), getattr(original, name)
        if stated and stated != meant:
            yield Fault("not_the_mirror", f"The operation that it reverses has {name} {meant or 'empty'}.", (name,))
    if not _reason(entry).strip():
        yield Fault("required", "A reversal gives its reason.", ("reason",))
    left = Counter(_line_of(movement) for movement in original.movements)
    for position, movement in enumerate(entry.movements):
        line = _line_mirrored_by(movement)
        if left[line]:
            left[line] -= 1
        else:
            detail = "The operation that it reverses has no such line: a reversal mirrors all of it, and nothing more."
            yield Fault("not_the_mirror", detail, ("movements", position, "quantity"))
    if missing := left.total():
        detail = f"A reversal takes back every line; {missing} of the original are missing."
        yield Fault("not_the_mirror", detail, ("movements",))


def _reason(entry: OperationEntry) -> str:
    return entry.reason or next((movement.reason for movement in entry.movements if movement.reason), "")


def _line_of(movement: Movement) -> Line:
    lot, part = (movement.lot.code, movement.lot.sub_lot) if movement.lot else ("", "")
    return (movement.site, movement.product.code, lot, part, movement.direction, movement.role, movement.quantity)


def _line_mirrored_by(movement: MovementEntry) -> Line:
    lot, part, direction = movement.lot or "", movement.sub_lot, movement.direction.mirrored
    return (movement.site, movement.product, lot, part, direction, movement.role, movement.quantity)
