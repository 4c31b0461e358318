"""The database ends the session while it works for a request."""

from typing import Any

import pytest
from dependency_injector.providers import Object
from django.apps import apps  # noqa: TID251 - the container is asked, not a model
from django.db import connection

from tests.database import Database
from tests.e2e.client import Api
from tests.factories.plant import unit_of_work


def ending_the_session(*_arguments: object, **_named: object) -> Any:
    """Work during which the database ends the session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def in_a_transaction(*_arguments: object, **_named: object) -> Any:
    """A use case during which the database ends the session."""
    with unit_of_work():
        ending_the_session()


@pytest.mark.parametrize("work", [ending_the_session, in_a_transaction])
def test_a_session_that_ends_meanwhile_is_told_and_logged_and_no_answer_to_keep(
    committed_database: Database, caplog: pytest.LogCaptureFixture, work: Any
) -> None:
    api, key = Api.of(), {"Idempotency_Key": "k"}
    with apps.get_app_config("config").container.catalog.create_site.override(Object(work)):
        answer = api.post("sites/", {"code": "X"}, **key)
    connection.close()  # as at the end of each request that isn't a test's
    assert (answer.status, answer.type, answer.codes) == (503, "application/problem+json", ["unavailable"])
    assert answer.headers["Retry-After"] == "5"
    assert "terminating connection" in caplog.text
    again = api.post("sites/", {"code": "X"}, **key)
    assert (again.status, "Idempotency-Replayed" in again.headers) == (201, False)
