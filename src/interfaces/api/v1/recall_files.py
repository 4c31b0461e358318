"""Recalls as files."""

from django.http import HttpResponse

from application.traceability.print_recall import PrintedRecall
from interfaces.api.etags import data_tag
from interfaces.api.language import language
from interfaces.api.rendering import JsonRenderer

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PdfRenderer(JsonRenderer):
    """Lets a caller ask for pages; problems are documents still."""

    media_type = PDF
    format = "pdf"


class XlsxRenderer(JsonRenderer):
    """Lets a caller ask for a workbook; problems are documents still."""

    media_type = XLSX
    format = "xlsx"


def file_answer(printed: PrintedRecall, media_type: str, name: str) -> HttpResponse:
    """The answer with a file, to be shown or kept under this name."""
    tag = data_tag(printed.sha256, language(), final=printed.final)
    headers = {"ETag": tag, "Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(printed.content, content_type=media_type, headers=headers)
