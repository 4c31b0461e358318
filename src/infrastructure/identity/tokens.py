"""Access tokens in the database."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import connection
from typing_extensions import override

from application.shared.access import Tokens
from application.shared.actor import Actor
from infrastructure.identity.models import AccessToken, RoleGrant, User

PREFIX = "lignage_"
"""So that a person, or a scanner that looks for leaked secrets, knows what it is."""

SECRET_BYTES = 32

LAST_USE_RESOLUTION = timedelta(minutes=1)
"""The last use is written no more often than this, so that a busy token isn't a write for each request."""

# Asked at every request, where the ORM takes several times as long to put the question together as to have it answered.
# One row for each role of the user, and one without where there is none.
_BEARER = """
SELECT token.id, token.last_used_at, bearer.username, granted.role
FROM identity_accesstoken AS token
JOIN identity_user AS bearer ON bearer.id = token.user_id
LEFT JOIN identity_rolegrant AS granted ON granted.user_id = bearer.id
WHERE token.digest = %s AND token.revoked_at IS NULL AND bearer.is_active
  AND (token.expires_at IS NULL OR token.expires_at > %s)
"""


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
        with connection.cursor() as cursor:
            cursor.execute(_BEARER, [_digest(token), at])
            rows: list[tuple[int, datetime | None, str, str | None]] = cursor.fetchall()
        if not rows:
            return None
        key, last_used_at, username, _ = rows[0]
        if last_used_at is None or at - last_used_at >= LAST_USE_RESOLUTION:
            AccessToken.objects.filter(pk=key).update(last_used_at=at)
        return Actor(username, frozenset(role for *_, role in rows if role is not None))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
