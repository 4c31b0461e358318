"""The door of the server: requests come in and answers go out here, and no thread waits for a client.

A thread takes a request once its body is there, and is free again once the answer is whole. Until then and from then on
the event loop and the HTTP server keep the client company, within limits of time and memory.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Protocol

from interfaces.server.reading import Incomplete, NoRoom, Room, TooSlow, body
from interfaces.server.wsgi import Answer, Application, Headers, Scope, ask
from interfaces.shared.bodies import BodyRefused, check_body

logger = logging.getLogger(__name__)

OPENING = 60
"""Seconds after which the HTTP server has surely opened the file of an answer."""

TIMEOUT = (HTTPStatus.REQUEST_TIMEOUT, "request_timeout", "The body didn't arrive in time.")
INCOMPLETE = (HTTPStatus.BAD_REQUEST, "unreadable_body", "The connection ended before the body did.")
BUSY = (HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Other large requests are being read: send this one again.")
FAILED = (HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "The error is recorded in the server's log.")


class HttpProtocol(Protocol, AsyncIterable[bytes]):
    """What RSGI lets an application do with a request."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...

    def response_file(self, status: int, headers: Headers, file: str) -> None: ...


class Door:
    """An RSGI application before a WSGI application, which works in so many threads.

    Health is asked in a thread of its own, so that it is answered while all others work.
    """

    def __init__(self, application: Application, *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, "request")
        self._spare = ThreadPoolExecutor(1, "health")
        self._room = Room()

    async def __rsgi__(self, scope: Scope, protocol: HttpProtocol) -> None:
        """Answer a request."""
        loop = asyncio.get_running_loop()
        threads = self._spare if scope.path.startswith("/health/") else self._threads
        try:
            async with body(protocol, _size_of_body(scope), self._room) as read:
                await loop.run_in_executor(threads, self._answer, scope, read, protocol, loop)
        except TooSlow:
            _send(_problem(*TIMEOUT), protocol, loop)
        except Incomplete:
            _send(_problem(*INCOMPLETE), protocol, loop)
        except NoRoom:
            _send(_problem(*BUSY, headers=[("Retry-After", "5")]), protocol, loop)

    def _answer(self, scope: Scope, read: bytes, protocol: HttpProtocol, loop: asyncio.AbstractEventLoop) -> None:
        """Ask the application, and send its answer from here: the event loop may have to wait for its turn."""
        try:
            answer = ask(self._application, scope, read)
        except Exception:
            logger.exception("The application failed.")
            answer = _problem(*FAILED)
        _send(answer, protocol, loop)


def _size_of_body(scope: Scope) -> int:
    """Tell how much to read: nothing of a body that the application refuses by its headers."""
    length = scope.headers.get("content-length") or ""
    try:
        check_body(
            scope.method,
            scope.path,
            length=length,
            transfer=scope.headers.get("transfer-encoding") or "",
            media_type=scope.headers.get("content-type") or "",
        )
    except BodyRefused:
        return 0
    return int(length or 0)


def _problem(status: HTTPStatus, code: str, detail: str, headers: Headers | None = None) -> Answer:
    """An answer (RFC 9457) to what the application isn't asked, or can't answer; then the connection ends."""
    document = {"type": f"/api/problems/{code}", "title": status.phrase, "status": status, "detail": detail}
    kept = [("Content-Type", "application/problem+json"), ("Connection", "close"), *(headers or [])]
    return Answer(status, kept, json.dumps(document).encode())


def _send(answer: Answer, protocol: HttpProtocol, loop: asyncio.AbstractEventLoop) -> None:
    if isinstance(answer.content, bytes):
        protocol.response_bytes(answer.status, answer.headers, answer.content)
        return
    # The HTTP server opens the file anew, and reads it as fast as the client does.
    protocol.response_file(answer.status, answer.headers, f"/dev/fd/{answer.content.fileno()}")
    loop.call_soon_threadsafe(loop.call_later, OPENING, answer.content.close)
