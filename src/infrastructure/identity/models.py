"""The tables of identity."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from typing_extensions import override

from application.shared.access import ROLES
from application.shared.actor import Actor


class User(AbstractUser):
    """A person, or a program, that signs in."""

    @cached_property
    def actor(self) -> Actor:
        """The user as the rest of the program knows them."""
        return Actor(self.username, frozenset(self.grants.values_list("role", flat=True)))


class RoleGrant(models.Model):
    """A role that a user has."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30)
    granted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("user", "role"), name="role_granted_once"),
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="role_known"),
        ]

    @override
    def __str__(self) -> str:
        return self.role


class AccessToken(models.Model):
    """A token by its SHA-256, from which nobody can tell the token. Without `expires_at` it is good until revoked."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=models.F("issued_at")),
                name="token_expires_after_issue",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} {self.issued_at:%Y-%m-%d %H:%M}"
