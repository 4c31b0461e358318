"""The grammar of movements: which lines an operation of each kind may have. Anything else is a fault.

It looks at what is stated alone; whether codes exist and whether there is enough is the ledger's to say.
"""

from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

from domain.production.entry import CONSUMING, TRANSFORMING, Direction, Kind, MovementEntry, OperationEntry, Role
from domain.production.sub_lots import faults_in_sub_lots
from domain.shared.dates import day_fault, moment_fault
from domain.shared.errors import DomainError, Fault
from domain.shared.exact import EXACT, ZERO, canonical
from domain.shared.identity import code_fault, text_fault
from domain.shared.quantity import Unit, checked_amount

IN, OUT = Direction.IN, Direction.OUT

MOST_MOVEMENTS = 10_000
"""Lines of one operation; a production of more is several."""


@frozen
class Line:
    """What a line must have: a lot (or none), and perhaps a reason."""

    lot: bool = True
    reason: bool = False


_TRANSFORMATION = {
    (IN, Role.INPUT): Line(),
    (OUT, Role.MAIN): Line(),
    (OUT, Role.CO_PRODUCT): Line(),
    (OUT, Role.BY_PRODUCT): Line(),
    (OUT, Role.LOSS): Line(lot=False, reason=True),
}

LINES: dict[Kind, dict[tuple[Direction, Role], Line]] = {
    Kind.RECEIPT: {(OUT, Role.MAIN): Line()},
    **dict.fromkeys(TRANSFORMING, _TRANSFORMATION),
    Kind.TRANSFER: {(IN, Role.TRANSFERRED): Line(), (OUT, Role.TRANSFERRED): Line()},
    Kind.SHIPMENT: {(IN, Role.SHIPPED): Line()},
    Kind.RETURN: {(OUT, Role.RETURNED): Line()},
    Kind.LOSS: {(IN, Role.LOSS): Line(reason=True)},
    Kind.SAMPLE: {(IN, Role.SAMPLE): Line(reason=True)},
    Kind.COUNT: {(IN, Role.ADJUSTMENT): Line(reason=True), (OUT, Role.ADJUSTMENT): Line(reason=True)},
}

OUTSIDE_CAMPAIGNS = frozenset({Kind.RECEIPT, Kind.SHIPMENT, Kind.RETURN, Kind.TRANSFER})
NEEDS_PARTNER = frozenset({Kind.SHIPMENT, Kind.RETURN})


def faults_in(entry: OperationEntry) -> Iterator[Fault]:
    """Everything that is wrong with an operation as it is stated."""
    yield from _faults_in_head(entry)
    in_lines = [
        fault.below("movements", position)
        for position, movement in enumerate(entry.movements)
        for fault in _faults_in_line(entry, movement)
    ]
    yield from in_lines
    yield from faults_in_sub_lots(entry)
    if entry.kind is Kind.TRANSFER:
        yield from _faults_in_sites(entry)
        if not any(fault.path[-1] == "quantity" for fault in in_lines):
            yield from _faults_in_sums(entry)


def _faults_in_head(entry: OperationEntry) -> Iterator[Fault]:
    if fault := moment_fault(entry.occurred_at, "occurred_at"):
        yield fault
    if not 1 <= len(entry.movements) <= MOST_MOVEMENTS:
        yield Fault("wrong_count", f"An operation has 1 to {MOST_MOVEMENTS} movements.", ("movements",))
    for name in ("document", "reason", "override"):
        if fault := text_fault(getattr(entry, name), name):
            yield fault
    if entry.number is not None and (fault := code_fault(entry.number, "number")):
        yield fault
    yield from _faults_in_head_of_kind(entry)


def _faults_in_head_of_kind(entry: OperationEntry) -> Iterator[Fault]:
    if entry.campaign and entry.kind in OUTSIDE_CAMPAIGNS:
        yield Fault("not_here", f"A {entry.kind} belongs to no campaign: leave it empty.", ("campaign",))
    if entry.kind in NEEDS_PARTNER and not entry.partner:
        yield Fault("required", f"A {entry.kind} names its customer.", ("partner",))
    if entry.override and entry.kind not in CONSUMING:
        detail = f"A {entry.kind} overrides nothing: what may be used on hold it may use, and nothing else."
        yield Fault("not_here", detail, ("override",))
    elif entry.override and not entry.override.strip():
        yield Fault("required", "An override says why.", ("override",))
    if entry.kind is Kind.REVERSAL and not entry.reverses:
        yield Fault("required", "A reversal names the operation that it takes back.", ("reverses",))
    if entry.reverses and entry.kind is not Kind.REVERSAL:
        yield Fault("not_here", "Only a reversal takes another operation back.", ("reverses",))


def _faults_in_line(entry: OperationEntry, movement: MovementEntry) -> Iterator[Fault]:
    if entry.kind is not Kind.REVERSAL:
        yield from _faults_against_kind(entry.kind, movement)
        if movement.site != entry.site and entry.kind is not Kind.TRANSFER:
            detail = f"The operation is at {entry.site}; only a transfer moves lots of another site."
            yield Fault("wrong_site", detail, ("site",))
    yield from _faults_in_values(entry.kind, movement)


def _faults_against_kind(kind: Kind, movement: MovementEntry) -> Iterator[Fault]:
    line = LINES[kind].get((movement.direction, movement.role))
    if line is None:
        allowed = ", ".join(f"{direction} {role}" for direction, role in LINES[kind])
        detail = f"A {kind} has no line {movement.direction} {movement.role}; it has: {allowed}."
        yield Fault("wrong_role", detail, ("role",))
        return
    if line.lot and not movement.lot:
        yield Fault("required", "This line names a lot.", ("lot",))
    if not line.lot and movement.lot:
        detail = "A loss in a transformation names what was lost, from no lot: leave the lot empty."
        yield Fault("not_here", detail, ("lot",))
    if line.reason and not movement.reason.strip():
        yield Fault("required", "This line gives its reason.", ("reason",))


def _faults_in_values(kind: Kind, movement: MovementEntry) -> Iterator[Fault]:
    if movement.lot and (fault := code_fault(movement.lot, "lot")):
        yield fault
    for name in ("reason", "supplier_lot"):
        if fault := text_fault(getattr(movement, name), name):
            yield fault
    try:
        if checked_amount(movement.quantity) <= 0:
            yield Fault("not_positive", "A quantity is above zero; the direction says which way.", ("quantity",))
    except DomainError as error:
        yield from (fault.below("quantity") for fault in error.faults)
    try:
        Unit.of(movement.unit)
    except DomainError as error:
        yield from (fault.below("unit") for fault in error.faults)
    yield from _faults_in_details(kind, movement)


def _faults_in_details(kind: Kind, movement: MovementEntry) -> Iterator[Fault]:
    # A reversal repeats the lines of its original, with their details or without.
    makes_a_lot = (movement.direction is OUT and movement.lot) or kind is Kind.REVERSAL
    for name in ("supplier_lot", "made_on", "best_before"):
        if getattr(movement, name) and not makes_a_lot:
            yield Fault("not_here", "This is stated only on a line that makes a lot.", (name,))
    if movement.unit_cost is not None:
        if kind is not Kind.RECEIPT:
            yield Fault("not_here", "Only a receipt carries a cost of its own.", ("unit_cost",))
        if movement.unit_cost.amount < 0:
            yield Fault("negative", "A cost isn't below zero.", ("unit_cost",))
    if movement.made_on and movement.best_before and movement.best_before < movement.made_on:
        yield Fault("wrong_order", "A lot isn't past its date before it was made.", ("best_before",))
    for name in ("made_on", "best_before"):
        day = getattr(movement, name)
        if day and (fault := day_fault(day, name)):
            yield fault


def _faults_in_sums(entry: OperationEntry) -> Iterator[Fault]:
    moved: dict[str, Decimal] = {}
    for movement in entry.movements:
        add = EXACT.add if movement.direction is OUT else EXACT.subtract
        moved[movement.product] = add(moved.get(movement.product, ZERO), movement.quantity)
    for product, difference in moved.items():
        if difference:
            detail = f"A transfer puts down what it takes up; of {product} the difference is {canonical(difference)}."
            yield Fault("unequal_transfer", detail, ("movements",))


def _faults_in_sites(entry: OperationEntry) -> Iterator[Fault]:
    sites = {side: {m.site for m in entry.movements if m.direction is side} for side in Direction}
    if entry.site not in sites[IN] | sites[OUT]:
        yield Fault("wrong_site", f"Nothing is taken from {entry.site} or put down there.", ("site",))
    if sites[IN] & sites[OUT]:
        detail = "A transfer goes to another site; inside one site it is a split or a merge."
        yield Fault("same_site", detail, ("movements",))
