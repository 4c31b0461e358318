"""What was recorded just now, as it will be read."""

from collections.abc import Mapping
from datetime import UTC
from uuid import UUID

from application.production.queries import MovementRow, OperationReader, OperationRow
from application.production.record_operations import OperationsRecorded
from domain.production.operation import Movement, Operation


def rows_of(recorded: OperationsRecorded, reader: OperationReader) -> tuple[OperationRow, ...]:
    """All operations asked for, in order; only those that were there before have to be read."""
    reversals = {operation.reverses: operation.id for operation in recorded.new if operation.reverses}
    rows: Mapping[UUID, OperationRow] = {o.id: row_of(o, reversals.get(o.id)) for o in recorded.new}
    known = tuple(identity for identity in recorded.ids if identity not in rows)
    if known:
        rows = {**rows, **{row.id: row for row in reader.several(known)}}
    return tuple(rows[identity] for identity in recorded.ids)


def row_of(operation: Operation, reversed_by: UUID | None = None) -> OperationRow:
    """A new operation as the reader gives it."""
    return OperationRow(
        id=operation.id,
        number=operation.number,
        kind=operation.kind,
        occurred_at=operation.occurred_at.astimezone(UTC),
        recorded_at=operation.recorded.at,
        recorded_by=operation.recorded.by,
        campaign=operation.campaign,
        site=operation.site,
        line=operation.line,
        operator=operation.operator,
        partner=operation.partner,
        document=operation.document,
        reason=operation.reason,
        override=operation.override,
        reverses=operation.reverses,
        reversed_by=reversed_by,
        corrects=operation.corrects,
        movements=tuple(_movement_row(movement) for movement in operation.movements),
    )


def _movement_row(movement: Movement) -> MovementRow:
    return MovementRow(
        lot_id=movement.lot_id,
        site=movement.site,
        product=movement.product.code,
        lot=movement.lot.code if movement.lot else None,
        sub_lot=movement.lot.sub_lot if movement.lot else "",
        direction=movement.direction,
        role=movement.role,
        quantity=movement.quantity,
        unit=movement.product.unit.code,
        kilograms=movement.kilograms,
        reason=movement.reason,
    )
