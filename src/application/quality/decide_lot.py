"""Releasing a lot, or rejecting it."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.quality.ports import LotsUnderDecision
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.unit_of_work import UnitOfWork
from domain.production.lot import Disposition
from domain.quality.disposition import Decision, check_decision
from domain.quality.events import LotDecided


@frozen
class DecideLot:
    """Give the lot this disposition, released or rejected, and say why."""

    lot: UUID
    disposition: Disposition
    reason: str
    actor: Actor
    at: datetime


@frozen
class DecideLotHandler:
    """Decides about lots; a decision takes effect at once and is never edited."""

    unit_of_work: UnitOfWork
    lots: LotsUnderDecision
    ids: Ids

    def __call__(self, command: DecideLot) -> Decision:
        """The decision. `Invalid` without a reason, `NotFound`, `Refused` where the lot doesn't allow it."""
        with self.unit_of_work as work:
            lot = self.lots.for_update(command.lot)
            check_decision(lot, command.disposition, command.reason)
            decision = Decision(
                id=self.ids.new(),
                lot=lot.id,
                before=lot.disposition,
                after=command.disposition,
                reason=command.reason,
                decided_at=command.at,
                decided_by=command.actor.name,
            )
            self.lots.decide(decision)
            work.commit(LotDecided(lot.id, command.disposition, command.reason))
        return decision
