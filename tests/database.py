"""The database of the tests: a throwaway PostgreSQL, or a database of its own on the server of DATABASE_URL.

The owner migrates it, then tests connect as the application, whose rights are as narrow as in production.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from environ import Env
from pytest_django import DjangoDbBlocker

from infrastructure.system.embedded_postgresql import EmbeddedPostgresql

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Database:
    """A database, by who connects; the administrator is somewhere else on the same server and may copy it."""

    application: str
    owner: str
    administrator: str

    @property
    def name(self) -> str:
        """The database's name on its server."""
        return urlsplit(self.owner).path.removeprefix("/")

    def named(self, name: str) -> "Database":
        """Another database of the same server and roles."""
        return Database(_renamed(self.application, name), _renamed(self.owner, name), self.administrator)

    def administer(self, *statements: str) -> None:
        """Execute statements outside a transaction, as those that make and drop databases want it."""
        with psycopg.connect(self.administrator, autocommit=True) as administrator:
            for statement in statements:
                administrator.execute(statement)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Make a database without tables."""
    if url := os.environ.get("DATABASE_URL"):
        with database_on_server(os.environ.get("DATABASE_OWNER_URL", url)) as database:
            yield database
    else:
        with EmbeddedPostgresql(tmp_path_factory.mktemp("postgresql"), throwaway=True).lease() as urls:
            yield Database(urls.application, urls.owner, _renamed(urls.superuser, "postgres"))


@contextmanager
def database_on_server(owner: str) -> Iterator[Database]:
    """Make a database and a role for the application, on a server where the owner may do that."""
    name, password = f"lignage_test_{os.getpid()}", secrets.token_hex()
    address = urlsplit(owner)
    application = address._replace(netloc=f"{name}:{password}@{address.netloc.rpartition('@')[2]}").geturl()
    database = Database(_renamed(application, name), _renamed(owner, name), owner)
    database.administer(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'", f"CREATE DATABASE {name}")
    try:
        yield database
    finally:
        database.administer(f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}")


@pytest.fixture(scope="session")
def django_db_setup(
    empty_database: Database, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Database]:
    """Migrate the database as its owner; from then on Django connects to it as the application."""
    with django_db_blocker.unblock():
        connect_to(empty_database.owner, application=empty_database.application)
        call_command("migrate", verbosity=0)
        connect_to(empty_database.application)
    yield empty_database
    connection.close()


@pytest.fixture
def committed_database(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    """Give a test that commits a database of its own; threads use it too, and close their connections."""
    with django_db_blocker.unblock(), copied(django_db_setup) as copy:
        yield copy


@contextmanager
def copied(database: Database) -> Iterator[Database]:
    """Let Django connect to a copy of the database meanwhile: what is append-only can't be emptied between tests."""
    copy = database.named(f"{database.name}_copy")
    connection.close()
    copy.administer(f"CREATE DATABASE {copy.name} TEMPLATE {database.name}")
    connect_to(copy.application)
    try:
        yield copy
    finally:
        connect_to(database.application)
        copy.administer(f"DROP DATABASE {copy.name} WITH (FORCE)")


def connect_to(url: str, *, application: str | None = None) -> None:
    """Let Django's connections, those of later threads included, be to this database."""
    connection.close()
    parsed = Env.db_url_config(url)
    connection.settings_dict.update(parsed, OPTIONS=parsed.get("OPTIONS", {}))
    connection.settings_dict["APPLICATION_ROLE"] = urlsplit(application or url).username


def in_threads(number: int, work: Callable[[int], Answer]) -> list[Answer]:
    """Do the work in threads that start at the same moment; answer what each answered, in their order."""
    together = Barrier(number)

    def one(index: int) -> Answer:
        try:
            together.wait()
            return work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))


def _renamed(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()
