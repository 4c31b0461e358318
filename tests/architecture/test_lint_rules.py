"""ruff, as the project configures it, finds what the project wants avoided."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import copy

import pytest

from tests.architecture.contracts import REPOSITORY

#: What to avoid, as a line of a file, and the code that ruff gives it.
AVOIDED = {
    "a star import": ("from domain.catalog import *", "F403"),
    "an import for the type checker alone": ("from typing import TYPE_CHECKING", "TID251"),
    "a dynamic import": ("import importlib", "TID251"),
    "a dynamic import by Django": ("from django.utils.module_loading import import_string", "TID251"),
    "a model looked up by name": ("from django.apps import apps", "TID251"),
    "a user model looked up": ("from django.contrib.auth import get_user_model", "TID251"),
    "settings read from anywhere": ("from django.conf import settings", "TID251"),
    "a heavy signal": ("from django.db.models.signals import post_save", "TID251"),
    "a heavy signal's receiver": ("from django.dispatch import receiver", "TID251"),
    "a float column": ("from django.db import models\n\nquantity = models.FloatField()", "TID251"),
    "a float in JSON": ("from rest_framework import serializers\n\nx = serializers.FloatField()", "TID251"),
    "a hard-coded secret": ('SECRET_KEY = "correct horse battery staple"', "S105"),
    "a hard-coded password": ('connect(password="correct horse battery staple")', "S106"),
    "SQL made of strings": ("query = \"SELECT code FROM lot WHERE code = '%s'\" % code", "S608"),
    "a swallowed exception": ("try:\n    record()\nexcept ValueError:\n    pass", "SIM105"),
    "a swallowed anything": ("try:\n    record()\nexcept Exception:\n    pass", "BLE001"),
    "a time without offset": ("import datetime\n\nat = datetime.datetime(2026, 1, 1)", "DTZ001"),
    "a print": ('print("lot")', "T201"),
    "dead code in a comment": ("# lot = find_lot(code)", "ERA001"),
    "a nullable text column": (
        "from django.db import models\n\n\nclass Lot(models.Model):\n    code = models.TextField(null=True)",
        "DJ001",
    ),
    "a function that branches everywhere": (
        "def close(x):\n" + "".join(f"    if x == {n}:\n        x += {n}\n" for n in range(11)),
        "C901",
    ),
    "a blanket type: ignore": ("x = 1  # type: ignore", "PGH003"),
    "a blanket noqa": ("x = 1  # noqa", "PGH004"),
    "a noqa that silences nothing": ("x = 1  # noqa: S603 - it isn't even a call", "RUF100"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The codes that ruff reports for each example, as if it were a module of the product."""
    tree = tmp_path_factory.mktemp("tree")
    copy(REPOSITORY / "pyproject.toml", tree)
    package = tree / "src" / "infrastructure" / "persistence" / "shared"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    names = {f"example_{number}.py": example for number, example in enumerate(AVOIDED)}
    for name, example in names.items():
        (package / name).write_text(AVOIDED[example][0] + "\n", encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    command = [ruff, "check", "--no-cache", "--output-format", "json", "src"]
    report = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False).stdout
    codes: dict[str, set[str]] = {example: set() for example in AVOIDED}
    for finding in json.loads(report):
        codes[names[Path(finding["filename"]).name]].add(finding["code"])
    return codes


@pytest.mark.parametrize("example", AVOIDED)
def test_ruff_finds(example: str, found: dict[str, set[str]]) -> None:
    assert AVOIDED[example][1] in found[example]
