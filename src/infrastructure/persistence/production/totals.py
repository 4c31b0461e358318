"""The totals of balances, summed in one statement however many lots are behind them.

`domain.production.totals.totals_of` says what they are. What a statement gives back has one row for each product,
reason, role, disposition or line, so that its size doesn't grow with the number of lots.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from typing_extensions import override

from application.production.queries import TotalsReader
from application.shared.errors import NotFound
from domain.catalog.product import Product
from domain.production.entry import Direction, Role
from domain.production.lot import Disposition
from domain.production.lot_account import LotAccount, Moved, lot_totals
from domain.production.totals import LineTotal, NamedTotal, NetTotal, Totals
from domain.production.valuation import Cost, CostBasis
from domain.shared.exact import ZERO
from infrastructure.persistence.catalog.mapping import product_of
from infrastructure.persistence.catalog.models import Product as ProductTable
from infrastructure.persistence.production import models
from infrastructure.persistence.production.mapping import cost_of
from infrastructure.persistence.shared.reading import BY_INDEXES, one_moment
from infrastructure.persistence.shared.statements import rows_of

# As a join this would be taken for a condition that one row in thousands meets, and everything planned for that.
STANDING = """
operation.kind <> 'reversal'
AND NOT EXISTS (SELECT FROM operation AS reversal WHERE reversal.reverses_id = operation.id OFFSET 0)
"""
"""That an operation neither is a reversal nor was reversed."""

_OF_CAMPAIGN = f"SELECT id, kind, line_id FROM operation WHERE campaign_id = %s AND {STANDING}"  # nosec B608  # noqa: S608 - our own text

_OF_OPERATION = "SELECT id, kind, line_id FROM operation WHERE id = %s AND kind <> 'reversal'"

# Each row is looked up for itself, as a join would be planned by what was counted of the tables, which may be wrong by
# any factor; and what was looked up is kept between the parts.
_TOTALS = """
WITH own AS ({own}),
moved AS MATERIALIZED (
    SELECT own.id, own.kind, own.line_id, movement.lot_id, movement.product_id, movement.role, movement.reason,
           movement.kilograms IS NOT NULL AS weighed,
           CASE movement.direction WHEN 'out' THEN movement.quantity ELSE -movement.quantity END AS quantity,
           CASE movement.direction WHEN 'out' THEN movement.kilograms ELSE -movement.kilograms END AS kilograms,
           CASE movement.direction WHEN 'out' THEN movement.cost ELSE -movement.cost END AS cost,
           nullif(movement.currency, '') AS currency,
           CASE movement.cost_basis WHEN 'actual' THEN 1 WHEN 'standard' THEN 2 ELSE 3 END AS distrust
    FROM own CROSS JOIN LATERAL (SELECT * FROM movement WHERE operation_id = own.id OFFSET 0) AS movement
),
net AS (
    SELECT lot_id, product_id, sum(quantity) AS quantity, sum(kilograms) AS kilograms, sum(cost) AS cost,
           min(currency) AS currency, max(currency) AS other_currency, max(distrust) AS distrust,
           min(CASE role WHEN 'main' THEN 1 WHEN 'co_product' THEN 2 WHEN 'by_product' THEN 3 ELSE 4 END) AS role
    FROM moved WHERE weighed AND lot_id IS NOT NULL
    GROUP BY lot_id, product_id HAVING sum(kilograms) <> 0
)
SELECT 'net', CASE WHEN net.kilograms > 0 THEN 'output' ELSE 'input' END, net.product_id,
       CASE WHEN net.kilograms > 0 THEN (ARRAY['main', 'co_product', 'by_product', 'adjustment'])[net.role] ELSE '' END,
       lot.disposition, sum(abs(net.quantity)), sum(abs(net.kilograms)), sum(net.cost * sign(net.kilograms)),
       net.currency, net.other_currency, max(net.distrust)
FROM net CROSS JOIN LATERAL (SELECT disposition FROM lot WHERE id = net.lot_id OFFSET 0) AS lot
GROUP BY 2, 3, 4, 5, net.currency, net.other_currency
UNION ALL
SELECT 'named', CASE WHEN kind = 'count' THEN 'adjustment' ELSE role END, product_id, reason, '',
       sum(CASE WHEN kind = 'count' THEN -quantity ELSE abs(quantity) END),
       sum(CASE WHEN kind = 'count' THEN -kilograms ELSE abs(kilograms) END), 0, NULL, NULL, 1
FROM moved WHERE weighed AND (role IN ('loss', 'sample') OR kind = 'count')
GROUP BY 2, 3, 4
UNION ALL
SELECT 'line', coalesce(line.code, ''), NULL, '', '', 0,
       coalesce(sum(residual.kilograms) FILTER (WHERE residual.kilograms > 0), 0),
       coalesce(-sum(residual.kilograms) FILTER (WHERE residual.kilograms < 0), 0), NULL, NULL, 1
FROM (
    SELECT id, line_id, coalesce(-sum(kilograms), 0) AS kilograms
    FROM moved WHERE kind IN ('production', 'split', 'merge', 'rework')
    GROUP BY id, line_id
) AS residual LEFT JOIN line ON line.id = residual.line_id
GROUP BY line.code
UNION ALL
SELECT DISTINCT 'without mass', '', product_id, '', '', 0, 0, 0, NULL, NULL, 1 FROM moved WHERE NOT weighed
"""

# One statement, so that what is left belongs to what moved, whatever is recorded meanwhile.
_OF_LOT = f"""
SELECT lot.product_id, lot.disposition, lot.on_hand, lot.value, lot.currency, lot.cost_basis, moved.*
FROM lot LEFT JOIN LATERAL (
    SELECT movement.direction, movement.role, movement.reason, sum(movement.quantity), sum(movement.cost),
           movement.currency, max(CASE movement.cost_basis WHEN 'actual' THEN 1 WHEN 'standard' THEN 2 ELSE 3 END)
    FROM movement JOIN operation ON operation.id = movement.operation_id
    WHERE movement.lot_id = lot.id AND {STANDING}
    GROUP BY movement.direction, movement.role, movement.reason, movement.currency
) AS moved ON true
WHERE lot.id = %s
"""  # nosec B608  # noqa: S608 - our own text

_BASES = (CostBasis.ACTUAL, CostBasis.STANDARD, CostBasis.UNKNOWN)


class _Row(NamedTuple):
    part: str
    what: str
    product: UUID | None
    name: str
    disposition: str
    quantity: Decimal
    kilograms: Decimal
    cost: Decimal
    currency: str | None
    other_currency: str | None
    distrust: int

    def whole_cost(self) -> Cost:
        if self.currency != self.other_currency:
            return Cost(ZERO, self.currency, CostBasis.UNKNOWN)
        return Cost(self.cost, self.currency, _BASES[self.distrust - 1])


class DjangoTotalsReader(TotalsReader):
    """Sums in PostgreSQL."""

    @override
    def campaign_totals(self, campaign: UUID) -> Totals:
        return self._totals(_OF_CAMPAIGN, campaign)

    @override
    def operation_totals(self, operation: UUID) -> Totals:
        if not models.Operation.objects.filter(pk=operation).exists():
            raise NotFound("operation", operation)
        return self._totals(_OF_OPERATION, operation)

    def _totals(self, own: str, key: UUID) -> Totals:
        with one_moment(BY_INDEXES):
            rows = [_Row(*row) for row in rows_of(_TOTALS.format(own=own), [key])]
        products = _products({row.product for row in rows})
        return Totals(
            nets=tuple(_nets(rows, products)),
            named=tuple(_named(rows, products)),
            lines=tuple(LineTotal(row.what, row.kilograms, row.cost) for row in rows if row.part == "line"),
            without_mass=frozenset(products[row.product].code for row in rows if row.part == "without mass"),
        )

    @override
    def lot_totals(self, lot: UUID) -> Totals:
        rows = rows_of(_OF_LOT, [lot])
        if not rows:
            raise NotFound("lot", lot)
        product, disposition, on_hand, *cost = rows[0][:6]
        moved = tuple(_moved(*row[6:]) for row in rows if row[6])
        return lot_totals(
            LotAccount(_products({product})[product], Disposition(disposition), moved, on_hand, cost_of(*cost))
        )


def _moved(
    direction: str, role: str, reason: str, quantity: Decimal, cost: Decimal, currency: str, distrust: int
) -> Moved:
    return Moved(Direction(direction), Role(role), reason, quantity, Cost(cost, currency or None, _BASES[distrust - 1]))


def _products(ids: Collection[UUID | None]) -> Mapping[UUID | None, Product]:
    named = [product for product in ids if product is not None]
    return {row.id: product_of(row) for row in ProductTable.objects.filter(pk__in=named)}


def _nets(rows: Iterable[_Row], products: Mapping[UUID | None, Product]) -> Iterator[NetTotal]:
    nets = (row for row in rows if row.part == "net")
    for row in sorted(nets, key=lambda row: row.currency or ""):  # of two currencies the same one is kept each time
        yield NetTotal(
            side="output" if row.what == "output" else "input",
            product=products[row.product],
            role=row.name,
            disposition=Disposition(row.disposition),
            quantity=row.quantity,
            kilograms=row.kilograms,
            cost=row.whole_cost(),
        )


def _named(rows: Iterable[_Row], products: Mapping[UUID | None, Product]) -> Iterator[NamedTotal]:
    for row in rows:
        if row.part == "named":
            what: Any = row.what
            yield NamedTotal(what, row.name, products[row.product], row.quantity, row.kilograms)
