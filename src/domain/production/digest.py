"""The hash of an operation as it was recorded, by which anybody can tell that it is still the same."""

from uuid import UUID

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
