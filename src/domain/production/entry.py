"""What somebody states that happened, by the plant's own codes, before the ledger takes it."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from attrs import frozen

from domain.production.lot import LotKey
from domain.shared.exact import canonical
from domain.shared.money import Money


class Kind(StrEnum):
    """What an operation does."""

    RECEIPT = "receipt"
    PRODUCTION = "production"
    SPLIT = "split"
    MERGE = "merge"
    REWORK = "rework"
    TRANSFER = "transfer"
    LOSS = "loss"
    SAMPLE = "sample"
    SHIPMENT = "shipment"
    RETURN = "return"
    COUNT = "count"
    REVERSAL = "reversal"


TRANSFORMING = frozenset({Kind.PRODUCTION, Kind.SPLIT, Kind.MERGE, Kind.REWORK})
"""The kinds that turn lots into lots, and may leave a residual."""

LINKING = TRANSFORMING | {Kind.TRANSFER}
"""The kinds that link every lot that goes in with every lot that comes out."""


CONSUMING = frozenset({Kind.PRODUCTION, Kind.SPLIT, Kind.MERGE, Kind.TRANSFER})
"""Kinds that use a lot on hold or rejected only with an override. Rework and destruction, samples and counts may."""


class Direction(StrEnum):
    """In: from the lot into the operation. Out: from the operation into the lot."""

    IN = "in"
    OUT = "out"

    @property
    def mirrored(self) -> "Direction":
        """The other one."""
        return Direction.OUT if self is Direction.IN else Direction.IN


class Role(StrEnum):
    """The part that a movement plays in its operation."""

    MAIN = "main"
    CO_PRODUCT = "co_product"
    BY_PRODUCT = "by_product"
    INPUT = "input"
    LOSS = "loss"
    SAMPLE = "sample"
    SHIPPED = "shipped"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    ADJUSTMENT = "adjustment"


@frozen
class MovementEntry:
    """One line of what is stated: so much of a product, into or out of a lot (or of no lot, for what was lost).

    `supplier_lot`, `made_on` and `best_before` are of a lot that this line makes. `unit_cost` is what a receipt paid.
    `sub_lot` is the label of a part of the lot; empty where the whole lot is meant.
    """

    site: str
    product: str
    lot: str | None
    direction: Direction
    role: Role
    quantity: Decimal
    unit: str
    reason: str = ""
    supplier_lot: str = ""
    made_on: date | None = None
    best_before: date | None = None
    unit_cost: Money | None = None
    sub_lot: str = ""

    @property
    def lot_key(self) -> LotKey | None:
        """Which lot it moves; None where it names none."""
        return LotKey(self.site, self.product, self.lot, self.sub_lot) if self.lot else None


@frozen
class OperationEntry:
    """An operation as somebody states it.

    `id` is the caller's own or derived from the log's `number`; `occurred_at` has an offset; `reverses` names the
    operation that a reversal takes back; `reason` is why (of a reversal or a correction). `override` says why lots on
    hold or rejected are used all the same.
    """

    id: UUID
    kind: Kind
    occurred_at: datetime
    site: str
    operator: str
    movements: tuple[MovementEntry, ...]
    campaign: str | None = None
    line: str | None = None
    partner: str | None = None
    document: str = ""
    number: str | None = None
    reverses: UUID | None = None
    reason: str = ""
    override: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of what is stated: two entries with the same id and fingerprint are the same, told twice."""
        # What came later is hashed only where it is stated, so that what was recorded before keeps its hash.
        stated = [
            self.kind,
            self.occurred_at.astimezone(UTC).isoformat(),
            self.site,
            self.operator,
            self.campaign,
            self.line,
            self.partner,
            self.document,
            self.reverses and str(self.reverses),
            self.reason,
            [_stated(movement) for movement in self.movements],
            *([self.override] if self.override else []),
        ]
        return hashlib.sha256(json.dumps(stated).encode()).hexdigest()


def _stated(movement: MovementEntry) -> list[str | None]:
    part = [movement.sub_lot] if movement.sub_lot else []
    return [
        movement.site,
        movement.product,
        movement.lot,
        movement.direction,
        movement.role,
        canonical(movement.quantity),
        movement.unit,
        movement.reason,
        movement.supplier_lot,
        movement.made_on.isoformat() if movement.made_on else None,
        movement.best_before.isoformat() if movement.best_before else None,
        str(movement.unit_cost) if movement.unit_cost else None,
        *part,
    ]
