"""Clients that are generated from the document of a running server: they are typed, and they work with it."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.transaction import atomic

from config.state import ROOT
from tests.benchmarks.clients import Server
from tests.benchmarks.over_http import served
from tests.clients.checking import expected_in, refusals_in, run
from tests.database import Database
from tests.e2e.client import Api
from tests.e2e.plant import furnish

HERE = Path(__file__).parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "only tests are signed with it " * 2,
    "ALLOWED_HOSTS": "127.0.0.1",
}
MODULES = ROOT / "examples" / "react" / "node_modules"
MYPY_ERROR = r"^(?P<file>[^:]+):(?P<line>\d+): error: .*  \[(?P<code>[\w-]+)\]$"

TSC_ERROR = r"^(?P<file>[^(]+)\((?P<line>\d+),\d+\): error (?P<code>TS\d+): "


@pytest.fixture
def server(
    committed_database: Database, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """Serve a plant with its reference data as in production."""
    with atomic():
        plant = Api.of("odile")
    token = furnish(plant).token
    assert token
    state = tmp_path_factory.mktemp("state")
    (state / "static").mkdir()
    places = {"DATABASE_URL": committed_database.application, "LIGNAGE_STATE": str(state)}
    for name, value in (PRODUCTION | places).items():
        monkeypatch.setenv(name, value)
    with served(committed_database.application, token) as server:
        yield server


def test_one_in_python(server: Server, tmp_path: Path) -> None:
    journey, wrong, address = HERE / "journey.py", HERE / "wrong.py", f"http://127.0.0.1:{server.port}"
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "MYPYPATH": str(tmp_path)}

    generator = (sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning")
    config = ("--config", str(ROOT / "examples" / "python" / "generator.yml"), "--output-path", "lignage")
    run(tmp_path, *generator, *config, "--url", f"{address}/api/v1/openapi.json", environment=environment)

    mypy = (sys.executable, "-m", "mypy", "--config-file", str(HERE / "mypy.ini"), "--no-error-summary")
    said = run(tmp_path, *mypy, "lignage", str(journey), str(wrong), environment=environment, code=1)
    assert refusals_in(said, MYPY_ERROR) == expected_in(wrong)

    run(tmp_path, sys.executable, str(journey), address, server.token, environment=environment)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the example in TypeScript, with these tests beside it; skip where Node or a package of it is missing."""
    if not (shutil.which("npm") and MODULES.exists()):
        lacking = "Node.js 20.19 or newer is needed, with npm, and then `make node`."
        pytest.fail(lacking) if os.environ.get("REQUIRE_NODE") else pytest.skip(lacking)
    left_out = shutil.ignore_patterns("node_modules", "dist", "lignage.ts")
    shutil.copytree(MODULES.parent, tmp_path / "examples" / "react", ignore=left_out)
    shutil.copytree(HERE, tmp_path / "tests" / "clients", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (tmp_path / "node_modules").symlink_to(MODULES)
    return tmp_path / "examples" / "react"


def test_one_in_typescript_and_the_page_that_uses_it(project: Path, server: Server) -> None:
    tests, address = project.parent.parent / "tests" / "clients", f"http://127.0.0.1:{server.port}"
    environment = os.environ | {"LIGNAGE": address}

    run(project, "npm", "run", "client", environment=environment)

    tsc, vite = (str(MODULES / ".bin" / name) for name in ("tsc", "vite"))
    said = run(project, tsc, "--pretty", "false", "--project", str(tests), environment=environment, code=2)
    assert refusals_in(said, TSC_ERROR) == expected_in(tests / "wrong.ts")

    compiled = ("--outDir", str(tests / "compiled"))
    run(project, vite, "build", "--ssr", str(tests / "journey.ts"), *compiled, environment=environment)
    run(project, "node", str(tests / "compiled" / "journey.js"), address, server.token, environment=environment)

    run(project, "npm", "run", "build", environment=environment)
    assert (project / "dist" / "index.html").exists()
