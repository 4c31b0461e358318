"""Signing in with OpenID Connect, at a real provider: a process on loopback that somebody else wrote."""

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from attrs import frozen
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command

from config.container import names_of_programs
from config.state import ROOT
from domain.access.user import User as Account
from domain.access.user import faults_in_new_user
from domain.access.usernames import alike
from infrastructure.identity.models import RoleGrant, User
from infrastructure.persistence.history.facts import DjangoFacts
from tests.e2e.client import Api
from tests.factories.browser import Client

#: What an ID token may say wrong, and why it is refused.
LIES = {
    "another nonce": "another sign-in",
    "no nonce": "another sign-in",
    "expired": "expired",
    "for ever": 'missing the "exp"',
    "made later": "not yet valid",
    "another audience": "Audience",
    "no audience": 'missing the "aud"',
    "another party": "another program",
    "another issuer": "Invalid issuer",
    "another subject than userinfo": "somebody else",
    "nobody": 'missing the "sub"',
    "another key": "Signature verification failed",
    "an unknown key": "which of the provider's keys",
    "not signed": "alg value is not allowed",
    "signed with the secret": "alg value is not allowed",
    "damaged": "Signature verification failed",
    "no ID token": "There is no ID token",
}

CALLBACK = "http://testserver/sign-in/openid/callback/"


@frozen
class Provider:
    """The running provider, with us as a client of it."""

    issuer: str
    client_id: str
    secret: str

    def tells(self, subject: str, **claims: Any) -> None:
        """Say what the provider knows of this subject."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def lies(self, lie: str) -> None:
        """What the provider's ID tokens are to say wrong from now on."""
        requests.put(f"{self.issuer}/lies", data=lie, timeout=5).raise_for_status()

    def sends_back(self, place: str, subject: str) -> str:
        """Sign in at the provider, and give the place that it sends the browser to."""
        answer = requests.post(place, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    command = (sys.executable, "-W", "ignore", "-m", "tests.factories.openid_provider")
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        issuer = f"http://127.0.0.1:{int(process.stdout.readline())}"
        registered = requests.post(
            f"{issuer}/oauth2/clients",
            json={"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_post"},
            timeout=5,
        ).json()
        try:
            yield Provider(issuer, registered["client_id"], registered["client_secret"])
        finally:
            process.terminate()


@pytest.fixture
def provider(running: Provider, settings: Any, db: None) -> Provider:
    configure(settings, running)
    running.lies("")
    return running


def configure(settings: Any, provider: Provider, changes: dict[str, Any] | None = None) -> None:
    app = {
        "provider_id": "openid",
        "name": "The plant's directory",
        "client_id": provider.client_id,
        "secret": provider.secret,
        "settings": {"server_url": provider.issuer, "oauth_pkce_enabled": True, "scope": ["openid", "profile"]},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid": {"APPS": [app | (changes or {})]}}


def start(client: Client, **form: str) -> str:
    """Where the sign-in page sends whoever wants to sign in."""
    answer = client.post("/sign-in/openid/", form)
    assert answer.status_code == 200, answer.content
    return place_in(answer)


def place_in(page: Any) -> str:
    """Where a page sends the browser on to."""
    (place,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]*)"', page.content.decode())
    return html.unescape(place)


def sign_in(client: Client, provider: Provider, subject: str, **form: str) -> Any:
    return client.get(provider.sends_back(start(client, **form), subject))


def test_there_is_nothing_of_it_unless_it_is_switched_on(db: None, client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    assert page.count("<form") == 1
    assert client.post("/sign-in/openid/").status_code == 404
    assert client.get("/sign-in/openid/callback/?code=x&state=y").status_code == 404


def test_the_first_sign_in_makes_a_user_without_a_role_and_the_next_one_finds_them(
    provider: Provider, client: Client
) -> None:
    provider.tells("248289761001", preferred_username="odile", name="Odile D.", email="odile@example.com")
    assert "Sign in with The plant&#x27;s directory" in client.get("/sign-in/").content.decode()
    answer = sign_in(client, provider, "248289761001")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    page = client.get("/account/").content.decode()
    assert "You are signed in as odile." in page
    assert "You have no role yet" in page

    user = User.objects.get()
    assert (user.username, user.has_usable_password(), user.is_staff, user.email) == ("odile", False, False, "")
    assert user.name == "Odile D."
    assert not RoleGrant.objects.exists()
    (entry,) = Api.of("chief").get("audit/", "actor=openid").json["items"]
    assert (entry["action"], entry["channel"]) == ("added", "web")
    assert "odile" in entry["sentence"]
    assert entry["after"]["openid"] == f"openid {SocialAccount.objects.get().uid}"
    assert [one.name for one in DjangoFacts().unlike() if one.kind == "account"] == []
    assert SocialAccount.objects.get().extra_data == {"iss": provider.issuer, "sub": "248289761001"}

    # Another name, the same subject.
    provider.tells("248289761001", preferred_username="odile.durand")
    other = Client()
    assert sign_in(other, provider, "248289761001").status_code == 302
    assert int(other.session[SESSION_KEY]) == user.pk
    assert {user.username for user in User.objects.all()} == {"odile", "chief"}


def test_what_is_asked_of_the_provider(provider: Provider, client: Client) -> None:
    place = urlsplit(start(client))
    asked = {name: values[0] for name, values in parse_qs(place.query).items()}
    assert f"{place.scheme}://{place.netloc}" == provider.issuer
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == CALLBACK
    assert set(asked["scope"].split()) == {"openid", "profile"}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 32
    assert asked["nonce"] != asked["state"]
    # Nothing that whoever clicks a link could add, and no sign-in by a link at all.
    forged = client.post("/sign-in/openid/?process=connect&scope=email&auth_params=nonce%3Dmine%26prompt%3Dnone")
    again = parse_qs(urlsplit(place_in(forged)).query)
    assert set(again) == set(asked)
    assert again["nonce"] != ["mine"]
    assert client.get("/sign-in/openid/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/sign-in/openid/").status_code == 403


def test_whoever_cannot_be_linked_is_not_made_either(
    provider: Provider, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else their name would be taken, by somebody whom nobody can sign in as."""

    def fails(*_arguments: object, **_named: object) -> None:
        assert User.objects.filter(username="odile").exists()
        raise RuntimeError

    provider.tells("0", preferred_username="odile")
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(SocialAccount, "save", fails)
        assert sign_in(client, provider, "0").status_code == 500
    assert SESSION_KEY not in client.session
    assert not User.objects.exists()
    assert Api.of("chief").get("audit/", "actor=openid").json["items"] == []
    assert sign_in(client, provider, "0").status_code == 302
    assert sorted(User.objects.values_list("username", flat=True)) == ["chief", "odile"]


def test_nobody_is_taken_for_a_user_who_is_there_already(provider: Provider, client: Client) -> None:
    local = User.objects.create_user("odile", "odile@example.com", "correct horse battery")
    provider.tells("1", preferred_username="odile", email="odile@example.com", email_verified=True)
    assert sign_in(client, provider, "1").status_code == 302
    stranger = User.objects.get(pk=client.session[SESSION_KEY])
    assert stranger != local
    assert stranger.username not in {"odile", ""}
    local.refresh_from_db()
    assert local.check_password("correct horse battery")
    assert not SocialAccount.objects.filter(user=local).exists()


@pytest.mark.parametrize(
    "preferred", ["import_log", "OpenID", "system", "od1le", "ODILE", "\u043e\u0434\u0438\u043b", ".."]
)
def test_nobody_gets_a_name_that_is_taken_for_another(provider: Provider, client: Client, preferred: str) -> None:
    Api.of("odile", "quality")
    provider.tells("1", preferred_username=preferred, name="Odile Martin")
    assert sign_in(client, provider, "1").status_code == 302
    made = User.objects.get(pk=client.session[SESSION_KEY]).username
    assert made not in names_of_programs()
    assert not alike(made, names_of_programs() | {"odile"})
    assert list(faults_in_new_user(Account(made), names_of_programs())) == []


def test_whoever_is_signed_in_is_not_bound_to_a_subject(provider: Provider, client: Client) -> None:
    local = User.objects.create_user("ana")
    client.force_login(local)
    provider.tells("2", preferred_username="bob")
    sign_in(client, provider, "2", process="connect")
    assert User.objects.get(pk=client.session[SESSION_KEY]).username == "bob"
    assert not SocialAccount.objects.filter(user=local).exists()


def test_the_same_subject_of_another_issuer_is_somebody_else(provider: Provider, client: Client, settings: Any) -> None:
    provider.tells("3", preferred_username="odile")
    sign_in(client, provider, "3")
    localhost = Provider(provider.issuer.replace("127.0.0.1", "localhost"), provider.client_id, provider.secret)
    configure(settings, localhost)
    assert sign_in(Client(), localhost, "3").status_code == 302
    assert User.objects.count() == 2


@pytest.mark.parametrize(("lie", "reason"), LIES.items())
def test_what_does_not_prove_who_signs_in_lets_nobody_in(
    provider: Provider, client: Client, caplog: pytest.LogCaptureFixture, lie: str, reason: str
) -> None:
    provider.tells("4", preferred_username="odile")
    provider.lies(lie)
    refused(client, sign_in(client, provider, "4"))
    assert reason in caplog.text
    provider.lies("")
    assert sign_in(client, provider, "4").status_code == 302


def refused(client: Client, answer: Any) -> None:
    assert (answer.status_code, b"Sign-in refused" in answer.content) == (403, True)
    assert SESSION_KEY not in client.session
    assert not User.objects.exists()


def test_a_state_is_good_once_and_in_its_own_session(provider: Provider, client: Client) -> None:
    provider.tells("5", preferred_username="odile")
    back = provider.sends_back(start(client), "5")
    victim = Client()
    start(victim)
    refused(victim, victim.get(back))
    refused(victim, victim.get(re.sub(r"state=[^&]*", "state=x", back)))
    refused(victim, victim.get(re.sub(r"&?state=[^&]*", "", back)))
    assert client.get(back).status_code == 302
    client.post("/sign-out/")
    assert client.get(back).status_code == 403
    assert SESSION_KEY not in client.session


def test_a_code_of_another_sign_in_lets_nobody_in(provider: Provider, client: Client) -> None:
    """A code that an attacker got for themselves, put into the victim's own sign-in: PKCE doesn't fit."""
    provider.tells("6", preferred_username="mallory")
    theirs = parse_qs(urlsplit(provider.sends_back(start(Client()), "6")).query)["code"][0]
    ours = parse_qs(urlsplit(start(client)).query)["state"][0]
    refused(client, client.get(CALLBACK, {"code": theirs, "state": ours}))


def test_whoever_cancels_is_back_at_the_sign_in_page(provider: Provider, client: Client) -> None:
    state = parse_qs(urlsplit(start(client)).query)["state"][0]
    answer = client.get(CALLBACK, {"error": "access_denied", "state": state})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")


def test_a_user_who_left_is_not_let_in(provider: Provider, client: Client) -> None:
    provider.tells("7", preferred_username="odile")
    sign_in(client, provider, "7")
    User.objects.update(is_active=False)
    other = Client()
    assert sign_in(other, provider, "7").status_code == 403
    assert SESSION_KEY not in other.session


@pytest.mark.parametrize(
    ("wanted", "place"),
    [("/admin/", "/admin/"), ("https://evil.example/", "/account/"), ("//evil.example", "/account/")],
)
def test_it_goes_on_at_a_place_of_this_host(provider: Provider, client: Client, wanted: str, place: str) -> None:
    provider.tells("8", preferred_username="odile")
    assert sign_in(client, provider, "8", next=wanted)["Location"] == place


def test_a_session_begins_with_the_sign_in(provider: Provider, client: Client) -> None:
    provider.tells("9", preferred_username="odile")
    back = provider.sends_back(start(client), "9")
    before = client.cookies["sessionid"].value
    client.get(back)
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize("change", ["off", "another name", "nonsense"])
def test_a_provider_that_fails_lets_nobody_in(provider: Provider, client: Client, settings: Any, change: str) -> None:
    servers = {
        "off": "http://127.0.0.1:1",
        "another name": provider.issuer + "/",
        "nonsense": provider.issuer + "/oauth2",
    }
    there = {"server_url": servers[change], "oauth_pkce_enabled": True, "scope": ["openid"]}
    configure(settings, provider, {"settings": there})
    refused(client, client.post("/sign-in/openid/"))
    refused(client, client.get(CALLBACK, {"code": "x", "state": "y"}))


def test_a_wrong_secret_lets_nobody_in(provider: Provider, client: Client, settings: Any) -> None:
    provider.tells("10", preferred_username="odile")
    configure(settings, provider, {"secret": "wrong"})
    refused(client, sign_in(client, provider, "10"))


def test_the_settings_come_from_the_environment() -> None:
    call_command("check")
    code = "from config.settings import base; print(base.SOCIALACCOUNT_PROVIDERS)"
    on = {
        "OIDC_ISSUER": "https://id.example/realm",
        "OIDC_CLIENT_ID": "lignage",
        "OIDC_CLIENT_SECRET": "s3cret",
        "OIDC_NAME": "Our directory",
    }
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, **more},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for more in ({}, on)
    ]
    assert said[0] == "{'openid': {'APPS': []}}\n"
    assert all(value in said[1] for value in on.values())
