"""The history: who did what, when, from where and why."""

from collections.abc import Generator
from contextlib import closing
from typing import Any, ClassVar

from dependency_injector.wiring import Provide, inject
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from application.history.queries import EntryRow, HistoryFilters, HistoryReader
from domain.access.rights import Right
from interfaces.api.queries import filters_of, page_of, page_request
from interfaces.api.rendering import JsonRenderer
from interfaces.api.schema import page_schema
from interfaces.api.v1.audit_serializers import COLUMNS, AuditEntryReadSerializer, AuditQuerySerializer, cells_of
from interfaces.api.v1.rows import (
    TABLE,
    LinesRenderer,
    RowFormat,
    TableRenderer,
    Written,
    table_answer,
    written_by,
)
from interfaces.api.views import ApiViewSet, listed

Rows = Generator[EntryRow, None, None]

AUDIT = RowFormat("audit", ("change",))
RESPONSES: Any = {
    **AUDIT.responses(page_schema(AuditEntryReadSerializer), "each `change`, all that match"),
    (200, TABLE): OpenApiResponse(OpenApiTypes.STR, f"All that match, a line each: {', '.join(COLUMNS)}."),
}


class AuditViewSet(ApiViewSet):
    """The history, which is read and never changed."""

    what = "entry"
    queries: ClassVar = {"list": AuditQuerySerializer}
    shows: ClassVar = {"list": AuditEntryReadSerializer}
    rights: ClassVar = {"list": Right.HISTORY}
    lookup_field = "number"
    renderer_classes = (JsonRenderer, LinesRenderer, TableRenderer)

    @extend_schema(responses=RESPONSES)
    @inject
    def list(self, request: Request, history: HistoryReader = Provide["history.reader"]) -> HttpResponseBase:
        """Entries of the history, the latest first, a page of them.

        As `application/x-ndjson` or `text/csv` come all that match, whatever `limit` and `cursor` say.
        """
        sight = self.actor.sight_of(Right.HISTORY)
        filters = HistoryFilters(**filters_of(self.parameters))
        match request.accepted_renderer.media_type:
            case LinesRenderer.media_type:
                return AUDIT.lines({}, _written(history.all(filters, sight)))
            case TableRenderer.media_type:
                return table_answer(COLUMNS, _cells(history.all(filters, sight)))
        return listed(page_of(history.page, filters, page_request(self.parameters), sight), AuditEntryReadSerializer)


def _written(rows: Rows) -> Generator[Written, None, None]:
    with closing(rows):
        yield "change", written_by(AuditEntryReadSerializer, rows)


def _cells(rows: Rows) -> Generator[tuple[str | int, ...], None, None]:
    with closing(rows):
        yield from map(cells_of, rows)
