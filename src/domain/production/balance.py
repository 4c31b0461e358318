"""The mass balance (bilan) of a campaign, an operation or a lot: a pure function of set-based totals.

inputs = outputs + losses + samples + adjustments + unaccounted, in kilograms, to the last decimal; outputs are those
of all roles, by-products and what is left in process among them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from attrs import field, frozen

from domain.catalog.product import Product, ProductClass
from domain.production.totals import LineTotal, NamedTotal, NetTotal, Totals
from domain.production.valuation import Cost, CostBasis, plus
from domain.shared.canonical import Json
from domain.shared.exact import EXACT, ZERO, canonical, percentage, total
from domain.shared.quantity import Quantity, Unit

Kilograms = Mapping[str, Decimal]


@frozen
class Residual:
    """What is unaccounted on one line, what is missing and what is too much apart, because they cancel."""

    loss: Decimal = ZERO
    gain: Decimal = ZERO


@frozen
class CarryOver:
    """Bulk that was taken over and bulk that is left: one campaign's outputs here are the next one's inputs."""

    inputs: Kilograms
    outputs: Kilograms


@frozen
class Packaging:
    """One packaging product in its own unit: what was issued, less what is named, is what the products carry."""

    unit: str
    issued: Decimal
    lost: Decimal
    sampled: Decimal
    adjusted: Decimal

    @property
    def used(self) -> Decimal:
        """Issued and neither lost, sampled nor adjusted."""
        return EXACT.subtract(self.issued, total((self.lost, self.sampled, self.adjusted)))


@frozen
class Yield:
    """Net output of the campaign's product against its target and against all inputs by mass."""

    product: str
    quantity: Decimal
    unit: Unit
    target: Quantity | None
    percent_of_target: Decimal | None
    percent_of_inputs: Decimal | None


@frozen
class CostOfInputs:
    """What the inputs cost. Incomplete when an input's cost isn't known (`without_cost`) or currencies differ."""

    by_product: Mapping[str, Cost]
    without_cost: tuple[str, ...]
    total: Cost

    @property
    def complete(self) -> bool:
        """Whether the total is the whole cost."""
        return self.total.basis is not CostBasis.UNKNOWN


@frozen
class Balance:
    """A balance in kilograms. Products and reasons are keys; see the module for the equation that always holds."""

    inputs: Kilograms
    outputs: Kilograms
    losses: Kilograms
    samples: Decimal
    adjustments: Decimal
    unaccounted_by_line: Mapping[str, Residual]
    outputs_by_role: Kilograms
    outputs_by_disposition: Kilograms
    carry_over: CarryOver
    packaging: Mapping[str, Packaging]
    packaging_inputs: Decimal
    cost: CostOfInputs
    not_reconcilable: tuple[str, ...]
    product_yield: Yield | None = None
    input_total: Decimal = field(init=False)
    output_total: Decimal = field(init=False)
    loss_total: Decimal = field(init=False)
    unaccounted: Decimal = field(init=False)

    @input_total.default
    def _input_total(self) -> Decimal:
        return total(self.inputs.values())

    @output_total.default
    def _output_total(self) -> Decimal:
        return total(self.outputs.values())

    @loss_total.default
    def _loss_total(self) -> Decimal:
        return total(self.losses.values())

    @unaccounted.default
    def _unaccounted(self) -> Decimal:
        return total(EXACT.subtract(line.loss, line.gain) for line in self.unaccounted_by_line.values())

    @property
    def accountability(self) -> Decimal | None:
        """Everything accounted for, in percent of the inputs; None without inputs."""
        return percentage(EXACT.subtract(self.input_total, self.unaccounted), self.input_total)

    @property
    def accountability_strict(self) -> Decimal | None:
        """The same without packaging and with adjustments as unaccounted, so that neither hides a loss."""
        inputs = EXACT.subtract(self.input_total, self.packaging_inputs)
        missing = EXACT.add(self.unaccounted, self.adjustments)
        return percentage(EXACT.subtract(inputs, missing), inputs)

    @property
    def loss_shares(self) -> Mapping[str, Decimal | None]:
        """Each loss reason's part of the inputs, in percent."""
        return {reason: percentage(lost, self.input_total) for reason, lost in self.losses.items()}


def balance_of(totals: Totals, product: Product | None = None, target: Quantity | None = None) -> Balance:
    """The balance of these totals, with the yield of `product` when one is given."""
    inputs = [net for net in totals.nets if net.side == "input"]
    outputs = [net for net in totals.nets if net.side == "output"]
    losses = [named for named in totals.named if named.what == "loss"]
    weighed_inputs = _by_product(inputs)
    return Balance(
        inputs=weighed_inputs,
        outputs=_by_product(outputs),
        losses=_summed((loss.reason, loss.kilograms) for loss in losses),
        samples=total(named.kilograms for named in totals.named if named.what == "sample"),
        adjustments=total(named.kilograms for named in totals.named if named.what == "adjustment"),
        unaccounted_by_line=_by_line(totals.lines),
        outputs_by_role=_summed((net.role, net.kilograms) for net in outputs),
        outputs_by_disposition=_summed((str(net.disposition), net.kilograms) for net in outputs),
        carry_over=CarryOver(
            _by_product(_of_class(inputs, ProductClass.BULK)), _by_product(_of_class(outputs, ProductClass.BULK))
        ),
        packaging=_packaging(totals),
        packaging_inputs=total(net.kilograms for net in _of_class(inputs, ProductClass.PACKAGING)),
        cost=_cost(inputs),
        not_reconcilable=tuple(sorted(totals.without_mass)),
        product_yield=_yield(totals.nets, product, target, total(weighed_inputs.values()))
        if product and product.kg_per_unit is not None
        else None,
    )


def _summed(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for key, number in pairs:
        sums[key] = EXACT.add(sums[key], number)
    return dict(sorted(sums.items()))


def _by_product(nets: Iterable[NetTotal]) -> dict[str, Decimal]:
    return _summed((net.product.code, net.kilograms) for net in nets)


def _of_class(nets: Iterable[NetTotal], product_class: ProductClass) -> list[NetTotal]:
    return [net for net in nets if net.product.product_class is product_class]


def _by_line(lines: Iterable[LineTotal]) -> dict[str, Residual]:
    rows = list(lines)
    losses, gains = _summed((row.line, row.loss) for row in rows), _summed((row.line, row.gain) for row in rows)
    return {line: Residual(loss, gains[line]) for line, loss in losses.items()}


def _packaging(totals: Totals) -> dict[str, Packaging]:
    issued = _summed((net.product.code, _signed_input(net)) for net in _of_class(totals.nets, ProductClass.PACKAGING))
    named = [row for row in totals.named if row.product.product_class is ProductClass.PACKAGING]
    products = [net.product for net in totals.nets] + [row.product for row in named]
    units = {product.code: product.unit.code for product in products}
    return {
        code: Packaging(
            unit=units[code],
            issued=issued.get(code, ZERO),
            lost=_quantity_named("loss", code, named),
            sampled=_quantity_named("sample", code, named),
            adjusted=_quantity_named("adjustment", code, named),
        )
        for code in sorted({*issued, *(row.product.code for row in named)})
    }


def _signed_input(net: NetTotal) -> Decimal:
    return net.quantity if net.side == "input" else EXACT.minus(net.quantity)


def _quantity_named(what: str, code: str, named: Iterable[NamedTotal]) -> Decimal:
    return total(row.quantity for row in named if row.what == what and row.product.code == code)


def _yield(nets: Iterable[NetTotal], product: Product, target: Quantity | None, input_total: Decimal) -> Yield:
    own = [net for net in nets if net.product.code == product.code]
    made = EXACT.minus(total(_signed_input(net) for net in own))
    mass = total(net.kilograms if net.side == "output" else EXACT.minus(net.kilograms) for net in own)
    return Yield(
        product=product.code,
        quantity=made,
        unit=product.unit,
        target=target,
        percent_of_target=_percent_of_target(made, product.unit, target),
        percent_of_inputs=percentage(mass, input_total),
    )


def _percent_of_target(made: Decimal, unit: Unit, target: Quantity | None) -> Decimal | None:
    if target is None:
        return None
    return percentage(EXACT.multiply(made, unit.factor), EXACT.multiply(target.amount, target.unit.factor))


def _cost(inputs: Iterable[NetTotal]) -> CostOfInputs:
    by_product: dict[str, Cost] = {}
    for net in sorted(inputs, key=lambda net: net.product.code):
        known = by_product.get(net.product.code)
        by_product[net.product.code] = plus(known, net.cost) if known else net.cost
    whole = Cost()
    for cost in by_product.values():
        whole = plus(whole, cost)
    missing = tuple(code for code, cost in by_product.items() if cost.basis is CostBasis.UNKNOWN)
    return CostOfInputs(by_product, missing, whole)


def balance_document(balance: Balance) -> dict[str, Json]:
    """The balance as JSON: canonical decimals as strings, percentages to four decimals, nulls where there is none."""
    carry_over, cost = balance.carry_over, balance.cost
    return {
        "mass_unit": "KGM",
        "inputs": _written(balance.inputs),
        "input_total": canonical(balance.input_total),
        "outputs": _written(balance.outputs),
        "output_total": canonical(balance.output_total),
        "outputs_by_role": _written(balance.outputs_by_role),
        "outputs_by_disposition": _written(balance.outputs_by_disposition),
        "carry_over": {
            "inputs": _written(carry_over.inputs),
            "input_total": canonical(total(carry_over.inputs.values())),
            "outputs": _written(carry_over.outputs),
            "output_total": canonical(total(carry_over.outputs.values())),
        },
        "losses": _written(balance.losses),
        "loss_shares": {reason: _or_none(share) for reason, share in balance.loss_shares.items()},
        "loss_total": canonical(balance.loss_total),
        "samples": canonical(balance.samples),
        "adjustments": canonical(balance.adjustments),
        "unaccounted": canonical(balance.unaccounted),
        "unaccounted_by_line": {
            line: {"loss": canonical(residual.loss), "gain": canonical(residual.gain)}
            for line, residual in balance.unaccounted_by_line.items()
        },
        "accountability_percent": _or_none(balance.accountability),
        "accountability_strict_percent": _or_none(balance.accountability_strict),
        "packaging": {code: _packaging_document(row) for code, row in balance.packaging.items()},
        "yield": _yield_document(balance.product_yield),
        "cost": {
            "by_product": {
                code: {"amount": canonical(row.amount), "currency": row.currency, "basis": str(row.basis)}
                for code, row in cost.by_product.items()
            },
            "total": canonical(cost.total.amount),
            "currency": cost.total.currency,
            "basis": str(cost.total.basis),
            "complete": cost.complete,
            "without_cost": list(cost.without_cost),
        },
        "not_reconcilable": list(balance.not_reconcilable),
    }


def _written(numbers: Kilograms) -> dict[str, Json]:
    return {key: canonical(number) for key, number in numbers.items()}


def _or_none(number: Decimal | None) -> str | None:
    return None if number is None else canonical(number)


def _packaging_document(row: Packaging) -> dict[str, Json]:
    amounts = {name: getattr(row, name) for name in ("issued", "lost", "sampled", "adjusted", "used")}
    return {"unit": row.unit, **_written(amounts)}


def _yield_document(row: Yield | None) -> dict[str, Json] | None:
    if row is None:
        return None
    target = row.target
    return {
        "product": row.product,
        "quantity": canonical(row.quantity),
        "unit": row.unit.code,
        "target": canonical(target.amount) if target else None,
        "target_unit": target.unit.code if target else None,
        "percent_of_target": _or_none(row.percent_of_target),
        "percent_of_inputs": _or_none(row.percent_of_inputs),
    }
