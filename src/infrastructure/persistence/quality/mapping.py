"""Rows of quality to the domain and back."""

from domain.production.lot import Disposition
from domain.quality.disposition import Decision
from domain.quality.holds import HeldLot, Hold, Lifting
from infrastructure.persistence.quality import models
from infrastructure.persistence.shared.signatures import signature_of


def decision_of(row: models.Decision) -> Decision:
    """The decision of a row."""
    return Decision(
        id=row.id,
        lot=row.lot_id,
        before=Disposition(row.before),
        after=Disposition(row.after),
        reason=row.reason,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        signature=signature_of(row),
    )


def held_lot_of(row: models.HeldLot) -> HeldLot:
    """The held lot of a row that comes with its hold and its lifting."""
    hold = Hold(
        id=row.hold.id,
        reason=row.hold.reason,
        scope=row.hold.scope,
        placed_at=row.hold.placed_at,
        placed_by=row.hold.placed_by,
        recall=row.hold.recall,
        signature=signature_of(row.hold),
    )
    return HeldLot(hold, row.lot_id, _lifting_of(getattr(row, "lifting", None)))


def _lifting_of(row: models.LiftedHold | None) -> Lifting | None:
    return Lifting(row.reason, row.lifted_at, row.lifted_by, signature_of(row)) if row else None
