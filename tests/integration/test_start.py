"""Lignage starts with one command, ends in order, and says in a line what stands in the way."""

import http.client
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.run import answers
from config.state import ROOT

RUN = (sys.executable, "-m", "config.run")


class Plant:
    """What `make run` starts, with its state in a folder of the test."""

    def __init__(self, state: Path) -> None:
        self.state = state
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a machine where nothing is set."""
        names = ("DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE")
        inherited = {name: value for name, value in os.environ.items() if name not in names}
        return inherited | {"LIGNAGE_STATE": str(self.state), "PORT": str(self.port), "SAMPLE": "0"}

    @contextmanager
    def in_a_terminal(self, **environment: str) -> Iterator[str]:
        """Start it where somebody looks at a terminal, and give what it says."""
        ours, its = pty.openpty()
        with subprocess.Popen(
            RUN, cwd=ROOT, env=self.environment | environment, stdout=its, stderr=its, start_new_session=True
        ) as process:
            os.close(its)
            said = b""
            try:
                while b"Ctrl-C" not in said and (more := os.read(ours, 4096)):
                    said += more
                yield said.decode().replace("\r", "")
            finally:
                process.terminate()
                process.wait(30)
                os.close(ours)

    @contextmanager
    def running(self, until: str = "Ctrl-C", **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """Start it, and give the process with what it says up to these words, when it is ready."""
        with subprocess.Popen(
            RUN,
            cwd=ROOT,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            assert process.stdout
            said = ""
            try:
                while until not in said and "Ctrl-C" not in said and (line := process.stdout.readline()):
                    said += line
                assert until in said, said
                yield process, said
            finally:
                process.terminate()

    def fails(self, **environment: str) -> str:
        """Start it where it can't run, and give what it says."""
        failed = subprocess.run(
            RUN, cwd=ROOT, env=self.environment | environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert failed.returncode == 1
        assert not failed.stdout
        return failed.stderr

    def manage(self, *arguments: str) -> str:
        """Run a command on the same state."""
        return subprocess.run(
            (sys.executable, "manage.py", *arguments),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout

    def get(self, path: str) -> int:
        """Ask the web server for a page, and give the status of its answer."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        asking.request("GET", path)
        status = asking.getresponse().status
        asking.close()
        return status

    def postmaster(self) -> int:
        """The process of the database."""
        return int((self.state / "postgresql" / "data" / "postmaster.pid").read_text().split()[0])

    def serves(self) -> bool:
        """Whether anybody listens at the port."""
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def is_gone(self) -> bool:
        """Whether neither the web server nor the database is left."""
        return not self.serves() and not (self.state / "postgresql" / "data" / "postmaster.pid").exists()


@pytest.fixture
def new_plant(tmp_path: Path) -> Plant:
    """A plant that was never started, in a folder with a space in its name."""
    return Plant(tmp_path / "my plant")


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plant, str]:
    """A plant that was started once and told to end, and what it said."""
    plant = Plant(tmp_path_factory.mktemp("state"))
    with plant.running() as (process, said):
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert plant.is_gone()
    return plant, said + rest


@pytest.fixture
def plant(new_plant: Plant, first_start: tuple[Plant, str]) -> Plant:
    """A plant that was started before."""
    shutil.copytree(first_start[0].state, new_plant.state)
    return new_plant


def soon(true: Callable[[], bool]) -> None:
    """Wait until something is true, and not for ever."""
    give_up = time.monotonic() + 60
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def hear(process: subprocess.Popen[str], words: str) -> None:
    """Wait until it says these words."""
    assert process.stdout
    heard = ""
    while words not in heard:
        line = process.stdout.readline()
        assert line, heard
        heard += line


def indented(said: str) -> list[str]:
    """The lines to copy."""
    return [line.strip() for line in said.splitlines() if line.startswith("  ")]


def token(said: str) -> str:
    """The token that it prints."""
    found = re.search(r"^  export base=\S+ TOKEN=(\S+)$", said, re.MULTILINE)
    assert found, said
    return found[1]


def test_it_says_where_to_look_and_who_gets_in(first_start: tuple[Plant, str]) -> None:
    plant, said = first_start
    assert "First start" in said
    assert f"http://127.0.0.1:{plant.port}/api/v1/docs" in said
    assert f"http://127.0.0.1:{plant.port}/sign-in/" in said
    assert "Traceback" not in said


def test_no_token_is_made_or_said_where_nobody_looks_at_a_terminal(first_start: tuple[Plant, str]) -> None:
    plant, said = first_start
    assert "lignage_" not in said
    assert not list(plant.state.glob("*token*"))


def test_the_lines_that_it_says_work_as_they_are(plant: Plant) -> None:
    with plant.running() as (_, said):
        _, _, make, set_password, export, curl = indented(said)
        made = in_a_shell(make)
        assert in_a_shell(set_password, typed="a password of 20 letters\n").startswith("developer signs in")
        answer = json.loads(in_a_shell(f"{export}{made}\n{curl}"))
    assert answer == {"items": [], "next": None}


def test_a_terminal_is_told_a_token_and_lines_that_work(plant: Plant) -> None:
    with plant.in_a_terminal() as said:
        assert token(said).startswith("lignage_")
        _, _, set_password, export, curl = indented(said)
        assert in_a_shell(set_password, typed="a password of 20 letters\n").startswith("developer signs in")
        assert json.loads(in_a_shell(f"{export}\n{curl}")) == {"items": [], "next": None}
    (kept,) = plant.state.glob("development-token-*")
    assert kept.stat().st_mode & 0o777 == 0o600


def in_a_shell(script: str, typed: str = "") -> str:
    """What a shell answers in another folder and terminal, where nothing of ours is set."""
    return subprocess.run(
        ("sh", "-ec", script),
        cwd="/",
        env={"PATH": os.environ["PATH"]},
        input=typed,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.strip()


def test_it_starts_again(plant: Plant) -> None:
    with plant.running() as (process, said):
        assert "First start" not in said
        assert plant.get("/health/live") == plant.get("/health/ready") == 200
        assert plant.get("/") == 302
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert rest.strip() == "Lignage has ended."
    assert plant.is_gone()


def test_what_it_keeps_secret_is_its_owners_alone(first_start: tuple[Plant, str]) -> None:
    secrets = [path for path in first_start[0].state.iterdir() if path.is_file()]
    assert secrets
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}


def test_commands_share_the_database_of_the_running_plant(plant: Plant) -> None:
    with plant.running():
        running = plant.postmaster()
        assert "[X] 0001_initial" in plant.manage("showmigrations", "identity")
        assert plant.postmaster() == running
        assert plant.get("/health/ready") == 200
    assert plant.is_gone()
    assert "[X] 0001_initial" in plant.manage("showmigrations", "identity")
    assert plant.is_gone()


def test_it_comes_back_after_everything_was_killed(plant: Plant) -> None:
    with plant.running() as (process, _):
        os.kill(plant.postmaster(), signal.SIGKILL)
        process.kill()
    soon(lambda: not plant.serves())
    with plant.running():
        assert plant.get("/health/ready") == 200


def test_what_it_started_ends_when_it_is_killed(plant: Plant) -> None:
    with plant.running() as (process, _):
        process.kill()
    soon(plant.is_gone)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up as Linux shows them")
def test_a_web_server_that_ends_is_started_again(plant: Plant) -> None:
    with plant.running() as (process, _):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        server = next(child for child in children if "config.serve" in Path(f"/proc/{child}/cmdline").read_text())
        os.kill(int(server), signal.SIGKILL)
        hear(process, "The web server ended with exit code -9; it is started again in 1 s.")
        soon(lambda: answers(plant.port))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert plant.is_gone()


@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGINT], ids=["killed", "ended"])
def test_a_database_that_ends_is_started_again(plant: Plant, signal_: signal.Signals) -> None:
    with plant.running() as (process, _):
        first = plant.postmaster()
        os.kill(first, signal_)
        ended = time.monotonic()
        assert plant.get("/health/live") == 200
        hear(process, "PostgreSQL had ended; it was started again.")
        soon(lambda: answers(plant.port))
        assert time.monotonic() - ended < 10
        assert plant.postmaster() != first
    assert plant.is_gone()


def test_a_database_that_can_not_be_started_is_tried_again_until_it_can(plant: Plant) -> None:
    with plant.running() as (process, _):
        log = plant.state / "postgresql" / "server.log"
        log.rename(log.with_suffix(".away"))
        log.mkdir()  # as a full disk does, this leaves no room for its log
        os.kill(plant.postmaster(), signal.SIGKILL)
        hear(process, "It is tried again in 1 s.")
        hear(process, "It is tried again in 2 s.")
        log.rmdir()
        hear(process, "PostgreSQL had ended; it was started again.")
        soon(lambda: answers(plant.port))
    assert plant.is_gone()


def test_a_first_start_that_is_interrupted_is_taken_up_again(new_plant: Plant) -> None:
    with new_plant.running(SAMPLE="", until="Loading the sample") as (process, said):
        assert "First start" in said
        process.kill()
    with new_plant.running(SAMPLE="") as (_, said):
        assert "First start" not in said
        assert "Loading the sample" in said
    with new_plant.running(SAMPLE="") as (_, said):
        assert "Loading the sample" not in said


def test_a_port_in_use_is_found_before_anything_else(new_plant: Plant) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", new_plant.port))
        other.listen()
        assert new_plant.fails() == (
            f"Port {new_plant.port} can't be used: Address already in use. Try another: make run PORT=8001\n"
        )
    assert not new_plant.state.exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5"])
def test_what_is_no_port_is_refused(new_plant: Plant, port: str) -> None:
    assert new_plant.fails(PORT=port) == f"PORT has to be a number from 1 to 65535, not {port!r}.\n"


def test_a_state_folder_that_can_not_be_used_is_named(new_plant: Plant) -> None:
    new_plant.state.touch()
    assert new_plant.fails() == f"The state folder {new_plant.state} can't be made: File exists.\n"


def test_a_database_that_does_not_answer_is_a_fault_and_nothing_else_is_started(new_plant: Plant) -> None:
    said = new_plant.fails(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert said.startswith("The database doesn't answer: ")
    assert "Traceback" not in said
    assert not (new_plant.state / "postgresql").exists()
