"""Rows of production to the domain and back."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.catalog.product import Product
from domain.production.campaign import Band, Campaign, CampaignState
from domain.production.closing import StoredBalance
from domain.production.entry import Direction, Kind, Role
from domain.production.lot import Disposition, Lot, LotKey
from domain.production.operation import Movement, Operation, Stamp
from domain.production.references import References
from domain.production.valuation import Cost, CostBasis
from domain.shared.quantity import Quantity, Unit
from infrastructure.persistence.catalog.mapping import ProductRow, product_of
from infrastructure.persistence.production import models


def campaign_of(row: models.Campaign) -> Campaign:
    """The campaign of a row that comes with its relations."""
    return campaign_with(row, row.site.code, row.line.code if row.line else None, product_of(row.product))


class CampaignRow(NamedTuple):
    """The columns of a campaign, for statements that read them without the ORM."""

    id: UUID
    code: str
    name: str
    planned_from: date | None
    planned_to: date | None
    target: Decimal | None
    target_unit: str
    accountability_min: Decimal
    accountability_max: Decimal
    state: str
    closings: int
    version: int


def campaign_with(row: models.Campaign | CampaignRow, site: str, line: str | None, product: Product) -> Campaign:
    """The campaign of a row, and of what it refers to."""
    return Campaign(
        id=row.id,
        code=row.code,
        name=row.name,
        site=site,
        product=product,
        line=line,
        planned_from=row.planned_from,
        planned_to=row.planned_to,
        target=None if row.target is None else Quantity(row.target, Unit.of(row.target_unit)),
        band=Band(row.accountability_min, row.accountability_max),
        state=CampaignState(row.state),
        closings=row.closings,
        version=row.version,
    )


CAMPAIGN = (
    "site__code",
    "line__code",
    *CampaignRow._fields,
    *(f"product__{name}" for name in ProductRow._fields),
)
"""The columns of a campaign and of what it refers to."""


def campaign_in(columns: Sequence[Any]) -> Campaign:
    """The campaign in columns that are named by `CAMPAIGN`."""
    site, line, *others = columns
    width = len(CampaignRow._fields)
    return campaign_with(CampaignRow(*others[:width]), site, line, product_of(ProductRow(*others[width:])))


def stored_balance_of(row: models.CampaignBalance) -> StoredBalance:
    """The stored balance of a row."""
    return StoredBalance(row.campaign_id, row.version, json.loads(row.document), row.sha256, row.closed_at)


def cost_of(amount: Decimal, currency: str, basis: str) -> Cost:
    """The cost in three columns."""
    return Cost(amount, currency or None, CostBasis(basis))


def operation_of(row: Sequence[Any], movements: Sequence[Movement]) -> Operation:
    """The operation in a row, with codes for what it refers to, and its movements."""
    operation, kind, occurred_at, at, by, *facts, reversed_by = row
    site, operator, campaign, line, partner, document, number, reason, override, reverses, corrects, fingerprint = facts
    return Operation(
        id=operation,
        kind=Kind(kind),
        occurred_at=occurred_at,
        recorded=Stamp(at, by),
        site=site,
        operator=operator,
        campaign=campaign,
        line=line,
        partner=partner,
        document=document,
        number=number,
        reason=reason,
        override=override,
        reverses=reverses,
        corrects=corrects,
        fingerprint=fingerprint,
        movements=tuple(movements),
        reversed_by=reversed_by,
    )


def movement_of(product: Product, row: Sequence[Any]) -> Movement:
    """The movement in a row, with codes for what it refers to."""
    position, direction, role, site, lot, sub_lot, lot_id, quantity, kilograms, cost, currency, basis, reason = row
    return Movement(
        position=position,
        direction=Direction(direction),
        role=Role(role),
        site=site,
        product=product,
        lot=None if lot is None else LotKey(site, product.code, lot, sub_lot),
        lot_id=lot_id,
        quantity=quantity,
        kilograms=kilograms,
        cost=cost_of(cost, currency, basis),
        reason=reason,
    )


def lot_of(product: Product, row: Sequence[Any]) -> Lot:
    """The lot in a row: id, site, code, and what `Lot` has beyond them."""
    lot_id, site, code, sub_lot, decided, holds, on_hand, value, currency, cost_basis, *particulars = row
    made_by, made_on, best_before, supplier_lot, campaign, parent = particulars
    return Lot(
        id=lot_id,
        key=LotKey(site, product.code, code, sub_lot),
        product=product,
        decided=Disposition(decided),
        holds=holds,
        on_hand=on_hand,
        cost=cost_of(value, currency, cost_basis),
        made_by=made_by,
        made_on=made_on,
        best_before=best_before,
        supplier_lot=supplier_lot,
        campaign=campaign,
        parent=parent,
    )


def lot_of_row(row: models.Lot) -> Lot:
    """The lot of a row that comes with its site and product."""
    head = (row.id, row.site.code, row.code, row.sub_lot, row.decided, row.holds, row.on_hand, row.value)
    particulars = (row.made_by_id, row.made_on, row.best_before, row.supplier_lot, row.campaign_id, row.parent_id)
    return lot_of(product_of(row.product), (*head, row.currency, row.cost_basis, *particulars))


OPERATION_COLUMNS = (
    "id",
    "kind",
    "occurred_at",
    "recorded_at",
    "recorded_by",
    "site_id",
    "operator_id",
    "campaign_id",
    "line_id",
    "partner_id",
    "document",
    "number",
    "reason",
    "override",
    "reverses_id",
    "corrects_id",
    "fingerprint",
)


def operation_row(operation: Operation, references: References) -> tuple[Any, ...]:
    """The operation in the order of `OPERATION_COLUMNS`."""
    return (
        operation.id,
        operation.kind.value,
        operation.occurred_at,
        operation.recorded.at,
        operation.recorded.by,
        references.sites[operation.site].id,
        references.operators[operation.operator],
        references.campaigns[operation.campaign].id if operation.campaign else None,
        references.lines[operation.site, operation.line] if operation.line else None,
        references.partners[operation.partner] if operation.partner else None,
        operation.document,
        operation.number,
        operation.reason,
        operation.override,
        operation.reverses,
        operation.corrects,
        operation.fingerprint,
    )


LOT_COLUMNS = (
    "id",
    "site_id",
    "product_id",
    "code",
    "sub_lot",
    "parent_id",
    "decided",
    "on_hand",
    "value",
    "currency",
    "cost_basis",
    "made_by_id",
    "made_on",
    "best_before",
    "supplier_lot",
    "campaign_id",
    "version",
    "created_at",
    "updated_at",
)


def lot_row(lot: Lot, references: References, at: datetime) -> tuple[Any, ...]:
    """A new lot in the order of `LOT_COLUMNS`, empty: its movements fill it."""
    return (
        lot.id,
        references.sites[lot.key.site].id,
        lot.product.id,
        lot.key.code,
        lot.key.sub_lot,
        lot.parent,
        lot.decided.value,
        0,
        0,
        lot.cost.currency or "",
        lot.cost.basis.value,
        lot.made_by,
        lot.made_on,
        lot.best_before,
        lot.supplier_lot,
        lot.campaign,
        1,
        at,
        at,
    )


MOVEMENT_COLUMNS = (
    "operation_id",
    "position",
    "direction",
    "role",
    "site_id",
    "product_id",
    "lot_id",
    "quantity",
    "kilograms",
    "cost",
    "currency",
    "cost_basis",
    "reason",
)


def movement_rows(operation: Operation, references: References) -> Iterator[tuple[Any, ...]]:
    """The operation's movements in the order of `MOVEMENT_COLUMNS`."""
    for movement in operation.movements:
        cost = movement.cost
        yield (
            operation.id,
            movement.position,
            movement.direction.value,
            movement.role.value,
            references.sites[movement.site].id,
            movement.product.id,
            movement.lot_id,
            movement.quantity,
            movement.kilograms,
            cost.amount,
            cost.currency or "",
            cost.basis.value,
            movement.reason,
        )


def revised_lot_row(lot: Lot) -> tuple[Any, ...]:
    """What may change about a lot, after its id."""
    return (
        lot.id,
        lot.decided.value,
        lot.cost.currency or "",
        lot.cost.basis.value,
        lot.made_by,
        lot.made_on,
        lot.best_before,
        lot.supplier_lot,
        lot.campaign,
    )
