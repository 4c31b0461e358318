"""Providers of OpenID Connect that don't answer as they should, each a server of sockets on loopback."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

Behaviour = Callable[[socket.socket, Event], None]


def silent(_connection: socket.socket, over: Event) -> None:
    """Accept and never answer."""
    over.wait()


def trickling(start: bytes) -> Behaviour:
    """Begin an answer like this, and go on with a byte at a time."""

    def behave(connection: socket.socket, over: Event) -> None:
        connection.sendall(start)
        while not over.wait(0.05):
            connection.sendall(b"x")

    return behave


def endless(start: bytes, more: bytes) -> Behaviour:
    """Begin an answer like this, and go on with more as fast as it is read."""

    def behave(connection: socket.socket, over: Event) -> None:
        connection.sendall(start)
        while not over.is_set():
            connection.sendall(more)

    return behave


def answering(answer: bytes) -> Behaviour:
    """Give this answer to every request."""

    def behave(connection: socket.socket, _over: Event) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return behave


JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

NEVER: dict[str, Behaviour] = {
    "silent": silent,
    "trickled status line": trickling(b"HTTP/1.1 200 "),
    "trickled headers": trickling(b"HTTP/1.1 200 OK\r\nX-Long: "),
    "trickled body": trickling(JSON + b"Content-Length: 900000\r\n\r\n"),
    "trickled body without an end": trickling(JSON + b"\r\n{"),
    "trickled chunks": trickling(JSON + b"Transfer-Encoding: chunked\r\n\r\n"),
    "to be continued for ever": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}
"""Never end to answer."""

CHUNK = b"fff\r\n" + b" " * 0xFFF + b"\r\n"

WRONG: dict[str, tuple[Behaviour, str]] = {
    "endless body": (endless(JSON + b"\r\n", b" " * 65536), "TooLarge"),
    "endless chunks": (endless(JSON + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK), "TooLarge"),
    "endless headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X-More: more\r\n"), "ConnectionError"),
    "redirects for ever": (
        answering(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nConnection: close\r\n\r\n"),
        "TooManyRedirects",
    ),
    "no HTTP": (answering(b"220 mail.example ESMTP\r\n"), "ConnectionError"),
    "nothing": (answering(b""), "ConnectionError"),
}
"""End, with what no provider answers, and why it is refused."""


@contextmanager
def provider(behaviour: Behaviour) -> Iterator[str]:
    """The address of a provider that behaves so."""
    over = Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            behaviour(connection, over)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                Thread(target=serve, args=[connection], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
