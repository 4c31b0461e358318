"""Passwords are looked at here alone, whoever asks: the sign-in page, a signature, a change of password."""

from typing import Any

import structlog
from asgiref.sync import sync_to_async
from dependency_injector.wiring import Provide, inject
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from typing_extensions import override

from application.access.ports import Users
from application.shared.clock import Clock
from application.shared.errors import TooManyTries
from application.shared.tries import Throttle

log = structlog.get_logger(__name__)


class ThrottledBackend(ModelBackend):
    """Django's own, which takes as long for a name that nobody has; but it may be asked a few times only."""

    @override
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        """The user whose name and password these are. Raises TooManyTries before it looks at the password."""
        if username is None or password is None:
            return None
        return self._tried(request, username, password)

    @override
    async def aauthenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        """The same: Django has a way of its own here, which would go round the counting."""
        return await sync_to_async(self.authenticate)(request, username, password)

    @inject
    def _tried(
        self,
        request: HttpRequest | None,
        username: str,
        password: str,
        users: Users = Provide["access.users"],
        throttle: Throttle = Provide["access.throttle"],
        clock: Clock = Provide["system.clock"],
    ) -> Any:
        address = request.META.get("REMOTE_ADDR", "") if request else ""
        # What nobody is called may be a password that was typed into the wrong field.
        known = username if users.find(username) else None
        told = log.bind(user=known, address=address, path=request.path if request else "")
        try:
            throttle.begin(username, address, clock.now())
        except TooManyTries as error:
            told.warning("Passwords were tried too often.", wait=error.wait)
            raise
        user = super().authenticate(request, username, password)
        if user is None:
            throttle.failed(address, clock.now())
            told.warning("A name and a password don't belong together.")
        else:
            throttle.succeeded(username)
            told.info("A password was right.")
        return user
