"""Where checkpoints are kept, outside the database: a file, or a server that takes a line by POST and gives all by GET.

A server is asked over HTTPS, or over HTTP on this machine. Where it sends us on to isn't followed: the checkpoints
would be somebody else's.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from attrs import frozen
from typing_extensions import override

from interfaces.shared.files import opened

TIMEOUT = 10
"""Seconds to wait for a connection, and for each part of an answer."""

LARGEST = 2**26
"""Bytes of an answer; a checkpoint of a thousand chains has some hundred thousand."""

LINES = "application/x-ndjson"


class NoPlace(Exception):
    """Checkpoints can't be read or put there, and why."""


class Place(Protocol):
    """Keeps checkpoints, a line each, in the order in which they were added."""

    def lines(self) -> Iterable[str]:
        """All of them; `NoPlace`."""

    def add(self, line: str) -> None:
        """One more at the end; `NoPlace`."""


def place_of(named: str) -> Place:
    """The file or the address of that name; `NoPlace` for an address that isn't asked."""
    if "://" not in named:
        return File(Path(named))
    try:
        address = urlsplit(named)
        known = address.scheme == "https" or (address.scheme == "http" and _on_this_machine(address.hostname))
        if known and address.hostname and address.username is None and address.port != 0:
            return Server(address)
    except ValueError as error:
        raise NoPlace(f"{named}: This isn't an address: {error}.") from error
    raise NoPlace("An address begins with https:// (on this machine http:// will do), and has no user in it.")


def _on_this_machine(host: str | None) -> bool:
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@frozen
class File(Place):
    """A file, which is made with its first line."""

    path: Path

    @override
    def lines(self) -> Iterator[str]:
        try:
            with opened(self.path, encoding="utf-8", errors="replace") as lines:
                yield from lines
        except OSError as error:
            raise NoPlace(f"{self.path}: {error.strerror}.") from error

    @override
    def add(self, line: str) -> None:
        try:
            with opened(self.path, "a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise NoPlace(f"{self.path}: {error.strerror}.") from error


@frozen
class Server(Place):
    """An address. Its query, in which there may be a secret, is never shown."""

    address: SplitResult

    @override
    def lines(self) -> list[str]:
        return self._answer("GET").decode(errors="replace").splitlines()

    @override
    def add(self, line: str) -> None:
        self._answer("POST", f"{line}\n".encode())

    def _answer(self, method: str, body: bytes | None = None) -> bytes:
        path = self.address._replace(scheme="", netloc="", fragment="", path=self.address.path or "/").geturl()
        headers = {"Accept": LINES, **({"Content-Type": LINES} if body else {})}
        try:
            with closing(self._connection()) as connection:
                connection.request(method, path, body, headers)
                with connection.getresponse() as response:
                    return self._content(response)
        except (OSError, HTTPException) as error:
            raise self._failed(str(error) or type(error).__name__) from error

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self.address.scheme == "https" else HTTPConnection
        return kind(self.address.hostname or "", self.address.port, timeout=TIMEOUT)

    def _content(self, response: HTTPResponse) -> bytes:
        if not 200 <= response.status < 300:
            raise self._failed(f"It answers {response.status} {response.reason}")
        content = response.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise self._failed(f"It answers more than {LARGEST} bytes")
        return content

    def _failed(self, why: str) -> NoPlace:
        shown = self.address._replace(query="", fragment="").geturl()
        return NoPlace(f"{shown}: {why}.")
