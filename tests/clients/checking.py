"""What a type checker says of a file, and what the file expects it to say."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

EXPECTED = re.compile(r"(?:#|//) refused: (\S+)$")

Refusals = set[tuple[str, int, str]]


def expected_in(file: Path) -> Refusals:
    """The lines of the file that must not type-check: its name, the line, the checker's code for what is wrong."""
    lines = enumerate(file.read_text().splitlines(), 1)
    return {(file.name, number, found[1]) for number, line in lines if (found := EXPECTED.search(line))}


def refusals_in(said: str, error: str) -> Refusals:
    """The same, as a type checker says it; `error` finds a file, a line and a code in one of its lines."""
    matches = [re.search(error, line) for line in said.splitlines() if "error" in line]
    assert all(matches), said
    return {(Path(found["file"]).name, int(found["line"]), found["code"]) for found in matches if found}


def run(folder: Path, *command: str, environment: Mapping[str, str], code: int = 0) -> str:
    """Run a program there that has to end with this exit code, and answer what it said."""
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == code, f"{ended.stdout}\n{ended.stderr}"
    return ended.stdout
