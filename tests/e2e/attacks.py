"""What a stranger sends to a server to keep others out, and what it is asked meanwhile."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

HOST = b"Host: 127.0.0.1\r\n"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
FORM = b"application/x-www-form-urlencoded"
Attack = Callable[["Stranger"], None]


class Stranger:
    """Opens connections to a server, and leaves them open."""

    def __init__(self, port: int, token: str, connections: ExitStack) -> None:
        self.port = port
        self.token = token
        self.told_to_stop = Event()
        self._connections = connections

    def connect(self, sent: bytes = b"", *, window: int | None = None) -> socket.socket:
        """Send these bytes on a connection of its own, which takes no more than `window` bytes at once."""
        connection = self._connections.enter_context(socket.socket())
        if window:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", self.port))
        try:
            connection.sendall(sent)
        except OSError:
            return connection  # the server has had enough of it
        return connection

    def trickle(self, connections: list[socket.socket], part: bytes) -> None:
        """Send each of them these bytes each half second, until told to stop."""
        while not self.told_to_stop.wait(0.5):
            for connection in connections:
                try:
                    connection.sendall(part)
                except OSError:
                    continue  # the server has ended this one

    def read_slowly(self, connections: list[socket.socket]) -> None:
        """Read a byte of each of them each half second, until told to stop."""
        while not self.told_to_stop.wait(0.5):
            for connection in connections:
                try:
                    connection.recv(1)
                except OSError:
                    continue  # the server has ended this one


def head(method: str, path: str, *lines: str) -> bytes:
    """The first lines of a request."""
    text = "".join(f"{line}\r\n" for line in (f"{method} {path} HTTP/1.1", *lines))
    return text.encode() + HOST + b"\r\n"


def a_frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """A frame of HTTP/2 (RFC 9113, 4.1)."""
    return len(payload).to_bytes(3) + bytes((kind, flags)) + stream.to_bytes(4) + payload


def unfinished_streams(stranger: Stranger) -> None:
    """Four connections that speak HTTP/2 in clear text, eight POSTs on each, none of them ended."""
    # POST, http, path, authority and type of content, named by their places in the static table (RFC 7541, A).
    fields = b"\x83\x86\x44\x09/sign-in/\x41\x09127.0.0.1\x5f\x21" + FORM
    streams = b"".join(a_frame(1, 4, 2 * number + 1, fields) for number in range(8))
    connections = [stranger.connect(PREFACE + a_frame(4, 0, 0, b"") + streams) for _ in range(4)]
    time.sleep(0.5)
    for connection in connections:
        connection.close()


def bodies_by_the_byte(path: str, *headers: str, length: int, connections: int = 16) -> Attack:
    """Connections that send a body a byte at a time."""

    def attack(stranger: Stranger) -> None:
        begun = head("POST", path, f"Content-Length: {length}", *headers)
        stranger.trickle([stranger.connect(begun) for _ in range(connections)], b"[")

    return attack


def chunks_by_the_byte(stranger: Stranger) -> None:
    """Connections that send a body in chunks that never end."""
    begun = head("POST", "/api/v1/operations/", "Transfer-Encoding: chunked")
    stranger.trickle([stranger.connect(begun) for _ in range(16)], b"1\r\n[\r\n")


def headers_by_the_byte(stranger: Stranger) -> None:
    """Connections whose headers never end."""
    stranger.trickle([stranger.connect(b"GET / HTTP/1.1\r\n" + HOST) for _ in range(200)], b"X-A: b\r\n")


def silence(stranger: Stranger) -> None:
    """Connections on which nothing is said."""
    for _ in range(300):
        stranger.connect()
    stranger.told_to_stop.wait()


def expectations(stranger: Stranger) -> None:
    """Connections that wait to be told to go on, and then don't."""
    begun = head("POST", "/api/v1/operations/", "Content-Length: 1000", "Expect: 100-continue")
    for _ in range(32):
        stranger.connect(begun)
    stranger.told_to_stop.wait()


def answers_by_the_byte(path: str, connections: int = 16) -> Attack:
    """Connections that read an answer a byte at a time, as somebody who is known to the server."""

    def attack(stranger: Stranger) -> None:
        asked = head("GET", path, f"Authorization: Bearer {stranger.token}")
        stranger.read_slowly([stranger.connect(asked, window=2048) for _ in range(connections)])

    return attack


def large_bodies(path: str, size: int, connections: int = 16) -> Attack:
    """Connections that send all of a large body but its end."""

    def attack(stranger: Stranger) -> None:
        begun = head("POST", path, f"Content-Length: {size}", "Content-Type: application/json")
        part = b"[" + b"0," * (size // 2 - 2)
        opened = [stranger.connect(begun) for _ in range(connections)]
        senders = [Thread(target=send_while_it_takes, args=(connection, part)) for connection in opened]
        for sender in senders:
            sender.start()
        stranger.told_to_stop.wait()
        for connection in opened:
            connection.close()
        for sender in senders:
            sender.join()

    return attack


def whole_bodies(path: str, body: bytes, connections: int = 8) -> Attack:
    """Clients that are known to the server and send the same body at once, again and again."""

    def attack(stranger: Stranger) -> None:
        begun = head(
            "POST",
            path,
            f"Authorization: Bearer {stranger.token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        with ThreadPoolExecutor(connections) as clients:
            for _ in range(connections):
                clients.submit(send_again_and_again, stranger, begun, body)

    return attack


def send_again_and_again(stranger: Stranger, begun: bytes, body: bytes) -> None:
    """Send a request and read the answer, until told to stop."""
    while not stranger.told_to_stop.is_set():
        with socket.create_connection(("127.0.0.1", stranger.port), timeout=30) as connection:
            send_while_it_takes(connection, begun + body)
            try:
                while connection.recv(65536):
                    pass
            except OSError:
                continue  # the server has ended it


def send_while_it_takes(connection: socket.socket, part: bytes) -> None:
    """Send as much as the server takes before it ends the connection, or nobody waits for that any longer."""
    connection.settimeout(30)
    try:
        connection.sendall(part)
    except OSError:
        connection.close()


@contextmanager
def under(attack: Attack, port: int, token: str) -> Iterator[None]:
    """Let the attack go on while the block runs."""
    with ExitStack() as connections:
        stranger = Stranger(port, token, connections)
        thread = Thread(target=attack, args=(stranger,))
        thread.start()
        try:
            yield
        finally:
            stranger.told_to_stop.set()
            thread.join()


def memory(leader: int) -> int:
    """The bytes that a group of processes takes, what they share divided among them."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            group = int(process.joinpath("stat").read_text().rpartition(")")[2].split()[2])
            if group == leader:
                lines = process.joinpath("smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended just now
    return total * 1024
