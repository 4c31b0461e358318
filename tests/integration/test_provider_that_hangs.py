"""A provider of OpenID Connect that hangs, trickles or never ends holds few threads, and none for long."""

import time
from threading import Event
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY

from interfaces.web import provider_http
from tests.database import Database, in_threads
from tests.factories.bad_provider import NEVER, WRONG, provider, silent
from tests.factories.browser import Client

LIMIT = 0.6
"""Seconds, in place of those that the program waits."""

SLACK = 1.0
"""Seconds that all else may take."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_http, "SECONDS", LIMIT)


def configure(settings: Any, issuer: str) -> None:
    app = {
        "provider_id": "openid",
        "name": "The plant's directory",
        "client_id": "lignage",
        "secret": "s3cret",
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True, "scope": ["openid"]},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid": {"APPS": [app]}}


def timed(client: Client, language: str = "en") -> tuple[Any, float]:
    """What the button answers, and after how many seconds."""
    began = time.monotonic()
    answer = client.post("/sign-in/openid/", headers={"Accept-Language": language})
    return answer, time.monotonic() - began


@pytest.mark.django_db
@pytest.mark.parametrize("behaviour", NEVER)
def test_a_provider_that_never_ends_to_answer_is_left(settings: Any, client: Client, behaviour: str) -> None:
    with provider(NEVER[behaviour]) as issuer:
        configure(settings, issuer)
        answer, took = timed(client)
    assert LIMIT <= took < LIMIT + SLACK
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert "The sign-in provider doesn't answer" in answer.content.decode()
    assert SESSION_KEY not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(("behaviour", "reason"), [(name, reason) for name, (_, reason) in WRONG.items()])
def test_what_no_provider_answers_lets_nobody_in(
    settings: Any, client: Client, caplog: pytest.LogCaptureFixture, behaviour: str, reason: str
) -> None:
    with provider(WRONG[behaviour][0]) as issuer:
        configure(settings, issuer)
        answer, took = timed(client)
    assert took < LIMIT + SLACK
    assert (answer.status_code, b"Sign-in refused" in answer.content) == (403, True)
    assert f"'reason': '{reason}'" in caplog.text
    assert SESSION_KEY not in client.session


@pytest.mark.django_db
def test_a_provider_that_hangs_in_the_handshake_of_tls_is_left(settings: Any, client: Client) -> None:
    with provider(silent) as issuer:
        configure(settings, issuer.replace("http:", "https:"))
        answer, took = timed(client, "fr")
    assert (answer.status_code, took < LIMIT + SLACK) == (503, True)
    assert "identité ne répond pas" in answer.content.decode()


@pytest.mark.django_db
def test_all_that_is_asked_in_one_step_has_one_deadline(settings: Any, client: Client) -> None:
    def redirect_slowly(connection: Any, over: Event) -> None:
        connection.recv(65536)
        over.wait(LIMIT * 0.7)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nConnection: close\r\n\r\n")

    with provider(redirect_slowly) as issuer:
        configure(settings, issuer)
        answer, took = timed(client)
    assert (answer.status_code, took < LIMIT + SLACK) == (503, True)


def test_few_threads_wait_for_it_and_the_others_are_told_so(committed_database: Database, settings: Any) -> None:
    with provider(silent) as issuer:
        configure(settings, issuer)
        answers = in_threads(6, lambda _: timed(Client()))
        assert {answer.status_code for answer, _ in answers} == {503}
        assert sum(took >= LIMIT for _, took in answers) == provider_http.AT_ONCE
        # Those who waited have given their places back.
        again, took = timed(Client())
    assert (again.status_code, took >= LIMIT) == (503, True)
    assert Client().get("/sign-in/").status_code == 200
