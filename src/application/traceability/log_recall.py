"""Writing down what was done in a recall."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from attrs import frozen

from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.unit_of_work import UnitOfWork
from application.traceability.ports import Recalls
from application.traceability.who_may_recall import check_recall
from domain.shared.errors import Fault, Invalid, raise_any
from domain.traceability.events import RecallLogged
from domain.traceability.recall import LogEntry, Step, faults_in_entry


@frozen
class LogRecall:
    """Write down what a customer was told or did, or a note. `happened_at` is when; unless stated, now."""

    recall: UUID
    step: Step
    partner: str | None
    kilograms: Decimal | None
    text: str
    actor: Actor
    at: datetime
    happened_at: datetime | None = None


@frozen
class LogRecallHandler:
    """Adds to the log of an open recall; what stands there is never changed."""

    unit_of_work: UnitOfWork
    recalls: Recalls
    ids: Ids

    def __call__(self, command: LogRecall) -> LogEntry:
        """The entry. `NotFound`, `Forbidden`, `Invalid`; `Refused` once the recall is closed."""
        entry = LogEntry(
            id=self.ids.new(),
            recall=command.recall,
            step=command.step,
            at=(command.happened_at or command.at).astimezone(UTC),
            by=command.actor.name,
            partner=command.partner,
            kilograms=command.kilograms,
            text=command.text,
            recorded_at=command.at.astimezone(UTC),
        )
        with self.unit_of_work as work:
            recall = self.recalls.for_update(command.recall)
            check_recall(command.actor, self.recalls, recall.id)
            raise_any(faults_in_entry(entry, recall))
            recall.check_open()
            if entry.partner and not self.recalls.supplied(recall.id, entry.partner):
                detail = f"{entry.partner} was sent no lot of the recall."
                raise Invalid(Fault("not_a_customer", detail, ("partner",)))
            self.recalls.write_down(entry)
            work.commit(RecallLogged(recall, entry), by=command.actor, at=command.at)
        return entry
