"""Who may write what: the application adds facts and no more; what PostgreSQL works out, nobody writes by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from domain.history.entry import Change, Subject, Whence, document_of
from infrastructure.persistence.production.models import Lot
from tests.database import Database, connect_to
from tests.factories.production import LotFactory
from tests.factories.raw import execute

FACTS = {
    "history_entry": "document",
    "operation": "kind",
    "movement": "quantity",
    "campaign_balance": "document",
    "decision": "reason",
    "hold": "reason",
    "held_lot": "lot_id",
    "lifted_hold": "reason",
    "recall_entry": "text",
    "recall_report": "document",
}
"""Tables of facts, each with one of its columns."""

CHANGES = ("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE")

BYPASSES = (
    "SET session_replication_role = replica",
    "SET ROLE lignage_owner",
    "SET SESSION AUTHORIZATION lignage_owner",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL",
    "DROP TABLE {table} CASCADE",
    "CREATE TRIGGER forget BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE RULE forget AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "DROP FUNCTION refuse_change() CASCADE",
    "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TABLE other (id integer)",
)

FORGERIES = (
    "UPDATE lot SET on_hand = on_hand + 1",
    "UPDATE lot SET value = 0",
    "UPDATE lot SET holds = holds + 1",
    "UPDATE lot SET code = 'other'",
    "UPDATE lot SET sub_lot = 'other'",
    "UPDATE lot SET parent_id = NULL",
    "UPDATE lot SET product_id = product_id",
    "UPDATE lot SET site_id = site_id",
    "DELETE FROM lot",
    "TRUNCATE lot CASCADE",
    "TRUNCATE campaign CASCADE",
)


OWNERS_FUNCTIONS = (
    "take_movements",
    "check_operation",
    "refuse_unless_campaign_is_open",
    "count_holds",
    "count_lifted_holds",
    "inherit_holds",
    "link_lots",
)
"""Functions that run as the owner, so that the application needs no right of its own to what they write."""


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize("statement", [*CHANGES, *BYPASSES])
def test_the_application_has_no_right_to_change_facts(db: None, statement: str, table: str) -> None:
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        execute(statement.format(table=table, column=FACTS[table]))
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


@pytest.mark.parametrize("statement", FORGERIES)
def test_the_application_has_no_right_to_write_what_is_on_hand(db: None, statement: str) -> None:
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        execute(statement)
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


@pytest.mark.parametrize("function", OWNERS_FUNCTIONS)
def test_the_application_can_not_use_the_functions_that_run_as_the_owner(db: None, function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosecdef FROM pg_proc WHERE proname = %s", [function])
        assert cursor.fetchall() == [(True,)]
    execute("CREATE TEMPORARY TABLE forged (LIKE movement)")
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        execute(
            "CREATE TRIGGER forged AFTER INSERT ON forged REFERENCING NEW TABLE AS taken "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


def test_no_function_that_runs_as_the_owner_is_open_to_all(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, has_function_privilege(oid, 'EXECUTE') FROM pg_proc "
            "WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        assert dict(cursor.fetchall()) == {**dict.fromkeys(OWNERS_FUNCTIONS, False), "enter_history": True}


@pytest.mark.parametrize("table", ["history_entry", "history_chain"])
@pytest.mark.parametrize("statement", ["INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET number = 1", "DELETE FROM {}"])
def test_the_application_only_adds_to_the_history(db: None, statement: str, table: str) -> None:
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        execute(statement.format(table))
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


@pytest.fixture
def owner(django_db_setup: Database) -> Iterator[psycopg.Connection]:
    """Connect as the owner of the tables, and undo everything afterwards."""
    with psycopg.connect(django_db_setup.owner) as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize("statement", CHANGES)
def test_not_even_the_owner_changes_facts_by_mistake(owner: psycopg.Connection, statement: str, table: str) -> None:
    with pytest.raises(psycopg.IntegrityError) as refused:
        owner.execute(statement.format(table=table, column=FACTS[table]))
    assert refused.value.diag.constraint_name == "facts_are_append_only"


def test_not_even_the_owner_enters_a_number_twice_or_begins_a_chain_again(owner: psycopg.Connection) -> None:
    document = document_of(Change("", Subject("lot", "7"), "released"), Whence("ana"), datetime.now(UTC))
    owner.execute("SELECT enter_history(ARRAY['a'], ARRAY[%s::text])", [document.decode()])
    columns = "chain_id, number, document, sha256, at, actor, action, subject_kind, subject_id"
    again = {
        "history_entry_number_is_unique": f"history_entry ({columns}) SELECT {columns} FROM history_entry",  # noqa: S608 - our own text
        "history_chain_name_key": "history_chain (name, number, sha256) VALUES ('a', 0, '')",
    }
    for constraint, rows in again.items():
        with pytest.raises(psycopg.errors.UniqueViolation) as refused, owner.transaction():
            owner.execute(f"INSERT INTO {rows}")
        assert refused.value.diag.constraint_name == constraint


FOLLOWS = {
    "on_hand": "lot_on_hand_follows_from_movements",
    "value": "lot_on_hand_follows_from_movements",
    "holds": "lot_holds_follow_from_what_is_held",
}


@pytest.mark.parametrize("column", FOLLOWS)
def test_not_even_the_owner_writes_what_follows_from_facts(committed_database: Database, column: str) -> None:
    connect_to(committed_database.owner, application=committed_database.application)
    LotFactory()
    with pytest.raises(IntegrityError) as refused:
        Lot.objects.update(**{column: 1})
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == FOLLOWS[column]
