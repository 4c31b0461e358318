"""Signing the opening of a recall that was opened without a signature."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.catalog.ports import Records
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.signing import Signing, check_signed, signed
from application.shared.unit_of_work import UnitOfWork
from application.traceability.open_recall import opening_document
from application.traceability.ports import Recalls
from application.traceability.who_may_recall import check_recall
from domain.catalog.site import Site
from domain.shared.errors import Fault, Invalid
from domain.traceability.events import RecallLogged, RecallSigned
from domain.traceability.recall import LogEntry, Recall


@frozen
class SignRecall:
    """Put this signature under the opening of this recall."""

    recall: UUID
    signing: Signing
    actor: Actor
    at: datetime


@frozen
class SignRecallHandler:
    """Signs recalls: the same document, by the same rules, as if it had been signed on opening."""

    unit_of_work: UnitOfWork
    recalls: Recalls
    sites: Records[Site]
    ids: Ids

    def __call__(self, command: SignRecall) -> Recall:
        """The recall, signed. `NotFound`, `Forbidden`; `Invalid` for a signature that isn't as a site asks for it;
        `Refused` where the recall is signed already, or closed.
        """
        with self.unit_of_work as work:
            check_recall(command.actor, self.recalls, command.recall)
            before = self.recalls.for_update(command.recall)
            signature = signed(command.actor, command.signing, command.at, opening_document(before))
            check_signed(self.sites.find(self.recalls.sites_of(before.id).suspects).values(), signature)
            if signature is None:
                raise Invalid(Fault("required", "A signature says what it means.", ("signature", "meaning")))
            recall = before.signed(signature)
            self.recalls.save(recall)
            text = f"Opening signed by {signature.name}: {signature.meaning}"
            note = LogEntry.note(self.ids.new(), recall.id, text, command.at, command.actor.name)
            self.recalls.write_down(note)
            happened = RecallLogged(recall.code, note), RecallSigned(before, recall)
            work.commit(*happened, by=command.actor, at=command.at)
        return recall
