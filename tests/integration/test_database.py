"""The database of the tests is what production has: two roles, real commits, real threads."""

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from infrastructure.persistence.shared.rights import grant_rights
from tests.database import Database, connect_to, in_threads


def current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_tests_connect_as_the_application(django_db_setup: Database) -> None:
    assert current_user() == connection.settings_dict["APPLICATION_ROLE"]
    assert current_user() != urlsplit(django_db_setup.owner).username


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_commits_no_other_finds(committed_database: Database, turn: str) -> None:
    assert not Group.objects.exists()
    Group.objects.create(name=turn)
    connection.close()
    assert Group.objects.get().name == turn


def test_threads_see_what_is_committed_and_have_connections_of_their_own(committed_database: Database) -> None:
    Group.objects.create(name="committed")

    def backend(_index: int) -> tuple[int, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0], Group.objects.get().name

    answers = in_threads(4, backend)
    assert len({pid for pid, _ in answers}) == 4
    assert {name for _, name in answers} == {"committed"}


def test_a_role_that_owns_the_tables_is_granted_nothing(committed_database: Database) -> None:
    connect_to(committed_database.owner)
    with CaptureQueriesContext(connection) as queries:
        grant_rights(using="default")
    assert not [query["sql"] for query in queries if "GRANT" in query["sql"] or "REVOKE" in query["sql"]]


def test_a_role_that_is_another_is_granted_its_rights(committed_database: Database) -> None:
    connect_to(committed_database.owner, application=committed_database.application)
    with CaptureQueriesContext(connection) as queries:
        grant_rights(using="default")
    assert [query["sql"] for query in queries if query["sql"].startswith("GRANT SELECT, INSERT")]
