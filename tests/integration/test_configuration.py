"""Settings come from the environment, the container knows every name, and health tells the truth."""

import json
import logging
import logging.config
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import structlog
from dependency_injector.wiring import DIWiringWarning, Provide, inject

from config import container, settings_check
from config.console import CannotRunError
from config.logs import logging_settings
from config.settings import base, dev, test
from config.state import ROOT, kept
from config.variables import VARIABLES, MisconfiguredError, page, read
from tests.database import Database, connect_to
from tests.factories.browser import Client

VARIABLE_ERROR = "config.variables.MisconfiguredError"
NEEDED_IN_PRODUCTION = {
    "SECRET_KEY": "a9Kx7 " * 10,
    "ALLOWED_HOSTS": "lignage.example",
    "DATABASE_URL": "postgresql://lignage:word@db.example/lignage",
}


def production(question: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Print something of the production settings, with nothing else set in the environment."""
    return subprocess.run(
        (sys.executable, "-c", f"from config.settings import prod; print({question})"),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("missing", NEEDED_IN_PRODUCTION)
def test_production_does_not_start_without(missing: str, empty: bool) -> None:
    environment = {name: value for name, value in NEEDED_IN_PRODUCTION.items() if name != missing}
    refused = production("prod.DEBUG", **environment, **({missing: ""} if empty else {}))
    assert refused.returncode != 0
    assert f"Set the {missing} environment variable" in refused.stderr


@pytest.mark.parametrize("key", ["short", "x7" * 32, "django-insecure-" + "a9Kx7 " * 10, " " * 60])
def test_production_does_not_start_with_a_weak_secret_key(key: str) -> None:
    refused = production("prod.DEBUG", **NEEDED_IN_PRODUCTION | {"SECRET_KEY": key})
    assert refused.returncode != 0
    assert "SECRET_KEY has to be at least 50 random characters long." in refused.stderr
    assert key not in refused.stderr


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("PROXIES", "-1", "PROXIES has to be a whole number, at least 0, not '-1'."),
        ("SESSION_HOURS", "twelve", "SESSION_HOURS has to be a whole number, at least 1, not 'twelve'."),
        ("SERVER_THREADS", "0", "SERVER_THREADS has to be a whole number, at least 1, not '0'."),
        ("PASSWORD_LENGTH", "1_5", "PASSWORD_LENGTH has to be a whole number, at least 1, not "),
        ("BEHIND_HTTPS_PROXY", "ture", "BEHIND_HTTPS_PROXY has to be true or false, not 'ture'."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL has to be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'loud'."),
        ("CHECKPOINT_KEY", "ab", "CHECKPOINT_KEY has to be 64 hexadecimal digits."),
        ("CACHE_URL", "somewhere", "CACHE_URL has to be the address of a cache, such as redis://HOST:6379/1."),
        ("DATABASE_OWNER_URL", "foo", "DATABASE_OWNER_URL has to be like postgresql://"),
    ],
)
def test_a_malformed_variable_stops_the_start_in_a_line(name: str, given: str, said: str) -> None:
    malformed = {**NEEDED_IN_PRODUCTION, name: given, "DATABASE_AS_OWNER": "1"}
    assert production("1", **malformed).stderr.splitlines()[-1].startswith(f"{VARIABLE_ERROR}: {said}")
    stopped = subprocess.run(
        (sys.executable, "manage.py", "check"),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.prod", **malformed},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(said)
    assert stopped.stderr.count("\n") == 1


def test_a_server_does_not_start_others_that_would_fail_on_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    class Misconfigured:
        def _setup(self) -> None:
            raise MisconfiguredError("Set the SECRET_KEY environment variable.")

    monkeypatch.setattr(settings_check, "settings", Misconfigured())
    with pytest.raises(CannotRunError, match="SECRET_KEY"):
        settings_check.check_settings()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        unset = read(name)
        monkeypatch.setenv(name, "")
        assert read(name) == unset


def test_an_undeclared_variable_can_not_be_read() -> None:
    with pytest.raises(KeyError):
        read("NO_SUCH_VARIABLE")


def test_the_page_describes_every_variable_that_anything_reads() -> None:
    assert (ROOT / "docs/configuration.md").read_text() == page()
    assert sorted(VARIABLES) == sorted(read_in_sources())


def read_in_sources() -> set[str]:
    """Names of the variables that any of our programs and scripts reads, whichever way."""
    python = r"""(?:\b(?:read|required)\(|os\.environ(?:\.get\(|\.setdefault\(|\[)|os\.getenv\()["']([A-Z_]+)["']"""
    shell = r"""\$\{?([A-Z][A-Z_]+)\b"""
    found: set[str] = set()
    for folder in ("config", "src", "tests"):
        for source in (ROOT / folder).rglob("*.py"):
            if source != Path(__file__):
                found.update(re.findall(python, source.read_text()))
    found.update(re.findall(python, (ROOT / "manage.py").read_text()))
    found.update(re.findall(shell, (ROOT / "requirements/install.sh").read_text()))
    return found - {"PATH"}


def test_production_trusts_no_proxy_that_is_not_named() -> None:
    question = "getattr(prod, 'SECURE_PROXY_SSL_HEADER', None)"
    assert production(question, **NEEDED_IN_PRODUCTION).stdout == "None\n"
    named = production(question, BEHIND_HTTPS_PROXY="true", **NEEDED_IN_PRODUCTION)
    assert named.stdout == "('HTTP_X_FORWARDED_PROTO', 'https')\n"


def test_production_believes_no_provider_of_identities_without_https() -> None:
    named = {**NEEDED_IN_PRODUCTION, "OIDC_CLIENT_ID": "lignage"}
    assert "https://" in production("1", **named, OIDC_ISSUER="http://id.example").stderr
    assert production("1", **named, OIDC_ISSUER="https://id.example").stdout == "1\n"
    assert "OIDC_CLIENT_ID" in production("1", **NEEDED_IN_PRODUCTION, OIDC_ISSUER="https://id.example").stderr


def test_the_cookies_of_production_are_this_hosts_alone() -> None:
    names = ["SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE"]
    said = production(f"[getattr(prod, name) for name in {names}]", **NEEDED_IN_PRODUCTION).stdout
    assert said == "['__Host-sessionid', True, '__Host-csrftoken', True]\n"


def test_every_thread_of_a_server_finds_a_connection() -> None:
    question = "prod.DATABASES['default']['OPTIONS']['pool']['max_size'] >= 40"
    assert production(question, SERVER_THREADS="40", **NEEDED_IN_PRODUCTION).stdout == "True\n"


def test_the_owner_connects_apart_and_the_application_keeps_its_name() -> None:
    question = "[prod.DATABASES['default'][name] for name in ('USER', 'APPLICATION_ROLE')]"
    owner = {"DATABASE_OWNER_URL": "postgresql://owner@db.example/lignage"}
    assert production(question, **NEEDED_IN_PRODUCTION, **owner).stdout == "['lignage', 'lignage']\n"
    migrating = production(question, DATABASE_AS_OWNER="true", **NEEDED_IN_PRODUCTION, **owner)
    assert migrating.stdout == "['owner', 'lignage']\n"


@pytest.mark.parametrize("module", [dev, test])
def test_every_setting_of_the_base_holds_everywhere(module: ModuleType) -> None:
    assert base.common()
    assert base.common().keys() <= vars(module).keys()


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIGNAGE_STATE", str(tmp_path / "state"))
    made = iter(["first", "second"])
    assert kept("secret", lambda: next(made)) == "first"
    assert kept("secret", lambda: next(made)) == "first"
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["secret"]
    assert (tmp_path / "state" / "secret").stat().st_mode & 0o777 == 0o600


def test_a_name_that_the_container_does_not_know_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    @inject
    def view(handler: object = Provide["production.no_such_handler"]) -> object:
        return handler

    broken = ModuleType("broken")
    vars(broken)["view"] = view
    monkeypatch.setattr(container, "interfaces", broken)
    with pytest.raises(DIWiringWarning, match=r"Unresolved marker handler in .*view"):
        container.wired_container()


def test_a_name_that_the_container_knows_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    @inject
    def view(clock: object = Provide["system.clock"]) -> object:
        return clock

    sound = ModuleType("sound")
    vars(sound)["view"] = view
    monkeypatch.setattr(container, "interfaces", sound)
    wired = container.wired_container()
    assert type(vars(sound)["view"]()) is type(wired.system.clock())
    wired.unwire()


@pytest.mark.django_db
def test_it_is_ready_while_the_database_answers(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    assert "no-store" in answer["Cache-Control"]


def test_it_is_alive_without_a_database_but_not_ready(committed_database: Database, client: Client) -> None:
    connect_to(committed_database.named("no_such_database").application)
    assert client.get("/health/live").status_code == 200
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "no database"})


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_only_asked(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.fixture
def _logs_as_before() -> Iterator[None]:
    yield
    logging.config.dictConfig(logging_settings(level="WARNING", readable=True))


@pytest.mark.usefixtures("_logs_as_before")
def test_production_logs_json_of_every_logger_alike(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings(level="INFO", readable=False))
    structlog.get_logger("lignage").info("closed", campaign="CIDER-2025-01")
    logging.getLogger("django.request").warning("refused", extra={"status_code": 409})
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["campaign"], ours["level"]) == ("closed", "CIDER-2025-01", "info")
    assert (theirs["event"], theirs["status_code"], theirs["logger"]) == ("refused", 409, "django.request")


@pytest.mark.usefixtures("_logs_as_before")
def test_what_fails_is_logged_without_what_the_request_said(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings(level="INFO", readable=False))

    def fails(password: str) -> None:
        raise RuntimeError("a bug")

    try:
        fails("hunter2")
    except RuntimeError:
        logging.getLogger("interfaces").exception("A request failed.")
    said = capsys.readouterr().err
    assert "hunter2" not in said
    (stack,) = json.loads(said)["exception"]
    assert (stack["exc_value"], [frame["name"] for frame in stack["frames"]][-1]) == ("a bug", "fails")
