"""Locks name no host, agree with each other, and base.txt alone is all that Lignage runs on."""

import ast
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions  # noqa: TID251 - it reads what is installed and imports nothing
from pathlib import Path

import pytest

from tests.architecture.source_rules import Source, sources

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCKS = [*sorted(REQUIREMENTS.glob("*.txt")), ROOT / "examples/react/package-lock.json"]
PROGRAM = [source for source in sources() if not source.path.startswith("tests/")]
OURS = {"config", *(path.name for path in (ROOT / "src").iterdir())}

#: What the settings of production can't do without. Nothing connects to the database.
PRODUCTION = {
    "ALLOWED_HOSTS": "lignage.example",
    "DATABASE_URL": "postgresql://lignage:secret@database.example/lignage",
    "SECRET_KEY": secrets.token_urlsafe(50),
}
#: In which no package can be imported that base.txt hasn't brought.
BLOCKER = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(f"{{name}} isn't in base.txt")

sys.meta_path.insert(0, Blocker())
"""
#: Imports every app, setting, view and command of the product.
LOAD_EVERYTHING = """
import django
django.setup()
from django.core.management import call_command, get_commands, load_command_class
call_command("check")
for name, app in get_commands().items():
    load_command_class(app, name)
import config.run, config.serve
"""


def normal(name: str) -> str:
    """The form in which names of distributions are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(lock: str) -> set[tuple[str, str, str]]:
    """Name, version with its marker, and hashes of everything in a lock."""
    text = (REQUIREMENTS / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)==(.+?)((?: \\\n    --hash=\S+)+)$", text, flags=re.MULTILINE)
    assert len(found) == sum("==" in line and not line.startswith(" ") for line in text.splitlines())
    return set(found)


def imported(source: Source) -> Iterator[str]:
    """The top-level packages that a file imports."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert any("sha512-" in line or "sha256:" in line for line in lines)
    assert [line for line in lines if "://" in line] == []


def test_what_developers_install_has_the_versions_that_lignage_runs_on() -> None:
    assert entries("base.txt") < entries("dev.txt")


def test_every_library_that_is_imported_is_asked_for() -> None:
    lines = (REQUIREMENTS / "base.in").read_text(encoding="utf-8").splitlines()
    asked_for = {normal(re.split(r"[\[<>=]", line)[0]) for line in lines}
    distributions = packages_distributions()
    missing = {
        (source.path, package)
        for source in PROGRAM
        for package in set(imported(source)) - OURS - sys.stdlib_module_names
        if asked_for.isdisjoint(map(normal, distributions[package]))
    }
    assert missing == set()


@pytest.fixture
def base_alone(tmp_path: Path) -> dict[str, str]:
    """An environment whose Python can't import what only developers install."""
    base = {name for name, _, _ in entries("base.txt")}
    blocked = {
        package
        for package, distributions in packages_distributions().items()
        if base.isdisjoint(map(normal, distributions))
    }
    (tmp_path / "sitecustomize.py").write_text(BLOCKER.format(blocked=blocked - OURS), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    return kept | PRODUCTION | {"PYTHONPATH": str(tmp_path)}


def run_python(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run these lines in the repository and keep what they print."""
    command = (sys.executable, "-c", code)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("settings", ["dev", "prod"])
def test_the_product_loads_with_nothing_else(settings: str, base_alone: dict[str, str]) -> None:
    loaded = run_python(LOAD_EVERYTHING, base_alone | {"DJANGO_SETTINGS_MODULE": f"config.settings.{settings}"})
    assert loaded.returncode == 0, loaded.stderr


def test_what_developers_install_is_out_of_reach(base_alone: dict[str, str]) -> None:
    assert "ImportError: pytest isn't in base.txt" in run_python("import pytest", base_alone).stderr
