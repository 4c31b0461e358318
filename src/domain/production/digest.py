"""Hashes of operations as they were recorded, and of lots as they left them, so that anybody can tell a change."""

import hashlib
from collections.abc import Collection
from uuid import UUID

from domain.production.lot import Lot
from domain.production.operation import Movement, Operation
from domain.shared.canonical import Json, moment, sha256_of
from domain.shared.exact import canonical


def operation_digest(operation: Operation) -> str:
    """The SHA-256 of a list in canonical JSON: what the operation says, and each movement as a list of its own.

    What came later of it, its reversal, isn't part of it.
    """
    return sha256_of(
        [
            operation.id.hex,
            operation.kind.value,
            moment(operation.occurred_at),
            operation.site,
            operation.operator,
            operation.campaign,
            operation.line,
            operation.partner,
            operation.document,
            operation.number,
            operation.reason,
            operation.override,
            _id(operation.reverses),
            _id(operation.corrects),
            *map(_line, operation.movements),
        ]
    )


def lot_digest(lot: Lot) -> str:
    """The SHA-256, in lower-case hexadecimal, of what identifies a lot and what was recorded of it, a line each.

    Beside it stand what is on hand and its worth, which follow from the movements, and what quality decided.
    """
    lines = (
        *lot.key,
        lot.parent,
        lot.made_by,
        lot.made_on,
        lot.best_before,
        lot.supplier_lot,
        lot.campaign,
        lot.cost.currency,
        lot.cost.basis.value,
    )
    return hashlib.sha256("\n".join("" if line is None else str(line) for line in lines).encode()).hexdigest()


def lots_digest(lots: Collection[UUID]) -> str:
    """The SHA-256, in lower-case hexadecimal, of which lots these are: their ids in their order, a line each."""
    return hashlib.sha256("\n".join(map(str, sorted(lots))).encode()).hexdigest()


def _id(named: UUID | None) -> str | None:
    return None if named is None else named.hex


def _line(movement: Movement) -> list[Json]:
    return [
        movement.position,
        movement.direction.value,
        movement.role.value,
        movement.site,
        movement.product.code,
        _id(movement.lot_id),
        canonical(movement.quantity),
        None if movement.kilograms is None else canonical(movement.kilograms),
        canonical(movement.cost.amount),
        movement.cost.currency,
        movement.cost.basis.value,
        movement.reason,
    ]
