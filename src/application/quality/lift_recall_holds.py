"""Lifting all the holds of a recall at once."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.catalog.ports import Records
from application.quality.ports import Holds
from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.permissions import require_somewhere, require_where_seen
from application.shared.signing import Signing, check_signed, signed
from application.shared.unit_of_work import UnitOfWork
from domain.access.rights import Right
from domain.catalog.site import Site
from domain.quality.disposition import reason_faults
from domain.quality.events import RecallHoldsLifted
from domain.quality.holds import Lifting, RecallLifting
from domain.shared.errors import raise_any


@frozen
class LiftRecallHolds:
    """Lift every hold of this recall from every lot that it stands on, and say why."""

    recall: UUID
    reason: str
    signing: Signing | None
    actor: Actor
    at: datetime


@frozen
class LiftRecallHoldsHandler:
    """Lifts the holds of recalls, open or closed. Holds of anything else stay where they are."""

    unit_of_work: UnitOfWork
    sites: Records[Site]
    holds: Holds

    def __call__(self, command: LiftRecallHolds) -> RecallLifting:
        """From how many lots. `Invalid` for no reason, or no signature where one of the lots' sites asks for one;
        `Forbidden` unless the actor may at all of them; `Refused` if none stands.
        """
        raise_any(reason_faults(command.reason))
        require_somewhere(command.actor, Right.DECIDE)
        with self.unit_of_work as work:
            held = self.holds.of_recall(command.recall)
            if held.ever_at:
                missing = NotFound("recall", command.recall)
                require_where_seen(command.actor, Right.DECIDE, held.sites, missing, seen_at=held.ever_at)
            held.check()
            document = {"act": "lift", "recall": str(command.recall), "lots": str(held.lots), "reason": command.reason}
            signature = signed(command.actor, command.signing, command.at, document)
            check_signed(self.sites.find(held.sites).values(), signature)
            lifting = Lifting(command.reason, command.at, command.actor.name, signature)
            lifted = self.holds.lift_recall(command.recall, lifting)
            done = RecallHoldsLifted(command.recall, lifted.lots, lifted.still_held, lifting)
            work.commit(done, by=command.actor, at=command.at)
        return lifted
