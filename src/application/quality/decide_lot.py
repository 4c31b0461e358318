"""Releasing a lot, or rejecting it."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.catalog.ports import Records
from application.quality.ports import LotsUnderDecision
from application.quality.who_may_decide import check_lot
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.signing import Signing, check_second_person, check_signed, signed
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.catalog.site import Site
from domain.production.lot import Disposition
from domain.quality.disposition import Decision, check_decision, reason_faults, signed_decision
from domain.quality.events import LotDecided
from domain.shared.errors import raise_any


@frozen
class DecideLot:
    """Release this lot or reject it, say why, and perhaps sign."""

    lot: UUID
    disposition: Disposition
    reason: str
    signing: Signing | None
    actor: Actor
    at: datetime


@frozen
class DecideLotHandler:
    """Decides about lots; a decision takes effect at once and is never edited."""

    unit_of_work: UnitOfWork
    lots: LotsUnderDecision
    sites: Records[Site]
    ids: Ids

    def __call__(self, command: DecideLot) -> Decision:
        """The decision. `Invalid` without a reason, or without a signature where the site asks for one; `NotFound`;
        `Forbidden`, also for who recorded it where the site asks for somebody else; `Refused` where the lot doesn't
        allow it.
        """
        raise_any(reason_faults(command.reason))
        with self.unit_of_work as work:
            lot = self.lots.for_update(command.lot)
            check_lot(command.actor, Right.DECIDE, lot)
            (site,) = self.sites.find([lot.key.site]).values()
            document = signed_decision(lot, command.disposition, command.reason)
            signature = signed(command.actor, command.signing, command.at, document)
            check_signed([site], signature)
            check_second_person(site, command.actor, lambda: self.lots.recorded_by(lot.id))
            check_decision(lot, command.disposition)
            decision = Decision(
                id=self.ids.new(),
                lot=lot.id,
                before=lot.disposition,
                after=command.disposition,
                reason=command.reason,
                decided_at=command.at,
                decided_by=command.actor.name,
                signature=signature,
            )
            self.lots.decide(decision)
            work.commit(LotDecided(decision, lot.key), by=command.actor, at=command.at)
        return decision
