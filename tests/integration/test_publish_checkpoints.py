"""Checkpoints are published to a server, and read from it: a real one, on this machine."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from pytest_django import Settings

from interfaces.cli import checkpoint_places
from tests.factories.plant import StoredPlant

pytestmark = pytest.mark.django_db


class Keeper(ThreadingHTTPServer):
    """Keeps lines. `answer` is another status than success, `waits` holds answers back until it is set."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Keeping)
        self.requests: list[tuple[str, str]] = []
        self.lines = b""
        self.answer = 200
        self.waits: Event | None = None

    def handle_error(self, *_: object) -> None:
        """Say nothing of who hangs up."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/heads?secret=7"


class Keeping(BaseHTTPRequestHandler):
    """Answers as its server says."""

    server: Keeper

    def do_GET(self) -> None:
        self._answer(self.server.lines)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.answer == 200:
            self.server.lines += content
        self._answer(b"")

    def _answer(self, content: bytes) -> None:
        self.server.requests.append((self.command, self.path))
        if self.server.waits:
            self.server.waits.wait()
        self.send_response(self.server.answer)
        if self.server.answer == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(keeper: Keeper) -> Iterator[Keeper]:
    """Serve meanwhile."""
    thread = Thread(target=keeper.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield keeper
    finally:
        keeper.shutdown()
        thread.join()
        keeper.server_close()


@pytest.fixture
def keeper(settings: Settings) -> Iterator[Keeper]:
    """A server that checkpoints are signed for with a key of the test's own."""
    settings.CHECKPOINT_KEY = "7" * 64
    with running(Keeper()) as keeper:
        yield keeper


def verify_audit(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> tuple[int, str]:
    """The exit code and the error that the command ends with."""
    with pytest.raises(CommandError) as raised:
        verify_audit(*arguments)
    return raised.value.returncode, str(raised.value)


def test_what_was_published_is_read_again(keeper: Keeper) -> None:
    StoredPlant().furnish()
    verify_audit("--publish", keeper.address)
    verify_audit("--against", keeper.address, "--publish", keeper.address)
    assert keeper.requests == [(method, "/heads?secret=7") for method in ("POST", "GET", "POST")]
    assert len(keeper.lines.splitlines()) == 2
    keeper.lines += b"forged\n"
    assert refusal("--against", keeper.address) == (1, "Findings: 1.")


@pytest.mark.parametrize(("answer", "says"), [(302, "302 Found"), (500, "500 Internal Server Error")])
def test_an_answer_other_than_success_is_told_of_and_not_followed(keeper: Keeper, answer: int, says: str) -> None:
    keeper.answer = answer
    for option in ("--publish", "--against"):
        where = f"http://127.0.0.1:{keeper.server_port}/heads"
        assert refusal(option, keeper.address) == (2, f"{where}: It answers {says}.")
    assert {path for _, path in keeper.requests} == {"/heads?secret=7"}
    assert keeper.lines == b""


def test_a_server_that_does_not_answer_is_given_up(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint_places, "TIMEOUT", 0.2)
    keeper.waits = Event()
    code, says = refusal("--against", keeper.address)
    keeper.waits.set()
    assert (code, says) == (2, f"http://127.0.0.1:{keeper.server_port}/heads: timed out.")


def test_a_server_that_is_not_there_is_named() -> None:
    with running(Keeper()) as gone:
        address = gone.address
    code, says = refusal("--publish", address)
    assert (code, says.startswith(address.partition("?")[0])) == (2, True)
    assert "refused" in says
    assert "secret" not in says


def test_an_answer_without_end_is_not_read(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint_places, "LARGEST", 20)
    keeper.lines = b"7" * 21
    code, says = refusal("--against", keeper.address)
    assert (code, says.endswith("It answers more than 20 bytes.")) == (2, True)


@pytest.mark.parametrize(
    "address",
    [
        "http://lignage.example/heads",
        "http://127.0.0.1.example/heads",
        "http://user:secret@127.0.0.1/heads",
        "file:///etc/passwd",
        "ftp://127.0.0.1/heads",
        "https:///heads",
        "https://127.0.0.1:0/heads",
    ],
)
def test_only_secure_addresses_are_asked(address: str) -> None:
    code, says = refusal("--publish", address)
    assert code == 2
    assert says == "An address begins with https:// (on this machine http:// will do), and has no user in it."
    assert refusal("--publish", "https://127.0.0.1:seven/")[0] == 2


def test_a_server_has_to_prove_who_it_is(keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = certified(tmp_path / "server.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    secure = Keeper()
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    address = secure.address.replace("http:", "https:")
    with running(secure):
        code, says = refusal("--publish", address)
        assert (code, "certificate verify failed" in says, secure.lines) == (2, True, b"")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        verify_audit("--publish", address)
        verify_audit("--against", address)
    assert len(secure.lines.splitlines()) == 1


def certified(file: Path) -> Path:
    """A key with a certificate for this machine, which the key signed itself."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "keeper")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
