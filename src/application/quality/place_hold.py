"""Putting a lot on hold."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.quality.ports import Holds, LotsUnderDecision
from application.quality.who_may_decide import check_lot
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.signing import Signing, signed
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.quality.disposition import reason_faults
from domain.quality.events import LotsHeld
from domain.quality.holds import Hold
from domain.shared.errors import raise_any


@frozen
class PlaceHold:
    """Put this lot on hold, say why, and perhaps sign."""

    lot: UUID
    reason: str
    signing: Signing | None
    actor: Actor
    at: datetime


@frozen
class PlaceHoldHandler:
    """Places holds. A lot may have several, and is free again when the last is lifted."""

    unit_of_work: UnitOfWork
    lots: LotsUnderDecision
    holds: Holds
    ids: Ids

    def __call__(self, command: PlaceHold) -> Hold:
        """The hold. `Invalid` without a reason, `NotFound`."""
        raise_any(reason_faults(command.reason))
        with self.unit_of_work as work:
            lot = self.lots.for_update(command.lot)
            check_lot(command.actor, Right.HOLD, lot)
            document = {"act": "hold", "lot": str(lot.id), "key": str(lot.key), "reason": command.reason}
            hold = Hold(
                id=self.ids.new(),
                reason=command.reason,
                scope=f"Lot {lot.key}",
                placed_at=command.at,
                placed_by=command.actor.name,
                signature=signed(command.actor, command.signing, command.at, document),
            )
            placed = self.holds.place(hold, [lot.id])
            work.commit(LotsHeld(hold, placed), by=command.actor, at=command.at)
        return hold
