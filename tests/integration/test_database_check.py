"""A database that can't be used is refused in one line, before anything is changed in it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import Error, NotSupportedError, OperationalError, connection
from environ import Env

from config import database_check
from config.console import CannotRunError
from config.database_address import database_address
from config.database_check import check_before_migrating, check_version, reason_of, warning_about
from config.state import ROOT
from tests.database import Database, connect_to

NEVER_PRINTED = "8Wmnq3-nobody-prints-it"


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("foo", "doesn't begin with postgresql://"),
        (f"mysql://root:{NEVER_PRINTED}@db/lignage", "doesn't begin with postgresql://"),
        (f"sqlite:///{NEVER_PRINTED}", "doesn't begin with postgresql://"),
        (NEVER_PRINTED, "doesn't begin with postgresql://"),
        ("://", "doesn't begin with postgresql://"),
        (f"postgresql://lignage:{NEVER_PRINTED}@db", "names no database"),
        (f"postgresql://lignage:{NEVER_PRINTED}@db/", "names no database"),
        ("postgresql://db/lignage", "names no user"),
        ("postgresql:lignage", "names no user"),
        (f"postgresql://lignage:{NEVER_PRINTED}@:5432/lignage", "a port without a host"),
        (f"postgresql://lignage:{NEVER_PRINTED}@db:port/lignage", "host or port is malformed"),
        (f"postgresql://lignage:{NEVER_PRINTED}@db:65536/lignage", "host or port is malformed"),
        (f"postgresql://lignage:{NEVER_PRINTED}@db:0/lignage", "port is 0"),
        (f"postgresql://lignage:{NEVER_PRINTED}@[::1/lignage", "host or port is malformed"),
        (f"postgresql://lignage:{NEVER_PRINTED}/1@db/lignage", "host or port is malformed"),
        (f"postgresql://lignage:{NEVER_PRINTED}#1@db/lignage", "host or port is malformed"),
        (f"postgresql://lignage:{NEVER_PRINTED}@db/lignage#1", "it has a #"),
        (f"postgresql://lignage:{NEVER_PRINTED}%@db/lignage", "a % that two hexadecimal digits don't follow"),
        (f"postgresql://lignage:{NEVER_PRINTED}%zz@db/lignage", "a % that two hexadecimal digits don't follow"),
        (f"postgresql://lignage:{NEVER_PRINTED}%ff@db/lignage", "isn't UTF-8"),
        (f"postgresql://lignage:{NEVER_PRINTED}%00@db/lignage", "a space or a control character"),
        (f"postgresql://lignage:{NEVER_PRINTED} @db/lignage", "a space or a control character"),
    ],
)
def test_what_is_no_address_of_a_postgresql_is_refused_without_its_password(address: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault) as refused:
        database_address(address)
    assert NEVER_PRINTED not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("postgresql://lignage:p%40ss%2F@db:5433/plant", ("lignage", "p@ss/", "db", 5433, "plant")),
        ("postgres://lignage@[::1]/plant", ("lignage", "", "::1", "", "plant")),
        ("postgresql://lignage@/plant?host=%2Frun%2Fmy%20plant", ("lignage", "", "", "", "plant")),
    ],
)
def test_an_address_is_read(address: str, parts: tuple[object, ...]) -> None:
    read = database_address(address)
    assert tuple(read[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == parts


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "fits"), [(150017, False), (90624, False), (160000, True), (180001, True)])
def test_the_server_is_16_or_newer(monkeypatch: pytest.MonkeyPatch, number: int, fits: bool) -> None:
    monkeypatch.setattr(database_check, "_VERSION", f"SELECT {number}")
    if fits:
        check_version(connection)
    else:
        with pytest.raises(CannotRunError, match=rf"PostgreSQL 16 or newer; this server is {number // 10_000}\.$"):
            check_version(connection)


def as_owner(database: Database, application: str | None = None) -> None:
    """Connect as the owner of the tables, who knows as whom the application connects."""
    connect_to(database.owner, application=application or database.application)
    connection.settings_dict["APPLICATION"] = Env.db_url_config(application or database.application)


@pytest.fixture
def database(committed_database: Database) -> Any:
    """A database of the test alone; what is known of its application is forgotten after it."""
    owner = urlsplit(committed_database.owner).username
    committed_database.administer(f"ALTER DATABASE {committed_database.name} OWNER TO {owner}")
    yield committed_database
    connection.settings_dict.pop("APPLICATION", None)


def test_two_roles_with_their_rights_are_what_is_wanted(database: Database) -> None:
    as_owner(database)
    assert check_before_migrating(connection) == ""


@pytest.mark.parametrize("who", ["owner", "superuser"])
def test_an_application_that_could_go_round_the_triggers_is_warned_about(database: Database, who: str) -> None:
    urls = {"owner": database.owner, "superuser": database.named(database.name).administrator}
    address = urlsplit(urls[who])._replace(path=f"/{database.name}").geturl()
    as_owner(database, application=address)
    warning = check_before_migrating(connection)
    assert f"{urlsplit(address).username}, " in warning
    assert ("a superuser" if who == "superuser" else "the owner of the tables") in warning
    connect_to(address)
    assert warning_about(connection) == warning


def test_a_member_of_the_owner_is_warned_about_and_the_application_is_not(database: Database) -> None:
    connect_to(database.application)
    assert warning_about(connection) == ""
    owner, application = (urlsplit(url).username for url in (database.owner, database.application))
    database.administer(f"GRANT {owner} TO {application}")
    try:
        assert "the owner of the tables" in warning_about(connection)
    finally:
        database.administer(f"REVOKE {owner} FROM {application}")


def test_a_role_that_may_not_migrate_is_refused(database: Database) -> None:
    connect_to(database.application)
    with pytest.raises(CannotRunError, match="may not create tables in schema public"):
        check_before_migrating(connection)
    with psycopg.connect(database.owner) as owner:
        owner.execute(f"GRANT CREATE ON SCHEMA public TO {urlsplit(database.application).username}")
    with pytest.raises(CannotRunError, match=r"doesn't own the table .*DATABASE_OWNER_URL"):
        check_before_migrating(connection)


def test_an_application_that_can_not_connect_is_found_before_migrating(database: Database) -> None:
    as_owner(database, application=database.application.replace("//", "//nobody_of_this_name_", 1))
    with pytest.raises(CannotRunError, match=r"The database doesn't answer: .*nobody_of_this_name_"):
        check_before_migrating(connection)


def test_the_roles_of_two_databases_are_found_before_migrating(database: Database, django_db_setup: Database) -> None:
    as_owner(database, application=django_db_setup.application)
    with pytest.raises(CannotRunError, match="two different databases"):
        check_before_migrating(connection)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program with these variables."""
    return subprocess.run(
        (sys.executable, *command),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", ["manage.py migrate", "manage.py create_token ana", "-m config.run"])
@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("foo", "DATABASE_URL has to be like postgresql://"),
        (f"mysql://root:{NEVER_PRINTED}@db/lignage", "DATABASE_URL has to be like postgresql://"),
        (f"postgresql://root:{NEVER_PRINTED}@127.0.0.1:1/lignage", "The database doesn't answer: "),
    ],
)
def test_every_program_says_it_in_a_line(command: str, address: str, line: str, tmp_path: Path) -> None:
    failed = run(*command.split(), DATABASE_URL=address, LIGNAGE_STATE=str(tmp_path), PORT="1")
    said = failed.stderr.removeprefix("CommandError: ")
    assert failed.returncode == 1
    assert said.startswith(line)
    assert said.count("\n") == 1
    assert NEVER_PRINTED not in said


def test_a_database_without_tables_is_said_in_a_line(empty_database: Database, tmp_path: Path) -> None:
    name = f"without_tables_{os.getpid()}"
    empty_database.administer(f"CREATE DATABASE {name}")
    try:
        failed = run(
            "manage.py",
            "create_token",
            "ana",
            DATABASE_URL=empty_database.named(name).application,
            LIGNAGE_STATE=str(tmp_path),
        )
    finally:
        empty_database.administer(f"DROP DATABASE {name} WITH (FORCE)")
    assert (failed.returncode, failed.stderr) == (1, "The database isn't migrated: run manage.py migrate.\n")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            NotSupportedError("PostgreSQL 14 or later is required."),
            "Lignage needs PostgreSQL 16 or newer: ",
        ),
        (OperationalError("the server closed the connection\n\tThis probably means"), "The database doesn't answer: "),
    ],
)
def test_errors_of_the_database_are_said_in_a_line(error: Error, line: str) -> None:
    reason = reason_of(error)
    assert reason is not None
    assert str(reason).startswith(line)
    assert "\n" not in str(reason)


def test_an_error_of_the_program_keeps_its_traceback() -> None:
    assert reason_of(Error("a bug")) is None
