"""What a correction may take although quality has stopped it since: what was taken before, once more."""

from collections import defaultdict
from collections.abc import Iterable
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
    had = _taken((movement.lot, movement.direction, movement.quantity) for movement in original.movements)
    wanted = _taken((movement.lot_key, movement.direction, movement.quantity) for movement in replacement.movements)
    return frozenset(key for key, quantity in wanted.items() if quantity <= had.get(key, ZERO))


def _set_apart(original: Operation) -> bool:
    outputs = (movement.lot for movement in original.movements if movement.direction is Direction.OUT)
    return original.kind is Kind.SPLIT and any(lot.sub_lot for lot in outputs if lot)


def _taken(lines: Iterable[tuple[LotKey | None, Direction, Decimal]]) -> dict[LotKey, Decimal]:
    """How much goes in, by lot."""
    sums: dict[LotKey, Decimal] = defaultdict(lambda: ZERO)
    for key, direction, quantity in lines:
        if key and direction is Direction.IN:
            sums[key] = EXACT.add(sums[key], quantity)
    return sums
