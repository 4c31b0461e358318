"""Access tokens: shown once, kept as digests, with little to write."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model  # noqa: TID251 - a test looks at the users that are made
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from application.shared.access import ROLES
from infrastructure.identity.models import AccessToken, RoleGrant
from infrastructure.identity.tokens import DjangoTokens

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
tokens = DjangoTokens()


def test_a_token_is_its_users() -> None:
    token = tokens.issue("odile", None, AT)
    actor = tokens.actor(token, AT)
    assert actor is not None
    assert (actor.name, actor.roles) == ("odile", frozenset())
    assert tokens.actor(token + "x", AT) is None
    assert tokens.actor("", AT) is None


def test_a_user_is_made_once_and_cannot_sign_in_with_a_password() -> None:
    assert tokens.issue("odile", None, AT) != tokens.issue("odile", None, AT)
    user = get_user_model().objects.get(username="odile")
    assert not user.has_usable_password()
    assert user.tokens.count() == 2


def test_roles_add_up_and_are_granted_once() -> None:
    for role in (*ROLES, "quality"):
        token = tokens.issue("odile", role, AT)
    assert RoleGrant.objects.count() == len(ROLES)
    actor = tokens.actor(token, AT)
    assert actor is not None
    assert actor.roles == frozenset(ROLES)
    assert get_user_model().objects.get().actor == actor


def test_the_database_holds_nothing_that_lets_in() -> None:
    token = tokens.issue("odile", "auditor", AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM identity_accesstoken t")
        ((row,),) = cursor.fetchall()
    secret = token.partition("_")[2]
    assert len(secret) >= 43
    assert secret not in row
    assert secret.encode().hex() not in row


def test_a_token_ends_when_it_expires_or_is_revoked_or_its_user_leaves() -> None:
    token = tokens.issue("odile", None, AT)
    AccessToken.objects.update(expires_at=AT + timedelta(days=1))
    assert tokens.actor(token, AT + timedelta(hours=23)) is not None
    assert tokens.actor(token, AT + timedelta(days=1)) is None
    AccessToken.objects.update(expires_at=None)
    get_user_model().objects.update(is_active=False)
    assert tokens.actor(token, AT) is None
    get_user_model().objects.update(is_active=True)
    AccessToken.objects.update(revoked_at=AT)
    assert tokens.actor(token, AT) is None


def test_the_last_use_is_written_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    token = tokens.issue("odile", "quality", AT)
    tokens.issue("odile", "auditor", AT)
    with django_assert_num_queries(2):
        tokens.actor(token, AT)
    for seconds in (1, 59):
        with django_assert_num_queries(1):
            tokens.actor(token, AT + timedelta(seconds=seconds))
    assert AccessToken.objects.order_by("pk")[0].last_used_at == AT
    tokens.actor(token, AT + timedelta(seconds=60))
    assert AccessToken.objects.order_by("pk")[0].last_used_at == AT + timedelta(seconds=60)
    assert AccessToken.objects.order_by("pk")[1].last_used_at is None


def test_the_admin_shows_users_and_tokens_and_changes_none() -> None:
    tokens.issue("odile", "quality", AT)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin", password="a password that nobody sees"))  # noqa: S106 - of this test alone
    digest = AccessToken.objects.get().digest.hex()
    for model in ("user", "rolegrant", "accesstoken"):
        listed = client.get(f"/admin/identity/{model}/")
        assert listed.status_code == 200
        assert b"odile" in listed.content
        assert client.get(f"/admin/identity/{model}/add/").status_code == 403
    administrator = get_user_model().objects.get(is_staff=True)
    for page in (f"accesstoken/{AccessToken.objects.get().pk}", f"user/{administrator.pk}"):
        shown = client.get(f"/admin/identity/{page}/change/")
        assert shown.status_code == 200
        assert b'name="_save"' not in shown.content
        assert digest not in shown.content.decode()
        assert b"md5$" not in shown.content
        assert client.post(f"/admin/identity/{page}/change/", {}).status_code == 403
        assert client.post(f"/admin/identity/{page}/delete/", {"post": "yes"}).status_code == 403
