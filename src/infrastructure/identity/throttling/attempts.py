"""Attempts in the database."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection
from typing_extensions import override

from application.shared.attempts import LoginAttempts
from domain.access.attempts import NONE, Limit
from infrastructure.identity.throttling.models import TriedPassword

_A_MOMENT = timedelta(seconds=1)

# One statement, so that of two who want the last attempt one waits for the other and then finds none left.
_TAKE = """
INSERT INTO throttling_triedpassword AS tried (who, empty_at) VALUES (%(who)s, %(next)s)
ON CONFLICT (who) DO UPDATE SET empty_at = greatest(tried.empty_at, %(at)s) + (%(next)s - %(at)s)
WHERE greatest(tried.empty_at, %(at)s) + (%(next)s - %(at)s) <= %(full_at)s
RETURNING true
"""


class DjangoLoginAttempts(LoginAttempts):
    """Keeps a row for each key that has not all its attempts, or that is remembered."""

    @override
    def take(self, who: str, limit: Limit, at: datetime) -> timedelta:
        with connection.cursor() as cursor:
            cursor.execute(
                _TAKE, {"who": _digest(who), "at": at, "next": at + limit.each, "full_at": limit.full_at(at)}
            )
            taken = cursor.fetchone()
        # Whoever had none left has to wait, even if all was forgiven in this very moment.
        return NONE if taken else max(self.wait(who, limit, at), _A_MOMENT)

    @override
    def wait(self, who: str, limit: Limit, at: datetime) -> timedelta:
        rows = TriedPassword.objects.filter(who=_digest(who)).values_list("empty_at", flat=True)
        return limit.wait(rows.first() or at, at)

    @override
    def forget(self, who: str) -> None:
        TriedPassword.objects.filter(who=_digest(who)).delete()

    @override
    def remember(self, who: str, until: datetime) -> None:
        row = TriedPassword(who=_digest(who), empty_at=until)
        TriedPassword.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["who"], update_fields=["empty_at"]
        )

    @override
    def remembers(self, who: str, at: datetime) -> bool:
        return TriedPassword.objects.filter(who=_digest(who), empty_at__gt=at).exists()

    @override
    def sweep(self, at: datetime) -> int:
        return TriedPassword.objects.filter(empty_at__lte=at).delete()[0]


def _digest(who: str) -> bytes:
    return hashlib.sha256(who.encode(errors="surrogatepass")).digest()
