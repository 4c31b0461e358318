"""The same work by hand: psycopg alone, on the same tables, with ids known beforehand and no more checks than needed.

It locks lots in order, looks at what is left, and adds the rows; the database's own constraints and triggers work for
both sides.
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
from uuid_utils.compat import uuid7

from domain.production.entry import Direction, OperationEntry
from tests.benchmarks.work import CAMPAIGN, LINE, NOW, OPERATOR, PRICE, SITE

OPERATION_COLUMNS = (
    "id, kind, occurred_at, recorded_at, recorded_by, site_id, operator_id, campaign_id, line_id, partner_id, "
    "document, number, reason, reverses_id, corrects_id, fingerprint"
)
LOT_COLUMNS = (
    "id, site_id, product_id, code, decided, on_hand, value, currency, cost_basis, made_by_id, made_on, "
    "best_before, supplier_lot, campaign_id, version, created_at, updated_at"
)
MOVEMENT_COLUMNS = (
    "operation_id, position, direction, role, site_id, product_id, lot_id, quantity, kilograms, cost, currency, "
    "cost_basis, reason"
)

LOCK = "SELECT id, on_hand FROM lot WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def _insert(table: str, columns: str, rows: int) -> str:
    one = f"({', '.join(['%s'] * len(columns.split()))})"
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * rows)}"  # noqa: S608 - our own names


ADD_OPERATION = _insert("operation", OPERATION_COLUMNS, 1)
ADD_LOTS = _insert("lot", LOT_COLUMNS, 2)
ADD_MOVEMENTS = _insert("movement", MOVEMENT_COLUMNS, 5)


class ByHand:
    """A connection that knows every id."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)
        execute = self.connection.execute
        self.products = {code: (row, mass) for code, row, mass in execute("SELECT code, id, kg_per_unit FROM product")}
        self.site = self._id("SELECT id FROM site WHERE code = %s", SITE)
        self.lots = dict(execute("SELECT code, id FROM lot WHERE site_id = %s", [self.site]).fetchall())
        self.line = self._id("SELECT id FROM line WHERE code = %s", LINE)
        self.operator = self._id("SELECT id FROM operator WHERE code = %s", OPERATOR)
        self.campaign = self._id("SELECT id FROM campaign WHERE code = %s", CAMPAIGN)
        self.connection.commit()

    def record(self, entry: OperationEntry) -> None:
        """One operation: lock, look, add."""
        operation = uuid4()
        new = self._new_lots([entry])
        with self.connection.transaction():
            self._lock([entry])
            self.connection.execute(ADD_OPERATION, self._operation(operation))
            self.connection.execute(ADD_LOTS, [value for row in self._lot_rows(new, operation) for value in row])
            rows = self._movements(operation, entry, new)
            self.connection.execute(ADD_MOVEMENTS, [value for row in rows for value in row])

    def record_batch(self, entries: Sequence[OperationEntry]) -> None:
        """Many operations at once, by COPY."""
        ids = [uuid4() for _ in entries]
        new = [self._new_lots([entry]) for entry in entries]
        with self.connection.transaction(), self.connection.cursor() as cursor:
            self._lock(entries)
            pairs = list(zip(ids, entries, new, strict=True))
            self._copy(cursor, "operation", OPERATION_COLUMNS, [self._operation(key) for key in ids])
            self._copy(cursor, "lot", LOT_COLUMNS, [row for key, _, lots in pairs for row in self._lot_rows(lots, key)])
            rows = [row for key, entry, lots in pairs for row in self._movements(key, entry, lots)]
            self._copy(cursor, "movement", MOVEMENT_COLUMNS, rows)

    def _copy(self, cursor: psycopg.Cursor, table: str, columns: str, rows: list[tuple]) -> None:
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _id(self, query: str, code: str) -> UUID:
        return self.connection.execute(query, [code]).fetchone()[0]

    def _lock(self, entries: Sequence[OperationEntry]) -> None:
        wanted: dict[UUID, Decimal] = {}
        for entry in entries:
            for movement in entry.movements:
                if movement.direction is Direction.IN:
                    lot = self.lots[movement.lot]
                    wanted[lot] = wanted.get(lot, Decimal(0)) + movement.quantity
        for lot, on_hand in self.connection.execute(LOCK, [list(wanted)]):
            if on_hand < wanted[lot]:
                raise ValueError(lot)

    def _new_lots(self, entries: Sequence[OperationEntry]) -> dict[str, tuple[UUID, str]]:
        return {m.lot: (uuid7(), m.product) for e in entries for m in e.movements if m.direction is Direction.OUT}

    def _operation(self, operation: UUID) -> tuple:
        ids = (self.site, self.operator, self.campaign, self.line, None)
        return (operation, "production", NOW, NOW, "by hand", *ids, "", None, "", None, None, "")

    def _lot_rows(self, new: dict[str, tuple[UUID, str]], operation: UUID) -> list[tuple]:
        return [
            (
                lot, self.site, self.products[product][0], code, "released", 0, 0, "EUR", "actual",
                operation, None, None, "", self.campaign, 1, NOW, NOW,
            )
            for code, (lot, product) in new.items()
        ]  # fmt: skip

    def _movements(self, operation: UUID, entry: OperationEntry, new: dict[str, tuple[UUID, str]]) -> list[tuple]:
        rows = []
        costs = [m.quantity * PRICE for m in entry.movements if m.direction is Direction.IN]
        costs.append(sum(costs))
        for position, m in enumerate(entry.movements):
            product, mass = self.products[m.product]
            lot = new[m.lot][0] if m.lot in new else self.lots[m.lot]
            head = (operation, position, m.direction.value, m.role.value, self.site, product, lot)
            # All raw lots cost the same; what they cost goes to the first output.
            rows.append((*head, m.quantity, m.quantity * mass, costs.pop(0) if costs else 0, "EUR", "actual", ""))
        return rows
