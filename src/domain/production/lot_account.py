"""The balance of one lot: everything that was put into it against where it went."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from attrs import frozen

from domain.catalog.product import Product
from domain.production.entry import Direction, Role
from domain.production.lot import Disposition
from domain.production.totals import NamedTotal, NetTotal, Totals
from domain.production.valuation import Cost, negated
from domain.shared.exact import EXACT, ZERO
from domain.shared.quantity import kilograms

USES = {Role.INPUT: "used", Role.SHIPPED: "shipped", Role.RETURNED: "shipped", Role.TRANSFERRED: "transferred"}
"""Where what was taken goes; what came back wasn't shipped after all."""

NAMED: dict[Role, Literal["loss", "sample", "adjustment"]] = {
    Role.LOSS: "loss",
    Role.SAMPLE: "sample",
    Role.ADJUSTMENT: "adjustment",
}


@frozen
class Moved:
    """What standing operations moved of the lot with one role and for one reason, together."""

    direction: Direction
    role: Role
    reason: str
    quantity: Decimal
    cost: Cost


@frozen
class LotAccount:
    """A lot with everything that moved, what is left and what that is worth."""

    product: Product
    disposition: Disposition
    moved: tuple[Moved, ...]
    on_hand: Decimal
    cost: Cost


def lot_totals(account: LotAccount) -> Totals:
    """The totals of the lot's balance: inputs are what made it, outputs what it was used for and what is left."""
    if account.product.kg_per_unit is None:
        return Totals(without_mass=frozenset({account.product.code}))
    return Totals(nets=tuple(_nets(account)), named=tuple(_named(account)))


def _nets(account: LotAccount) -> Iterator[NetTotal]:
    for moved in account.moved:
        if moved.role in NAMED:
            continue
        taken = moved.direction is Direction.IN
        if not taken and moved.role is not Role.RETURNED:
            yield _net(account, "input", "", moved.quantity, moved.cost)
        elif taken:
            yield _net(account, "output", USES[moved.role], moved.quantity, moved.cost)
        else:
            yield _net(account, "output", USES[moved.role], EXACT.minus(moved.quantity), negated(moved.cost))
    yield _net(account, "output", "on_hand", account.on_hand, account.cost)


def _named(account: LotAccount) -> Iterator[NamedTotal]:
    for moved in account.moved:
        if moved.role in NAMED:
            down = moved.quantity if moved.direction is Direction.IN else EXACT.minus(moved.quantity)
            yield NamedTotal(NAMED[moved.role], moved.reason, account.product, down, _mass(account, down))


def _net(account: LotAccount, side: Literal["input", "output"], role: str, quantity: Decimal, cost: Cost) -> NetTotal:
    mass = _mass(account, quantity)
    return NetTotal(side, account.product, role, account.disposition, quantity, mass, cost)


def _mass(account: LotAccount, quantity: Decimal) -> Decimal:
    return kilograms(quantity, account.product.kg_per_unit) or ZERO
