"""Django's admin looks at everything and changes nothing."""

import logging
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from infrastructure.identity.models import User
from infrastructure.persistence.catalog.models import Product
from infrastructure.persistence.production.models import Operation
from tests.core.plant import destroyed, received
from tests.factories.browser import Client
from tests.factories.plant import StoredPlant
from tests.integration.contents import contents
from tests.integration.rows import filled

SHOWN = list(admin.site._registry)


@pytest.fixture
def plant(db: None) -> StoredPlant:
    """A plant with a row in every table."""
    return filled()


@pytest.fixture
def all_powerful(client: Client, caplog: pytest.LogCaptureFixture) -> Client:
    """Somebody whom Django would let do everything; what is forbidden isn't worth a line in the log here."""
    caplog.set_level(logging.CRITICAL, "django.request")
    user = User.objects.create_user("root", is_staff=True, is_superuser=True)
    client.force_login(user)
    return client


def address(model: type[models.Model], what: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def test_every_table_of_the_plant_is_shown() -> None:
    assert {model._meta.db_table for model in SHOWN} == {
        *("product", "site", "line", "partner", "operator"),
        *("campaign", "lot", "operation", "movement", "campaign_balance"),
        *("decision", "hold", "held_lot", "lifted_hold"),
        *("identity_user", "identity_rolegrant", "identity_accesstoken"),
    }


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_a_row_is_listed_and_shown(plant: StoredPlant, all_powerful: Client, model: type[models.Model]) -> None:
    row = model._default_manager.first()
    assert row is not None
    assert all_powerful.get(address(model, "changelist")).status_code == 200
    answer = all_powerful.get(address(model, "change", row.pk))
    assert answer.status_code == 200
    assert b'name="_save"' not in answer.content


def contents_but_sessions() -> dict[str, str]:
    """What there is in the database; a session says when it was used."""
    return {table: digest for table, digest in contents().items() if table != "django_session"}


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_nobody_adds_changes_or_removes(plant: StoredPlant, all_powerful: Client, model: type[models.Model]) -> None:
    row = model._default_manager.first()
    assert row is not None
    before = contents_but_sessions()
    assert all_powerful.get(address(model, "add")).status_code == 403
    assert all_powerful.post(address(model, "add"), {"code": "NEW"}).status_code == 403
    assert all_powerful.post(address(model, "change", row.pk), {"code": "NEW", "name": "New"}).status_code == 403
    assert all_powerful.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"_selected_action": [str(row.pk)], "post": "yes", "index": "0", "select_across": "1"}
    all_powerful.post(address(model, "changelist"), {"action": "delete_selected", **chosen})
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(row.pk), "form-0-name": "New"}
    all_powerful.post(address(model, "changelist"), {"_save": "Save", **rows})
    assert contents_but_sessions() == before
    (shown,) = (shown for shown in admin.site._registry.values() if shown.model is model)
    assert (shown.inlines, shown.list_editable) == ((), ())


def test_strangers_are_asked_who_they_are(db: None, client: Client) -> None:
    answer = client.get(address(Product, "changelist"))
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("admin:login"))


def test_who_is_no_staff_sees_nothing(db: None, client: Client) -> None:
    client.force_login(User.objects.create_user("ana"))
    assert client.get(address(Product, "changelist")).status_code == 302


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_a_list_costs_the_same_however_long_it_is(
    plant: StoredPlant, all_powerful: Client, model: type[models.Model]
) -> None:
    all_powerful.get(address(model, "changelist"))
    before = queries_of(all_powerful, model)
    for _ in range(3):
        plant.record("loss", destroyed("APPLE", "1", "1"))
        plant.record("receipt", received("APPLE", uuid4().hex, "1"))
    assert queries_of(all_powerful, model) == before
    assert Operation.objects.count() > 6


def queries_of(client: Client, model: type[models.Model]) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(model, "changelist")).status_code == 200
    return len(queries)
