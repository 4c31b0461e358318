"""Migrations go forwards, all the way back, and forwards again; none is missing."""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.transaction import atomic
from pytest_django import DjangoDbBlocker

from application.history.queries import HistoryFilters
from application.shared.paging import PageRequest
from domain.access.rights import EVERYWHERE, Grant, Role
from domain.access.user import User
from domain.history.chain import Finding
from domain.shared.errors import Refused
from infrastructure.identity.models import User as UserTable
from infrastructure.identity.users import DjangoUsers
from tests.core.plant import received
from tests.database import Database, connect_to
from tests.factories.plant import AT, StoredPlant

OURS = ("history", "traceability", "quality", "production", "catalog", "shared")
"""Those that stand on others first."""

# Tables with their columns, constraints, indexes and triggers, sequences, functions, and who may do what with them.
SCHEMA = """
SELECT 'column', table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', proname, pg_get_functiondef(oid) || coalesce(proacl::text, '') FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'relation', relname, relkind::text || coalesce(relacl::text, '') FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v')
ORDER BY 1, 2, 3
"""


@pytest.fixture
def owned(committed_database: Database) -> Database:
    """Connect as the owner of database and tables, whose migrations grant the application its rights."""
    owner = urlsplit(committed_database.owner).username
    committed_database.administer(f"ALTER DATABASE {committed_database.name} OWNER TO {owner}")
    connect_to(committed_database.owner, application=committed_database.application)
    return committed_database


def schema() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return list(cursor.fetchall())


def names(kind: str) -> set[str]:
    return {name for what, name, _ in schema() if what == kind}


def test_there_and_back_and_there_again(owned: Database) -> None:
    before, tables = schema(), names("relation")
    for label in OURS:
        call_command("migrate", label, "zero", verbosity=0)
    assert not names("function")
    assert not names("trigger")
    assert not {"product", "lot", "operation", "operation_sequence", "movement", "receipt"} & names("relation")
    call_command("migrate", verbosity=0)
    assert names("relation") == tables
    assert schema() == before


def test_each_goes_back_alone_and_forwards_again(owned: Database) -> None:
    everything = schema()
    for app, migrations in ours().items():
        for earlier in reversed(["zero", *migrations[:-1]]):
            call_command("migrate", app, earlier, verbosity=0)
            call_command("migrate", verbosity=0)
            assert schema() == everything, (app, earlier)


def ours() -> dict[str, list[str]]:
    """Our migrations by their application, in their order."""
    nodes = MigrationLoader(connection).graph.nodes
    return {label: sorted(name for app, name in nodes if app == label) for label in OURS}


def test_the_plant_works_on_what_was_migrated_again(owned: Database) -> None:
    for label in OURS:
        call_command("migrate", label, "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    connect_to(owned.application)
    plant = StoredPlant().furnish()
    plant.record("receipt", received("APPLE", "1", "10"))
    assert plant.on_hand("APPLE", "1") == "10"


def test_entries_that_were_there_before_their_subjects_had_codes_are_found_by_them(owned: Database) -> None:
    call_command("migrate", "history", "0002", verbosity=0)
    connect_to(owned.application)
    plant = StoredPlant().furnish()
    connect_to(owned.owner, application=owned.application)
    call_command("migrate", verbosity=0)
    connect_to(owned.application)
    sites = HistoryFilters(subject=("site", "A"))
    assert [entry.told.change.action for entry in plant.history.page(sites, PageRequest(), EVERYWHERE).items] == [
        "added"
    ]
    found: list[Finding] = []
    plant.container.history.verify_history()({}, found.append)
    assert found == []


def test_who_was_a_superuser_by_a_command_is_what_their_roles_say(owned: Database) -> None:
    connect_to(owned.application)
    DjangoUsers().add(User("chief", grants=frozenset({Grant(Role.ADMINISTRATOR)})), AT)
    DjangoUsers().add(User("root", grants=frozenset({Grant(Role.AUDITOR)})), AT)
    connect_to(owned.owner, application=owned.application)
    call_command("migrate", "identity", "0003", verbosity=0)
    connect_to(owned.application)
    users = UserTable.objects
    users.filter(username="chief").update(is_staff=False, is_superuser=False)
    users.filter(username="root").update(is_staff=True, is_superuser=True)
    connect_to(owned.owner, application=owned.application)
    call_command("migrate", verbosity=0)
    said = users.values_list("username", "is_staff", "is_superuser")
    assert sorted(said) == [("chief", True, True), ("root", False, False)]


def _add_to_first_tables(username: str) -> None:
    """Add a user to a table that has fewer columns than the model by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_user (username, password, is_superuser, first_name, last_name, email, is_staff,"
            " is_active, date_joined, name, version)"
            " VALUES (%s, '', false, '', '', '', false, true, now(), '', 1)",
            [username],
        )


def test_users_whose_names_differ_by_case_keep_them_and_nobody_else_gets_such_a_name(owned: Database) -> None:
    call_command("migrate", "identity", "0004", verbosity=0)
    for name in ("Ana", "ana", "bea", "ANA"):
        _add_to_first_tables(name)
    call_command("migrate", verbosity=0)
    connect_to(owned.application)
    UserTable.objects.filter(username="ANA").update(version=2)
    for name in ("aNa", "BEA"):
        with pytest.raises(IntegrityError, match="username_is_unique_in_any_case"), atomic():
            UserTable.objects.create(username=name)
    with pytest.raises(Refused), atomic():
        DjangoUsers().add(User("anA"), AT)
    assert UserTable.objects.count() == 4


def test_none_is_missing(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> None:
    output = StringIO()
    with django_db_blocker.unblock():
        call_command("makemigrations", check=True, dry_run=True, stdout=output)
    assert output.getvalue() == "No changes detected\n"
