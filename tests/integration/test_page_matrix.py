"""Every route beside the API's, by every person: who gets in. What changes is changed by use cases alone."""

import logging
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from pytest_django import Settings

from infrastructure.identity.models import User
from infrastructure.persistence.catalog.models import Site
from tests.e2e.client import Api
from tests.factories.access import MAY
from tests.factories.browser import Client
from tests.integration.contents import contents
from tests.integration.rows import filled

IN = "sign in first"
"""A redirect to the page where people sign in."""

Outcome = int | str


class Row(NamedTuple):
    """A route, and how it answers to strangers, whoever has signed in, staff, and administrators of every site."""

    path: str
    get: tuple[Outcome, Outcome, Outcome, Outcome]
    post: tuple[Outcome, Outcome, Outcome, Outcome]


def all_alike(answer: Outcome) -> tuple[Outcome, Outcome, Outcome, Outcome]:
    """Everybody is answered so."""
    return answer, answer, answer, answer


def known(answer: Outcome) -> tuple[Outcome, Outcome, Outcome, Outcome]:
    """Whoever has signed in is answered so."""
    return IN, answer, answer, answer


def staff(answer: Outcome, administrator: Outcome | None = None) -> tuple[Outcome, Outcome, Outcome, Outcome]:
    """Staff is answered so, and perhaps administrators in another way."""
    return IN, IN, answer, administrator or answer


PAGES = [
    Row("", all_alike(302), all_alike(302)),
    Row("sign-in/", all_alike(200), all_alike(200)),
    Row("sign-in/openid/", all_alike(405), all_alike(404)),  # there is no provider
    Row("sign-in/openid/callback/", all_alike(404), all_alike(405)),
    Row("sign-out/", all_alike(405), all_alike(302)),
    Row("password/", known(200), known(200)),
    Row("account/", known(200), known(405)),
    Row("api/", (401, 200, 200, 200), (401, 405, 405, 405)),
    Row("api/v1/docs/", all_alike(301), all_alike(405)),
    Row("api/{nothing}", all_alike(404), all_alike(404)),
    Row("health/live", all_alike(200), all_alike(405)),
    Row("health/ready", all_alike(200), all_alike(405)),
    Row("admin/", staff(200), staff(200)),
    Row("admin/login/", all_alike(302), all_alike(302)),
    Row("admin/logout/", (302, 302, 405, 405), all_alike(302)),  # strangers by way of /admin/
    Row("admin/password_change/", all_alike(302), all_alike(302)),
    Row("admin/password_change/done/", staff(200), staff(405)),
    Row("admin/autocomplete/", staff(403), staff(405)),
    Row("admin/jsi18n/", staff(200), staff(405)),
    Row("admin/r/{kind}/{row}/", staff(404), staff(404)),
    Row("admin/{app}/", staff(404, 200), staff(404, 200)),
    Row("admin/{nothing}", staff(404), staff(404)),
    Row("{nothing}", all_alike(404), all_alike(404)),
]
"""Everything but the tables."""

TABLES = [
    Row("", staff(403, 200), staff(403, 200)),
    Row("add/", staff(403), staff(403)),
    Row("{row}/", staff(302), staff(302)),
    Row("{row}/change/", staff(403, 200), staff(403)),
    Row("{row}/delete/", staff(403), staff(403)),
    Row("{row}/history/", staff(403, 200), staff(403, 200)),
]
"""What there is of each table in Django's admin."""

STATIC = Row("static/web/page.css", all_alike(200), all_alike(405))
"""Style sheets and scripts, which are served before any route."""

HERE = "administrator here"
PEOPLE = {
    "stranger": 0,
    "nobody in particular": 1,
    **dict.fromkeys(MAY, 1),
    HERE: 1,
    "staff": 2,
    "administrator": 3,
}
"""Which of the four each is. Administrators of every site are superusers; staff that isn't there is by hand alone."""


NAMES = {
    "<path:content_type_id>": "{kind}",
    "<path:object_id>": "{row}",
    "^(?P<app_label>identity|catalog|production|quality)/$": "{app}/",
    "(?P<url>.*)$": "{nothing}",
}
"""What stands in an address, as the table has it."""


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every route; the versions of the API have a table of their own."""
    for pattern in patterns:
        path = before + named(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path
        elif not re.fullmatch(r"api/v\d+/", path):
            yield from routes(pattern.url_patterns, path)


def named(pattern: object) -> str:
    """A pattern as the table has it; one that any address fits is there for those where nothing is."""
    path = str(pattern)
    for written, name in NAMES.items():
        path = path.replace(written, name)
    return path or ("{nothing}" if isinstance(pattern, RegexPattern) else "")


def place(model: type[Model]) -> str:
    """Where the pages of a table are."""
    return f"admin/{model._meta.app_label}/{model._meta.model_name}/"


@pytest.fixture
def rows(db: None) -> dict[type[Model], str]:
    """The key of a row of each table that the admin shows."""
    filled()
    return {model: str(model._default_manager.values_list("pk", flat=True)[0]) for model in admin.site._registry}


@pytest.fixture
def users(rows: dict[type[Model], str]) -> dict[str, User | None]:
    """Everybody; a stranger is nobody."""
    for name in PEOPLE:
        Api.of(name, name if name in MAY else "operator")
    Api.of(HERE, "administrator", Site.objects.values_list("code", flat=True)[0])
    User.objects.get(username="nobody in particular").grants.all().delete()
    User.objects.filter(username="staff").update(is_staff=True)
    return {name: None if name == "stranger" else User.objects.get(username=name) for name in PEOPLE}


def test_no_route_is_missing_from_the_table() -> None:
    tabled = {row.path for row in PAGES}
    tabled |= {place(model) + row.path for model in admin.site._registry for row in TABLES}
    found = list(routes(get_resolver().url_patterns))
    doubled = {"admin/login/", "admin/password_change/"}  # the pages stand before those of the admin
    assert sorted(found) == sorted([*tabled, *doubled])


def test_who_gets_in(
    rows: dict[type[Model], str], users: dict[str, User | None], caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.WHITENOISE_USE_FINDERS = True  # nobody has collected the style sheets
    caplog.set_level(logging.CRITICAL, "django.request")
    before = contents()
    for row in (*PAGES, STATIC):
        path = row.path.format(nothing="nothing/", kind="1", row="1", app="catalog")
        check(signed_in(users), path, row)
    everybody = signed_in(users)
    one_of_each = {name: everybody[name] for name in ("stranger", HERE, "staff", "administrator")}
    for model, key in rows.items():
        for row in TABLES:
            check(everybody if model is User else one_of_each, place(model) + row.path.format(row=key), row)
    User.objects.update(last_login=None)  # they signed in
    after = contents()
    assert {table for table in before if before[table] != after[table]} == {"django_session"}


def signed_in(users: dict[str, User | None]) -> dict[str, Client]:
    """A browser for each of them, with a session where they are anybody."""
    browsers = {name: Client() for name in users}
    for name, user in users.items():
        if user:
            browsers[name].force_login(user)
    return browsers


def check(people: dict[str, Client], path: str, row: Row) -> None:
    """Everybody is answered as the table has it."""
    for name, client in people.items():
        for method, expected in (("GET", row.get), ("POST", row.post)):
            answer = client.generic(method, f"/{path}")
            answer.getvalue()  # a file is closed once it is read
            to_sign_in = answer.status_code == 302 and re.match(r"/(sign-in|admin/login)/\?next=", answer["Location"])
            outcome = IN if to_sign_in else answer.status_code
            assert outcome == expected[PEOPLE[name]], (method, path, name, answer.headers)


def test_tables_come_and_go_with_the_role(db: None) -> None:
    chief, browser = Api.of("chief"), Client()
    added = chief.post("users/", {"username": "ana", "roles": [{"role": "administrator", "site": None}]})
    browser.force_login(User.objects.get(username="ana"))
    assert browser.get("/admin/identity/user/").status_code == 200
    taken = chief.patch("users/ana/", {"roles": [{"role": "auditor", "site": None}]}, If_Match=added.headers["ETag"])
    assert taken.status == 200, taken
    assert browser.get("/admin/identity/user/").status_code == 302
