"""Rows written past the use cases, in SQL: what the application's role could try if somebody had it do so."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from psycopg import sql

from domain.catalog.product import Product
from domain.shared.quantity import kilograms
from tests.core.plant import CAMPAIGNS, PRODUCTS, REFERENCES, SITES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def execute(statement: str, *parameters: object) -> None:
    """Execute one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def insert(table: str, **columns: Any) -> None:
    """Insert a row."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    values = sql.SQL(", ").join(sql.Placeholder() * len(columns))
    with connection.cursor() as cursor:
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, values)
        cursor.execute(statement, list(columns.values()))


def operation(*movements: Mapping[str, Any], kind: str = "loss", campaign: str | None = None, **head: Any) -> UUID:
    """Insert an operation at site A with these movements, and answer its id."""
    usual = {
        "id": uuid4(),
        "kind": kind,
        "occurred_at": NOON,
        "recorded_at": NOON,
        "recorded_by": "intruder",
        "site_id": SITES["A"].id,
        "operator_id": REFERENCES.operators["ana"],
        "campaign_id": CAMPAIGNS[campaign].id if campaign else None,
        "document": "",
        "reason": "",
        "fingerprint": "0" * 64,
    }
    columns = {**usual, **head}
    insert("operation", **columns)
    for position, movement in enumerate(movements):
        insert("movement", **{"operation_id": columns["id"], "position": position, **movement})
    return columns["id"]


def movement(code: str, lot: UUID | None, quantity: object, /, **more: Any) -> dict[str, Any]:
    """The columns of a movement at site A, a loss unless more is said, with the mass that its product gives it."""
    product = PRODUCTS[code]
    stated = {
        "direction": "in",
        "role": "loss",
        "site_id": SITES["A"].id,
        "product_id": product.id,
        "lot_id": lot,
        "quantity": quantity,
        "cost": 0,
        "currency": "",
        "cost_basis": "unknown",
        "reason": "broken in",
        **more,
    }
    return stated if "kilograms" in stated else {**stated, "kilograms": _mass(stated["quantity"], product)}


def _mass(quantity: object, product: Product) -> Decimal | None:
    return kilograms(Decimal(str(quantity)), product.kg_per_unit)
