"""Whatever somebody does to the schema of the database, verifying tells of it; what operators may do, it doesn't."""

import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from application.history.schema import schema_findings, schema_text
from infrastructure.persistence.history.schema import MIGRATED, DjangoSchemas
from infrastructure.system import cluster
from infrastructure.system.embedded_postgresql import EmbeddedPostgresql
from tests.database import Database, connect_to
from tests.factories.raw import execute

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db
def test_what_is_stored_is_what_the_migrations_make() -> None:
    assert schema_text(DjangoSchemas().found()) == MIGRATED.read_text(), "`make schema` stores it anew."


@pytest.fixture
def superuser(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    """Connect as somebody who may do everything, in a transaction that is taken back."""
    database = django_db_setup
    with psycopg.connect(database.administrator) as administrator:
        if administrator.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone() != (True,):
            pytest.skip("The administrator of this server isn't a superuser.")
    with django_db_blocker.unblock():
        address = urlsplit(database.administrator)._replace(path=f"/{database.name}")
        connect_to(address.geturl(), application=database.application)
        with transaction.atomic():
            yield database
            transaction.set_rollback(True)
        connect_to(database.application)


def found() -> dict[str, str]:
    """What is found, by what is said of it first; each with its code."""
    schemas = DjangoSchemas()
    findings = schema_findings(schemas.migrated(), schemas.found())
    return {finding.detail.partition(": ")[0]: finding.code.removeprefix("schema_") for finding in findings}


def done(statements: str, database: Database) -> dict[str, str]:
    """What is found after these statements, in which the roles are named by what they are."""
    names = {
        "THE_OWNER": urlsplit(database.owner).username,
        "THE_APPLICATION": urlsplit(database.application).username,
        "THIS_DATABASE": database.name,
    }
    for word, name in names.items():
        statements = statements.replace(word, str(name))
    execute(statements)
    return found()


TRIGGER = "Trigger entries_are_facts of history_entry"
ENTER = "Function enter_history(chains text[], documents text[])"
CHECK = "Constraint lot_on_hand_is_not_negative of lot"
UNIQUE = "history_entry_number_is_unique of history_entry"

DAMAGE = {
    "ALTER TABLE history_entry DISABLE TRIGGER entries_are_facts": {TRIGGER: "altered"},
    "ALTER TABLE history_entry DISABLE TRIGGER ALL": {
        TRIGGER: "altered",
        "Constraint history_entry_chain_id_daea13c0_fk_history_chain_id of history_entry": "altered",
    },
    "ALTER TABLE history_entry ENABLE REPLICA TRIGGER entries_are_facts": {TRIGGER: "altered"},
    "ALTER TABLE history_entry ENABLE ALWAYS TRIGGER entries_are_facts": {TRIGGER: "altered"},
    "DROP TRIGGER entries_are_facts ON history_entry": {TRIGGER: "gone"},
    "ALTER TRIGGER entries_are_facts ON history_entry RENAME TO forged": {
        TRIGGER: "gone",
        "Trigger forged of history_entry": "added",
    },
    "DROP TRIGGER entries_are_facts ON history_entry; CREATE TRIGGER entries_are_facts BEFORE DELETE ON history_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()": {TRIGGER: "altered"},
    "CREATE TRIGGER forged BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change()": {
        "Trigger forged of decision": "added"
    },
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'": {
        "Function refuse_change()": "altered"
    },
    "ALTER FUNCTION enter_history(text[], text[]) SECURITY INVOKER": {ENTER: "altered"},
    "ALTER FUNCTION enter_history(text[], text[]) RESET search_path": {ENTER: "altered"},
    "ALTER FUNCTION enter_history(text[], text[]) OWNER TO CURRENT_USER": {
        ENTER: "altered",
    },
    "DROP FUNCTION enter_history(text[], text[])": {
        ENTER: "gone",
        "Rights of application on function enter_history(chains text[], documents text[])": "gone",
    },
    "CREATE FUNCTION forged() RETURNS int LANGUAGE sql AS 'SELECT 1'": {
        "Function forged()": "added",
        "Rights of PUBLIC on function forged()": "added",
    },
    "ALTER TABLE lot DROP CONSTRAINT lot_on_hand_is_not_negative": {CHECK: "gone"},
    "ALTER TABLE lot DROP CONSTRAINT lot_on_hand_is_not_negative; "
    "ALTER TABLE lot ADD CONSTRAINT lot_on_hand_is_not_negative CHECK (on_hand >= 0) NOT VALID": {CHECK: "altered"},
    "ALTER TABLE lot DROP CONSTRAINT lot_on_hand_is_not_negative; "
    "ALTER TABLE lot ADD CONSTRAINT lot_on_hand_is_not_negative CHECK (on_hand >= -1)": {CHECK: "altered"},
    "ALTER TABLE history_entry DROP CONSTRAINT history_entry_number_is_unique": {
        f"Constraint {UNIQUE}": "gone",
        f"Index {UNIQUE}": "gone",
    },
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'history_entry_number_is_unique'::regclass": {
        f"Index {UNIQUE}": "altered"
    },
    "DROP INDEX history_entry_at; CREATE INDEX history_entry_at ON history_entry (actor)": {
        "Index history_entry_at of history_entry": "altered"
    },
    "ALTER TABLE lot ALTER on_hand DROP NOT NULL": {"Column on_hand of lot": "altered"},
    "ALTER TABLE lot ALTER number SET DEFAULT 7": {"Column number of lot": "altered"},
    "ALTER TABLE lot ALTER disposition DROP EXPRESSION": {"Column disposition of lot": "altered"},
    "ALTER TABLE decision ADD forged text": {"Column forged of decision": "added"},
    "ALTER TABLE decision OWNER TO THE_APPLICATION": {
        "Table decision": "altered",
        "Rights of application on table decision": "gone",
    },
    "ALTER TABLE decision ENABLE ROW LEVEL SECURITY": {"Table decision": "altered"},
    "CREATE POLICY forged ON decision USING (false)": {"Policy forged of decision": "added"},
    "CREATE RULE forged AS ON INSERT TO decision DO INSTEAD NOTHING": {"Rule forged of decision": "added"},
    "CREATE TABLE forged () INHERITS (passage)": {
        "Table forged": "added",
        "Table passage": "altered",
        "Column source of forged": "added",
        "Column target of forged": "added",
    },
    "CREATE VIEW forged AS SELECT": {"View forged": "added"},
    "ALTER SEQUENCE lot_number INCREMENT 2": {"Sequence lot_number": "altered"},
    "CREATE FUNCTION forged() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; "
    "CREATE EVENT TRIGGER forged ON ddl_command_end EXECUTE FUNCTION forged()": {
        "Event trigger forged": "added",
        "Function forged()": "added",
        "Rights of PUBLIC on function forged()": "added",
    },
    "CREATE SUBSCRIPTION forged CONNECTION 'dbname=forged' PUBLICATION forged WITH (connect = false)": {
        "Subscription forged": "added"
    },
    "CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)": {"Operator ===(text,text)": "added"},
    "CREATE DOMAIN forged AS text": {"Type forged": "added"},
    "CREATE CAST (text AS date) WITH INOUT AS IMPLICIT": {"Cast from text to date": "added"},
    'CREATE SCHEMA "THE_APPLICATION"': {"Schema THE_APPLICATION": "added"},
    "ALTER ROLE THE_APPLICATION SET session_replication_role = replica": {
        "Setting session_replication_role of application": "added"
    },
    "ALTER DATABASE THIS_DATABASE SET session_replication_role = replica": {
        "Setting session_replication_role of everybody": "added"
    },
    "GRANT DELETE ON decision TO THE_APPLICATION": {"Rights of application on table decision": "altered"},
    "GRANT TRUNCATE ON receipt TO THE_APPLICATION": {"Rights of application on table receipt": "altered"},
    "REVOKE SELECT ON decision FROM THE_APPLICATION": {"Rights of application on table decision": "altered"},
    "GRANT SELECT ON decision TO THE_APPLICATION WITH GRANT OPTION": {
        "Rights of application on table decision": "altered"
    },
    "GRANT UPDATE (code) ON lot TO THE_APPLICATION": {"Rights of application on column code of lot": "added"},
    "GRANT SELECT ON decision TO PUBLIC": {"Rights of PUBLIC on table decision": "added"},
    "GRANT CREATE ON SCHEMA public TO THE_APPLICATION": {"Rights of application on schema public": "altered"},
    "GRANT CREATE ON SCHEMA public TO PUBLIC": {"Rights of PUBLIC on schema public": "added"},
    "GRANT EXECUTE ON FUNCTION enter_history(text[], text[]) TO PUBLIC": {
        "Rights of PUBLIC on function enter_history(chains text[], documents text[])": "added"
    },
    "CREATE ROLE forged; GRANT INSERT ON decision TO forged": {"Rights of forged on table decision": "added"},
    "ALTER DEFAULT PRIVILEGES FOR ROLE THE_OWNER GRANT DELETE ON TABLES TO THE_APPLICATION": {
        "Rights of application on what owner makes": "added"
    },
    "ALTER ROLE THE_APPLICATION SUPERUSER": {"Role application": "altered"},
    "ALTER ROLE THE_APPLICATION BYPASSRLS": {"Role application": "altered"},
    "GRANT THE_OWNER TO THE_APPLICATION": {"Membership of application in owner": "added"},
    "CREATE ROLE forged; GRANT THE_OWNER TO forged; GRANT forged TO THE_APPLICATION": {
        "Membership of application in forged": "added",
        "Membership of application in owner": "added",
    },
}


@pytest.mark.parametrize(("statements", "expected"), DAMAGE.items(), ids=list(DAMAGE))
def test_what_is_done_to_the_schema_is_found(superuser: Database, statements: str, expected: dict[str, str]) -> None:
    assert found() == {}
    application = str(urlsplit(superuser.application).username)
    assert done(statements, superuser) == {
        what.replace("THE_APPLICATION", application): code for what, code in expected.items()
    }


@pytest.mark.parametrize(
    "statements",
    [
        "CREATE ROLE reports; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reports",
        "CREATE ROLE dba; GRANT THE_OWNER TO dba",
        "ALTER TABLE lot SET (autovacuum_vacuum_scale_factor = 0.01)",
        "CREATE STATISTICS counted ON site_id, product_id FROM lot",
        "ALTER ROLE THE_APPLICATION SET statement_timeout = '30s'",
        "CREATE EXTENSION vector",
        "COMMENT ON TABLE lot IS 'ours'",
        "CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.notes (id int)",
    ],
)
def test_what_operators_may_do_is_nobodys_business(superuser: Database, statements: str) -> None:
    assert done(statements, superuser) == {}


def test_a_role_that_is_configured_as_the_owner_has_to_be(superuser: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, application = (urlsplit(url).username for url in (superuser.owner, superuser.application))
    execute(f"REASSIGN OWNED BY {owner} TO {application}")
    assert DjangoSchemas().found().rights is None
    monkeypatch.setitem(connection.settings_dict, "OWNER_ROLE", owner)
    assert found()["Table history_entry"] == "altered"


@pytest.mark.django_db
def test_where_the_application_owns_its_tables_rights_are_not_compared_and_a_note_says_so(
    django_db_setup: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("APPLICATION_ROLE", "OWNER_ROLE"):
        monkeypatch.setitem(connection.settings_dict, role, urlsplit(django_db_setup.owner).username)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    note, _, end = out.getvalue().splitlines()
    assert note.startswith("note: database: rights_not_compared: ")
    assert end == "All in order."


def test_an_older_postgresql_has_the_same_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest that is supported; the wheel has it too."""
    monkeypatch.setattr(cluster, "PROGRAMS", Path(cluster.WHEEL, "pginstall", "bin"))
    options = [option for option in cluster.INITDB_OPTIONS if "locale" not in option]
    monkeypatch.setattr(cluster, "INITDB_OPTIONS", (*options, "--locale=C"))
    with EmbeddedPostgresql(tmp_path, throwaway=True).lease() as urls:
        with psycopg.connect(urls.application) as session:
            assert session.info.server_version // 10_000 == 16
        environment = {**os.environ, "DATABASE_URL": urls.application, "DATABASE_OWNER_URL": urls.owner}
        environment |= {"LIGNAGE_STATE": str(tmp_path / "state"), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        for command in ("migrate", "verify_audit"):
            manage = [sys.executable, "manage.py", command]
            ended = subprocess.run(manage, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.endswith("\nAll in order.\n")
