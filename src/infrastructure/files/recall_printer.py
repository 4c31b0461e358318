"""Prints recalls: pages by Typst, a workbook by XlsxWriter."""

import json
from collections.abc import Mapping
from pathlib import Path

import typst
from attrs import frozen
from typing_extensions import override

from application.shared.language import Language
from application.traceability.ports import RecallPrinter
from application.traceability.recall_document import recall_document
from application.traceability.recall_queries import CustomerInRecall, RecallReport
from domain.shared.canonical import Json, canonical_json
from infrastructure.files.recall_pages import Pages
from infrastructure.files.recall_workbook import recall_workbook
from infrastructure.files.writing import printable

TEMPLATES = Path(__file__).parent / "templates"
DATA_FILE = "recall-data.json"


@frozen
class FileRecallPrinter(RecallPrinter):
    """Prints for a house: its name and address as they head a letter, on several lines; without, sites head it."""

    house: str = ""

    @override
    def report_pdf(
        self, report: RecallReport, sha256: str, picture: bytes | None, language: Language = Language.ENGLISH
    ) -> bytes:
        pages = Pages(report, language).of_report(sha256, DATA_FILE)
        inputs = {"data": canonical_json(recall_document(report)).decode()}
        if picture is not None:
            inputs["picture"] = picture.decode()
        return _compiled("recall_report.typ", report, pages, inputs)

    @override
    def report_xlsx(self, report: RecallReport, sha256: str, language: Language = Language.ENGLISH) -> bytes:
        return recall_workbook(report, sha256, language)

    @override
    def letter_pdf(
        self, report: RecallReport, customer: CustomerInRecall, language: Language = Language.ENGLISH
    ) -> bytes:
        return _compiled("recall_letter.typ", report, Pages(report, language).of_letter(customer, self.house), {})


def _compiled(template: str, report: RecallReport, pages: Json, inputs: dict[str, str]) -> bytes:
    """The PDF. What is printed goes in as JSON, so that no text of it is ever read as markup."""
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        format="pdf",
        sys_inputs={"pages": json.dumps(_printable(pages)), **inputs},
        timestamp=int(report.at.timestamp()),
    )


def _printable(pages: Json) -> Json:
    if isinstance(pages, str):
        return printable(pages)
    if isinstance(pages, Mapping):
        return {key: _printable(value) for key, value in pages.items()}
    if isinstance(pages, list | tuple):
        return [_printable(value) for value in pages]
    return pages
