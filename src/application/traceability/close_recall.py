"""Closing a recall with a conclusion."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.signing import signed
from application.shared.unit_of_work import UnitOfWork
from application.traceability.ports import Recalls
from domain.shared.errors import Fault, Invalid
from domain.shared.identity import text_fault
from domain.traceability.events import RecallClosed
from domain.traceability.recall import LogEntry, Recall


@frozen
class CloseRecall:
    """Close this recall, say what it came to, and perhaps sign, given by the meaning of the signature."""

    recall: UUID
    conclusion: str
    signature_meaning: str | None
    actor: Actor
    at: datetime


@frozen
class CloseRecallHandler:
    """Closes recalls. Holds stay until quality lifts them; lots that are made later don't join any more."""

    unit_of_work: UnitOfWork
    recalls: Recalls
    ids: Ids

    def __call__(self, command: CloseRecall) -> Recall:
        """The recall, closed. `NotFound`; `Invalid` without a conclusion; `Refused` where it is closed already."""
        if not command.conclusion.strip():
            raise Invalid(Fault("required", "A recall is closed with a conclusion.", ("conclusion",)))
        if fault := text_fault(command.conclusion, "conclusion"):
            raise Invalid(fault)
        with self.unit_of_work as work:
            before = self.recalls.for_update(command.recall)
            recall = before.closed(command.conclusion, command.at, command.actor.name)
            text = f"Closed: {command.conclusion}"
            if signature := signed(command.actor, command.signature_meaning, command.at):
                text += f" Signed by {signature.name}: {signature.meaning}"
            self.recalls.write_down(LogEntry.note(self.ids.new(), recall.id, text, command.at, command.actor.name))
            self.recalls.save(recall)
            work.commit(RecallClosed(recall.id, command.conclusion))
        return recall
