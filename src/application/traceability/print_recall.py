"""Printing a recall: its report as pages or as a workbook, and a letter to each customer."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.shared.errors import NotFound
from application.traceability.ports import Language, RecallPrinter
from application.traceability.queries import LotsOrigin
from application.traceability.recall_document import recall_document
from application.traceability.recall_queries import RecallReader, RecallReport
from application.traceability.trace_lots import TraceLots
from domain.shared.canonical import sha256_of
from domain.traceability.genealogy import Direction


@frozen
class PrintRecall:
    """Print this recall as it is now."""

    recall: UUID
    language: Language
    at: datetime


@frozen
class PrintRecallHandler:
    """Prints recalls; what is printed has the hash of its data on it."""

    recalls: RecallReader
    draw_genealogy: Callable[[TraceLots], bytes]
    printer: RecallPrinter

    def pages(self, query: PrintRecall) -> bytes:
        """The report as PDF, with a picture of where the suspects went. `NotFound`."""
        report = self.recalls.report(query.recall, query.at)
        return self.printer.report_pdf(report, _sha256(report), self._picture(report), query.language)

    def workbook(self, query: PrintRecall) -> bytes:
        """The report as XLSX. `NotFound`."""
        report = self.recalls.report(query.recall, query.at)
        return self.printer.report_xlsx(report, _sha256(report), query.language)

    def letter(self, query: PrintRecall, partner: str) -> bytes:
        """The letter to a customer as PDF. `NotFound`, also for whoever got nothing that is recalled."""
        report = self.recalls.report(query.recall, query.at)
        for customer in report.customers:
            if customer.partner == partner:
                return self.printer.letter_pdf(report, customer, query.language)
        raise NotFound("customer in this recall with the code", partner)

    def _picture(self, report: RecallReport) -> bytes:
        suspects = frozenset(lot.id for lot in report.lots if lot.depth == 0)
        return self.draw_genealogy(TraceLots(LotsOrigin(suspects), (Direction.FORWARD,)))


def _sha256(report: RecallReport) -> str:
    return sha256_of(recall_document(report))
