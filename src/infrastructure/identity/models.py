"""The tables of identity."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from typing_extensions import override

from application.shared.actor import Actor
from domain.access.rights import Grant, Right, Role
from infrastructure.identity.hashing import acheck_password, check_password, is_hashed_otherwise
from infrastructure.identity.session_hash import get_session_auth_fallback_hash, get_session_auth_hash

ROLES = tuple(role.value for role in Role)
RIGHTS = tuple(right.value for right in Right)


class User(AbstractUser):
    """A person, or a program, that signs in. `name` is what people call them.

    Sessions are of the `session_epoch` in which they began, and end with it.
    """

    name = models.TextField(default="", blank=True)
    version = models.IntegerField(default=1)
    session_epoch = models.IntegerField(db_default=0, editable=False)

    class Meta(AbstractUser.Meta):
        # Names that look alike otherwise are found by `domain.access.usernames`.
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("username"), name="username_is_unique_in_any_case"),
        ]

    get_session_auth_hash = get_session_auth_hash
    get_session_auth_fallback_hash = get_session_auth_fallback_hash
    check_password = check_password
    acheck_password = acheck_password

    @cached_property
    def has_old_hash(self) -> bool:
        """Whether passwords are hashed in another way now than this user's is."""
        return is_hashed_otherwise(self.password)

    @cached_property
    def actor(self) -> Actor:
        """The user as the rest of the program knows them."""
        granted = self.grants.values_list("role", "site")
        return Actor(self.username, frozenset(Grant(Role(role), site) for role, site in granted))


class RoleGrant(models.Model):
    """A role that a user has at the site with this code, or without one at every site.

    The database refers it to the sites, which this technology knows nothing of.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30)
    site = models.TextField(null=True, blank=True)  # noqa: DJ001 - none is every site, as a missing one is nowhere
    granted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("user", "role", "site"), name="role_granted_once", nulls_distinct=False),
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="role_known"),
        ]

    @override
    def __str__(self) -> str:
        return self.role


class AccessToken(models.Model):
    """A token by its SHA-256, from which nobody can tell the token. Without `expires_at` it is good until revoked.

    Without `scopes` it gives all that its user may do. One for `development` is refused in production.
    """

    key = models.UUIDField(unique=True, db_default=models.Func(function="gen_random_uuid"))
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.TextField(db_default="token")
    scopes = ArrayField(models.TextField(), null=True, blank=True)
    digest = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    development = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(development=False)
                | models.Q(
                    expires_at__isnull=False, expires_at__lte=models.F("issued_at") + timedelta(hours=12)
                ),  # domain.access.token.DEVELOPMENT_LIFETIME
                name="token_for_development_expires",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=models.F("issued_at")),
                name="token_expires_after_issue",
            ),
            models.CheckConstraint(
                condition=models.Q(scopes__isnull=True)
                | (models.Q(scopes__contained_by=RIGHTS) & ~models.Q(scopes__len=0)),
                name="token_scopes_known",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="token_named"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.user_id})"
