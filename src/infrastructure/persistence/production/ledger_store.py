"""The ledger in PostgreSQL: lots locked in order, facts added many at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from typing_extensions import override

from application.production.ports import LedgerStore
from domain.production.ledger import Delivered, Ledger
from domain.production.lot import Lot, LotKey
from domain.production.operation import Movement, Operation
from domain.production.references import References
from infrastructure.persistence.catalog.mapping import ProductRow, product_of
from infrastructure.persistence.production import mapping
from infrastructure.persistence.shared.statements import copy_rows, rows_looked_up, rows_of

# The order of the ids is the order of the locks, the same for everybody.
_LOCK_LOTS = """
SELECT lot.product_id, lot.id, site.code, lot.code, lot.sub_lot, lot.decided, lot.holds, lot.on_hand, lot.value,
       lot.currency, lot.cost_basis, lot.made_by_id, lot.made_on, lot.best_before, lot.supplier_lot, lot.campaign_id,
       lot.parent_id
FROM unnest(%s::text[], %s::uuid[], %s::text[], %s::text[]) AS named (site, product_id, code, sub_lot)
JOIN site ON site.code = named.site
JOIN lot ON lot.site_id = site.id AND lot.product_id = named.product_id
    AND lot.code = named.code AND lot.sub_lot = named.sub_lot
ORDER BY lot.id
FOR NO KEY UPDATE OF lot
"""

_OPERATIONS = """
SELECT operation.id, kind, occurred_at, recorded_at, recorded_by, site.code, operator.code, campaign.code, line.code,
       partner.code, document, number, reason, override, reverses_id, corrects_id, fingerprint,
       (SELECT reversal.id FROM operation AS reversal WHERE reversal.reverses_id = operation.id)
FROM operation
JOIN site ON site.id = operation.site_id
JOIN operator ON operator.id = operation.operator_id
LEFT JOIN campaign ON campaign.id = operation.campaign_id
LEFT JOIN line ON line.id = operation.line_id
LEFT JOIN partner ON partner.id = operation.partner_id
WHERE operation.id = ANY(%s)
"""

_MOVEMENTS = """
SELECT movement.operation_id, movement.product_id, position, direction, role, site.code, lot.code, lot.sub_lot, lot_id,
       quantity, kilograms, cost, movement.currency, movement.cost_basis, reason
FROM movement
JOIN site ON site.id = movement.site_id
JOIN product ON product.id = movement.product_id
LEFT JOIN lot ON lot.id = movement.lot_id
WHERE movement.operation_id = ANY(%s)
ORDER BY movement.operation_id, position
"""

_PRODUCTS = f"SELECT {', '.join(ProductRow._fields)} FROM product WHERE id = ANY(%s)"  # nosec B608  # noqa: S608 - the names of our own columns

# Reversals mirror what they take back, so that the sum leaves out what was reversed. Sub-lots have their lot's code.
_DELIVERED = """
SELECT partner.code, site.code, product.code, lot.code,
       sum(CASE movement.direction WHEN 'in' THEN movement.quantity ELSE -movement.quantity END)
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS named (partner, site, product, code)
JOIN partner ON partner.code = named.partner
JOIN site ON site.code = named.site
JOIN product ON product.code = named.product
JOIN lot ON lot.site_id = site.id AND lot.product_id = product.id AND lot.code = named.code
JOIN movement ON movement.lot_id = lot.id AND movement.role IN ('shipped', 'returned')
JOIN operation ON operation.id = movement.operation_id AND operation.partner_id = partner.id
GROUP BY partner.code, site.code, product.code, lot.code
"""

_REVISE_LOTS = """
UPDATE lot
SET decided = revised.decided, currency = revised.currency, cost_basis = revised.cost_basis,
    made_by_id = revised.made_by_id, made_on = revised.made_on, best_before = revised.best_before,
    supplier_lot = revised.supplier_lot, campaign_id = revised.campaign_id, updated_at = now()
FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::date[], %s::date[], %s::text[], %s::uuid[]
) AS revised (id, decided, currency, cost_basis, made_by_id, made_on, best_before, supplier_lot, campaign_id)
WHERE lot.id = revised.id
"""


class DjangoLedgerStore(LedgerStore):
    """Stores the ledger. A trigger makes what is on hand follow from the movements."""

    @override
    def fingerprints(self, ids: Collection[UUID]) -> Mapping[UUID, str]:
        return dict(rows_looked_up("SELECT id, fingerprint FROM operation WHERE id = ANY(%s)", [list(ids)]))

    @override
    def operations(self, ids: Collection[UUID]) -> Mapping[UUID, Operation]:
        movements = self._movements(ids)
        rows = rows_of(_OPERATIONS, [list(ids)])
        return {row[0]: mapping.operation_of(row, movements[row[0]]) for row in rows}

    def _movements(self, operations: Collection[UUID]) -> Mapping[UUID, list[Movement]]:
        found: dict[UUID, list[Movement]] = defaultdict(list)
        rows = rows_of(_MOVEMENTS, [list(operations)])
        named = (ProductRow(*row) for row in rows_looked_up(_PRODUCTS, [list({product for _, product, *_ in rows})]))
        products = {row.id: product_of(row) for row in named}
        for operation, product, *columns in rows:
            found[operation].append(mapping.movement_of(products[product], columns))
        return found

    @override
    def lots_for_update(self, keys: Collection[LotKey], references: References) -> Mapping[LotKey, Lot]:
        named = [(key.site, references.products[key.product].id, key.code, key.sub_lot) for key in keys]
        products = {product.id: product for product in references.products.values()}
        rows = rows_looked_up(_LOCK_LOTS, _columns(named, 4))
        lots = (mapping.lot_of(products[product], row) for product, *row in rows)
        return {lot.key: lot for lot in lots}

    @override
    def delivered(self, holdings: Collection[Delivered]) -> Mapping[Delivered, Decimal]:
        named = [(partner, key.site, key.product, key.code) for partner, key in holdings]
        rows = rows_of(_DELIVERED, _columns(named, 4))
        return {(partner, LotKey(*key)): held for partner, *key, held in rows}

    @override
    def append(self, ledger: Ledger) -> None:
        references = ledger.references
        operations = ledger.operations
        copy_rows(
            "operation",
            mapping.OPERATION_COLUMNS,
            (mapping.operation_row(operation, references) for operation in operations),
        )
        if ledger.new_lots:
            at = operations[-1].recorded.at
            # Whoever makes the same lot waits for us, so the order of new lots is the same for everybody too.
            in_order = sorted(ledger.new_lots, key=lambda lot: lot.key)
            copy_rows("lot", mapping.LOT_COLUMNS, (mapping.lot_row(lot, references, at) for lot in in_order))
        if revised := ledger.revised_lots:
            with connection.cursor() as cursor:
                cursor.execute(_REVISE_LOTS, _columns([mapping.revised_lot_row(lot) for lot in revised], 9))
        copy_rows(
            "movement",
            mapping.MOVEMENT_COLUMNS,
            (row for operation in operations for row in mapping.movement_rows(operation, references)),
        )


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows turned into the arrays that `unnest` takes."""
    return [[row[column] for row in rows] for column in range(width)]
