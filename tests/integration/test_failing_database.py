"""The database is there and can't do it now: each of its reasons is told as such, in the API and in pages."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from dependency_injector.providers import Object
from django.apps import apps  # noqa: TID251 - the container is asked, not a model
from django.db import connection
from pytest_django import Settings

from application.shared.errors import Locked, OutOfResources, ReadOnly, TookTooLong, Unavailable
from infrastructure.identity.models import User
from infrastructure.persistence.shared.refusals import CLASSES, STATES
from tests.database import Database, copied
from tests.e2e.client import Api
from tests.e2e.plant import furnish, receipt, record
from tests.factories.browser import Client
from tests.factories.plant import unit_of_work
from tests.integration.test_page_matrix import PAGES, TABLES, place

UNREACHABLE = ("unavailable", "5")
REASONS = {
    "08006": UNREACHABLE,  # connection_failure
    "25006": ("read_only", "30"),  # read_only_sql_transaction
    "25P03": UNREACHABLE,  # idle_in_transaction_session_timeout
    "25P04": ("took_too_long", "5"),  # transaction_timeout
    "28P01": UNREACHABLE,  # invalid_password
    "3D000": UNREACHABLE,  # invalid_catalog_name
    "40003": UNREACHABLE,  # statement_completion_unknown
    "53000": ("out_of_resources", "30"),  # insufficient_resources
    "53100": ("out_of_resources", "30"),  # disk_full
    "53200": ("out_of_resources", "30"),  # out_of_memory
    "53300": UNREACHABLE,  # too_many_connections
    "53400": ("out_of_resources", "30"),  # configuration_limit_exceeded
    "55P03": ("locked", "5"),  # lock_not_available
    "57014": ("took_too_long", "5"),  # query_canceled
    "57P01": UNREACHABLE,  # admin_shutdown
    "57P02": UNREACHABLE,  # crash_shutdown
    "57P03": UNREACHABLE,  # cannot_connect_now
    "57P04": UNREACHABLE,  # database_dropped
    "57P05": UNREACHABLE,  # idle_session_timeout
    "58000": ("out_of_resources", "30"),  # system_error
    "58030": ("out_of_resources", "30"),  # io_error
    "58P01": ("out_of_resources", "30"),  # undefined_file
}
"""The problem for each of PostgreSQL's codes, and the seconds to wait."""

PARTS = ["53100", "25006", "57014", "57P01"]
"""One of each kind of answer."""

WORDS = {
    "unavailable": "La base de données est injoignable",
    "read_only": "accepte aucun changement",
    "took_too_long": "a pas pu le faire",
    "out_of_resources": "a pas pu le faire",
}


def raising(state: str) -> str:
    """A statement for which PostgreSQL itself raises this code."""
    return f"DO $$ BEGIN RAISE EXCEPTION 'the reason' USING ERRCODE = '{state}'; END $$"


def fail(state: str) -> Any:
    """Have the database fail."""
    with connection.cursor() as cursor:
        cursor.execute(raising(state))


@contextmanager
def failing(state: str, among: str = "") -> Iterator[None]:
    """Have the database fail at every statement that has these words in it."""

    def instead(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: Any) -> Any:
        if among in str(sql):
            return execute(raising(state), None, False, context)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(instead):
        yield


@pytest.fixture(scope="module")
def committed(django_db_setup: Database, django_db_blocker: Any) -> Iterator[Database]:
    """A database in which things are committed, for all of these tests."""
    with django_db_blocker.unblock(), copied(django_db_setup) as copy:
        yield copy


@pytest.fixture
def browser(committed: Database) -> Client:
    """Somebody who has signed in and sees everything."""
    Api.of("chief")
    client = Client(raise_request_exception=False, headers={"Accept-Language": "fr"})
    client.force_login(User.objects.get(username="chief"))
    return client


def test_every_code_that_is_understood_is_tried() -> None:
    assert {state for state, error in STATES.items() if issubclass(error, Unavailable)} <= REASONS.keys()
    assert CLASSES.keys() <= {state[:2] for state in REASONS}


@pytest.mark.parametrize("state", REASONS)
@pytest.mark.parametrize("inside", [False, True])
def test_the_api_tells_the_reason_and_keeps_no_answer(committed: Database, state: str, inside: bool) -> None:
    def work(*_arguments: object, **_named: object) -> Any:
        if not inside:
            return fail(state)
        with unit_of_work():
            return fail(state)

    api, code = Api.of(), f"S-{state}-{inside}"
    with apps.get_app_config("config").container.catalog.create_site.override(Object(work)):
        answer = api.post("sites/", {"code": code}, Idempotency_Key=code)
    assert (answer.status, answer.type, *answer.codes) == (503, "application/problem+json", REASONS[state][0])
    assert answer.headers["Retry-After"] == REASONS[state][1]
    again = api.post("sites/", {"code": code}, Idempotency_Key=code)
    assert (again.status, "Idempotency-Replayed" in again.headers) == (201, False)


@pytest.mark.parametrize("state", REASONS)
def test_so_does_whatever_asks_the_database_before_a_use_case_does(committed: Database, state: str) -> None:
    api = Api.of()
    with failing(state):
        answers = [api.get(path) for path in ("sites/", "me/", "lots/", "audit/")]
        ready = Client().get("/health/ready")
    assert [(answer.status, *answer.codes) for answer in answers] == [(503, REASONS[state][0])] * 4
    assert (ready.status_code, Client().get("/health/live").status_code) == (503, 200)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("state", PARTS)
def test_every_page_tells_it(browser: Client, settings: Settings, state: str, debug: bool) -> None:
    settings.DEBUG = debug
    browser.get("/account/")
    reason, wait = REASONS[state]
    paths = [row.path.format(nothing="nothing/", kind="1", row="1", app="catalog") for row in PAGES]
    paths += [place(User) + row.path.format(row="1") for row in TABLES]
    form = {"username": "chief", "password": "not the right one"}
    told = set()
    with failing(state):
        for path in paths:
            for method in ("GET", "POST"):
                answer = browser.get(f"/{path}") if method == "GET" else browser.post(f"/{path}", form)
                assert answer.status_code in {200, 301, 302, 403, 404, 405, 503}, (method, path, answer.content)
                if answer.status_code == 503 and answer["Content-Type"].startswith("text/html"):
                    told.add((method, path))
                    assert answer["Retry-After"] == wait
                    assert WORDS[reason] in answer.content.decode()
    assert {("GET", "account/"), ("POST", "sign-in/"), ("GET", "admin/"), ("POST", "password/")} <= told
    assert len(told) > 20


def test_a_session_that_cant_be_kept_is_told_as_well(browser: Client) -> None:
    """Django takes it for one that was deleted meanwhile."""
    with failing("53100", 'UPDATE "django_session"'):
        answers = [browser.get(path) for path in ("/account/", "/api/v1/me/")]
    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(503, "30")] * 2


def test_one_that_was_deleted_meanwhile_is_still_told_so(browser: Client) -> None:
    browser.get("/account/")

    def deleted(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: Any) -> Any:
        if 'UPDATE "django_session"' in str(sql):
            execute('DELETE FROM "django_session"', None, False, context)
        return execute(sql, parameters, many, context)

    session = browser.session
    del session["began"]
    session.save()
    with connection.execute_wrapper(deleted):
        assert browser.get("/account/").status_code == 400


def test_what_fails_before_a_stream_begins_has_a_status_of_its_own(committed: Database) -> None:
    plant = furnish(Api.of())
    record(plant, receipt("A-1"))
    (lot,) = plant.get("lots/").json["items"]
    for path in (f"lots/{lot['id']}/trace/", f"lots/{lot['id']}/exposure/"):
        whole = plant.get(path, Accept="application/x-ndjson")
        assert (whole.status, json.loads(whole.body.splitlines()[-1])["type"]) == (200, "end"), whole
        with failing("57014", "WITH RECURSIVE"):
            answer = plant.get(path, Accept="application/x-ndjson")
        assert (answer.status, answer.codes) == (503, ["took_too_long"])


# For real


@contextmanager
def having(database: Database, setting: str, value: str) -> Iterator[None]:
    """The application's sessions begin with a setting."""
    sessions = f"ALTER ROLE {urlsplit(database.application).username} IN DATABASE {database.name}"
    connection.close()
    database.administer(f"{sessions} SET {setting} = {value}")
    yield
    connection.close()
    database.administer(f"{sessions} RESET {setting}")


def test_a_database_that_is_read_only_is_read(committed: Database) -> None:
    api = Api.of()
    api_of_one_who_was_never_here = Api.of("new")
    with having(committed, "default_transaction_read_only", "on"):
        written = api.post("sites/", {"code": "NEW"}, Idempotency_Key="new")
        read = [api.get("sites/").status, api_of_one_who_was_never_here.get("sites/").status]
        page = Client(raise_request_exception=False).post("/sign-in/", {"username": "a", "password": "b"})
        ready = Client().get("/health/ready")
    assert (written.status, written.codes, read) == (503, ["read_only"], [200, 200])
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert (ready.status_code, ready.json()) == (503, {"status": "read only"})
    assert api.post("sites/", {"code": "NEW"}, Idempotency_Key="new").status == 201


@pytest.mark.parametrize(("setting", "code"), [("lock_timeout", "locked"), ("statement_timeout", "took_too_long")])
def test_a_lock_that_is_held_elsewhere_is_waited_for_once(committed: Database, setting: str, code: str) -> None:
    api, waits = Api.of(), 0

    def counted(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: Any) -> Any:
        nonlocal waits
        waits += "FROM site" in str(sql)
        return execute(sql, parameters, many, context)

    with having(committed, setting, "300"), psycopg.connect(committed.owner) as other:
        other.execute("LOCK TABLE site")
        with connection.execute_wrapper(counted):
            answer = api.post("operations/", receipt("A-7"))
    assert (answer.status, answer.codes, waits) == (503, [code], 1)


def test_a_database_that_takes_no_more_sessions(committed: Database) -> None:
    api = Api.of()
    connection.close()
    committed.administer(f"ALTER DATABASE {committed.name} CONNECTION LIMIT 0")
    answer, ready = api.get("sites/"), Client().get("/health/ready")
    committed.administer(f"ALTER DATABASE {committed.name} CONNECTION LIMIT -1")
    assert (answer.status, answer.codes, ready.status_code) == (503, ["unavailable"], 503)
    assert api.get("sites/").status == 200


def test_a_database_without_room_for_what_it_sorts(committed: Database) -> None:
    def sort(*_arguments: object, **_named: object) -> Any:
        with unit_of_work(), connection.cursor() as cursor:
            cursor.execute("SELECT n FROM generate_series(1, 200000) AS n ORDER BY n DESC OFFSET 199999")

    small = having(committed, "temp_file_limit", "0"), having(committed, "work_mem", "'64kB'")
    with small[0], small[1], apps.get_app_config("config").container.catalog.create_site.override(Object(sort)):
        answer = Api.of().post("sites/", {"code": "X"})
    assert (answer.status, answer.codes) == (503, ["out_of_resources"])


def test_the_documents_of_problems_name_no_reason_but_these() -> None:
    assert {reason for reason, _ in REASONS.values()} == {
        "unavailable", "read_only", "took_too_long", "out_of_resources", "locked",
    }  # fmt: skip
    assert {Locked, OutOfResources, ReadOnly, TookTooLong} == set(Unavailable.__subclasses__())
    assert json.loads(Client().get("/health/live").content) == {"status": "live"}
