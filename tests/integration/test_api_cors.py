"""Pages from elsewhere may call the API when the setting names them, with a token and without cookies."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.e2e.client import Api

pytestmark = pytest.mark.django_db

PLANT, STRANGER = "https://plant.example", "https://stranger.example"


@pytest.fixture
def named(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [PLANT]


def allowed(answer: object) -> dict[str, str]:
    """What an answer says that pages from elsewhere may do."""
    headers = dict(getattr(answer, "headers", {}))
    return {name.lower(): value for name, value in headers.items() if name.lower().startswith("access-control-")}


def asked_before(path: str, origin: str) -> dict[str, str]:
    """What is answered to a browser that asks whether it may send a change."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,content-type,if-match,idempotency-key,x-request-id",
    }
    return allowed(Client().options(path, headers=headers))


def test_nobody_may_unless_named(plant: Api) -> None:
    assert allowed(plant.get("sites/", Origin=PLANT)) == {}
    assert asked_before("/api/v1/sites/MILL/", PLANT) == {}


@pytest.mark.usefixtures("named")
def test_who_is_named_may_and_reads_the_headers_that_matter(plant: Api) -> None:
    told = allowed(plant.get("sites/", Origin=PLANT))
    assert told.pop("access-control-allow-origin") == PLANT
    assert set(told.pop("access-control-expose-headers").split(", ")) == {
        "ETag",
        "Location",
        "X-Request-ID",
        "Idempotency-Replayed",
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
        "Retry-After",
    }
    assert told == {}, "Credentials aren't allowed: a token is sent by header."
    for refused in (plant.get("sites/NONE/", Origin=PLANT), Api().get("sites/", Origin=PLANT)):
        assert allowed(refused)["access-control-allow-origin"] == PLANT


@pytest.mark.usefixtures("named")
def test_a_browser_may_ask_before_it_sends_a_change() -> None:
    told = asked_before("/api/v1/sites/MILL/", PLANT)
    assert told["access-control-allow-origin"] == PLANT
    assert "PATCH" in told["access-control-allow-methods"]
    wanted = {"authorization", "content-type", "if-match", "if-none-match", "idempotency-key", "x-request-id"}
    assert wanted <= set(told["access-control-allow-headers"].split(", "))


@pytest.mark.usefixtures("named")
def test_nobody_else_may_and_nothing_but_the_api(plant: Api) -> None:
    for origin in (STRANGER, "null", "https://plant.example.stranger.example", "http://plant.example"):
        assert allowed(plant.get("sites/", Origin=origin)) == {}
        assert asked_before("/api/v1/sites/MILL/", origin) == {}
    assert allowed(Client().get("/admin/login/", headers={"Origin": PLANT})) == {}
