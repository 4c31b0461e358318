"""Closing a recall with a conclusion, and with its report."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.catalog.ports import Records
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.signing import Signing, signed
from application.shared.unit_of_work import UnitOfWork
from application.traceability.ports import Recalls
from application.traceability.print_recall import picture_of
from application.traceability.recall_document import recall_document
from application.traceability.recall_queries import RecallReader, StoredReport
from application.traceability.trace_lots import TraceLots
from application.traceability.who_may_recall import check_recall
from domain.catalog.site import Site
from domain.shared.canonical import sha256_of
from domain.shared.errors import Fault, raise_any
from domain.shared.identity import text_fault
from domain.traceability.events import RecallClosed, RecallLogged
from domain.traceability.recall import LogEntry, Recall


@frozen
class CloseRecall:
    """Close this recall, say what it came to, and perhaps sign."""

    recall: UUID
    conclusion: str
    signing: Signing | None
    actor: Actor
    at: datetime


@frozen
class CloseRecallHandler:
    """Closes recalls. Holds stay until quality lifts them; lots that are made later don't join any more.

    The report is stored as it is then. While it is read nothing is recorded in the recall's lots.
    """

    unit_of_work: UnitOfWork
    recalls: Recalls
    sites: Records[Site]
    reader: RecallReader
    draw_genealogy: Callable[[TraceLots], bytes]
    ids: Ids

    def __call__(self, command: CloseRecall) -> Recall:
        """The recall, closed. `NotFound`, `Forbidden`; `Invalid` without a conclusion; `Refused` once it is closed, or
        while its opening isn't signed.
        """
        conclusion_faults = tuple(_faults_in(command.conclusion))
        with self.unit_of_work as work:
            check_recall(command.actor, self.recalls, command.recall)
            before = self._stopped(command.recall)
            before.check_open()
            document = {"act": "close recall", "recall": str(before.id), "conclusion": command.conclusion}
            signature = signed(command.actor, command.signing, command.at, document)
            sites = self.sites.find(self.recalls.sites_of(before.id).suspects).values()
            unsigned = (fault for site in sites for fault in site.signature_faults(signature))
            raise_any((*conclusion_faults, *unsigned, *before.closing_faults()))
            recall = before.closed(command.conclusion, command.at, command.actor.name, signature)
            text = f"Closed: {command.conclusion}"
            note = LogEntry.note(self.ids.new(), recall.id, text, command.at, command.actor.name)
            self.recalls.write_down(note)
            self.recalls.save(recall)
            stored = self._report(recall, command.at)
            self.recalls.store_report(stored)
            happened = RecallLogged(recall.code, note), RecallClosed(recall, stored.sha256, stored.picture_sha256)
            work.commit(*happened, by=command.actor, at=command.at)
        return recall

    def _stopped(self, recall: UUID) -> Recall:
        """The recall, with nothing going on in it."""
        # Lots first, as whoever records takes them; then those that joined before the recall was ours.
        self.recalls.keep_still(recall)
        before = self.recalls.for_update(recall)
        self.recalls.keep_still(recall)
        return before

    def _report(self, recall: Recall, at: datetime) -> StoredReport:
        report = self.reader.report(recall.id, at)
        document = recall_document(report)
        picture = picture_of(report, self.draw_genealogy)
        return StoredReport(recall.id, document, sha256_of(document), at, picture)


def _faults_in(conclusion: str) -> Iterator[Fault]:
    if not conclusion.strip():
        yield Fault("required", "A recall is closed with a conclusion.", ("conclusion",))
    elif fault := text_fault(conclusion, "conclusion"):
        yield fault
