"""What a correction may do with lots that quality has stopped since: take again what was taken, rename nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from domain.production.entry import Direction, Kind, OperationEntry
from domain.production.lot import LotKey
from domain.production.operation import Operation
from domain.shared.exact import EXACT, ZERO


def taken_again(replacement: OperationEntry, original: Operation) -> frozenset[LotKey]:
    """Lots of which the replacement takes no more than the original did, to do the same with it.

    That is an operation of the same kind and, of a shipment, for the same partner. What was taken by an override, or to
    be set apart, was let through for that alone.
    """
    if replacement.kind is not original.kind or original.override or _set_apart(original):
        return frozenset()
    if replacement.kind is Kind.SHIPMENT and replacement.partner != original.partner:
        return frozenset()
    had = _moved(((m.lot, m.direction, m.quantity) for m in original.movements), Direction.IN)
    wanted = _moved(((line.lot_key, line.direction, line.quantity) for line in replacement.movements), Direction.IN)
    return frozenset(key for key, quantity in wanted.items() if quantity <= had.get(key, ZERO))


def _set_apart(original: Operation) -> bool:
    outputs = (movement.lot for movement in original.movements if movement.direction is Direction.OUT)
    return original.kind is Kind.SPLIT and any(lot.sub_lot for lot in outputs if lot)


def renamed(original: Operation, replacement: OperationEntry | None) -> Iterator[LotKey]:
    """Lots that the original put something into, of which the replacement, if any, puts some or all elsewhere.

    What it puts less into by itself is still there under its code.
    """
    had = _moved(((m.lot, m.direction, m.quantity) for m in original.movements), Direction.OUT)
    lines = replacement.movements if replacement else ()
    puts = _moved(((line.lot_key, line.direction, line.quantity) for line in lines), Direction.OUT)
    elsewhere = any(quantity > had.get(key, ZERO) for key, quantity in puts.items())
    for key, quantity in had.items():
        if key not in puts or (puts[key] < quantity and elsewhere):
            yield key


def _moved(lines: Iterable[tuple[LotKey | None, Direction, Decimal]], towards: Direction) -> dict[LotKey, Decimal]:
    """How much goes in, or comes out, by lot."""
    sums: dict[LotKey, Decimal] = defaultdict(lambda: ZERO)
    for key, direction, quantity in lines:
        if key and direction is towards:
            sums[key] = EXACT.add(sums[key], quantity)
    return sums
