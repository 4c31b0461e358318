"""The rows of a trace as they are sent: all in one document, or line by line without keeping any."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from typing import Any

import orjson
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
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
    TraceReadSerializer,
)

Rows = Generator[TraceRow, None, None]

LINES = "application/x-ndjson"
ROWS_AT_ONCE = 1_000

KINDS = ("lot", "link", "customer", "supplier")

Written = tuple[str, Iterator[list[Values]]]
"""Rows of one kind, written, some at a time."""


TRACE_RESPONSES: Any = {
    (200, JsonRenderer.media_type): TraceReadSerializer,
    (200, LINES): OpenApiResponse(
        OpenApiTypes.STR,
        "A JSON object a line, each with its `type`: `trace` first, then each `lot`, `link`, `customer` and "
        "`supplier`, and `end` with the number of each; a stream without an end was cut off.",
    ),
}


class LinesRenderer(JsonRenderer):
    """Lets a caller ask for a document a line; problems are documents still."""

    media_type = LINES
    format = "ndjson"


def trace_answer(request: Request, head: Values, rows: Rows) -> HttpResponseBase:
    """The trace in the format that the caller accepts."""
    if request.accepted_renderer.media_type == LINES:
        return StreamingHttpResponse(_lines(head, rows), content_type=LINES)
    body = _document(head, rows)
    return HttpResponse(body, content_type=JsonRenderer.media_type, headers={"ETag": content_tag(body)})


def _document(head: Values, rows: Rows) -> bytes:
    """All in one. What is written is rendered at once: as bytes it takes a tenth of the room that it has as objects."""
    parts: dict[str, list[bytes]] = {kind: [] for kind in KINDS}
    with closing(rows):
        for kind, chunks in _written(rows):
            parts[kind].extend(rendered(chunk)[1:-1] for chunk in chunks if chunk)
    lists = {f"{kind}s": orjson.Fragment(b"[" + b",".join(items) + b"]") for kind, items in parts.items()}
    return rendered({**head, **lists})


def _lines(head: Values, rows: Rows) -> Iterator[bytes]:
    """A line for the trace, one for each row with its `type`, and one for the end, which says how many there were."""
    counts = {f"{kind}s": 0 for kind in KINDS}
    with closing(rows):
        yield _line({"type": "trace", **head})
        for kind, chunks in _written(rows):
            for chunk in chunks:
                counts[f"{kind}s"] += len(chunk)
                yield b"".join([_line({"type": kind, **row}) for row in chunk])
    yield _line({"type": "end", **counts})


def _line(document: Values) -> bytes:
    return rendered(document) + b"\n"


def _written(rows: Rows) -> Iterator[Written]:
    """The rows of each kind, in the order of the kinds."""
    for kind, some in groupby(rows, key=type):
        if kind is TracedLot:
            yield "lot", _by(TracedLotReadSerializer, some)
        elif kind is Links:
            yield "link", map(_links, some)
        else:
            yield from _handed(some)


def _links(links: Any) -> list[Values]:
    """As `LinkReadSerializer` describes them, by hand: there are more of them than of all other rows."""
    operation, kind = links.operation, links.kind
    return [
        {"operation": operation, "kind": kind, "from": source, "to": target}
        for source in links.sources
        for target in links.targets
    ]


def _handed(rows: Iterable[Any]) -> Iterator[Written]:
    handovers: Iterable[Handover] = rows
    for received, some in groupby(handovers, key=lambda row: row.kind == Kind.RECEIPT):
        if received:
            yield "supplier", _by(SupplierReadSerializer, some)
        else:
            yield "customer", _by(CustomerReadSerializer, deliveries_of(some))


def _by(serializer: type[ReadSerializer], rows: Iterable[object]) -> Iterator[list[Values]]:
    written = map(serializer().to_representation, rows)
    while chunk := list(islice(written, ROWS_AT_ONCE)):
        yield chunk
