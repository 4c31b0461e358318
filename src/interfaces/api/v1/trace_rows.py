"""The rows of a trace as they are sent: all in one document, or line by line without keeping any."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from application.traceability.deliveries import deliveries_of
from application.traceability.queries import Handover, TracedLot, TraceRow
from application.traceability.queries import Link as LinkRow
from domain.production.entry import Kind
from interfaces.api.etags import content_tag
from interfaces.api.rendering import JsonRenderer, rendered
from interfaces.api.serializers import ReadSerializer, Values
from interfaces.api.v1.trace_serializers import (
    CustomerReadSerializer,
    LinkReadSerializer,
    SupplierReadSerializer,
    TracedLotReadSerializer,
)

LINES = "application/x-ndjson"
LINES_AT_ONCE = 1_000

Write = Callable[[Any], Values]
"""Writes a row."""


class LinesRenderer(JsonRenderer):
    """Lets a caller ask for a document a line; problems are documents still."""

    media_type = LINES
    format = "ndjson"


def trace_answer(request: Request, head: Values, rows: Iterator[TraceRow]) -> HttpResponseBase:
    """The trace in the format that the caller accepts."""
    if request.accepted_renderer.media_type == LINES:
        return StreamingHttpResponse(_lines(head, rows), content_type=LINES)
    body = rendered(_document(head, rows))
    return HttpResponse(body, content_type=JsonRenderer.media_type, headers={"ETag": content_tag(body)})


def _document(head: Values, rows: Iterator[TraceRow]) -> Values:
    parts: dict[str, list[Values]] = {"lot": [], "link": [], "customer": [], "supplier": []}
    for kind, some, write in _written(rows):
        parts[kind].extend(map(write, some))
    return {**head, **{f"{kind}s": items for kind, items in parts.items()}}


def _lines(head: Values, rows: Iterator[TraceRow]) -> Iterator[bytes]:
    """A line for the trace, one for each row with its `type`, and one for the end, which says how many there were."""
    counts = {"lots": 0, "links": 0, "customers": 0, "suppliers": 0}
    yield _line({"type": "trace", **head})
    for kind, some, write in _written(rows):
        while lines := [_line({"type": kind, **write(row)}) for row in islice(some, LINES_AT_ONCE)]:
            counts[f"{kind}s"] += len(lines)
            yield b"".join(lines)
    yield _line({"type": "end", **counts})


def _line(document: Values) -> bytes:
    return rendered(document) + b"\n"


def _written(rows: Iterator[TraceRow]) -> Iterator[tuple[str, Iterator[Any], Write]]:
    """What kinds of row there are, in their order, with the rows of each and how it is written."""
    for kind, some in groupby(rows, key=type):
        if kind is TracedLot:
            yield "lot", some, _writer(TracedLotReadSerializer)
        elif kind is LinkRow:
            yield "link", some, _writer(LinkReadSerializer)
        else:
            yield from _handed(some)


def _handed(rows: Iterable[Any]) -> Iterator[tuple[str, Iterator[Any], Write]]:
    handovers: Iterable[Handover] = rows
    for received, some in groupby(handovers, key=lambda row: row.kind == Kind.RECEIPT):
        if received:
            yield "supplier", some, _writer(SupplierReadSerializer)
        else:
            yield "customer", deliveries_of(some), _writer(CustomerReadSerializer)


def _writer(serializer: type[ReadSerializer]) -> Write:
    return serializer().to_representation
