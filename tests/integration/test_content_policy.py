"""Every page says what it may load, run and send, and has nothing that this would block."""

from html.parser import HTMLParser
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import reverse
from psycopg.errors import AdminShutdown
from pytest_django import Settings
from typing_extensions import override

from infrastructure.identity.models import User
from infrastructure.persistence.catalog.models import Site
from tests.factories.browser import Client

pytestmark = pytest.mark.django_db

FETCHED = {("script", "src"), ("img", "src"), ("link", "href"), ("form", "action")}
PASSWORD = "correct horse battery"  # noqa: S105 - a test signs in with it


class Page(HTMLParser):
    """Reads a page for what the policy blocks: whatever is written into it, or comes from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocked: list[str] = []
        self.sources: list[str] = []
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("style", "base", "iframe", "object", "embed") or (tag == "script" and not given.get("src")):
            self.blocked.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "formaction") or (value or "").startswith("javascript:"):
                self.blocked.append(f"<{tag} {name}={value}>")
            if (tag, name) in FETCHED and value is not None:
                self.sources.append(value)


def check(answer: HttpResponse, status: int = 200, images: str = "'self'") -> str:
    """The page has the policy and keeps to it."""
    text = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (status, "text/html"), text
    said = dict(directive.split(" ", 1) for directive in answer["Content-Security-Policy"].split("; "))
    assert said == {
        "default-src": "'none'",
        **dict.fromkeys(("script-src", "style-src", "font-src", "connect-src", "form-action"), "'self'"),
        "img-src": images,
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    page = Page(text)
    assert page.blocked == []
    for source in page.sources:
        assert urlsplit(source)[:2] == ("", ""), source
    return text


def test_what_would_be_blocked_is_found() -> None:
    assert Page("<p onclick=x><script>x</script><a href='javascript:x'><p style=x><style>").blocked == [
        *("<p onclick=x>", "<script>", "<a href=javascript:x>", "<p style=x>", "<style>")
    ]


def test_the_pages_of_signing_in(client: Client, settings: Settings) -> None:
    ana = User.objects.create_user("ana", password=PASSWORD)
    check(client.get("/sign-in/"))
    check(client.post("/sign-in/", {"username": "ana", "password": "wrong"}))
    client.force_login(ana)
    check(client.get("/account/"))
    check(client.get("/password/"))
    check(Client(enforce_csrf_checks=True).post("/sign-in/", {}), 403)
    for _ in range(settings.TRIES_FOR_A_NAME):
        last = client.post("/sign-in/", {"username": "ana", "password": "wrong"})
    check(last, 429)


def test_the_pages_of_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_arguments: object, **_named: object) -> None:
        raise RuntimeError

    def without_database(*_arguments: object, **_named: object) -> None:
        raise OperationalError from AdminShutdown()

    client = Client(raise_request_exception=False)
    check(client.get("/nothing/"), 404)
    check(client.get("/", headers={"Host": "evil.example"}), 400)
    monkeypatch.setattr("django.views.generic.RedirectView.get", failing)
    check(client.get("/"), 500)
    monkeypatch.setattr("django.views.generic.RedirectView.get", without_database)
    assert "The database can't be reached" in check(client.get("/"), 503)


def test_the_pages_of_tables(client: Client) -> None:
    client.force_login(User.objects.create_user("root", is_staff=True, is_superuser=True))
    site = Site.objects.create(id=uuid4(), code="PLANT", name="Plant")
    check(client.get("/admin/"))
    for model in admin.site._registry:
        check(client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")))
    check(client.get(reverse("admin:catalog_site_change", args=[site.pk])))
    check(client.get(reverse("admin:catalog_site_history", args=[site.pk])))
    check(client.get("/admin/nothing/"), 404)


def test_the_page_about_the_api_which_has_images_in_its_style_sheet(client: Client) -> None:
    check(client.get("/api/v1/docs"), images="'self' data:")


def test_what_is_no_page_has_none(client: Client) -> None:
    assert "Content-Security-Policy" not in client.get("/api/v1/openapi.json").headers
