"""Access tokens in the database."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from attrs import frozen
from typing_extensions import override

from application.access.ports import Tokens
from application.shared.actor import Actor
from application.shared.errors import NotFound
from domain.access.rights import Grant, Right, Role
from domain.access.token import AccessToken
from infrastructure.identity import models

PREFIX = "lignage_"
"""So that a person, or a scanner that looks for leaked secrets, knows what it is."""

SECRET_BYTES = 32

LAST_USE_RESOLUTION = timedelta(minutes=1)
"""The last use is written no more often than this, so that a busy token isn't a write for each request."""

# Asked at every request, where the ORM takes several times as long to put the question together as to have it answered.
# One row for each role of the user, and one without where there is none.
_BEARER = """
SELECT token.id, token.last_used_at, token.scopes, bearer.username, current_setting('transaction_read_only') = 'on',
    granted.role, granted.site
FROM identity_accesstoken AS token
JOIN identity_user AS bearer ON bearer.id = token.user_id
LEFT JOIN identity_rolegrant AS granted ON granted.user_id = bearer.id
WHERE token.digest = %s AND token.revoked_at IS NULL AND bearer.is_active
  AND (token.expires_at IS NULL OR token.expires_at > %s) AND (%s OR NOT token.development)
"""


@frozen
class DjangoTokens(Tokens):
    """Keeps the SHA-256 of each token: 256 random bits need no slow hash, and are found by an index.

    `look_up` gives the rows of a query that finds a few of them by a unique key. `development` is whether tokens for
    development let in.
    """

    look_up: Callable[[str, Sequence[object]], Sequence[tuple[Any, ...]]]
    development: bool = False

    @override
    def issue(self, token: AccessToken) -> str:
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        models.AccessToken.objects.create(
            key=token.id,
            user=models.User.objects.get(username=token.user),
            name=token.name,
            scopes=None if token.scopes is None else sorted(token.scopes),
            digest=_digest(secret),
            issued_at=token.issued_at,
            expires_at=token.expires_at,
            development=token.development,
        )
        return secret

    @override
    def sha256(self, secret: str) -> str:
        return hashlib.sha256(_digest(secret)).hexdigest()

    @override
    def for_update(self, token: UUID) -> AccessToken:
        rows = models.AccessToken.objects.select_related("user").select_for_update(of=("self",))
        row = rows.filter(key=token).first()
        if row is None:
            raise NotFound("token", token)
        return token_of(row)

    @override
    def unrevoked(self, user: str) -> list[AccessToken]:
        rows = models.AccessToken.objects.select_related("user").select_for_update(of=("self",), no_key=True)
        return [token_of(row) for row in rows.filter(user__username=user, revoked_at=None).order_by("pk")]

    @override
    def save(self, token: AccessToken) -> None:
        models.AccessToken.objects.filter(key=token.id).update(revoked_at=token.revoked_at)

    @override
    def find(self, secret: str) -> AccessToken:
        row = models.AccessToken.objects.select_related("user").filter(digest=_digest(secret)).first()
        if row is None:
            raise NotFound("token", "shown")
        return token_of(row)

    @override
    def actor(self, token: str, at: datetime) -> Actor | None:
        rows = self.look_up(_BEARER, [_digest(token), at, self.development])
        if not rows:
            return None
        key, last_used_at, scopes, username, read_only, *_ = rows[0]
        if not read_only and (last_used_at is None or at - last_used_at >= LAST_USE_RESOLUTION):
            models.AccessToken.objects.filter(pk=key).update(last_used_at=at)
        grants = frozenset(Grant(Role(role), site) for *_, role, site in rows if role is not None)
        return Actor(username, grants, _scopes(scopes))


def token_of(row: models.AccessToken) -> AccessToken:
    """The token that a row stands for."""
    return AccessToken(
        id=row.key,
        user=row.user.username,
        name=row.name,
        issued_at=row.issued_at,
        scopes=_scopes(row.scopes),
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        development=row.development,
    )


def _scopes(stored: list[str] | None) -> frozenset[Right] | None:
    return None if stored is None else frozenset(map(Right, stored))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
