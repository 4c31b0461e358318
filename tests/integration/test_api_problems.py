"""Whatever goes wrong, the API says so as a problem, and never more than the caller should know."""

import json
from io import BytesIO
from typing import Any

import pytest
from dependency_injector.providers import Object
from django.apps import apps  # noqa: TID251 - the container is asked, not a model
from django.db import connection
from django.test import Client
from pytest_django import Settings

from interfaces.api.problems import TABLE, pointer, problem_of
from tests.e2e.client import Api

pytestmark = pytest.mark.django_db

MEMBERS = {"type", "title", "status", "detail", "instance", "errors"}


def failing(*_arguments: object, **_named: object) -> Any:
    """A bug, with something in it that nobody should see."""
    raise RuntimeError("postgres://owner:secret@db")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("POST", "/api/v1/nothing/", 404),
        ("DELETE", "/api/v7/products/", 404),
        ("GET", "/api/v1/products", 404),
        ("PUT", "/api/v1/products/", 405),
        ("POST", "/api/v1/openapi.json", 405),
        ("PATCH", "/api/", 405),
    ],
)
def test_what_no_route_leads_to_is_a_problem(api: Api, method: str, path: str, status: int) -> None:
    answer = api.call(method, path, {})
    assert (answer.status, answer.type) == (status, "application/problem+json")
    assert answer.json.keys() == MEMBERS
    assert answer.json["instance"] == path
    assert answer.json["type"] == f"/api/problems/{answer.codes[0]}"
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_bug_is_a_problem_without_its_inside(api: Api) -> None:
    with apps.get_app_config("config").container.catalog.product_reader.override(Object(None)):
        answer = api.get("products/")
    assert (answer.status, answer.type, answer.codes) == (500, "application/problem+json", ["internal"])
    assert b"NoneType" not in answer.body


def test_so_is_one_outside_the_views(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rest_framework.views.APIView.dispatch", failing)
    answer = api.get("products/")
    assert (answer.status, answer.type) == (500, "application/problem+json")
    assert b"secret" not in answer.body


def test_a_statement_that_is_refused_is_none_of_the_callers_business(api: Api) -> None:
    def wrong(*_arguments: object, **_named: object) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    with apps.get_app_config("config").container.catalog.create_site.override(Object(wrong)):
        assert api.post("sites/", {"code": "X"}).status == 500


def test_so_is_a_host_that_isnt_ours() -> None:
    answer = Client().get("/api/v1/products/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert json.loads(answer.content)["status"] == 400
    page = Client().get("/health/live", headers={"Host": "evil.example"})
    assert (page.status_code, page["Content-Type"].partition(";")[0]) == (400, "text/html")


def test_outside_the_api_errors_are_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.views.generic.RedirectView.get", failing)
    page = Client(raise_request_exception=False).get("/")
    assert (page.status_code, page["Content-Type"].partition(";")[0]) == (500, "text/html")
    assert b"secret" not in page.content


def test_an_error_that_the_table_lacks_is_nobodys_business() -> None:
    assert problem_of(RuntimeError("boom")) is None
    assert all(issubclass(error, Exception) for error in TABLE)


@pytest.mark.parametrize(
    ("path", "written"),
    [((), ""), (("a", 0, "b"), "/a/0/b"), (("a/b", "c~d", "~1"), "/a~1b/c~0d/~01"), (("",), "/")],
)
def test_pointers_are_those_of_rfc_6901(path: tuple[str | int, ...], written: str) -> None:
    assert pointer(path) == written


def test_a_list_of_faults_has_an_end(api: Api) -> None:
    """Five hundred empty movements five hundred times over would be a list of more than a million."""
    unknown = api.post("sites/", {f"x{number}": 1 for number in range(3000)})
    assert (unknown.status, len(unknown.json["errors"])) == (400, 1000)
    empty = {
        "kind": "receipt",
        "occurred_at": "2026-03-01T00:00:00Z",
        "site": "X",
        "operator": "X",
        "movements": [{}] * 500,
    }
    batch = api.post("operations/batch/", {"operations": [empty] * 500})
    assert (batch.status, len(batch.json["errors"])) == (400, 1000)


class BrokenStream(BytesIO):
    """A body whose sender has gone."""

    def read(self, _size: int | None = -1) -> bytes:
        raise OSError("connection reset")


def test_a_body_that_breaks_off_is_told(api: Api) -> None:
    answer = Client().generic(
        "POST",
        "/api/v1/sites/",
        b"{}",
        "application/json",
        headers={"Authorization": f"Bearer {api.token}"},
        **{"wsgi.input": BrokenStream()},
    )
    assert answer.status_code == 400, answer.content
    assert json.loads(answer.content)["errors"][0]["code"] == "unreadable_body"


def test_a_limit_of_the_server_itself_is_told(api: Api, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = api.post("sites/", {"code": "X-12345"})
    assert (answer.status, answer.codes) == (413, ["too_large"])


def test_several_faults_are_counted_in_the_detail(api: Api) -> None:
    answer = api.post("sites/", {"code": " ", "positive_release": "no"})
    assert answer.json["detail"].endswith("And 1 more: see errors.")
    assert len(answer.json["errors"]) == 2
