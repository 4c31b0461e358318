"""The rows of a trace as they are sent: all in one document, or line by line without keeping any."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from application.traceability.deliveries import deliveries_of
from application.traceability.queries import Handover, Links, TracedLot, TraceRow
from domain.production.entry import Kind
from interfaces.api.etags import content_tag
from interfaces.api.rendering import JsonRenderer, rendered
from interfaces.api.serializers import ReadSerializer, Values
from interfaces.api.v1.trace_serializers import (
    CustomerReadSerializer,
    SupplierReadSerializer,
    TracedLotReadSerializer,
)

LINES = "application/x-ndjson"
LINES_AT_ONCE = 1_000

Written = tuple[str, Iterator[Values]]
"""Rows of one kind, written."""


class LinesRenderer(JsonRenderer):
    """Lets a caller ask for a document a line; problems are documents still."""

    media_type = LINES
    format = "ndjson"


def trace_answer(request: Request, head: Values, rows: Generator[TraceRow, None, None]) -> HttpResponseBase:
    """The trace in the format that the caller accepts."""
    if request.accepted_renderer.media_type == LINES:
        return StreamingHttpResponse(_lines(head, rows), content_type=LINES)
    body = rendered(_document(head, rows))
    return HttpResponse(body, content_type=JsonRenderer.media_type, headers={"ETag": content_tag(body)})


def _document(head: Values, rows: Generator[TraceRow, None, None]) -> Values:
    parts: dict[str, list[Values]] = {"lot": [], "link": [], "customer": [], "supplier": []}
    with closing(rows):
        for kind, some in _written(rows):
            parts[kind].extend(some)
    return {**head, **{f"{kind}s": items for kind, items in parts.items()}}


def _lines(head: Values, rows: Generator[TraceRow, None, None]) -> Iterator[bytes]:
    """A line for the trace, one for each row with its `type`, and one for the end, which says how many there were."""
    counts = {"lots": 0, "links": 0, "customers": 0, "suppliers": 0}
    with closing(rows):
        yield _line({"type": "trace", **head})
        for kind, some in _written(rows):
            while lines := [_line({"type": kind, **row}) for row in islice(some, LINES_AT_ONCE)]:
                counts[f"{kind}s"] += len(lines)
                yield b"".join(lines)
    yield _line({"type": "end", **counts})


def _line(document: Values) -> bytes:
    return rendered(document) + b"\n"


def _written(rows: Generator[TraceRow, None, None]) -> Iterator[Written]:
    """The rows of each kind, in the order of the kinds."""
    for kind, some in groupby(rows, key=type):
        if kind is TracedLot:
            yield "lot", _by(TracedLotReadSerializer, some)
        elif kind is Links:
            yield "link", _links(some)
        else:
            yield from _handed(some)


def _links(rows: Iterable[Any]) -> Iterator[Values]:
    """As `LinkReadSerializer` describes them, without an object for each: there are more of them than of all others."""
    for row in rows:
        operation, kind, targets = str(row.operation), row.kind, [str(target) for target in row.targets]
        for source in map(str, row.sources):
            for target in targets:
                yield {"operation": operation, "kind": kind, "from": source, "to": target}


def _handed(rows: Iterable[Any]) -> Iterator[Written]:
    handovers: Iterable[Handover] = rows
    for received, some in groupby(handovers, key=lambda row: row.kind == Kind.RECEIPT):
        if received:
            yield "supplier", _by(SupplierReadSerializer, some)
        else:
            yield "customer", _by(CustomerReadSerializer, deliveries_of(some))


def _by(serializer: type[ReadSerializer], rows: Iterable[object]) -> Iterator[Values]:
    return map(serializer().to_representation, rows)
