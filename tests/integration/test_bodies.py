"""How much of a request is read: its bytes by its route, and the values of a document before any is made."""

import json
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

from interfaces.api import bounds
from interfaces.api.bounds import MOST_LEVELS, MOST_NAMES, MOST_VALUES, TooDeep, TooManyValues, check_bounds
from interfaces.api.documents import document_of
from interfaces.api.flaws import BadInput
from interfaces.api.parsing import document_in
from interfaces.shared.bodies import CALL, OPERATIONS, PAGE, largest_body
from tests.e2e.client import Api
from tests.e2e.plant import receipt
from tests.factories.browser import Client
from tests.integration.test_page_matrix import NAMES, routes

MOVEMENT = {
    "site": "M" * 30, "product": "P" * 30, "lot": "L" * 30, "sub_lot": "pallet 1", "direction": "out", "role": "main",
    "quantity": "123456.123456", "unit": "KGM", "reason": "weighed again", "supplier_lot": "S" * 30,
    "made_on": "2026-03-01", "best_before": "2026-09-01", "unit_cost": "0.21", "currency": "EUR",
}  # fmt: skip
"""A movement with every member."""

WRITES = ("POST", "PUT", "PATCH", "DELETE")
OTHER_WAYS = ("GET", "HEAD", "OPTIONS")


# Bytes


def calls() -> Iterator[tuple[str, str, bool]]:
    """Each call of the API that has a body: its method and path, and whether it takes operations."""
    document = json.loads(document_of("v1"))
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            if "requestBody" in call:
                yield method.upper(), path, takes_operations(document, call["requestBody"])


def takes_operations(document: dict[str, Any], shape: Any) -> bool:
    """Whether a movement stands anywhere in a shape."""
    text = json.dumps(shape)
    names = {name for name in document["components"]["schemas"] if f'schemas/{name}"' in text}
    return any("MovementWrite" in name for name in names) or any(
        takes_operations(document, document["components"]["schemas"][name]) for name in names
    )


def test_calls_that_record_operations_take_large_bodies_and_no_others() -> None:
    found = {(method, path): large for method, path, large in calls()}
    assert {path for (_, path), large in found.items() if large} == {
        "/api/v1/operations/",
        "/api/v1/operations/batch/",
        "/api/v1/operations/{operation_id}/correct/",
    }
    for (method, path), large in found.items():
        assert largest_body(method, path) == (OPERATIONS if large else CALL), path
        assert largest_body(method, path.replace("/v1/", "/v2/")) == largest_body(method, path)


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/password/", "/admin/", "/health/live", "/static/x", "/none", "*"])
@pytest.mark.parametrize("method", [*WRITES, *OTHER_WAYS, "BREW", ""])
def test_everything_else_takes_little(method: str, path: str) -> None:
    assert largest_body(method, path) == PAGE


def test_a_query_changes_nothing() -> None:
    assert largest_body("POST", "/api/v1/operations/batch/?x=/none") == OPERATIONS
    assert largest_body("POST", "/sign-in/?next=/api/v1/operations/batch/") == PAGE
    assert largest_body("GET", "/api/v1/operations/batch/") == PAGE


class Unread(BytesIO):
    """A body that nobody may read."""

    def read(self, _size: int | None = -1) -> bytes:
        raise AssertionError("It was read.")


def paths() -> list[str]:
    """An address of each route, those of the API and of files included."""
    filled = [f"/{path}".format(nothing="nothing/", kind="1", row="1", app="catalog") for path in pages()]
    return sorted({*filled, *(path.replace("{", "").replace("}", "") for _, path, _ in calls()), *FILES})


def pages() -> Iterator[str]:
    """The routes beside the API's, with names where something may stand."""
    for path in routes(get_resolver().url_patterns):
        yield path if set(NAMES.values()) & {path} else path.replace("<path:object_id>", "1")


FILES = {"/static/web/page.css", "/static/none", "/api/v1/openapi.json", "/api/v1/docs", "/api/v7/none", "/none"}


def refusals(method: str, path: str) -> list[tuple[int, dict[str, str]]]:
    """What is refused of any request, by its headers."""
    return [
        (413, {"CONTENT_LENGTH": str(largest_body(method, path) + 1)}),
        (413, {"CONTENT_LENGTH": "9" * 5000}),
        (411, {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}),
        (411, {"HTTP_TRANSFER_ENCODING": "gzip, chunked"}),
        (415, {"CONTENT_TYPE": "Multipart/Form-Data; boundary=x"}),
        (400, {"CONTENT_LENGTH": "-1"}),
    ]


@pytest.mark.parametrize("method", [*WRITES, *OTHER_WAYS])
def test_a_body_is_refused_by_its_headers_on_every_route(method: str) -> None:
    client = Client(raise_request_exception=False)
    for path in paths():
        kind = "application/problem+json" if path.startswith("/api/") else "text/html; charset=utf-8"
        for status, headers in refusals(method, path):
            answer = client.generic(method, path, b"x", **{"wsgi.input": Unread(), **headers})
            assert (answer.status_code, answer["Content-Type"]) == (status, kind), (path, headers)


def test_a_page_says_so_in_the_language_of_the_browser() -> None:
    page = Client().post("/sign-in/", "x" * (PAGE + 1), headers={"Accept-Language": "fr"})
    assert (page.status_code, "Non lu" in page.content.decode()) == (413, True)
    assert "Content-Security-Policy" in page.headers


def test_a_read_that_has_a_body_is_answered_as_without(db: None) -> None:
    assert Client().generic("GET", "/sign-in/", b"x" * PAGE).status_code == 200


# Values


def size(document: Any) -> int:
    """How many values a document has."""
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return 1 + sum(map(size, inner))


def levels(document: Any) -> int:
    """How deep a document is nested."""
    if not isinstance(document, dict | list):
        return 0
    inner = document.values() if isinstance(document, dict) else document
    return 1 + max(map(levels, inner), default=0)


TEXTS = st.text(alphabet='",:[]{}\\ au\u00e9\U0001f34e', max_size=9)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=30,
)


@given(DOCUMENTS, st.sampled_from([None, 1]), st.booleans(), st.integers(1, 70))
def test_values_and_levels_are_counted_as_they_are(document: Any, indent: int | None, plain: bool, piece: int) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=not plain).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "PIECE", piece)
        patch.setattr(bounds, "MOST_VALUES", size(document))
        patch.setattr(bounds, "MOST_LEVELS", levels(document))
        check_bounds(text)
        patch.setattr(bounds, "MOST_VALUES", size(document) - 1)
        with pytest.raises(TooManyValues):
            check_bounds(text)
        patch.setattr(bounds, "MOST_VALUES", size(document))
        patch.setattr(bounds, "MOST_LEVELS", levels(document) - 1)
        if levels(document):
            with pytest.raises(TooDeep):
                check_bounds(text)


@given(st.binary(max_size=50) | st.text(alphabet='"\\[]{},:', max_size=50).map(str.encode), st.integers(1, 9))
def test_whatever_it_is_is_looked_at_to_its_end(body: bytes, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "PIECE", piece)
        check_bounds(body)


def filled(pattern: bytes, begin: bytes = b"", end: bytes = b"") -> bytes:
    """A body as large as any, of a pattern."""
    return begin + pattern * ((OPERATIONS - len(begin) - len(end)) // len(pattern)) + end


@pytest.mark.parametrize(
    "body",
    [
        filled(b"0,", b"[", b"0]"),
        filled(b"0,", b'{"operations":[', b"0]}"),
        filled(b"[],", b"[", b"0]"),
        filled(b"{},", b"[", b"0]"),
        filled(b'"",', b"[", b'""]'),
        filled(b'{"a":0},', b"[", b"0]"),
        filled(b"1 , \n", b"[", b"0]"),
        b'{"' + b'":0,"'.join(b"%x" % number for number in range(900_000)) + b'":0}',
        b'[{"' + b'":0},{"'.join(b"%x" % number for number in range(900_000)) + b'":0}]',
    ],
    ids=["numbers", "in a batch", "lists", "objects", "strings", "members", "white space", "names", "names apart"],
)
def test_too_many_values_are_refused_before_they_are_made(body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(TooManyValues):
            document_in(body)
        assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("body", [filled(b"["), filled(b'{"a":'), filled(b'[{"":'), b"[" * 33 + b"]" * 33])
def test_what_is_nested_deeply_is_refused_before_it_is_made(body: bytes) -> None:
    with pytest.raises(BadInput, match="nested deeper"):
        document_in(body)


@pytest.mark.parametrize(
    "body",
    [filled(b'"'), filled(b"\\"), filled(b'"\\'), filled(b'\\"', b'"'), filled(b"-"), b'{"' + b"x" * 200 + b'":1}'],
)
def test_what_is_no_document_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        document_in(body)


def test_marks_in_a_long_text_are_no_values() -> None:
    text = 'commas, [brackets], {braces}, "quotes": \\ and more, ' * 100_000
    assert document_in(json.dumps({"document": text}).encode()) == {"document": text}


def test_what_is_allowed_at_most_is_read() -> None:
    largest = {"kind": "receipt", "movements": [MOVEMENT] * 10_000}
    body = json.dumps({"reason": "r", "operation": largest}).encode()
    assert CALL < len(body) < OPERATIONS
    assert len(document_in(body)["operation"]["movements"]) == 10_000
    assert len(document_in(filled(b"0,", b"[", b"0]")[: 2 * MOST_VALUES - 3] + b"0]")) == MOST_VALUES - 1
    deep = "[" * MOST_LEVELS + "]" * MOST_LEVELS
    assert document_in(deep.encode())
    assert len(document_in(json.dumps({str(name): 0 for name in range(MOST_NAMES)}).encode())) == MOST_NAMES


def test_the_api_says_why(api: Api) -> None:
    many = api.call("POST", "operations/batch/", raw=filled(b"0,", b"[", b"0]"))
    assert (many.status, many.codes) == (413, ["too_large"])
    assert "300,000 values" in many.json["detail"]
    large = api.call("POST", "sites/", raw=b" " * (CALL + 1))
    assert (large.status, large.json["detail"]) == (
        413,
        "The body of a request to this address has at most 1,024 KiB.",
    )
    named = api.post("sites/", {"x" * 1_000_000: 1})
    assert (named.status, named.codes, len(named.body) < 1000) == (400, ["too_long"], True)


def test_an_operation_may_be_as_large_as_it_may_be(api: Api) -> None:
    answer = api.post("operations/", receipt() | {"movements": [MOVEMENT] * 10_000})
    assert (answer.status, len(answer.body) > 0) == (422, True), "its codes are unknown, and it was read"
