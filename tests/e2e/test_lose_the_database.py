"""The database stops, or takes no more sessions, while the web server runs: it says so, and goes on once it is back."""

import http.client
import signal
from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL

from config.child import manage
from tests.e2e.machine import Machine
from tests.e2e.sockets import ApiOverSockets

SITE = {"code": "PLANT", "name": "Plant"}
PAGES = (
    ("/account/", "en", "The database can't be reached"),
    ("/admin/", "fr", "La base de données est injoignable"),
)
SESSION = f"__Host-sessionid={'a' * 32}"


@pytest.fixture
def api(machine: Machine) -> ApiOverSockets:
    """The API as an administrator sees it."""
    token = manage("create_token", "odile", "--role", "administrator", environment=machine.environment)
    return ApiOverSockets(machine.port, token)


def page(machine: Machine, path: str, language: str = "en") -> tuple[int, str, Any]:
    """What a browser with the cookie of a session shows."""
    with closing(http.client.HTTPConnection("127.0.0.1", machine.port, timeout=60)) as connection:
        connection.request("GET", path, headers={"Cookie": SESSION, "Accept-Language": language})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers


def says_that_there_is_no_database(machine: Machine, api: ApiOverSockets) -> None:
    """Whoever asks for something that takes the database is told so."""
    for answer in (api.get("sites/"), api.post("sites/", SITE, Idempotency_Key="k")):
        assert (answer.status, answer.type, answer.codes) == (503, "application/problem+json", ["unavailable"])
        assert answer.headers["Retry-After"] == "5"
        assert "Idempotency-Key" in answer.json["detail"]
    assert page(machine, "/health/ready")[0] == 503
    assert page(machine, "/health/live")[0] == 200


def says_so_in_pages(machine: Machine) -> None:
    """Whoever sits before a browser is told so in their language."""
    for path, language, words in PAGES:
        status, text, headers = page(machine, path, language)
        assert (status, headers["Retry-After"], headers.get_content_type()) == (503, "5", "text/html"), text
        assert words in text


def goes_on(machine: Machine, api: ApiOverSockets) -> None:
    """All is as it was, for the same processes."""
    made = api.post("sites/", SITE, Idempotency_Key="k")
    assert (made.status, "Idempotency-Replayed" in made.headers) == (201, False)
    assert [site["code"] for site in api.get("sites/").json["items"]] == ["PLANT"]
    assert page(machine, "/account/")[0] == 302


def test_a_database_that_stops_is_told_and_found_again(machine: Machine, api: ApiOverSockets) -> None:
    manage("collectstatic", "--verbosity", "0", environment=machine.environment)
    machine.kill_web_server()  # the next one finds what the pages need
    assert api.get("sites/").status == 200
    machine.end_database(signal.SIGINT)  # in order, which ends every session
    says_that_there_is_no_database(machine, api)
    says_so_in_pages(machine)
    machine.start_database()
    goes_on(machine, api)


def test_so_is_one_that_takes_no_more_sessions(machine: Machine, api: ApiOverSockets) -> None:
    assert api.get("sites/").status == 200
    with psycopg.connect(machine.urls.superuser, autocommit=True) as superuser:
        superuser.execute("ALTER ROLE lignage CONNECTION LIMIT 0")
        superuser.execute(SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lignage'"))
        says_that_there_is_no_database(machine, api)
        superuser.execute("ALTER ROLE lignage CONNECTION LIMIT -1")
    goes_on(machine, api)
