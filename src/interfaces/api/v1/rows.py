"""Rows of several kinds as they are sent: all in one document, or line by line without keeping any."""

import csv
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import orjson
from attrs import frozen
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from interfaces.api.etags import content_tag
from interfaces.api.rendering import JsonRenderer, rendered
from interfaces.api.serializers import ApiSerializer, ReadSerializer, Values
from interfaces.api.spreadsheets import safe_cell

LINES = "application/x-ndjson"
TABLE = "text/csv"
ROWS_AT_ONCE = 1_000
PARCEL = 1 << 16
"""Bytes that are sent at once."""

Written = tuple[str, Iterator[list[Values]]]
"""Rows of one kind, written, some at a time."""


class LinesRenderer(JsonRenderer):
    """Lets a caller ask for a document a line; problems are documents still."""

    media_type = LINES
    format = "ndjson"


class TableRenderer(JsonRenderer):
    """Lets a caller ask for a table; problems are documents still."""

    media_type = TABLE
    format = "csv"


@frozen
class RowFormat:
    """What an answer of rows is called, and of which kinds they are, in the order in which a document lists them."""

    name: str
    kinds: Sequence[str]

    def answer(self, request: Request, head: Values, rows: Generator[Written, None, None]) -> HttpResponseBase:
        """The rows in the format that the caller accepts."""
        if request.accepted_renderer.media_type == LINES:
            return self.lines(head, rows)
        body = self._document(head, rows)
        return HttpResponse(body, content_type=JsonRenderer.media_type, headers={"ETag": content_tag(body)})

    def lines(self, head: Values, rows: Generator[Written, None, None]) -> HttpResponseBase:
        """The rows line by line."""
        return StreamingHttpResponse(_begun(_parcels(self._lines(head, rows))), content_type=LINES)

    def responses(self, document: type[ApiSerializer], order: str) -> dict[tuple[int, str], Any]:
        """The answer as it is described; `order` says which lines come after the first."""
        says = (
            f"A JSON object a line, each with its `type`: `{self.name}` first, then {order}, and `end` with the number "
            "of each; a stream without an end was cut off."
        )
        return {
            (200, JsonRenderer.media_type): document,
            (200, LINES): OpenApiResponse(OpenApiTypes.STR, says),
        }

    def _document(self, head: Values, rows: Generator[Written, None, None]) -> bytes:
        """All in one. What is written is rendered at once: as bytes it takes a tenth of the room that objects take."""
        parts: dict[str, list[bytes]] = {kind: [] for kind in self.kinds}
        with closing(rows):
            for kind, chunks in rows:
                parts[kind].extend(rendered(chunk)[1:-1] for chunk in chunks if chunk)
        lists = {f"{kind}s": orjson.Fragment(b"[" + b",".join(items) + b"]") for kind, items in parts.items()}
        return rendered({**head, **lists})

    def _lines(self, head: Values, rows: Generator[Written, None, None]) -> Iterator[bytes]:
        """A line for the head, one for each row with its `type`, and one for the end, with how many there were."""
        counts = {f"{kind}s": 0 for kind in self.kinds}
        with closing(rows):
            yield _line({"type": self.name, **head})
            for kind, chunks in rows:
                for chunk in chunks:
                    counts[f"{kind}s"] += len(chunk)
                    yield b"".join([_line({"type": kind, **row}) for row in chunk])
        yield _line({"type": "end", **counts})


def written_by(serializer: type[ReadSerializer], rows: Iterable[object]) -> Iterator[list[Values]]:
    """The rows, written, some at a time."""
    written = map(serializer.writer(), rows)
    while chunk := list(islice(written, ROWS_AT_ONCE)):
        yield chunk


def table_answer(columns: Sequence[str], rows: Generator[Sequence[str | int], None, None]) -> HttpResponseBase:
    """The rows as a table (RFC 4180) under the names of its columns, safe in a spreadsheet, without keeping any."""
    return StreamingHttpResponse(
        _begun(_parcels(_table(columns, rows))), content_type=f"{TABLE}; charset=utf-8; header=present"
    )


def _table(columns: Sequence[str], rows: Generator[Sequence[str | int], None, None]) -> Iterator[bytes]:
    # A writer hands each line on to `write` and returns what that makes of it.
    writer: Any = csv.writer(_Line(), lineterminator="\r\n")
    with closing(rows):
        yield writer.writerow(columns)
        yield from (writer.writerow([safe_cell(cell) for cell in row]) for row in rows)


class _Line:
    def write(self, line: str) -> bytes:
        return line.encode()


def _begun(parcels: Generator[bytes, None, None]) -> Iterator[bytes]:
    """The same parcels, of which the first is made at once: what fails before it has a status of its own."""
    return _after(next(parcels), parcels)


def _after(first: bytes, parcels: Generator[bytes, None, None]) -> Iterator[bytes]:
    with closing(parcels):
        yield first
        yield from parcels


def _parcels(lines: Iterator[bytes]) -> Generator[bytes, None, None]:
    """The same lines, some thousand characters at a time: each parcel costs the server as much as many lines."""
    parcel, size = [], 0
    for some in lines:
        parcel.append(some)
        size += len(some)
        if size >= PARCEL:
            yield b"".join(parcel)
            parcel, size = [], 0
    yield b"".join(parcel)


def _line(document: Values) -> bytes:
    return rendered(document) + b"\n"
