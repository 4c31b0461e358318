"""Users, their roles and their passwords in the database."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, QuerySet
from typing_extensions import override

from application.access.ports import Passwords, Users
from application.shared.errors import NotFound
from domain.access.rights import RIGHTS, Grant, Right, Role
from domain.access.user import User
from domain.access.usernames import NAME_TAKEN, alike
from domain.shared.errors import Fault, Invalid, Refused
from infrastructure.identity import models
from infrastructure.identity.hashing import is_hashed_otherwise


class DjangoUsers(Users, Passwords):
    """Keeps users."""

    @override
    def find(self, username: str) -> User | None:
        row = with_grants().filter(username=username).first()
        return user_of(row) if row else None

    @override
    def for_update(self, username: str) -> User:
        row = with_grants().select_for_update(of=("self",)).filter(username=username).first()
        if row is None:
            raise NotFound("user", username)
        return user_of(row)

    @override
    def taken(self, username: str) -> bool:
        return alike(username, models.User.objects.values_list("username", flat=True).iterator())

    @override
    def others_administer(self, username: str) -> bool:
        _lock_users()
        roles = [role for role, rights in RIGHTS.items() if Right.ACCESS in rights]
        granted = models.RoleGrant.objects.filter(role__in=roles, site=None, user__is_active=True)
        return granted.exclude(user__username=username).exists()

    @override
    def add(self, user: User, at: datetime) -> None:
        _lock_users()
        if self.taken(user.username):
            raise Refused(NAME_TAKEN)
        row = models.User(username=user.username, name=user.name, is_active=user.active, version=user.version)
        _let_see_tables(row, user)
        row.set_unusable_password()
        row.save(force_insert=True)
        self._grant(row, user.grants, at)

    @override
    def save(self, user: User, at: datetime) -> None:
        row = with_grants().get(username=user.username)
        row.name, row.is_active, row.version = user.name, user.active, user.version
        _let_see_tables(row, user)
        row.save(update_fields=["name", "is_active", "version", "is_staff", "is_superuser"])
        before = user_of(row).grants
        self._grant(row, user.grants - before, at)
        for grant in before - user.grants:
            models.RoleGrant.objects.filter(user=row, role=grant.role, site=grant.site).delete()

    @override
    def end_sessions(self, username: str) -> None:
        models.User.objects.filter(username=username).update(session_epoch=F("session_epoch") + 1)

    @override
    def set(self, username: str, password: str) -> str:
        row = models.User.objects.get(username=username)
        try:
            validate_password(password, row)
        except ValidationError as error:
            raise Invalid(*(Fault("weak_password", each, ("password",)) for each in error.messages)) from error
        return _stored(row, password)

    @override
    def rehash(self, username: str, password: str) -> str | None:
        row = models.User.objects.get(username=username)
        return _stored(row, password) if row.check_password(password) and is_hashed_otherwise(row.password) else None

    def _grant(self, row: models.User, grants: Iterable[Grant], at: datetime) -> None:
        models.RoleGrant.objects.bulk_create(
            models.RoleGrant(user=row, role=grant.role, site=grant.site, granted_at=at) for grant in grants
        )


def _lock_users() -> None:
    """Wait for whoever adds users or makes administrators fewer, and keep others from that until the transaction ends.

    What is read afterwards is as they left it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock('identity_user'::regclass::oid::integer, 0)")


def _stored(row: models.User, password: str) -> str:
    """The SHA-256 of the slow hash by which this password is the user's from now on."""
    row.set_password(password)
    row.save(update_fields=["password"])
    return hashlib.sha256(row.password.encode()).hexdigest()


def _let_see_tables(row: models.User, user: User) -> None:
    """What Django goes by in its admin, which shows every table and changes none: it follows from the roles."""
    row.is_staff = row.is_superuser = Grant(Role.ADMINISTRATOR) in user.grants


def with_grants() -> QuerySet[models.User]:
    """Users with their roles."""
    return models.User.objects.prefetch_related("grants")


def user_of(row: models.User) -> User:
    """The user that a row stands for."""
    grants = (Grant(Role(grant.role), grant.site) for grant in row.grants.all())
    return User(row.username, row.name, row.is_active, frozenset(grants), row.version)
