"""Sub-lots: parts of a lot with a status of their own, under the code of their lot and a label.

A split whose only input is the whole lot and whose outputs are sub-lots of it sets them apart; goods that come back may
make one, too. Nothing else does, so that a sub-lot is always of what its lot is.
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve

from domain.catalog.site import Site
from domain.production.entry import Direction, Kind, MovementEntry, OperationEntry, Role
from domain.production.lot import LotKey
from domain.shared.errors import Fault
from domain.shared.identity import code_fault

FILLING = frozenset({Kind.SPLIT, Kind.RETURN, Kind.COUNT, Kind.REVERSAL})
"""Kinds that may put something into a sub-lot; a count finds more in one that is there."""


def held_apart(entry: OperationEntry, sites: Mapping[str, Site]) -> OperationEntry:
    """A return as it is recorded: where the site holds what comes back, it goes to sub-lots of the lots it names.

    They are called by the day and the end of the operation's id, unless the entry names them. Anything else is as it
    was stated.
    """
    site = sites.get(entry.site)
    if entry.kind is not Kind.RETURN or site is None or not site.holds_returns:
        return entry
    label = f"returned {entry.occurred_at.date()} {entry.id.hex[-8:]}"
    lines = [evolve(line, sub_lot=line.sub_lot or label) if line.lot else line for line in entry.movements]
    return evolve(entry, movements=tuple(lines))


def lots_named(entries: Iterable[OperationEntry], sites: Mapping[str, Site]) -> set[LotKey]:
    """Every lot that recording the entries names; a sub-lot comes with its lot."""
    recorded = (held_apart(entry, sites) for entry in entries)
    keys = {movement.lot_key for entry in recorded for movement in entry.movements if movement.lot_key}
    return keys | {key.whole for key in keys}


def sets_apart(entry: OperationEntry) -> bool:
    """Whether the operation sets parts of a lot apart, which uses nothing up."""
    return entry.kind is Kind.SPLIT and any(_fills_a_sub_lot(movement) for movement in entry.movements)


def faults_in_sub_lots(entry: OperationEntry) -> Iterator[Fault]:
    """What is wrong with the sub-lots that an operation names, as it is stated."""
    for position, movement in enumerate(entry.movements):
        if movement.sub_lot:
            for fault in _faults_in_line(entry.kind, movement):
                yield fault.below("movements", position)
    if sets_apart(entry):
        yield from _faults_in_setting_apart(entry)


def _faults_in_line(kind: Kind, movement: MovementEntry) -> Iterator[Fault]:
    if not movement.lot:
        yield Fault("not_here", "A sub-lot is part of a lot: name the lot.", ("sub_lot",))
        return
    if fault := code_fault(movement.sub_lot, "sub_lot"):
        yield fault
    if movement.direction is Direction.OUT and kind not in FILLING:
        detail = f"A {kind} puts nothing into a sub-lot; splitting its lot does, or a return."
        yield Fault("not_here", detail, ("sub_lot",))
    for name in ("supplier_lot", "made_on", "best_before"):
        if getattr(movement, name) and kind is not Kind.REVERSAL:
            yield Fault("not_here", "A sub-lot has this from its lot.", (name,))


def _faults_in_setting_apart(entry: OperationEntry) -> Iterator[Fault]:
    wholes = {movement.lot_key.whole for movement in entry.movements if _fills_a_sub_lot(movement) and movement.lot_key}
    if not any(movement.direction is Direction.IN for movement in entry.movements):
        yield Fault("required", "Sub-lots are set apart from their lot: it goes in.", ("movements",))
    for position, movement in enumerate(entry.movements):
        for fault in _faults_in_part(movement, wholes):
            yield fault.below("movements", position)


def _faults_in_part(movement: MovementEntry, wholes: set[LotKey]) -> Iterator[Fault]:
    key = movement.lot_key
    if key is None:
        return
    if movement.direction is Direction.IN:
        if wholes != {key}:
            yield Fault("not_the_whole_lot", "Sub-lots are set apart from one whole lot, their own.", ("lot",))
    elif not key.sub_lot:
        yield Fault("required", "Where parts of a lot are set apart, sub-lots are all that comes out.", ("sub_lot",))
    elif movement.role is not Role.MAIN:
        yield Fault("wrong_role", "What is set apart is main.", ("role",))


def _fills_a_sub_lot(movement: MovementEntry) -> bool:
    return movement.direction is Direction.OUT and bool(movement.sub_lot)
