"""Access tokens: shown once, kept as digests, with little to write."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from attrs import evolve
from django.contrib.auth import get_user_model  # noqa: TID251 - a test looks at the users that are made
from django.db import IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from application.shared.actor import Actor
from application.shared.errors import NotFound
from domain.access.rights import Grant, Right, Role
from domain.access.token import DEVELOPMENT_LIFETIME, AccessToken
from domain.access.user import User
from infrastructure.identity import models
from infrastructure.identity.tokens import DjangoTokens
from infrastructure.identity.users import DjangoUsers
from infrastructure.persistence.catalog.models import Site
from infrastructure.persistence.shared.statements import rows_looked_up
from tests.factories.browser import Client

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
QUALITY = Grant(Role.QUALITY)
tokens, users = DjangoTokens(rows_looked_up), DjangoUsers()


def odile(*grants: Grant) -> User:
    user = User("odile", grants=frozenset(grants))
    users.add(user, AT)
    return user


def token(**more: object) -> AccessToken:
    return AccessToken(uuid4(), "odile", "scales", AT, **more)  # type: ignore[arg-type]  # the test says which


def test_a_token_is_its_users() -> None:
    odile()
    secret = tokens.issue(token())
    assert tokens.actor(secret, AT) == Actor("odile")
    assert tokens.actor(secret + "x", AT) is None
    assert tokens.actor("", AT) is None


def test_whoever_has_no_password_signs_in_with_none() -> None:
    odile()
    assert not get_user_model().objects.get(username="odile").has_usable_password()


def test_the_token_brings_all_roles_and_its_own_scopes() -> None:
    Site.objects.create(id=uuid4(), code="A", name="A")
    everything = {Grant(role) for role in Role} | {Grant(role, "A") for role in Role}
    user = odile(*everything)
    actor = tokens.actor(tokens.issue(token(scopes=frozenset({Right.READ, Right.HOLD}))), AT)
    assert actor == Actor("odile", frozenset(everything), frozenset({Right.READ, Right.HOLD}))
    assert get_user_model().objects.get().actor == evolve(actor, scopes=None)
    users.save(evolve(user, grants=frozenset({Grant(Role.AUDITOR, "A")})), AT)
    actor = tokens.actor(tokens.issue(token()), AT)
    assert actor == Actor("odile", frozenset({Grant(Role.AUDITOR, "A")}))


def test_nobody_has_a_role_at_a_site_that_is_not_there() -> None:
    odile(Grant(Role.QUALITY, "NOWHERE"))
    with pytest.raises(IntegrityError, match="role_at_a_site"):
        connection.check_constraints()


def test_the_database_holds_nothing_that_lets_in() -> None:
    odile()
    secret = tokens.issue(token())
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM identity_accesstoken t")
        ((row,),) = cursor.fetchall()
    random = secret.partition("_")[2]
    assert len(random) >= 43
    assert random not in row
    assert random.encode().hex() not in row


def test_a_token_ends_when_it_expires_or_is_revoked_or_its_user_leaves() -> None:
    user = odile()
    made = token(expires_at=AT + timedelta(days=1))
    secret = tokens.issue(made)
    assert tokens.actor(secret, AT + timedelta(hours=23)) is not None
    assert tokens.actor(secret, AT + timedelta(days=1)) is None
    users.save(evolve(user, active=False), AT)
    assert tokens.actor(secret, AT) is None
    users.save(user, AT)
    assert tokens.actor(secret, AT) is not None
    tokens.save(tokens.for_update(made.id).revoked(AT))
    assert tokens.actor(secret, AT) is None
    with pytest.raises(NotFound):
        tokens.for_update(uuid4())


def test_a_token_for_development_lets_in_for_hours_and_never_in_production() -> None:
    odile()
    until = AT + timedelta(hours=12)
    secret = tokens.issue(token(expires_at=until, development=True))
    developing = DjangoTokens(rows_looked_up, development=True)
    assert developing.actor(secret, AT) == Actor("odile")
    assert tokens.actor(secret, AT) is None
    assert developing.actor(secret, until) is None
    ordinary = tokens.issue(token())
    assert developing.actor(ordinary, AT) == tokens.actor(ordinary, AT) == Actor("odile")


@pytest.mark.parametrize("lifetime", [None, DEVELOPMENT_LIFETIME + timedelta(microseconds=1)])
def test_the_database_has_no_token_for_development_that_lives_on(lifetime: timedelta | None) -> None:
    odile()
    tokens.issue(token(expires_at=AT + DEVELOPMENT_LIFETIME, development=True))
    with pytest.raises(IntegrityError, match="token_for_development_expires"):
        tokens.issue(token(expires_at=lifetime and AT + lifetime, development=True))


def test_a_token_is_found_by_what_was_shown() -> None:
    odile()
    made = token(expires_at=AT + DEVELOPMENT_LIFETIME, development=True)
    secret = tokens.issue(made)
    assert tokens.find(secret) == made
    with pytest.raises(NotFound):
        tokens.find(secret + "x")


def test_the_last_use_is_written_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    odile(QUALITY)
    secret, _ = tokens.issue(token()), tokens.issue(token())
    with django_assert_num_queries(2):
        tokens.actor(secret, AT)
    for seconds in (1, 59):
        with django_assert_num_queries(1):
            tokens.actor(secret, AT + timedelta(seconds=seconds))
    used = models.AccessToken.objects.order_by("pk")
    assert used[0].last_used_at == AT
    tokens.actor(secret, AT + timedelta(seconds=60))
    assert used[0].last_used_at == AT + timedelta(seconds=60)
    assert used[1].last_used_at is None


def test_the_admin_shows_users_and_tokens_and_changes_none() -> None:
    odile(QUALITY)
    tokens.issue(token())
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin", password="a password that nobody sees"))  # noqa: S106 - of this test alone
    digest = models.AccessToken.objects.get().digest.hex()
    for model in ("user", "rolegrant", "accesstoken"):
        listed = client.get(f"/admin/identity/{model}/")
        assert listed.status_code == 200
        assert b"odile" in listed.content
        assert client.get(f"/admin/identity/{model}/add/").status_code == 403
    administrator = get_user_model().objects.get(is_staff=True)
    for page in (f"accesstoken/{models.AccessToken.objects.get().pk}", f"user/{administrator.pk}"):
        shown = client.get(f"/admin/identity/{page}/change/")
        assert shown.status_code == 200
        assert b'name="_save"' not in shown.content
        assert digest not in shown.content.decode()
        assert b"md5$" not in shown.content
        assert client.post(f"/admin/identity/{page}/change/", {}).status_code == 403
        assert client.post(f"/admin/identity/{page}/delete/", {"post": "yes"}).status_code == 403
