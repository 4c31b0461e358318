"""The core's tests run where no framework can be imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.contracts import REPOSITORY

FRAMEWORKS = ("django", "rest_framework", "drf_spectacular", "psycopg", "psycopg_pool", "dependency_injector")

BLOCKER = f"""
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {FRAMEWORKS!r}:
            raise ImportError(f"{{name}} must not be imported here")

sys.meta_path.insert(0, Blocker())
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment whose Python refuses to import any framework."""
    (tmp_path / "sitecustomize.py").write_text(BLOCKER, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "COV_", "PYTEST_"))}
    return kept | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}


def run_python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in the repository and keep what it says."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_framework_is_out_of_reach(framework: str, environment: dict[str, str]) -> None:
    result = run_python(environment, "-c", f"import {framework}")
    assert f"ImportError: {framework} must not be imported here" in result.stderr


def test_the_core_is_tested_without_any_framework(environment: dict[str, str]) -> None:
    options = ("-p", "no:django", "-o", "addopts=", "-p", "no:cacheprovider", "-q")
    result = run_python(environment, "-m", "pytest", "tests/core", *options)
    assert result.returncode == 0, result.stdout + result.stderr
