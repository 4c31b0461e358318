"""What traceability asks of the outside."""

from abc import abstractmethod
from enum import StrEnum
from typing import Protocol

from application.traceability.recall_queries import CustomerInRecall, RecallReport


class Language(StrEnum):
    """The languages that documents are printed in, by ISO 639-1."""

    ENGLISH = "en"
    FRENCH = "fr"


class RecallPrinter(Protocol):
    """Prints recalls, as files; the same report gives the same file.

    `sha256` is that of the report's document (`recall_document`). Any text is printed as it stands, and none is obeyed.
    """

    @abstractmethod
    def report_pdf(
        self, report: RecallReport, sha256: str, picture: bytes | None, language: Language = Language.ENGLISH
    ) -> bytes:
        """The report for people, with the picture of the genealogy (SVG) where there is one, and its data attached.

        Long lists are summed up, which the report says; the workbook has them whole.
        """

    @abstractmethod
    def report_xlsx(self, report: RecallReport, sha256: str, language: Language = Language.ENGLISH) -> bytes:
        """The report as a workbook: every lot and every line."""

    @abstractmethod
    def letter_pdf(
        self, report: RecallReport, customer: CustomerInRecall, language: Language = Language.ENGLISH
    ) -> bytes:
        """The letter to one customer of the report: what to do about which goods, with a form to send back."""
