"""Printing a recall: its report as pages or as a workbook, and a letter to each customer."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.shared.errors import NotFound
from application.shared.language import Language
from application.traceability.ports import RecallPrinter
from application.traceability.recall_queries import RecallReport
from application.traceability.recall_reports import RecallReports
from application.traceability.trace_lots import TraceLots
from domain.access.rights import EVERYWHERE, Sight
from domain.traceability.genealogy import Direction
from domain.traceability.origin import LotsOrigin


@frozen
class PrintRecall:
    """Print this recall: as it is now or, once it is closed, as it was then."""

    recall: UUID
    sight: Sight
    language: Language
    at: datetime


@frozen
class PrintedRecall:
    """A file, with the hash of the data that it was printed from; the data of a `final` one never change."""

    content: bytes
    sha256: str
    final: bool


@frozen
class PrintRecallHandler:
    """Prints recalls; what is printed has the hash of its data on it."""

    reports: RecallReports
    draw_genealogy: Callable[[TraceLots], bytes]
    printer: RecallPrinter

    def pages(self, query: PrintRecall) -> PrintedRecall:
        """The report as PDF, with a picture of where the suspects went. `NotFound`."""
        shown = self.reports.of(query.recall, query.sight, query.at)
        picture = shown.picture or picture_of(shown.report, self.draw_genealogy)
        content = self.printer.report_pdf(shown.report, shown.sha256, picture, query.language)
        return PrintedRecall(content, shown.sha256, shown.final)

    def workbook(self, query: PrintRecall) -> PrintedRecall:
        """The report as XLSX. `NotFound`."""
        shown = self.reports.of(query.recall, query.sight, query.at)
        content = self.printer.report_xlsx(shown.report, shown.sha256, query.language)
        return PrintedRecall(content, shown.sha256, shown.final)

    def letter(self, query: PrintRecall, partner: str) -> PrintedRecall:
        """The letter to a customer as PDF. `NotFound`, also for whoever got nothing that is recalled."""
        shown = self.reports.of(query.recall, query.sight, query.at)
        for customer in shown.report.customers:
            if customer.partner == partner:
                content = self.printer.letter_pdf(shown.report, customer, query.language)
                return PrintedRecall(content, shown.sha256, shown.final)
        raise NotFound("customer in this recall with the code", partner)


def picture_of(report: RecallReport, draw_genealogy: Callable[[TraceLots], bytes]) -> bytes:
    """The picture of where the suspects went."""
    suspects = frozenset(lot.id for lot in report.lots if lot.depth == 0)
    return draw_genealogy(TraceLots(LotsOrigin(suspects), (Direction.FORWARD,), EVERYWHERE))
