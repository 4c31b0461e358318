"""The rows of a trace as they are sent."""

from collections.abc import Generator, Iterable
from contextlib import closing
from itertools import groupby
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from application.traceability.deliveries import deliveries_of
from application.traceability.queries import Handover, Links, TracedLot, TraceRow
from domain.production.entry import Kind
from interfaces.api.serializers import Values
from interfaces.api.v1.rows import RowFormat, Written, written_by
from interfaces.api.v1.trace_serializers import (
    CustomerReadSerializer,
    SupplierReadSerializer,
    TracedLotReadSerializer,
    TraceReadSerializer,
)

Rows = Generator[TraceRow, None, None]

TRACE = RowFormat("trace", ("lot", "link", "customer", "supplier"))
TRACE_RESPONSES: Any = TRACE.responses(TraceReadSerializer, "each `lot`, `link`, `customer` and `supplier`")


def trace_answer(request: Request, head: Values, rows: Rows) -> HttpResponseBase:
    """The trace in the format that the caller accepts."""
    return TRACE.answer(request, head, _written(rows))


def _written(rows: Rows) -> Generator[Written, None, None]:
    """The rows of each kind, in the order of the kinds."""
    with closing(rows):
        for kind, some in groupby(rows, key=type):
            if kind is TracedLot:
                yield "lot", written_by(TracedLotReadSerializer, some)
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


def _handed(rows: Iterable[Any]) -> Generator[Written, None, None]:
    handovers: Iterable[Handover] = rows
    for received, some in groupby(handovers, key=lambda row: row.kind == Kind.RECEIPT):
        if received:
            yield "supplier", written_by(SupplierReadSerializer, some)
        else:
            yield "customer", written_by(CustomerReadSerializer, deliveries_of(some))
