"""A WSGI application (PEP 3333) asked by a thread: with a body that is there, for an answer that is whole."""

import gc
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, Protocol

from attrs import frozen

from interfaces.server.reading import SMALL

LARGEST_IN_MEMORY = 1024 * 1024
"""Bytes of an answer; a larger one waits for its reader in a temporary file."""

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Scope(Protocol):
    """What RSGI tells of a request."""

    method: str
    path: str
    query_string: str
    scheme: str
    client: str
    server: str
    http_version: str

    @property
    def headers(self) -> "RequestHeaders": ...


class RequestHeaders(Protocol):
    """The headers of a request, their names in lower case; a name comes as often as it was sent."""

    def items(self) -> Iterable[tuple[str, str]]: ...

    def get(self, key: str, default: Any = None) -> Any: ...


@frozen
class Answer:
    """An answer as it is sent. The content of a large one is in a file that has no name."""

    status: int
    headers: Headers
    content: bytes | IO[bytes]


def ask(application: Application, scope: Scope, body: bytes) -> Answer:
    """Call the application and collect its answer; what it raises is raised before anything is sent."""
    try:
        return _answer(application, environ_of(scope, body))
    finally:
        if len(body) > SMALL:
            # A request of Django's refers to itself, so it would keep its body until a hundred others have come.
            gc.collect()


def _answer(application: Application, environ: dict[str, Any]) -> Answer:
    begun = _Begun()
    parts = application(environ, begun)
    try:
        content = _collected(parts)
    finally:
        close: Callable[[], None] | None = getattr(parts, "close", None)
        if close:
            close()
    return Answer(begun.status, begun.headers, content)


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    """Describe a request as WSGI does: text stands for its bytes in Latin-1."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _as_latin_1(scope.path),
        "QUERY_STRING": _as_latin_1(scope.query_string),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ.update(_variables(scope.headers.items()))
    return environ


def _variables(headers: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    variables: dict[str, str] = {}
    for name, value in headers:
        if "_" in name:  # it would pass for one with a hyphen, which a proxy may have set
            continue
        variable = name.upper().replace("-", "_")
        if variable not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            variable = f"HTTP_{variable}"
        separator = "; " if variable == "HTTP_COOKIE" else ","
        variables[variable] = f"{variables[variable]}{separator}{value}" if variable in variables else value
    return variables


def _as_latin_1(text: str) -> str:
    return text.encode().decode("latin-1")


class _Begun:
    """WSGI's `start_response`."""

    def __init__(self) -> None:
        self.status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, _exc_info: Any = None) -> None:
        self.status, self.headers = int(status.partition(" ")[0]), headers


def _collected(parts: Iterable[bytes]) -> bytes | IO[bytes]:
    kept: list[bytes] = []
    size = 0
    remaining = iter(parts)
    for part in remaining:
        kept.append(part)
        size += len(part)
        if size > LARGEST_IN_MEMORY:
            return _in_file(kept, remaining)
    return b"".join(kept)


def _in_file(kept: Iterable[bytes], remaining: Iterable[bytes]) -> IO[bytes]:
    with ExitStack() as unless_whole:
        file = unless_whole.enter_context(tempfile.TemporaryFile())
        file.writelines(kept)
        file.writelines(remaining)
        file.seek(0)
        unless_whole.pop_all()
    return file
