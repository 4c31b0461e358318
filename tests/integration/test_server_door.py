"""The door of the web server: what the application is asked, what is sent, and who gets room."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from interfaces.server import door, reading
from interfaces.server.door import Door
from interfaces.server.reading import PARSED, NoRoom, Room, TooSlow, body
from interfaces.server.wsgi import LARGEST_IN_MEMORY, Application
from interfaces.shared.bodies import PAGE

LARGE = reading.SMALL + 1


class SentHeaders(list[tuple[str, str]]):
    """The headers of a request, as the HTTP server gives them."""

    def items(self) -> Iterable[tuple[str, str]]:
        return self

    def get(self, key: str, default: Any = None) -> Any:
        return dict(self).get(key, default)


@define
class Request:
    """A request as the HTTP server tells of it."""

    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    scheme: str = "http"
    client: str = "192.0.2.7:40000"
    server: str = "127.0.0.1:8000"
    http_version: str = "1.1"
    headers: SentHeaders = field(factory=SentHeaders)


@define
class Connection:
    """What the client sends, and what it is sent."""

    sends: tuple[bytes, ...] = ()
    status: int = 0
    headers: list[tuple[str, str]] = field(factory=list)
    content: bytes = b""
    read: int = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.sends:
            self.read += len(part)
            yield part

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.content = status, headers, body

    def response_file(self, status: int, headers: list[tuple[str, str]], file: str) -> None:
        self.response_bytes(status, headers, Path(file).read_bytes())


def asked(application: Application, request: Request, *sends: bytes) -> Connection:
    """What is sent back to a request."""
    connection = Connection(sends)
    opened = Door(application, threads=1)

    async def answered() -> None:
        await opened.__rsgi__(request, connection)
        await asyncio.sleep(0.01)  # the file of a large answer is closed later

    asyncio.run(answered())
    return connection


def environ_of(request: Request, *sends: bytes) -> dict[str, Any]:
    """What the application is told of a request."""
    told: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        told.update(environ, body=environ["wsgi.input"].read())
        start("204 No Content", [])
        return []

    assert asked(application, request, *sends).status == 204
    return told


def test_the_application_is_told_of_the_request() -> None:
    request = Request("POST", "/cid\u00e9/", "a=%20", headers=SentHeaders([("content-length", "3"), ("x-a", "b")]))
    told = environ_of(request, b"a", b"bc")
    assert told["PATH_INFO"].encode("latin-1").decode() == "/cid\u00e9/"
    names = ("REQUEST_METHOD", "QUERY_STRING", "CONTENT_LENGTH", "HTTP_X_A", "REMOTE_ADDR", "SERVER_PORT", "body")
    assert [told[name] for name in names] == ["POST", "a=%20", "3", "b", "192.0.2.7", "8000", b"abc"]


def test_an_address_of_ipv6_comes_without_brackets() -> None:
    assert environ_of(Request(client="[2001:db8::7]:40000"))["REMOTE_ADDR"] == "2001:db8::7"


def test_headers_that_come_twice_are_joined_and_imitations_left_out() -> None:
    headers = [("cookie", "a=1"), ("cookie", "b=2"), ("x-forwarded-for", "1"), ("x-forwarded-for", "2")]
    told = environ_of(Request(headers=SentHeaders([*headers, ("x_forwarded_for", "3"), ("x_request_id", "4")])))
    assert (told["HTTP_COOKIE"], told["HTTP_X_FORWARDED_FOR"]) == ("a=1; b=2", "1,2")
    assert "HTTP_X_REQUEST_ID" not in told


@pytest.mark.parametrize(
    "header",
    [
        ("content-length", str(PAGE + 1)),
        ("content-length", "9" * 30),
        ("transfer-encoding", "chunked"),
        ("content-type", "multipart/form-data"),
    ],
)
def test_a_body_that_the_application_refuses_is_not_read(header: tuple[str, str]) -> None:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("413 Content Too Large", [])
        return [environ["wsgi.input"].read()]

    request = Request("POST", "/sign-in/", headers=SentHeaders([("content-length", "5"), header]))
    connection = asked(application, request, b"12345")
    assert (connection.status, connection.content, connection.read) == (413, b"", 0)


def test_a_body_that_ends_too_early_is_not_shown_to_the_application() -> None:
    def application(_environ: dict[str, Any], _start: Callable[..., Any]) -> list[bytes]:
        raise AssertionError("asked")

    request = Request("POST", headers=SentHeaders([("content-length", "10")]))
    assert asked(application, request, b"12345").status == 400


def parts_of(size: int, closed: list[bool]) -> Iterator[bytes]:
    """An answer of this size in many parts."""
    try:
        for _ in range(size // 1000):
            yield b"x" * 1000
    finally:
        closed.append(True)


@pytest.mark.parametrize("size", [0, 1000, LARGEST_IN_MEMORY // 1000 * 1000, LARGEST_IN_MEMORY * 3 // 1000 * 1000])
def test_an_answer_is_sent_as_a_whole_whatever_its_size(size: int) -> None:
    closed: list[bool] = []

    def application(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", [("X-A", "b")])
        return parts_of(size, closed)

    connection = asked(application, Request())
    assert (connection.status, connection.headers, connection.content) == (200, [("X-A", "b")], b"x" * size)
    assert closed == [True]


@pytest.mark.parametrize("before", [0, 1, LARGEST_IN_MEMORY + 1])
def test_an_answer_that_fails_on_its_way_is_an_error_and_no_part_of_it_is_sent(before: int) -> None:
    def application(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"x" * before
        raise RuntimeError

    connection = asked(application, Request())
    assert (connection.status, dict(connection.headers)["Content-Type"]) == (500, "application/problem+json")
    assert b"x" not in connection.content


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run a test in an event loop of its own."""

    def run() -> None:
        asyncio.run(test())

    return run


async def arriving(size: int, seconds: float) -> AsyncIterator[bytes]:
    """A body that arrives after so many seconds."""
    await asyncio.sleep(seconds)
    yield b"x" * size


async def read(size: int, seconds: float, room: Room) -> str:
    """How reading a body ends."""
    try:
        async with body(arriving(size, seconds), size, room) as whole:
            return "read" if len(whole) == size else "cut"
    except (TooSlow, NoRoom) as error:
        return type(error).__name__


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a fraction of the time that people get."""
    monkeypatch.setattr(door, "OPENING", 0)
    monkeypatch.setattr(reading, "PATIENCE", 0.5)
    monkeypatch.setattr(reading, "PEACE", 0.1)


@in_a_loop
async def test_a_slow_body_is_given_up() -> None:
    assert await read(100, 5, Room()) == "TooSlow"


@in_a_loop
async def test_a_larger_body_gets_more_time() -> None:
    assert await read(reading.PACE, 0.6, Room(PARSED * LARGE)) == "TooSlow"
    assert await read(reading.PACE + 1, 0.6, Room(PARSED * LARGE)) == "read"


@in_a_loop
async def test_a_slow_body_gives_way_to_the_next_and_a_small_one_never_waits() -> None:
    room = Room(PARSED * LARGE)
    slow = asyncio.create_task(read(LARGE, 5, room))
    await asyncio.sleep(0)
    began = asyncio.get_running_loop().time()
    assert await read(100, 0, room) == "read"
    assert asyncio.get_running_loop().time() - began < 0.05
    assert await read(LARGE, 0, room) == "read"
    assert await slow == "TooSlow"


@in_a_loop
async def test_many_slow_bodies_let_each_other_by_in_turn() -> None:
    room = Room(2 * PARSED * LARGE)
    slow = [asyncio.create_task(read(LARGE, 5, room)) for _ in range(4)]
    await asyncio.sleep(0)
    assert await read(LARGE, 0, room) == "read"
    assert await asyncio.gather(*slow) == ["TooSlow"] * 4


@in_a_loop
async def test_a_body_that_is_being_worked_on_does_not_give_way() -> None:
    room = Room(PARSED * LARGE)
    async with body(arriving(LARGE, 0), LARGE, room):
        assert await read(LARGE, 0, room) == "NoRoom"
    assert await read(LARGE, 0, room) == "read"
