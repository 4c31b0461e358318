"""The hash of an operation as it was recorded, by which anybody can tell that it is still the same."""

from domain.production.operation import Movement, Operation
from domain.shared.canonical import Json, moment, sha256_of
from domain.shared.exact import canonical


def operation_digest(operation: Operation) -> str:
    """The SHA-256 of the operation's canonical JSON: what it says and what it moved, but not what came later of it."""
    return sha256_of(
        {
            "id": str(operation.id),
            "kind": operation.kind.value,
            "occurred_at": moment(operation.occurred_at),
            "site": operation.site,
            "operator": operation.operator,
            "campaign": operation.campaign,
            "line": operation.line,
            "partner": operation.partner,
            "document": operation.document,
            "number": operation.number,
            "reason": operation.reason,
            "override": operation.override,
            "reverses": _id(operation.reverses),
            "corrects": _id(operation.corrects),
            "movements": [_line(movement) for movement in operation.movements],
        }
    )


def _id(named: object) -> str | None:
    return None if named is None else str(named)


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
