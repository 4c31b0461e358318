"""The totals that a balance is made of.

`totals_of` says what they are, operation by operation, in the slow and obvious way; the database gives the same ones
by set-based sums. A lot's *net effect* is what the operations put into it less what they took from it, losses, samples
and counts included, so that it depends on no order. Reversed operations and reversals count for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal
from uuid import UUID

from attrs import field, frozen

from domain.catalog.product import Product
from domain.production.entry import TRANSFORMING, Direction, Kind, Role
from domain.production.lot import Disposition
from domain.production.operation import Movement, Operation
from domain.production.valuation import NO_COST, Cost, negated, plus
from domain.shared.exact import EXACT, ZERO

OUTPUT_ROLES = (Role.MAIN, Role.CO_PRODUCT, Role.BY_PRODUCT)
"""The roles of an output, most important first: where a lot has several, the first counts."""


@frozen
class NetTotal:
    """Lots of one product with the same role and disposition that ended higher (outputs) or lower (inputs), together.

    `quantity` (in the product's unit), `kilograms` and `cost` are positive on both sides. `role` tells what an output
    was made as, or for one lot's balance where it went; it is empty for inputs.
    """

    side: Literal["input", "output"]
    product: Product
    role: str
    disposition: Disposition
    quantity: Decimal
    kilograms: Decimal
    cost: Cost


@frozen
class NamedTotal:
    """What was lost or sampled, or adjusted by a count (positive when stock went down), of one product."""

    what: Literal["loss", "sample", "adjustment"]
    reason: str
    product: Product
    quantity: Decimal
    kilograms: Decimal


@frozen
class LineTotal:
    """Residuals of the transformations on one line, those missing (`loss`) and those too many (`gain`) apart.

    A residual is everything in less everything out less what was lost by name, per operation, in kilograms.
    """

    line: str
    loss: Decimal
    gain: Decimal


@frozen
class Totals:
    """Everything that a balance needs, however many lots are behind it. Products without a mass are only named."""

    nets: tuple[NetTotal, ...] = ()
    named: tuple[NamedTotal, ...] = ()
    lines: tuple[LineTotal, ...] = ()
    without_mass: frozenset[str] = field(default=frozenset())


def totals_of(operations: Iterable[Operation], dispositions: Mapping[UUID, Disposition]) -> Totals:
    """The totals of these operations. A lot that `dispositions` doesn't name counts as released."""
    everything = list(operations)
    taken_back = {operation.reverses for operation in everything}
    standing = [o for o in everything if o.kind is not Kind.REVERSAL and o.id not in taken_back and not o.reversed_by]
    weighed = [(o, m) for o in standing for m in o.movements if m.kilograms is not None]
    return Totals(
        nets=tuple(_nets([movement for _, movement in weighed], dispositions)),
        named=tuple(_named(weighed)),
        lines=tuple(_lines(standing)),
        without_mass=frozenset(m.product.code for o in standing for m in o.movements if m.kilograms is None),
    )


def _kilograms(movement: Movement) -> Decimal:
    return movement.kilograms or ZERO


def _signed(movement: Movement, amount: Decimal) -> Decimal:
    return amount if movement.direction is Direction.OUT else EXACT.minus(amount)


def _nets(movements: list[Movement], dispositions: Mapping[UUID, Disposition]) -> Iterable[NetTotal]:
    by_lot: dict[UUID, list[Movement]] = defaultdict(list)
    for movement in movements:
        if movement.lot_id:
            by_lot[movement.lot_id].append(movement)
    for lot_id, moved in by_lot.items():
        mass, quantity, cost = ZERO, ZERO, NO_COST
        for movement in moved:
            mass = EXACT.add(mass, _signed(movement, _kilograms(movement)))
            quantity = EXACT.add(quantity, _signed(movement, movement.quantity))
            cost = plus(cost, movement.cost if movement.direction is Direction.OUT else negated(movement.cost))
        if mass == 0:
            continue
        role = next((r for r in OUTPUT_ROLES if any(m.role is r for m in moved)), Role.ADJUSTMENT)
        disposition = dispositions.get(lot_id, Disposition.RELEASED)
        if mass > 0:
            yield NetTotal("output", moved[0].product, role, disposition, quantity, mass, cost)
        else:
            taken, weighed = EXACT.minus(quantity), EXACT.minus(mass)
            yield NetTotal("input", moved[0].product, "", disposition, taken, weighed, negated(cost))


def _named(weighed: list[tuple[Operation, Movement]]) -> Iterable[NamedTotal]:
    for operation, movement in weighed:
        quantity, mass = movement.quantity, _kilograms(movement)
        if movement.role is Role.LOSS:
            yield NamedTotal("loss", movement.reason, movement.product, quantity, mass)
        elif movement.role is Role.SAMPLE:
            yield NamedTotal("sample", movement.reason, movement.product, quantity, mass)
        elif operation.kind is Kind.COUNT:
            down = (EXACT.minus(_signed(movement, amount)) for amount in (quantity, mass))
            yield NamedTotal("adjustment", movement.reason, movement.product, *down)


def _lines(standing: list[Operation]) -> Iterable[LineTotal]:
    for operation in standing:
        if operation.kind not in TRANSFORMING:
            continue
        residual = ZERO
        for movement in operation.movements:
            residual = EXACT.subtract(residual, _signed(movement, _kilograms(movement)))
        yield LineTotal(operation.line or "", max(residual, ZERO), max(EXACT.minus(residual), ZERO))
