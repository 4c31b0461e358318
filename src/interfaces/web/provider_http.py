"""HTTP to the provider of OpenID Connect, which may hang, trickle or never end: bounded in time, size and number."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import BoundedSemaphore, Lock, Timer
from time import monotonic
from typing import Any

from attrs import define, field
from requests import PreparedRequest, RequestException, Response, Session, Timeout
from requests.adapters import HTTPAdapter
from typing_extensions import override
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

SECONDS = 5.0
"""Seconds for everything that one step of a sign-in asks of the provider."""

MOST_BYTES = 1_000_000
"""Bytes of one answer of the provider."""

MOST_REDIRECTS = 3

AT_ONCE = 2
"""Threads of a process that may wait for the provider at the same time."""

_slots = BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """As many threads as may wait for the provider do so already."""


class TooLarge(RequestException):
    """An answer of the provider is larger than any that is needed."""


@define
class Exchange:
    """What one step of a sign-in asks of the provider.

    Timeouts of sockets begin anew with each byte, so a timer shuts the connections down when the time is up.
    """

    _end: float = field(factory=lambda: monotonic() + SECONDS)
    _connections: list[socket.socket] = field(factory=list)
    _lock: Lock = field(factory=Lock)

    @property
    def left(self) -> float:
        """Seconds that are left. Raises `TimeoutError` where none are."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError("The provider of OpenID Connect took too long.")
        return left

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return monotonic() >= self._end

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection that ends with the exchange. Raises `OSError`."""
        failure: OSError | None = None
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                connection = socket.create_connection((str(address[0]), port), timeout=self.left)
            except OSError as error:
                failure = error
                continue
            # TLS takes the socket over; its duplicate stays ours.
            with self._lock:
                self._connections.append(connection.dup())
            return connection
        raise failure or OSError(f"{host} has no address.")

    def shut_down(self) -> None:
        """End all connections, whatever is read from them just now."""
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # ended by the provider already
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the connections go."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()


_current: ContextVar[Exchange] = ContextVar("exchange")


@contextmanager
def exchange() -> Iterator[Exchange]:
    """Ask the provider inside this. Raises `Busy`."""
    if not _slots.acquire(blocking=False):
        raise Busy
    started = Exchange()
    timer = Timer(started.left, started.shut_down)
    timer.daemon = True
    token = _current.set(started)
    try:
        timer.start()
        yield started
    finally:
        timer.cancel()
        _current.reset(token)
        started.close()
        _slots.release()


def took_too_long(error: BaseException | None) -> bool:
    """Whether an exchange failed because the time was up."""
    return isinstance(error, Timeout) or _current.get().over


def session() -> Session:
    """What asks the provider within an exchange."""
    bounded = Session()
    bounded.max_redirects = MOST_REDIRECTS
    bounded.mount("https://", _Adapter())
    bounded.mount("http://", _Adapter())
    return bounded


class _Bounded(HTTPConnection):
    """A connection of the exchange that goes on."""

    @override
    def _new_conn(self) -> socket.socket:
        try:
            return _current.get().connect(self._dns_host, self.port)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, str(error)) from error
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error


class _BoundedTls(_Bounded, HTTPSConnection):
    """The same with TLS."""


class _Adapter(HTTPAdapter):
    """Reads an answer whole, or not at all."""

    @override
    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _BoundedTls if pool.scheme == "https" else _Bounded
        return pool

    @override
    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        going_on = _current.get()
        if going_on.over:
            raise Timeout(request=request)
        response = super().send(request, **{**kwargs, "stream": True, "timeout": going_on.left})
        body = bytearray()
        for chunk in response.iter_content(64 * 1024):
            body += chunk
            if len(body) > MOST_BYTES:
                response.close()
                raise TooLarge(request=request)
        if going_on.over:  # what was read may be a part
            raise Timeout(request=request)
        response._content = bytes(body)  # noqa: SLF001 - where `content` keeps what it has read
        return response
