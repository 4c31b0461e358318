"""Access tokens in the database."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import Q
from typing_extensions import override

from application.shared.access import Tokens
from application.shared.actor import Actor
from infrastructure.identity.models import AccessToken, RoleGrant, User

PREFIX = "lignage_"
"""So that a person, or a scanner that looks for leaked secrets, knows what it is."""

SECRET_BYTES = 32

LAST_USE_RESOLUTION = timedelta(minutes=1)
"""The last use is written no more often than this, so that a busy token isn't a write for each request."""


class DjangoTokens(Tokens):
    """Keeps the SHA-256 of each token: 256 random bits need no slow hash, and are found by an index."""

    @override
    def issue(self, username: str, role: str | None, at: datetime) -> str:
        user, _ = User.objects.get_or_create(
            username=User.normalize_username(username), defaults={"password": make_password(None)}
        )
        if role is not None:
            RoleGrant.objects.get_or_create(user=user, role=role, defaults={"granted_at": at})
        token = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        AccessToken.objects.create(user=user, digest=_digest(token), issued_at=at)
        return token

    @override
    def actor(self, token: str, at: datetime) -> Actor | None:
        unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        valid = AccessToken.objects.filter(
            unexpired, digest=_digest(token), revoked_at__isnull=True, user__is_active=True
        )
        # One row for each role of the user, and one without where there is none.
        rows: list[tuple[int, datetime | None, str, str | None]] = list(
            valid.values_list("pk", "last_used_at", "user__username", "user__grants__role")
        )
        if not rows:
            return None
        key, last_used_at, username, _ = rows[0]
        if last_used_at is None or at - last_used_at >= LAST_USE_RESOLUTION:
            AccessToken.objects.filter(pk=key).update(last_used_at=at)
        return Actor(username, frozenset(role for *_, role in rows if role is not None))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
