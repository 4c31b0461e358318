"""Nothing is open by default: who gets in, and with what."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model  # noqa: TID251 - a test makes the users who sign in
from django.test import Client
from django.urls import URLPattern

from infrastructure.identity.models import AccessToken
from interfaces.api import routing
from interfaces.api.urls import VERSIONS
from tests.e2e.client import BASE, Api

pytestmark = pytest.mark.django_db

PUBLIC = {"openapi.json", "docs"}


def routes() -> list[tuple[str, str]]:
    """Every method of every route, from the routes themselves."""
    found = []
    for pattern in routing.routes("v1", VERSIONS["v1"]).url_patterns:
        assert isinstance(pattern, URLPattern)
        path = (
            re.sub(r"\(\?P<\w+>[^)]*\)", "thing", str(pattern.pattern))
            .strip("^$")
            .replace("\\Z", "")
            .replace("\\.", ".")
        )
        actions = getattr(pattern.callback, "actions", None) or {"get": "get"}
        found += [(method.upper(), path) for method in actions if method != "head"]
    return sorted(found)


@pytest.mark.parametrize(("method", "path"), [route for route in routes() if route[1] not in PUBLIC])
def test_every_route_needs_to_know_who_asks(method: str, path: str) -> None:
    answer = Api().call(method, path, {})
    assert answer.status == 401, answer
    assert answer.type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert answer.codes == ["unauthenticated"]


def test_the_routes_are_many() -> None:
    assert len(routes()) > 40
    assert {path for _, path in routes()} >= PUBLIC | {"", "products/thing/", "campaigns/thing/close/"}


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_only_what_describes_the_api_is_public(path: str) -> None:
    assert Api().get(path, Accept="*/*").status == 200


def test_the_list_of_versions_isnt() -> None:
    assert Api().get("/api/").status == 401
    (version,) = Api.of().get("/api/").json["versions"]
    assert (version["version"], version["url"]) == ("v1", BASE)
    assert Api.of().get("/api/v1/").json["campaigns"].endswith("/api/v1/campaigns/")


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer \xff\xfe",
        "Bearer a b c",
        "Basic b2RpbGU6eA==",
        "Token x",
        "bearer" * 5000,
    ],
)
def test_what_isnt_a_token_lets_nobody_in(authorization: str) -> None:
    answer = Api().get("products/", Authorization=authorization)
    assert (answer.status, answer.codes) == (401, ["unauthenticated"])


def test_the_scheme_may_be_written_in_any_case() -> None:
    token = Api.of().token
    assert Api().get("products/", Authorization=f"bEARER {token}").status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"issued_at": datetime(2020, 1, 1, tzinfo=UTC), "expires_at": datetime(2020, 1, 2, tzinfo=UTC)},
    ],
    ids=["revoked", "expired"],
)
def test_a_token_that_is_no_more_lets_nobody_in(change: dict[str, Any]) -> None:
    api = Api.of()
    assert api.get("products/").status == 200
    AccessToken.objects.update(**change)
    assert api.get("products/").status == 401


def test_a_token_that_expires_later_lets_in() -> None:
    api = Api.of()
    AccessToken.objects.update(expires_at=datetime.now(UTC) + timedelta(days=1))
    assert api.get("products/").status == 200


def test_nobody_gets_in_as_a_user_who_left() -> None:
    api = Api.of()
    get_user_model().objects.update(is_active=False)
    assert api.get("products/").status == 401


def test_a_session_reads_and_writes_only_with_its_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    Api.of("odile")
    client.force_login(get_user_model().objects.get(username="odile"))
    assert client.get(f"{BASE}sites/").status_code == 200
    refused = client.post(f"{BASE}sites/", {"code": "X"}, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")

    secret = "a" * 32
    client.cookies["csrftoken"] = secret
    written = client.post(
        f"{BASE}sites/", {"code": "X"}, content_type="application/json", headers={"X-CSRFToken": secret}
    )
    assert written.status_code == 201, written.content


def test_a_form_of_a_session_is_no_request() -> None:
    """Not even where Django looks into it for the CSRF token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.create_user("odile"))
    client.cookies["csrftoken"] = "a" * 32
    form = {"csrfmiddlewaretoken": "a" * 32, "code": "X"}
    answer = client.post(f"{BASE}sites/", form, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 415, answer.content
