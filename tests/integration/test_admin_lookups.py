"""A list of the admin is filtered by what it offers alone: nothing else in its address tells anything of a row."""

import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse

from infrastructure.identity.models import AccessToken, RoleGrant, User
from infrastructure.persistence.production.models import Lot
from infrastructure.shared.admin import ReadOnlyAdmin
from tests.integration.rows import filled

SHOWN = list(admin.site._registry.items())
FILTERED = [(model, shown) for model, shown in SHOWN if shown.list_filter]
LOOKUPS = ("", "exact", "iexact", "startswith", "regex", "in", "isnull", "gt", "range", "contains", "len", "nonsense")
BAD = ("", "a\0b", "'", "(", "maybe", "-1", "9" * 5_000)
OWN_PARAMETERS = ("o", "p", "q", "all", "e", "_facets", "_popup", "_to_field", "_changelist_filters")
"""What every list of Django's takes beside its filters."""


@pytest.fixture
def root(db: None, client: Client, caplog: pytest.LogCaptureFixture) -> Client:
    """An administrator who has a password, in a plant with a row in every table."""
    caplog.set_level(logging.CRITICAL, "django")
    filled()
    user = User.objects.create_user("root", password=uuid4().hex, is_staff=True, is_superuser=True)
    client.force_login(user)
    return client


def lookups_of(model: type[models.Model], deep: int = 2) -> Iterator[str]:
    """Every field of a table and of those related to it in either direction, with every lookup."""
    for field in (*model._meta.get_fields(), None):
        name = field.name if field else "pk"
        for lookup in LOOKUPS:
            yield f"{name}__{lookup}".removesuffix("__")
        related = field.related_model if field else None
        if deep > 1 and isinstance(related, type):
            yield from (f"{name}__{further}" for further in lookups_of(related, deep - 1))


def offered(shown: ReadOnlyAdmin) -> dict[str, list[str]]:
    """The parameters that the filters of a list ask for."""
    return {str(field): [f"{field}{lookup}" for lookup in ("", "__exact", "__isnull")] for field in shown.list_filter}


def changelist(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_every_table_is_shown_by_our_own_kind_of_admin() -> None:
    assert SHOWN
    for model, shown in SHOWN:
        assert isinstance(shown, ReadOnlyAdmin), model
        assert type(shown).lookup_allowed is ReadOnlyAdmin.lookup_allowed, model
        assert shown.date_hierarchy is None, model
        assert all(isinstance(field, str) for field in shown.list_filter), model


@pytest.mark.parametrize(("model", "shown"), SHOWN, ids=[model._meta.label for model, _ in SHOWN])
def test_no_list_depends_on_what_it_does_not_offer(
    root: Client, model: type[models.Model], shown: ReadOnlyAdmin
) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="root")
    allowed = {lookup for lookups in offered(shown).values() for lookup in lookups}
    tried = sorted(set(lookups_of(model)) - allowed)
    assert len(tried) > 50
    for lookup in tried:
        request.GET = request.GET.copy()
        request.GET.clear()
        request.GET[lookup] = "a"
        with pytest.raises(DisallowedModelAdminLookup):
            shown.get_changelist_instance(request)


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (User, "password__startswith"),
        (User, "password"),
        (User, "password__regex"),
        (User, "tokens__digest__gt"),
        (User, "grants__role"),
        (RoleGrant, "user__password__startswith"),
        (AccessToken, "digest__startswith"),
        (AccessToken, "user__password__startswith"),
        (User, "nonsense"),
        (User, "pk__nonsense"),
        (User, "__"),
    ],
)
def test_a_secret_cannot_be_guessed(root: Client, model: type[models.Model], lookup: str) -> None:
    answers = {root.get(changelist(model), {lookup: value}).content for value in ("argon2", "x", "")}
    assert root.get(changelist(model), {lookup: "argon2"}).status_code == 400
    assert len(answers) == 1


def test_neither_order_nor_search_nor_reference_leads_to_a_secret(root: Client) -> None:
    User.objects.create_user("other", password=uuid4().hex)
    password = User.objects.get(username="root").password
    plain = rows_of(root.get(changelist(User)))
    for value in ("password", "-password", password, password[:6]):
        assert rows_of(root.get(changelist(User), {"o": value})) == plain
        assert rows_of(root.get(changelist(User), {"q": value})) == []
        assert root.get(changelist(User), {"_to_field": value}).status_code == 400


def rows_of(answer: object) -> list[object]:
    """The rows that a list shows, in its order."""
    return list(answer.context["cl"].result_list)  # type: ignore[attr-defined]  # the client of tests adds it


@pytest.mark.parametrize("name", OWN_PARAMETERS)
@pytest.mark.parametrize("model", [User, Lot])
def test_no_value_makes_a_list_fail(root: Client, model: type[models.Model], name: str) -> None:
    for value in (*BAD, " ".join(["a"] * 1_500)):
        assert root.get(changelist(model), {name: value}).status_code in (200, 302, 400), value


@pytest.mark.parametrize(("model", "shown"), FILTERED, ids=[model._meta.label for model, _ in FILTERED])
def test_no_value_makes_a_filter_fail(root: Client, model: type[models.Model], shown: ReadOnlyAdmin) -> None:
    for lookup in (lookup for lookups in offered(shown).values() for lookup in lookups):
        for value in BAD:
            for asked in ({lookup: value}, {lookup: [value, "2"], "_facets": "1"}):
                assert root.get(changelist(model), asked).status_code in (200, 302, 400), asked


@pytest.mark.parametrize(("model", "shown"), FILTERED, ids=[model._meta.label for model, _ in FILTERED])
def test_what_a_filter_offers_works(root: Client, model: type[models.Model], shown: ReadOnlyAdmin) -> None:
    for field, (plain, exact, _) in offered(shown).items():
        values = set(model._default_manager.values_list(field, flat=True))
        assert values
        for value in values:
            expected = set(model._default_manager.filter(**{field: value}))
            for lookup in (plain, exact):
                assert set(rows_of(root.get(changelist(model), {lookup: value}))) == expected


@pytest.mark.parametrize("value", ["", "\0", "argon2"])
def test_nothing_is_completed(root: Client, value: str) -> None:
    for model, field in ((RoleGrant, "user"), (AccessToken, "user"), (User, "groups"), (User, "username")):
        asked = {"app_label": "identity", "model_name": model._meta.model_name, "field_name": field, "term": value}
        assert root.get(reverse("admin:autocomplete"), asked).status_code == 403


@pytest.mark.parametrize("model", [model for model, _ in SHOWN], ids=lambda model: model._meta.label)
def test_no_key_makes_a_page_fail(root: Client, model: type[models.Model]) -> None:
    for page in ("change", "history", "delete"):
        for key in filter(None, BAD):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[key])
            assert root.get(address).status_code in (302, 400, 403, 404), key
            assert root.get(address, {"_to_field": "password"}).status_code in (302, 400, 403), key
