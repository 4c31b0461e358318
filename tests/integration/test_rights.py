"""The application's role may add facts and read them; only what a model names may change afterwards."""

import pytest
from django.apps import apps  # noqa: TID251 - every model is asked, none by its name
from django.db import ProgrammingError, connection, models, transaction

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if model.__module__.startswith("infrastructure.")]
KEPT_BY_TRIGGERS = [model for model in MODELS if hasattr(model, "kept_by_triggers")]
FACTS = [model for model in MODELS if hasattr(model, "append_only") or hasattr(model, "application_may_update")]


def may(right: str, table: str, column: str | None = None) -> bool:
    """Ask PostgreSQL whether the current role has a right on a table, or on one of its columns."""
    with connection.cursor() as cursor:
        if column:
            cursor.execute("SELECT has_column_privilege(%s, %s, %s)", [table, column, right])
        else:
            cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_table_can_be_emptied_or_given_other_triggers(model: type[models.Model]) -> None:
    table = model._meta.db_table
    assert may("SELECT", table)
    assert may("INSERT", table) is (model not in KEPT_BY_TRIGGERS)
    assert not may("TRUNCATE", table)
    assert not may("TRIGGER", table)


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model._meta.label)
def test_facts_are_never_deleted_and_change_only_in_what_they_name(model: type[models.Model]) -> None:
    table, may_update = model._meta.db_table, getattr(model, "application_may_update", ())
    assert not may("DELETE", table)
    changing = {field.name for field in model._meta.concrete_fields if may("UPDATE", table, field.column)}
    assert changing == set(may_update)


@pytest.mark.parametrize("model", KEPT_BY_TRIGGERS, ids=lambda model: model._meta.label)
def test_what_triggers_keep_is_only_read(model: type[models.Model]) -> None:
    assert not any(may(right, model._meta.db_table) for right in ("INSERT", "UPDATE", "DELETE"))


def test_there_are_facts_and_what_follows_from_them() -> None:
    assert FACTS
    assert KEPT_BY_TRIGGERS


def test_what_is_no_fact_may_change() -> None:
    table = next(model for model in MODELS if model not in [*FACTS, *KEPT_BY_TRIGGERS])._meta.db_table
    assert may("UPDATE", table)
    assert may("DELETE", table)


@pytest.mark.parametrize(
    "bypass",
    [
        "SET session_replication_role = replica",
        "SET ROLE lignage_owner",
        "ALTER TABLE {table} DISABLE TRIGGER USER",
        "ALTER TABLE {table} OWNER TO CURRENT_USER",
        "DROP TABLE {table}",
        "CREATE TABLE other (id integer)",
        "CREATE OR REPLACE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
)
def test_the_application_can_not_get_round_the_rules(bypass: str) -> None:
    table = FACTS[0]._meta.db_table
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute(bypass.format(table=table))
