"""Sessions end in time, and with what they stand for; nobody else's page can use them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings  # noqa: TID251 - the tests look at what is set
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from infrastructure.identity.models import User
from interfaces.shared.sessions import BEGAN, SessionLimits
from tests.e2e.client import BASE, Api
from tests.factories.browser import Client

RIGHT = "apples, pears and plums"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def odile() -> User:
    Api.of("odile")
    user = User.objects.get()
    user.set_password(RIGHT)
    user.save()
    return user


@pytest.fixture
def signed_in(odile: User) -> Client:
    return sign_in()


def sign_in() -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": "odile", "password": RIGHT}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def ends_in(client: Client) -> timedelta:
    """How long the server keeps this session from now on, if nobody uses it."""
    return Session.objects.get(session_key=client.cookies["sessionid"].value).expire_date - datetime.now(UTC)


def change(client: Client, began: timedelta, left: timedelta) -> None:
    """Make it a session that began some time ago and ends in some time."""
    session = client.session
    session[BEGAN] = (datetime.now(UTC) - began).isoformat()
    session.set_expiry(datetime.now(UTC) + left)
    session.save()


# How long


@pytest.mark.parametrize(
    ("passed", "left"),
    [
        (timedelta(0), HOUR),
        (10 * HOUR, HOUR),
        (11.5 * HOUR, HOUR / 2),
        (12 * HOUR, timedelta(0)),
        (20 * HOUR, -8 * HOUR),
    ],
)
def test_a_session_ends_an_hour_after_its_last_request_and_twelve_after_it_began(
    passed: timedelta, left: timedelta
) -> None:
    assert SessionLimits(12 * HOUR, HOUR).end(AT, AT + passed) - (AT + passed) == left


def test_the_server_keeps_it_no_longer(signed_in: Client) -> None:
    assert HOUR - MINUTE < ends_in(signed_in) <= HOUR
    assert int(signed_in.cookies["sessionid"]["max-age"]) <= 3600
    # Nobody used it for half an hour: it has an hour again.
    change(signed_in, began=HOUR, left=HOUR / 2)
    assert is_in(signed_in)
    assert HOUR - MINUTE < ends_in(signed_in) <= HOUR
    # In its last hour nothing helps.
    change(signed_in, began=12 * HOUR - 5 * MINUTE, left=HOUR / 2)
    assert is_in(signed_in)
    assert ends_in(signed_in) <= 5 * MINUTE
    change(signed_in, began=HOUR, left=-MINUTE)
    assert not is_in(signed_in)
    assert signed_in.get(f"{BASE}sites/").status_code == 401


def test_a_request_a_minute_later_is_the_first_that_writes(signed_in: Client) -> None:
    assert not writes(signed_in)
    change(signed_in, began=HOUR, left=HOUR - 2 * MINUTE)
    assert writes(signed_in)
    assert not writes(signed_in)


def writes(client: Client) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{BASE}sites/").status_code == 200
    return [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]


def test_a_token_has_no_session() -> None:
    api = Api.of()
    answer = api.get("sites/")
    assert answer.status == 200
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not Session.objects.exists()


# What ends it


def test_a_changed_password_ends_all_sessions_but_the_one_that_changed_it(signed_in: Client, odile: User) -> None:
    other = sign_in()
    new = "plum tree under the hill"
    signed_in.post("/password/", {"old_password": RIGHT, "new_password1": new, "new_password2": new})
    assert (is_in(signed_in), is_in(other)) == (True, False)
    # `manage.py changepassword` and anybody else
    odile.set_password("pear tree over the hill")
    odile.save()
    assert not is_in(signed_in)


def test_whoever_leaves_is_out_at_once(signed_in: Client, odile: User) -> None:
    odile.is_active = False
    odile.save()
    assert not is_in(signed_in)
    assert signed_in.get(f"{BASE}sites/").status_code == 401


def test_sessions_and_tokens_stay_ended_when_a_user_is_made_active_again(signed_in: Client, odile: User) -> None:
    chief = Api.of("chief")
    token = chief.post("tokens/", {"user": "odile", "name": "scales"}).json["token"]
    scales = Api(token)
    assert (is_in(signed_in), scales.get("me/").status) == (True, 200)
    for active in (False, True):
        version = chief.get("users/odile/").headers["ETag"]
        assert chief.patch("users/odile/", {"active": active}, If_Match=version).status == 200
        assert (is_in(signed_in), scales.get("me/").status) == (False, 401)
    assert is_in(sign_in())
    told = chief.get("audit/", "subject=user:odile").json["items"]
    # Each token has its entry: this one, and that of `Api.of`.
    assert [entry["action"] for entry in told][:4] == ["changed", "token_revoked", "token_revoked", "changed"]


# The cookies


def test_cookies_are_out_of_reach(signed_in: Client) -> None:
    cookie = signed_in.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert django_settings.CSRF_COOKIE_SAMESITE == "Lax"


# CSRF


@pytest.fixture
def page(signed_in: Client) -> Client:
    """A page of ours in the browser of somebody signed in."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = signed_in.cookies["sessionid"].value
    client.get("/account/")
    return client


def entered(client: Client, **headers: str) -> Any:
    return client.post(f"{BASE}sites/", {"code": "MILL"}, content_type="application/json", headers=headers)


def test_a_page_of_ours_writes_with_its_token(page: Client) -> None:
    token = page.cookies["csrftoken"].value
    assert entered(page, **{"X-CSRFToken": token}).status_code == 201
    assert page.delete(f"{BASE}sites/MILL/").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRFToken": ""},
        {"X-CSRFToken": "a" * 32},
        {"X-CSRFToken": "TOKEN", "Origin": "https://evil.example"},
        {"X-CSRFToken": "TOKEN", "Origin": "http://testserver.evil.example"},
        {"X-CSRFToken": "TOKEN", "Origin": "null"},
    ],
)
def test_a_page_of_others_writes_nothing(page: Client, headers: dict[str, str]) -> None:
    sent = {name: value.replace("TOKEN", page.cookies["csrftoken"].value) for name, value in headers.items()}
    refused = entered(page, **sent)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert [error["code"] for error in refused.json()["errors"]] == ["forbidden"]
    assert page.get(f"{BASE}sites/").json()["items"] == []


def test_over_https_a_page_of_others_is_known_by_its_referer(page: Client) -> None:
    token = page.cookies["csrftoken"].value
    for referer, status in (("https://evil.example/", 403), ("https://testserver/account/", 201)):
        answer = page.post(
            f"{BASE}sites/",
            {"code": "MILL"},
            content_type="application/json",
            headers={"X-CSRFToken": token, "Referer": referer},
            secure=True,
        )
        assert answer.status_code == status


def test_a_program_with_a_token_needs_no_other(page: Client) -> None:
    token = Api.of("emil").token
    assert entered(page, Authorization=f"Bearer {token}", Origin="https://elsewhere.example").status_code == 201
