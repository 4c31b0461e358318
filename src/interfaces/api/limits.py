"""How many requests a token may make."""

import hashlib

from attrs import frozen
from dependency_injector.wiring import Provide, inject
from django.core.cache import cache
from rest_framework.request import Request

from application.shared.clock import Clock
from interfaces.api.authentication import Bearer

WINDOW = 60
"""Seconds in which requests are counted; then the counting begins anew."""

RETRY_AFTER = "Retry-After"
LIMIT, REMAINING, RESET = "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"


@frozen
class Allowance:
    """How many requests there may be in a window, how many there were, and in how many seconds the next one begins."""

    limit: int
    count: int
    seconds: int

    @property
    def exceeded(self) -> bool:
        """Whether this request is one too many."""
        return self.count > self.limit

    @property
    def headers(self) -> dict[str, str]:
        """What every answer tells of it."""
        remaining = max(self.limit - self.count, 0)
        return {LIMIT: str(self.limit), REMAINING: str(remaining), RESET: str(self.seconds)}


@inject
def allowance_of(
    request: Request, limit: int = Provide["access.requests_a_minute"], clock: Clock = Provide["system.clock"]
) -> Allowance | None:
    """The allowance of whoever asks, this request counted; None where nothing is counted."""
    if not limit:
        return None
    window, passed = divmod(int(clock.now().timestamp()), WINDOW)
    return Allowance(limit, _count(f"requests:{_caller(request)}:{window}"), WINDOW - passed)


def _caller(request: Request) -> str:
    """A name for the user of the session, or for the token, which can't be told from it."""
    if isinstance(request.user, Bearer):
        return hashlib.sha256(request.headers["Authorization"].partition(" ")[2].strip().encode()).hexdigest()
    return f"user:{request.user.pk}"


def _count(key: str) -> int:
    cache.add(key, 0, 2 * WINDOW)
    try:
        return int(cache.incr(key))
    except ValueError:  # the cache dropped it this very moment, for want of room
        return 1
