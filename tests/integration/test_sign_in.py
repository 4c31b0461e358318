"""People sign in at one page, with a password that may be tried a few times only."""

import logging
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from dependency_injector.providers import Object
from django.apps import apps  # noqa: TID251 - the container is asked, not a model
from django.contrib.auth import SESSION_KEY, aauthenticate, authenticate
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from typing_extensions import override

from application.access.add_user import AddUser
from application.access.set_password import SetPassword
from application.shared.clock import Clock
from application.shared.errors import TooManyAttempts
from config.settings import base
from domain.access.user import User as UserOfPlant
from infrastructure.identity.models import User
from infrastructure.identity.throttling.models import TriedPassword
from infrastructure.persistence.history.facts import DjangoFacts
from infrastructure.persistence.history.models import Entry
from interfaces.shared.address import AddressMiddleware
from tests.database import Database, in_threads
from tests.e2e.client import Api
from tests.e2e.plant import furnish, plan_and_open
from tests.factories.access import somebody
from tests.factories.browser import Client

RIGHT = "apples, pears and plums"
WRONG = "pears, plums and apples"
SIGN_IN = "/sign-in/"


@pytest.fixture
def odile(db: None) -> User:
    return User.objects.create_user("odile", password=RIGHT)


def tried(client: Client, name: str = "odile", password: str = WRONG, **more: Any) -> Any:
    return client.post(SIGN_IN, {"username": name, "password": password, **more})


def is_in(client: Client) -> bool:
    """Whether the server takes whoever has this client's cookies for somebody."""
    return client.get("/account/").status_code == 200


# The page


def test_somebody_signs_in_and_out(odile: User, client: Client) -> None:
    asked = client.get("/account/")
    assert (asked.status_code, asked["Location"]) == (302, "/sign-in/?next=/account/")
    page = client.get(asked["Location"]).content.decode()
    assert 'name="next" value="/account/"' in page
    assert tried(client, password=RIGHT)["Location"] == "/account/"
    assert "You are signed in as odile." in client.get("/account/").content.decode()
    assert client.get("/api/v1/me/").status_code == 200
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(stolen)
    assert client.get("/sign-out/").status_code == 405
    out = client.post("/sign-out/")
    assert (out.status_code, out["Location"]) == (302, SIGN_IN)
    assert not is_in(client)
    assert not is_in(stolen)


def test_the_page_speaks_french_and_loads_nothing_from_elsewhere(db: None, client: Client) -> None:
    page = client.get(SIGN_IN, headers={"Accept-Language": "fr-CH"}).content.decode()
    assert '<html lang="fr">' in page
    assert "<h1>Se connecter</h1>" in page
    assert "Mot de passe" in page
    assert not re.findall(r"https?://", page)
    assert "<script" not in page
    assert "style=" not in page
    (style,) = re.findall(r'href="/static/([^"]*)"', page)
    assert finders.find(style)


def test_what_went_wrong_is_said_to_everybody(odile: User, client: Client) -> None:
    page = tried(client).content.decode()
    assert re.search(r'<div role="alert"><p class="error">Please enter a correct username', page)
    for field in ("id_username", "id_password"):
        assert f'<label for="{field}">' in page
    assert 'autocomplete="current-password"' in page
    assert WRONG not in page


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_nobody_is_sent_elsewhere(odile: User, client: Client, place: str) -> None:
    assert tried(client, password=RIGHT, next=place)["Location"] == "/account/"


def test_the_form_is_ours(odile: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert tried(client, password=RIGHT).status_code == 403
    page = client.get(SIGN_IN).content.decode()
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert tried(client, password=RIGHT, csrfmiddlewaretoken=token).status_code == 302
    assert client.post("/sign-out/").status_code == 403


def test_the_admin_has_no_door_of_its_own(client: Client, db: None) -> None:
    User.objects.create_superuser("root", password=RIGHT)
    asked = client.get("/admin/identity/user/", follow=True)
    assert asked.redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2Fidentity%2Fuser%2F"
    form = {"username": "root", "password": RIGHT}
    answer = client.post("/admin/login/?next=/admin/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/admin/")
    assert SESSION_KEY not in client.session
    assert client.post("/sign-in/?next=/admin/", form)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    changed = client.post("/admin/password_change/", {"old_password": RIGHT})
    assert (changed.status_code, changed["Location"]) == (302, "/password/")


def test_whoever_may_not_see_a_page_is_told_and_not_sent_in_circles(odile: User, client: Client) -> None:
    client.force_login(odile)
    answer = client.get("/admin/", follow=True)
    assert len(answer.redirect_chain) == 2
    assert "You are signed in as odile, who may not see that page." in answer.content.decode()


def test_a_session_begins_empty_under_another_key(odile: User, client: Client) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    tried(client, password=RIGHT)
    assert client.session.session_key != planted
    assert "planted" not in client.session
    other = Client()
    other.cookies["sessionid"] = planted
    assert not is_in(other)


# Attempts


@pytest.mark.parametrize("name", ["odile", "nobody"])
def test_after_five_attempts_not_even_the_right_password_helps(odile: User, client: Client, name: str) -> None:
    assert [tried(client, name).status_code for _ in range(6)] == [200] * 5 + [429]
    answer = tried(client, name, RIGHT)
    assert (answer.status_code, "15 minutes" in answer.content.decode()) == (429, True)
    assert 0 < int(answer["Retry-After"]) <= 900
    # From elsewhere neither, and others aren't affected.
    assert tried(Client(REMOTE_ADDR="10.9.8.7"), name, RIGHT).status_code == 429
    User.objects.create_user("emil", password=RIGHT)
    assert tried(client, "emil", RIGHT).status_code == 302


def test_whoever_gets_in_has_all_attempts_again(odile: User, client: Client) -> None:
    for _ in range(3):
        assert [tried(client).status_code for _ in range(4)] == [200] * 4
        assert tried(client, password=RIGHT).status_code == 302


def test_an_address_has_its_limit_too(odile: User, client: Client) -> None:
    assert {tried(client, f"name {n}").status_code for n in range(50)} == {200}
    assert tried(client, password=RIGHT).status_code == 429
    assert tried(Client(REMOTE_ADDR="10.9.8.7"), password=RIGHT).status_code == 302


class StoppedClock(Clock):
    """Says the same time always."""

    @override
    def now(self) -> datetime:
        return datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_many_at_once_are_no_more_than_one_by_one(committed_database: Database) -> None:
    User.objects.create_user("odile", password=RIGHT)
    with apps.get_app_config("config").container.system.clock.override(Object(StoppedClock())):
        answers = in_threads(16, lambda _: tried(Client()).status_code)
    assert sorted(answers) == [200] * 5 + [429] * 11


def sign_off(api: Api, password: str) -> Any:
    """Close C-1 under a signature. With the right password it is refused for want of an explanation (409)."""
    return api.post("campaigns/C-1/close/", {"signature": {"meaning": "I checked it", "password": password}})


def test_what_strangers_attempt_stops_nobody_at_work(odile: User, client: Client) -> None:
    api = furnish(Api.of("odile"))
    plan_and_open(api)
    assert [tried(client).status_code for _ in range(6)] == [200] * 5 + [429]
    assert [tried(client, f"name {n}").status_code for n in range(46)] == [200] * 45 + [429]
    # From her address, all of whose attempts are used up, and under her name.
    assert sign_off(api, WRONG).status == 422
    assert sign_off(api, RIGHT).status == 409
    at_work = Client()
    at_work.force_login(odile)
    good = "plum tree under the hill"
    form = {"old_password": RIGHT, "new_password1": good, "new_password2": good}
    assert at_work.post("/password/", form).status_code == 302
    # Her right password gave strangers no attempts back.
    assert tried(client).status_code == 429


def test_whoever_has_signed_in_from_there_before_is_not_kept_out(odile: User, client: Client) -> None:
    assert tried(client, password=RIGHT).status_code == 302
    stranger = Client(REMOTE_ADDR="10.9.8.7")
    assert [tried(stranger).status_code for _ in range(6)] == [200] * 5 + [429]
    assert tried(Client(), password=RIGHT).status_code == 302
    assert [tried(Client()).status_code for _ in range(6)] == [200] * 5 + [429]


def test_signatures_and_changes_of_the_password_are_counted_together(odile: User, client: Client) -> None:
    api = furnish(Api.of("odile"))
    plan_and_open(api)
    signed = {"signature": {"meaning": "I checked it", "password": WRONG}}
    close = "campaigns/C-1/close/"
    assert [api.post(close, signed).status for _ in range(4)] == [422] * 4
    client.force_login(odile)
    form = {"old_password": WRONG, "new_password1": "a good long secret", "new_password2": "a good long secret"}
    assert client.post("/password/", form).status_code == 200
    # Now the right one doesn't help, with a token or a session.
    signed["signature"]["password"] = RIGHT
    refused = api.post(close, signed, Idempotency_Key="k")
    assert (refused.status, refused.type, refused.codes) == (429, "application/problem+json", ["too_many_requests"])
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert client.post("/password/", {**form, "old_password": RIGHT}).status_code == 429
    assert odile.check_password(RIGHT)
    # What was refused for a while is no answer to keep.
    TriedPassword.objects.all().delete()
    looked_at = api.post(close, signed, Idempotency_Key="k")
    assert (looked_at.status, looked_at.codes) == (409, ["explanation_required"])
    # Who attempts to sign in isn't affected.
    assert [sign_off(api, WRONG).status for _ in range(6)] == [422] * 5 + [429]
    assert tried(Client(), password=RIGHT).status_code == 302


def test_what_django_does_asynchronously_counts_too(odile: User) -> None:
    tried_so = async_to_sync(aauthenticate)
    assert [tried_so(None, username="odile", password=WRONG) for _ in range(5)] == [None] * 5
    with pytest.raises(TooManyAttempts):
        authenticate(None, username="odile", password=WRONG)
    with pytest.raises(TooManyAttempts):
        tried_so(None, username="odile", password=WRONG)


def test_no_password_gets_into_the_logs_nor_the_database(
    odile: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tried(client)
    tried(client, WRONG, WRONG)
    for _ in range(5):
        tried(client)
    assert "A name and a password don't belong together." in caplog.text
    assert "Passwords were tried too often." in caplog.text
    tried(client, "emil", RIGHT)
    User.objects.create_user("emil", password=RIGHT)
    tried(client, "emil", RIGHT)
    told = [record.msg for record in caplog.records if record.name == "interfaces.shared.passwords"]
    assert [(event["event"], event["user"]) for event in told if isinstance(event, dict)] == [
        ("A name and a password don't belong together.", "odile"),
        ("A name and a password don't belong together.", None),
        *[("A name and a password don't belong together.", "odile")] * 4,
        ("Passwords were tried too often.", "odile"),
        ("A name and a password don't belong together.", None),
        ("A password was right.", "emil"),
    ]
    assert WRONG not in caplog.text
    assert RIGHT not in caplog.text
    assert {len(bytes(row.who)) for row in TriedPassword.objects.all()} == {32}


class CountedHasher(Argon2PasswordHasher):
    """Counts how often it hashes."""

    work = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).work += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        type(self).work += 1
        return super().verify(password, encoded)


def test_an_unknown_name_costs_as_much_as_a_known_one(db: None, client: Client, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    User.objects.create_user("odile", password=RIGHT)
    User.objects.create_user("emil", password=RIGHT, is_active=False)
    User.objects.create_user("machine")
    costs = {}
    for name in ("odile", "emil", "machine", "nobody"):
        before = CountedHasher.work
        page = tried(client, name).content
        costs[name] = (CountedHasher.work - before, page.count(b"Please enter a correct username"))
    assert costs == dict.fromkeys(costs, (1, 1))
    assert tried(client, "emil", RIGHT).content.count(b"Please enter a correct username") == 1


# Passwords


def test_passwords_are_kept_by_argon2_and_old_ones_become_so(db: None, client: Client, settings: Any) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert make_password(RIGHT).startswith("argon2$argon2id$")
    old = PBKDF2PasswordHasher().encode(RIGHT, "salt" * 6, iterations=1000)
    user = User.objects.create(username="odile", password=old)
    assert tried(client, password=RIGHT).status_code == 302
    user.refresh_from_db()
    assert identify_hasher(user.password).algorithm == "argon2"
    assert user.check_password(RIGHT)


def test_a_password_that_is_hashed_anew_is_entered_in_the_history(db: None, client: Client, settings: Any) -> None:
    access = apps.get_app_config("config").container.access
    now = datetime.now(UTC)
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS[::-1]
    access.add_user()(AddUser(UserOfPlant("odile"), somebody(), now))
    access.set_password()(SetPassword("odile", RIGHT, somebody(), now))
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert User.objects.get().check_password(RIGHT)
    assert User.objects.get().password.startswith("pbkdf2")
    assert [tried(client, password=RIGHT).status_code for _ in range(2)] == [302, 302]
    assert is_in(client)
    assert User.objects.get().password.startswith("argon2")
    actions = Entry.objects.filter(subject_code="odile").order_by("number").values_list("action", "actor")
    assert list(actions) == [("added", "ana"), ("password_set", "ana"), ("password_rehashed", "odile")]
    assert list(DjangoFacts().unlike()) == []


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("fourteen chars", False),
        ("fifteen charact", True),
        ("plum tree under the hill", True),
        ("prunier sous la côte 🍐", True),
        ("123456789012345", True),
        ("1q2w3e4r5t6y7u8i9o0p", False),
        ("odile.durand.odile", False),
    ],
)
def test_a_password_is_long_and_not_a_common_one(password: str, accepted: bool) -> None:
    user = User(username="odile.durand.odil")
    try:
        validate_password(password, user)
    except ValidationError:
        assert not accepted
    else:
        assert accepted


def test_whoever_changes_their_password_keeps_the_rules(odile: User, client: Client) -> None:
    client.force_login(odile)
    short = {"old_password": RIGHT, "new_password1": "short", "new_password2": "short"}
    assert "at least 15 characters" in client.post("/password/", short).content.decode()
    good = "plum tree under the hill"
    changed = client.post("/password/", {"old_password": RIGHT, "new_password1": good, "new_password2": good})
    assert (changed.status_code, changed["Location"]) == (302, "/account/")
    odile.refresh_from_db()
    assert odile.check_password(good)
    (entry,) = Api.of("chief").get("audit/", "actor=odile").json["items"]
    assert (entry["action"], entry["channel"], entry["request"]) == ("password_set", "web", changed["X-Request-ID"])


# Addresses


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.0.0.1"),
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "nonsense", "10.0.0.1"),
        (1, "6.6.6.6, ", "10.0.0.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_what_our_own_proxies_say(proxies: int, forwarded: str | None, address: str) -> None:
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "10.0.0.1"
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    AddressMiddleware(lambda request: request.META["REMOTE_ADDR"])(request, proxies=proxies)
    assert request.META["REMOTE_ADDR"] == address


def test_nobody_gets_more_attempts_by_saying_they_come_from_elsewhere(odile: User, client: Client) -> None:
    answers = [
        client.post(
            SIGN_IN,
            {"username": f"name {n}", "password": WRONG},
            headers={"X-Forwarded-For": f"10.1.{n}.1", "Forwarded": f"for=10.1.{n}.1", "X-Real-IP": f"10.1.{n}.1"},
        ).status_code
        for n in range(51)
    ]
    assert answers == [200] * 50 + [429]
