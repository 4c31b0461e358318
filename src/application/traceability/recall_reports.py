"""Reports of recalls to read: live ones, worked out now, and the stored ones of closed recalls."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.traceability.recall_document import recall_document, report_in
from application.traceability.recall_queries import RecallReader, RecallReport
from domain.access.rights import Sight
from domain.shared.canonical import Json, sha256_of
from domain.traceability.recall import RecallState


@frozen
class ShownReport:
    """A report with the document that it stands for and the document's hash; `picture` only of a stored one."""

    report: RecallReport
    document: Mapping[str, Json]
    sha256: str
    picture: bytes | None = None

    @property
    def final(self) -> bool:
        """Whether it is the one that the recall was closed with, which never changes."""
        return self.picture is not None


@frozen
class RecallReports:
    """Answers with the report as it is now, until the recall is closed; then for ever with the one that was stored."""

    recalls: RecallReader

    def of(self, recall: UUID, sight: Sight, at: datetime) -> ShownReport:
        """The report of this recall, of the moment that it is read or was closed. `NotFound`."""
        if self.recalls.get(recall, sight).state is RecallState.CLOSED:
            stored = self.recalls.stored_report(recall)
            report = report_in(stored.document, stored.closed_at)
            return ShownReport(report, stored.document, stored.sha256, stored.picture)
        report = self.recalls.report(recall, at)
        document = recall_document(report)
        return ShownReport(report, document, sha256_of(document))
