"""How long a session lasts."""

from collections.abc import Callable
from datetime import datetime, timedelta

from attrs import frozen
from dependency_injector.wiring import Provide, inject
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from application.shared.clock import Clock

BEGAN = "began"

RESOLUTION = timedelta(minutes=1)
"""The end of a session moves on in steps of this at least, so that a session isn't a write for each request."""


@frozen
class SessionLimits:
    """A session ends so long after sign-in, and so long after its last request: to the minute, rather too early."""

    age: timedelta
    idle: timedelta

    def end(self, began: datetime, at: datetime) -> datetime:
        """When a session ends that is used now."""
        return min(began + self.age, at + self.idle)


class SessionLimitsMiddleware:
    """Writes into the session of whoever is signed in when it ends; the store of sessions sees to it that it does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    @inject
    def __call__(
        self,
        request: HttpRequest,
        limits: SessionLimits = Provide["access.session_limits"],
        clock: Clock = Provide["system.clock"],
    ) -> HttpResponse:
        """The answer; whoever has signed in with it has a session from now on.

        After a failure the session is left alone, as Django leaves it: it may be what couldn't be read.
        """
        response = self._get_response(request)
        if response.status_code < 500 and request.session.accessed and SESSION_KEY in request.session:
            _limit(request.session, limits, clock.now())
        return response


def _limit(session: SessionBase, limits: SessionLimits, at: datetime) -> None:
    began = datetime.fromisoformat(session.setdefault(BEGAN, at.isoformat()))
    end = limits.end(began, at)
    if abs(end - session.get_expiry_date()) >= RESOLUTION:
        session.set_expiry(end)
