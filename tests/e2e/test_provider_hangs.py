"""A provider of OpenID Connect that hangs, and strangers who keep asking to sign in with it: others go on working."""

import http.client
import time
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from config.child import manage
from tests.e2e.machine import running_machine
from tests.e2e.plant import furnish, receipt
from tests.e2e.sockets import ApiOverSockets
from tests.factories.bad_provider import provider, silent
from tests.factories.web_server import environment_of

SOON = 2.0
"""Seconds that anybody waits for an answer at most."""

STRANGERS = 12


def test_others_work_while_the_provider_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with provider(silent) as issuer:
        monkeypatch.setenv("OIDC_ISSUER", issuer.replace("http:", "https:"))
        monkeypatch.setenv("OIDC_CLIENT_ID", "lignage")
        # What pages look like, which the server reads when it starts.
        manage("collectstatic", "--noinput", environment=environment_of("postgresql://lignage@/lignage", tmp_path))
        with running_machine(tmp_path) as machine:
            token = manage("create_token", "odile", "--role", "administrator", environment=machine.environment)
            api = furnish(ApiOverSockets(machine.port, token))
            over, statuses = Event(), list[int]()

            def ask() -> None:
                while not over.wait(0.1):
                    statuses.append(signing_in(machine.port))

            strangers = [Thread(target=ask, daemon=True) for _ in range(STRANGERS)]
            for stranger in strangers:
                stranger.start()
            longest = 0.0
            for number in range(20):
                began = time.monotonic()
                assert api.post("operations/", receipt(f"A-{number}")).status == 201
                longest = max(longest, time.monotonic() - began)
                time.sleep(0.2)
            over.set()
            for stranger in strangers:
                stranger.join()
    assert set(statuses) == {503}
    assert longest < SOON


def signing_in(port: int) -> int:
    """What the button of the sign-in page answers, asked as a browser does."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/sign-in/")
        page = connection.getresponse()
        cookies = [value.partition(";")[0] for name, value in page.getheaders() if name.lower() == "set-cookie"]
        token = page.read().decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        headers = {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in/openid/", f"csrfmiddlewaretoken={token}", headers)
        return connection.getresponse().status
