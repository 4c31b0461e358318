"""The balance of a campaign worked out the slow and obvious way, in fractions, from what was stated alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from domain.production.balance import Balance
from domain.production.entry import Direction, Kind, MovementEntry, OperationEntry, Role
from tests.core.plant import PRODUCTS

Figures = dict[str, Any]

TRANSFORMATIONS = (Kind.PRODUCTION, Kind.SPLIT, Kind.MERGE, Kind.REWORK)


def _mass(movement: MovementEntry) -> Fraction:
    kg_per_unit = PRODUCTS[movement.product].kg_per_unit
    return Fraction(movement.quantity) * Fraction(kg_per_unit) if kg_per_unit is not None else Fraction(0)


def _into_lots(movement: MovementEntry) -> Fraction:
    return _mass(movement) if movement.direction is Direction.OUT else -_mass(movement)


def _summed(pairs: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for key, number in pairs:
        sums[key] += number
    return dict(sums)


def reckoned(standing: Iterable[OperationEntry]) -> Figures:
    """What the balance of these operations, none of them reversed, has to be."""
    operations = list(standing)
    stated = [(operation, movement) for operation in operations for movement in operation.movements]
    weighed = [(o, m) for o, m in stated if PRODUCTS[m.product].kg_per_unit is not None]
    nets: dict[Any, Fraction] = defaultdict(Fraction)
    for _, movement in weighed:
        if movement.lot:
            nets[movement.lot_key] += _into_lots(movement)
    residuals = [
        (operation.line or "", -sum(map(_into_lots, operation.movements), Fraction(0)))
        for operation in operations
        if operation.kind in TRANSFORMATIONS
    ]
    return {
        "inputs": _summed((key.product, -net) for key, net in nets.items() if net < 0),
        "outputs": _summed((key.product, net) for key, net in nets.items() if net > 0),
        "losses": _summed((m.reason, _mass(m)) for _, m in weighed if m.role is Role.LOSS),
        "samples": sum((_mass(m) for _, m in weighed if m.role is Role.SAMPLE), Fraction(0)),
        "adjustments": sum((-_into_lots(m) for o, m in weighed if o.kind is Kind.COUNT), Fraction(0)),
        "line losses": _summed((line, max(residual, Fraction(0))) for line, residual in residuals),
        "line gains": _summed((line, max(-residual, Fraction(0))) for line, residual in residuals),
        "not_reconcilable": {m.product for _, m in stated if PRODUCTS[m.product].kg_per_unit is None},
    }


def figures(balance: Balance) -> Figures:
    """The same figures of a balance."""
    lines = balance.unaccounted_by_line
    return {
        "inputs": _fractions(balance.inputs),
        "outputs": _fractions(balance.outputs),
        "losses": _fractions(balance.losses),
        "samples": Fraction(balance.samples),
        "adjustments": Fraction(balance.adjustments),
        "line losses": {line: Fraction(residual.loss) for line, residual in lines.items()},
        "line gains": {line: Fraction(residual.gain) for line, residual in lines.items()},
        "not_reconcilable": set(balance.not_reconcilable),
    }


def _fractions(numbers: Mapping[str, Any]) -> dict[str, Fraction]:
    return {key: Fraction(number) for key, number in numbers.items()}
