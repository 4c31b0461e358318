"""Lifting a hold from a lot."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.catalog.ports import Records
from application.quality.ports import Holds, LotsUnderDecision
from application.quality.who_may_decide import check_lot
from application.shared.actor import Actor
from application.shared.signing import Signing, check_signed, signed
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.catalog.site import Site
from domain.quality.disposition import reason_faults
from domain.quality.events import HoldLifted
from domain.quality.holds import HeldLot, Lifting, hold_to_lift
from domain.shared.errors import raise_any


@frozen
class LiftHold:
    """Lift this hold from the lot, or without one the latest that belongs to no recall, and say why."""

    lot: UUID
    reason: str
    signing: Signing | None
    actor: Actor
    at: datetime
    hold: UUID | None = None


@frozen
class LiftHoldHandler:
    """Lifts holds. What was decided about the lot takes effect again once none stands."""

    unit_of_work: UnitOfWork
    lots: LotsUnderDecision
    sites: Records[Site]
    holds: Holds

    def __call__(self, command: LiftHold) -> HeldLot:
        """What was lifted. `Invalid` for no reason, no signature where the site asks for one, or a hold of other lots;
        `NotFound`; `Refused` if none stands.
        """
        raise_any(reason_faults(command.reason))
        with self.unit_of_work as work:
            lot = self.lots.for_update(command.lot)
            check_lot(command.actor, Right.DECIDE, lot)
            (site,) = self.sites.find([lot.key.site]).values()
            held = hold_to_lift(lot, self.holds.of_lot(lot.id), command.hold)
            document = {"act": "lift", "hold": str(held.hold.id), "lot": str(lot.id), "reason": command.reason}
            signature = signed(command.actor, command.signing, command.at, document)
            check_signed([site], signature)
            lifting = Lifting(command.reason, command.at, command.actor.name, signature)
            self.holds.lift(held, lifting)
            work.commit(HoldLifted(held.hold, lot.id, lot.key, lifting), by=command.actor, at=command.at)
        return held
