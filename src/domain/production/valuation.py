"""What lots cost: a perpetual inventory at moving average.

What a receipt paid goes in; what is drawn takes its share of what the lot is worth; what is made takes the worth of
what went in. Amounts are conserved to the last digit: a share is cut to 6 decimals and the rest stays where it was, so
that no money appears or vanishes by rounding, and no share is more than the whole. Method: IAS 2, weighted average
cost formula (paragraph 27) and by-products at a fixed value deducted from the cost of the main products (paragraph 14).
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Context, Decimal
from enum import StrEnum

from attrs import frozen

from domain.shared.exact import EXACT, ZERO, total
from domain.shared.money import Money

_MICRO = Decimal("0.000001")
_SHARES = Context(prec=96, rounding=ROUND_DOWN)


class CostBasis(StrEnum):
    """How far a cost can be trusted: what was paid, a product's standard cost, or (in part) not known."""

    ACTUAL = "actual"
    STANDARD = "standard"
    UNKNOWN = "unknown"


_TRUST = (CostBasis.ACTUAL, CostBasis.STANDARD, CostBasis.UNKNOWN)


@frozen
class Cost:
    """What a movement or a lot is worth; with an unknown basis the amount is only the known part of it."""

    amount: Decimal = ZERO
    currency: str | None = None
    basis: CostBasis = CostBasis.ACTUAL


NO_COST = Cost()
UNKNOWN_COST = Cost(basis=CostBasis.UNKNOWN)


def plus(one: Cost, other: Cost) -> Cost:
    """Both together. Currencies don't mix: of two, the first is kept and the sum is called unknown."""
    basis = max(one.basis, other.basis, key=_TRUST.index)
    if one.currency and other.currency and one.currency != other.currency:
        return Cost(one.amount, one.currency, CostBasis.UNKNOWN)
    return Cost(EXACT.add(one.amount, other.amount), one.currency or other.currency, basis)


def minus(one: Cost, other: Cost) -> Cost:
    """What is left of the first without the second, on the basis of the first."""
    if one.currency and other.currency and one.currency != other.currency:
        return one
    return Cost(EXACT.subtract(one.amount, other.amount), one.currency or other.currency, one.basis)


def negated(cost: Cost) -> Cost:
    """The same the other way, trusted as far."""
    return Cost(EXACT.minus(cost.amount), cost.currency, cost.basis)


def share(whole: Cost, part: Decimal, of: Decimal) -> Cost:
    """The cost of `part` of a quantity `of` that is worth `whole`; all of it for the whole, nothing lost between."""
    if part == of:
        return whole
    if of <= 0:
        return UNKNOWN_COST
    amount = _SHARES.quantize(_SHARES.divide(_SHARES.multiply(whole.amount, part), of), _MICRO)
    return Cost(amount, whole.currency, whole.basis)


def at_unit_cost(amount: Decimal, unit_cost: Money | None, standard: Money | None) -> Cost:
    """What an amount costs: at its own unit cost, else at the product's standard cost, else it isn't known."""
    if unit_cost is not None:
        return Cost(EXACT.multiply(amount, unit_cost.amount), unit_cost.currency, CostBasis.ACTUAL)
    if standard is not None:
        return Cost(EXACT.multiply(amount, standard.amount), standard.currency, CostBasis.STANDARD)
    return UNKNOWN_COST


def shared_out(whole: Cost, weights: Sequence[Decimal]) -> list[Cost]:
    """`whole` divided in proportion to the weights; the shares add up to it exactly."""
    shares, left, weight_left = [], whole, total(weights)
    for weight in weights:
        part = share(left, weight, weight_left)
        shares.append(part)
        left, weight_left = minus(left, part), EXACT.subtract(weight_left, weight)
    return shares
