"""The commands of the README work in order, in bash and zsh, in a folder with a space; their answers are as shown."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from config.state import ROOT
from tests.factories.web_server import free_port

SHELLS = [shell for shell in ("bash", "zsh") if shutil.which(shell)]
BY_HAND = "TOKEN=$(manage create_token developer --development)"
#: Members that differ from one plant, or one moment, to the next.
DIFFER = {"id", "at", "sha256", "next", "sentence"}
MEMBER = re.compile(r'"(\w+)":\s*("(?:[^"\\]|\\.)*"|-?[\d.]+|null|true|false)')


class Step(NamedTuple):
    """A block of commands, and what the README shows of its answer."""

    commands: str
    shown: str


def steps() -> list[Step]:
    """The blocks from the first request on, with the answers that stand behind them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Five minutes")[2]
    blocks = re.findall(r"```(sh|json|)\n(.*?)```", text, re.DOTALL)[:-1]  # the last is the map
    found: list[Step] = []
    for language, block in blocks:
        if language == "sh":
            found.append(Step(block, ""))
        elif found:
            found[-1] = Step(found[-1].commands, found[-1].shown + block)
    return found


def members(text: str) -> set[tuple[str, str]]:
    """Names and values of a JSON text, or of what is shown of one."""
    return {(name, value) for name, value in MEMBER.findall(text) if name not in DIFFER and "…" not in value}


@contextmanager
def running(folder: Path, port: int) -> Iterator[None]:
    """Run Lignage in this folder, with the sample plant."""
    with subprocess.Popen(
        (".venv/bin/python", "-m", "config.run"),
        cwd=folder,
        env=environment(folder) | {"PORT": str(port), "SAMPLE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        said = ""
        while "Ctrl-C" not in said and (line := process.stdout.readline()):
            said += line
        try:
            assert "Ctrl-C" in said, said
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def environment(folder: Path) -> dict[str, str]:
    """What a user's shell finds set."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "LIGNAGE_STATE": str(folder / "state")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a space that has everything of the project in it."""
    folder = tmp_path / "my lignage"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in {"var", ".venv", ".git"}:
            (folder / path.name).symlink_to(path)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.mark.parametrize("shell", SHELLS)
def test_the_commands_do_what_the_readme_says(folder: Path, shell: str) -> None:
    assert BY_HAND in (ROOT / "README.md").read_text(encoding="utf-8")
    port, (first, *others) = free_port(), steps()
    export, *functions = first.commands.splitlines()
    assert export == "export base=http://127.0.0.1:8000/api/v1 TOKEN=lignage_…"
    begun = [f"export base=http://127.0.0.1:{port}/api/v1", *functions, BY_HAND]
    script = "\necho; echo @@@@@\n".join(["\n".join(begun), *(step.commands for step in others)])
    with running(folder, port):
        done = subprocess.run(
            (shell, "-ec", script),
            cwd=folder,
            env=environment(folder),
            input="a password of Odile's\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    answers = done.stdout.split("@@@@@\n")[1:]
    assert len(answers) == len(others) > 10
    for step, answer in zip(others, answers, strict=True):
        assert members(step.shown) - members(answer) == set(), step.commands
        if not members(step.shown):
            lines = [line for line in step.shown.splitlines() if line != "…"]
            assert [line for line in lines if line not in answer] == [], step.commands


def test_the_readme_shows_answers() -> None:
    assert sum(len(members(step.shown)) for step in steps()) > 50
