"""What the outputs of an operation cost, from what went in."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from domain.catalog.product import Product
from domain.production.entry import Kind, MovementEntry, OperationEntry, Role
from domain.production.lot import Lot, LotKey
from domain.production.operation import Movement
from domain.production.valuation import NO_COST, UNKNOWN_COST, Cost, at_unit_cost, minus, plus, share, shared_out
from domain.shared.quantity import kilograms

Rows = Mapping[int, MovementEntry]
"""The lines that put something into a lot, by their position in the operation."""


def output_costs(
    entry: OperationEntry,
    rows: Rows,
    taken: Iterable[Movement],
    products: Mapping[str, Product],
    lots: Mapping[LotKey, Lot],
) -> dict[int, Cost]:
    """The cost of each output line.

    A receipt costs what it paid, else the product's standard cost. What comes back or is counted in costs what the
    lot costs now, and in an empty sub-lot what its lot does. A transfer carries its cost over. Of a transformation,
    by-products take their standard cost where the inputs are worth that much, and main and co-products share the rest
    by their mass; losses bear none.
    """
    if entry.kind is Kind.RECEIPT:
        return {
            position: at_unit_cost(row.quantity, row.unit_cost, products[row.product].standard_cost)
            for position, row in rows.items()
        }
    if entry.kind in (Kind.RETURN, Kind.COUNT):
        return {position: _present_cost(row, products[row.product], lots) for position, row in rows.items()}
    if entry.kind is Kind.TRANSFER:
        return _carried_over(rows, list(taken))
    return _made(rows, list(taken), products)


def _present_cost(row: MovementEntry, product: Product, lots: Mapping[LotKey, Lot]) -> Cost:
    for key in (row.lot_key, row.lot_key.whole) if row.lot_key else ():
        lot = lots.get(key)
        if lot is not None and lot.on_hand > 0:
            return share(lot.cost, row.quantity, lot.on_hand)
    return at_unit_cost(row.quantity, None, product.standard_cost)


def _carried_over(rows: Rows, taken: list[Movement]) -> dict[int, Cost]:
    costs: dict[int, Cost] = {}
    for product in {row.product for row in rows.values()}:
        worth = _worth(movement for movement in taken if movement.product.code == product)
        same = [position for position, row in rows.items() if row.product == product]
        costs |= dict(zip(same, shared_out(worth, [rows[position].quantity for position in same]), strict=True))
    return costs


def _made(rows: Rows, taken: list[Movement], products: Mapping[str, Product]) -> dict[int, Cost]:
    worth = _worth(taken) if taken else UNKNOWN_COST
    costs: dict[int, Cost] = {}
    masses: dict[int, Decimal | None] = {}
    for position, row in rows.items():
        product = products[row.product]
        if row.role is Role.BY_PRODUCT:
            costs[position] = _cost_of_by_product(row, product, worth)
            worth = minus(worth, costs[position])
        else:
            masses[position] = kilograms(row.quantity, product.kg_per_unit)
    known = [mass for mass in masses.values() if mass is not None]
    if len(known) < len(masses):
        return costs | dict.fromkeys(masses, UNKNOWN_COST)
    return costs | dict(zip(masses, shared_out(worth, known), strict=True))


def _cost_of_by_product(row: MovementEntry, product: Product, worth: Cost) -> Cost:
    standard = at_unit_cost(row.quantity, None, product.standard_cost)
    affordable = standard.currency == worth.currency and standard.amount <= worth.amount
    return standard if affordable and product.standard_cost is not None else NO_COST


def _worth(movements: Iterable[Movement]) -> Cost:
    worth = NO_COST
    for movement in movements:
        worth = plus(worth, movement.cost)
    return worth
