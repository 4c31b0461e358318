"""Commands read and write regular files alone: nothing hangs, nothing is read from where a link leads."""

import json
import os
import shutil
import socket
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from interfaces.imports import csv_table
from interfaces.shared.files import NOT_REGULAR
from tests.integration.contents import contents

SAMPLE = Path(__file__).parents[2] / "samples" / "cidery"
FILES = ("products.csv", "partners.csv", "campaigns.csv", "movements.csv")

pytestmark = pytest.mark.django_db


def fifo(path: Path) -> None:
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    """A socket; its address has to be short."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def link_to(target: Path, path: Path) -> None:
    path.symlink_to(target)


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


KINDS: dict[str, Callable[[Path], None]] = {
    "fifo": fifo,
    "socket": unix_socket,
    "directory": Path.mkdir,
    "link to a file": partial(link_to, SAMPLE / "products.csv"),
    "link to nothing": partial(link_to, Path("nowhere")),
    "link to a device": partial(link_to, Path("/dev/zero")),
    "link to a terminal": partial(link_to, Path("/dev/tty")),
    "link to itself": link_to_itself,
}


def said_of(kind: str) -> str:
    """What a command says of it."""
    return "Is a directory" if kind == "directory" else NOT_REGULAR


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A copy of the sample, to damage."""
    return shutil.copytree(SAMPLE, tmp_path / "log")


def refused(*command: str) -> str:
    """What the command ends with; nothing has changed then."""
    before = contents()
    with pytest.raises(CommandError) as raised:
        call_command(*command, stdout=StringIO(), stderr=StringIO())
    assert contents() == before
    return str(raised.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FILES)
def test_a_log_is_of_regular_files(log: Path, name: str, kind: str) -> None:
    (log / name).unlink()
    KINDS[kind](log / name)
    assert refused("import_log", str(log)) == f"{name}: It can't be read: {said_of(kind)}. Nothing was imported."


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_is_in_a_directory(tmp_path: Path, kind: str) -> None:
    KINDS[kind](tmp_path / "log")
    said = refused("import_log", str(tmp_path / "log"))
    assert said.startswith("products.csv: ")
    assert said.count("\n") == 0


def test_a_log_may_be_behind_a_link_to_its_directory(log: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(log)
    call_command("import_log", str(tmp_path / "link"), stdout=StringIO(), stderr=StringIO())


def test_a_device_is_no_file_of_a_log() -> None:
    with pytest.raises(csv_table.BadLog, match=NOT_REGULAR):
        next(csv_table.rows_of(Path("/dev/zero"), ["code"]))


def test_a_huge_file_is_refused_before_it_is_read(log: Path) -> None:
    with (log / "movements.csv").open("r+b") as file:
        file.truncate(2**40)
    said = refused("import_log", str(log))
    assert said == "movements.csv: It has more than 2,147,483,648 bytes. Nothing was imported."


@pytest.mark.parametrize("filling", [b"\0", b"x"])
def test_a_line_without_end_is_not_read(log: Path, filling: bytes) -> None:
    path = log / "products.csv"
    first = path.read_bytes().splitlines(keepends=True)[0]
    path.write_bytes(first + filling * 2**21)
    said = refused("import_log", str(log))
    assert said == "products.csv, line 2: The line has more than 1,048,576 characters. Nothing was imported."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("option", ["--against", "--publish"])
def test_checkpoints_are_in_a_regular_file(tmp_path: Path, kind: str, option: str) -> None:
    place = tmp_path / "heads.jsonl"
    KINDS[kind](place)
    assert refused("verify_audit", option, str(place)) == f"{place}: {said_of(kind)}."
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_the_description_of_the_api_is_in_regular_files(tmp_path: Path, kind: str) -> None:
    KINDS[kind](tmp_path / "v1.json")
    assert refused("store_api", str(tmp_path)) == f"{tmp_path / 'v1.json'}: {said_of(kind)}."
    assert not (tmp_path / "nowhere").exists()


def test_regular_files_are_read_and_written(tmp_path: Path) -> None:
    call_command("store_api", str(tmp_path), stdout=StringIO())
    call_command("store_api", str(tmp_path), stdout=StringIO())
    assert json.loads((tmp_path / "v1.json").read_bytes())["openapi"].startswith("3.1")
    place = tmp_path / "heads.jsonl"
    call_command("verify_audit", "--publish", str(place), stdout=StringIO())
    call_command("verify_audit", "--publish", str(place), "--against", str(place), stdout=StringIO())
    assert len(place.read_text(encoding="utf-8").splitlines()) == 2
