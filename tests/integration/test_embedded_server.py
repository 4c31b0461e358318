"""The embedded PostgreSQL: who may connect, who starts and stops it, and how it comes back after a crash."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from infrastructure.system import cluster, embedded_postgresql
from infrastructure.system.account import Account
from infrastructure.system.cluster import EmbeddedPostgresqlError
from infrastructure.system.embedded_postgresql import DatabaseUrls, EmbeddedPostgresql

HOLD_A_LEASE = """
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from infrastructure.system.embedded_postgresql import EmbeddedPostgresql
with EmbeddedPostgresql(Path(sys.argv[1])).lease() as urls:
    print(urls.application, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server that has run once, for copies."""
    folder = tmp_path_factory.mktemp("stopped")
    with EmbeddedPostgresql(folder).lease():
        return folder


@pytest.fixture
def new_folder(tmp_path: Path) -> Path:
    """A folder without a server, with a space in its name."""
    return tmp_path / "a plant" / "postgresql"


@pytest.fixture
def folder(new_folder: Path, stopped: Path) -> Path:
    """The folder of a server that has run before."""
    return shutil.copytree(stopped, new_folder)


@pytest.fixture
def server(folder: Path) -> EmbeddedPostgresql:
    """A server that keeps what it is given."""
    return EmbeddedPostgresql(folder)


@pytest.fixture(scope="module")
def running(stopped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseUrls]:
    """A server that runs for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("running")
    with EmbeddedPostgresql(shutil.copytree(stopped, folder, dirs_exist_ok=True)).lease() as urls:
        yield urls


def postmaster(folder: Path) -> int:
    """The process that the pid file names."""
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def sockets(urls: DatabaseUrls) -> Path:
    """The folder of the server's socket."""
    return Path(psycopg.conninfo.conninfo_to_dict(urls.application)["host"])


def ask(url: str, question: str) -> object:
    """Ask a question of one value."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
        return row and row[0]


def test_the_application_and_the_owner_are_ordinary_roles(running: DatabaseUrls) -> None:
    for url in (running.application, running.owner):
        ordinary = "NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)"
        assert ask(url, f"SELECT {ordinary} FROM pg_roles WHERE rolname = current_user")  # noqa: S608 - our own words
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    assert ask(running.owner, owner) == ask(running.owner, "SELECT current_user")
    assert ask(running.application, "SELECT has_schema_privilege('public', 'CREATE')") is False
    assert ask(running.application, "SELECT pg_has_role('lignage_owner', 'MEMBER')") is False


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"])
def test_nothing_of_the_application_waits_for_ever(running: DatabaseUrls, limit: str) -> None:
    assert ask(running.application, f"SHOW {limit}") != "0"


def test_nobody_else_gets_at_the_data_or_the_socket(running: DatabaseUrls) -> None:
    assert ask(running.superuser, "SHOW listen_addresses") == ""
    data = Path(str(ask(running.superuser, "SHOW data_directory")))
    for private in (sockets(running), data, data.parent):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_what_is_kept_is_durable(running: DatabaseUrls, stopped: Path) -> None:
    assert ask(running.superuser, "SHOW fsync") == "on"
    assert (stopped / "data").exists()


def test_what_is_thrown_away_is_fast_and_leaves_nothing(new_folder: Path) -> None:
    with EmbeddedPostgresql(new_folder, throwaway=True).lease() as urls:
        assert ask(urls.superuser, "SHOW fsync") == "off"
    assert not new_folder.exists()
    assert not sockets(urls).exists()


def test_the_last_lease_stops_the_server_whoever_started_it(server: EmbeddedPostgresql, folder: Path) -> None:
    with server.lease() as urls:
        with subprocess.Popen(
            [sys.executable, "-c", HOLD_A_LEASE, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout
            assert other.stdout.readline().strip() == urls.application
            other.communicate()
        assert ask(urls.application, "SELECT 1") == 1
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_A_LEASE, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        other.stdout.readline()
        with server.lease() as urls:
            pass
        assert ask(urls.application, "SELECT 1") == 1
        other.communicate()
    with pytest.raises(psycopg.OperationalError):
        ask(urls.application, "SELECT 1")
    assert not sockets(urls).exists()


def test_a_program_that_is_killed_leaves_a_server_for_the_next(server: EmbeddedPostgresql, folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_A_LEASE, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        other.stdout.readline()
        running = postmaster(folder)
        other.kill()
    with server.lease() as urls:
        assert postmaster(folder) == running
        assert ask(urls.application, "SELECT 1") == 1
    assert not (folder / "data" / "postmaster.pid").exists()


@pytest.fixture
def crashed(server: EmbeddedPostgresql, folder: Path) -> int:
    """A server that was killed while somebody was writing, and whose pid file still stands."""
    with server.lease() as urls, closing(psycopg.connect(urls.owner)) as connection:
        connection.execute("CREATE TABLE crash AS SELECT 'committed' AS word")
        connection.commit()
        connection.execute("INSERT INTO crash VALUES ('not committed')")
        killed = postmaster(folder)
        os.kill(killed, signal.SIGKILL)
    assert postmaster(folder) == killed
    return killed


def test_it_recovers_after_it_was_killed(crashed: int, folder: Path) -> None:
    with EmbeddedPostgresql(folder).lease() as urls:
        assert postmaster(folder) != crashed
        assert ask(urls.owner, "SELECT string_agg(word, ',') FROM crash") == "committed"


def test_it_recovers_when_its_old_number_is_another_program_by_now(crashed: int, folder: Path) -> None:
    pid_file = folder / "data" / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(crashed), str(os.getpid()), 1))
    with EmbeddedPostgresql(folder).lease() as urls:
        assert ask(urls.owner, "SELECT string_agg(word, ',') FROM crash") == "committed"


def test_a_server_that_only_seems_dead_is_left_alone(
    server: EmbeddedPostgresql, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_postgresql, "RECOVERY", 1)
    with server.lease() as urls:
        running, socket = postmaster(folder), next(sockets(urls).glob(".s.PGSQL.*[0-9]"))
        hidden = socket.rename(socket.with_name("hidden"))
        with pytest.raises(EmbeddedPostgresqlError, match="still in use"), EmbeddedPostgresql(folder).lease():
            pass
        assert postmaster(folder) == running
        hidden.rename(socket)
        assert ask(urls.application, "SELECT 1") == 1


def test_a_start_that_is_interrupted_leaves_no_server(
    server: EmbeddedPostgresql, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, look = Account.start, cluster.Cluster.postmaster
    started: list[subprocess.Popen[bytes]] = []
    interrupted: list[bool] = []

    def start_and_remember(self: Account, *command: str | Path, **options: object) -> subprocess.Popen[bytes]:
        started.append(start(self, *command, **options))
        return started[-1]

    def be_interrupted(self: cluster.Cluster) -> cluster.Postmaster | None:
        if started and not interrupted:
            interrupted.append(True)
            raise KeyboardInterrupt
        return look(self)

    monkeypatch.setattr(Account, "start", start_and_remember)
    monkeypatch.setattr(cluster.Cluster, "postmaster", be_interrupted)
    with pytest.raises(KeyboardInterrupt), server.lease():
        pass
    assert [process.poll() is None for process in started] == [False]
    assert not (folder / "data" / "postmaster.pid").exists()


def test_an_interrupted_creation_is_begun_again(new_folder: Path) -> None:
    half_made = new_folder / "data.unfinished"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18")
    with EmbeddedPostgresql(new_folder).lease() as urls:
        assert ask(urls.application, "SELECT current_database()") == "lignage"
    assert not half_made.exists()


def test_a_creation_that_fails_leaves_no_data_and_says_why(new_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_postgresql, "BOOTSTRAP", ("CREATE ROLE lignage", "CREATE ROLE lignage"))
    with (
        pytest.raises(EmbeddedPostgresqlError, match='role "lignage" already exists'),
        EmbeddedPostgresql(new_folder).lease(),
    ):
        pass
    assert not (new_folder / "data").exists()


def test_a_start_that_fails_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SERVER_SETTINGS", (*cluster.SERVER_SETTINGS, "shared_buffers=none"))
    with pytest.raises(EmbeddedPostgresqlError, match="shared_buffers"), EmbeddedPostgresql(folder).lease():
        pass


def test_a_folder_that_can_not_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedPostgresqlError, match=r"file/postgresql can't be used: Not a directory\.$"):
        EmbeddedPostgresql(tmp_path / "file" / "postgresql")


def test_a_socket_folder_of_somebody_else_is_refused(
    server: EmbeddedPostgresql, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.lease() as urls:
        pass
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o755)
    sockets(urls).symlink_to(trap)
    try:
        with pytest.raises(EmbeddedPostgresqlError, match="isn't what it should be; remove it"), server.lease():
            pass
        assert stat.S_IMODE(trap.stat().st_mode) == 0o755
    finally:
        sockets(urls).unlink()


def test_a_long_temporary_folder_does_not_make_the_socket_unreachable(
    server: EmbeddedPostgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with server.lease() as urls:
        assert ask(urls.application, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_namespaces_becomes_nobody_in_a_folder_that_nobody_reaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(0o700)
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr(cluster, "unprivileged_account", lambda: Account(user=nobody))
    with EmbeddedPostgresql(tmp_path / "postgresql", throwaway=True).lease() as urls:
        data = Path(str(ask(urls.superuser, "SHOW data_directory")))
        assert not data.is_relative_to(tmp_path)
        assert data.stat().st_uid == nobody.pw_uid
        assert f"with its data in {data.parent}" in caplog.text
    assert not data.parent.exists()
