"""Each token has its allowance of requests a minute, and every answer tells what is left of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from django.core.cache import cache
from pytest_django import Settings

from infrastructure.identity.models import User
from infrastructure.system.clock import SystemClock
from tests.database import Database, in_threads
from tests.e2e.client import Answer, Api
from tests.e2e.plant import furnish
from tests.factories.browser import Client

START = datetime(2026, 3, 2, 12, 0, 15, tzinfo=UTC)


class Watch:
    """A clock that stands still until it is set."""

    now = START


@pytest.fixture(autouse=True)
def watch(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Three requests a minute, of a minute that doesn't end by itself."""
    settings.RATE_LIMIT = 3
    standing = Watch()
    monkeypatch.setattr(SystemClock, "now", lambda _clock: standing.now)
    cache.clear()
    yield standing
    cache.clear()


def told(answer: Answer) -> tuple[str | None, ...]:
    return tuple(answer.headers.get(f"RateLimit-{name}") for name in ("Limit", "Remaining", "Reset"))


@pytest.mark.django_db
def test_every_answer_tells_what_is_left(watch: Watch) -> None:
    api = Api.of("odile")
    assert told(api.get("sites/")) == ("3", "2", "45")
    watch.now += timedelta(seconds=20)
    assert told(api.post("sites/", {"wrong": 1})) == ("3", "1", "25")
    assert told(api.get("sites/NONE/")) == ("3", "0", "25")
    refused = api.get("sites/")
    assert (refused.status, refused.type, told(refused)) == (429, "application/problem+json", ("3", "0", "25"))
    assert refused.headers["Retry-After"] == "25"
    assert (refused.json["type"], refused.codes) == ("/api/problems/too_many_requests", ["too_many_requests"])
    watch.now += timedelta(seconds=25)
    assert told(api.get("sites/")) == ("3", "2", "60")


@pytest.mark.django_db
def test_what_is_refused_has_no_effect() -> None:
    api, other = Api.of("odile"), Api.of("odile")
    for number in range(5):
        api.post("sites/", {"code": f"S-{number}"}, Idempotency_Key=str(number))
    assert [item["code"] for item in other.get("sites/").json["items"]] == ["S-0", "S-1", "S-2"]


@pytest.mark.django_db
def test_each_token_has_its_own_however_it_is_written() -> None:
    one, other = Api.of("odile"), Api.of("odile")
    for scheme in ("Bearer ", "bearer ", "BEARER   "):
        assert Api().get("sites/", Authorization=scheme + str(one.token)).status == 200
    assert one.get("sites/").status == 429
    assert told(other.get("sites/")) == ("3", "2", "45")


@pytest.mark.django_db
def test_the_sessions_of_a_user_share_one() -> None:
    Api.of("odile")
    user = User.objects.get(username="odile")
    statuses = []
    for number in range(4):
        browser = Client()
        browser.force_login(user)
        answer = browser.get("/api/v1/sites/", headers={"Authorization": f"Other {number}"})
        statuses.append(answer.status_code)
    assert statuses == [200, 200, 200, 429]


@pytest.mark.django_db
def test_what_is_known_already_counts_as_well() -> None:
    api = Api.of("odile")
    tag = api.post("sites/", {"code": "MILL"}).headers["ETag"]
    same = api.get("sites/MILL/", If_None_Match=tag)
    assert (same.status, told(same)) == (304, ("3", "1", "45"))


@pytest.mark.django_db
def test_who_isnt_known_is_told_nothing() -> None:
    for answer in (Api().get("sites/"), Api("nonsense").get("sites/"), Api().get("openapi.json")):
        assert told(answer) == (None, None, None)


@pytest.mark.django_db
def test_nothing_is_counted_where_there_is_no_limit(settings: Settings) -> None:
    settings.RATE_LIMIT = 0
    api = Api.of("odile")
    for _ in range(5):
        answer = api.get("sites/")
        assert (answer.status, told(answer)) == (200, (None, None, None))


def test_no_more_than_are_allowed_get_through_at_once(committed_database: Database, settings: Settings) -> None:
    settings.RATE_LIMIT = 40
    api = furnish(Api.of("odile"))
    cache.clear()
    statuses = in_threads(8, lambda _index: [api.get("sites/MILL/").status for _ in range(ceil(60 / 8))])
    flat = [status for each in statuses for status in each]
    assert (flat.count(200), flat.count(429)) == (40, len(flat) - 40)
