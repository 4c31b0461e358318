"""Passwords are looked at here alone, whoever asks: the sign-in page, a signature, a change of password."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from attrs import evolve
from dependency_injector.wiring import Provide, inject
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from typing_extensions import override

from application.access.ports import Users
from application.access.rehash_password import RehashPassword, RehashPasswordHandler
from application.shared.attempts import Throttle
from application.shared.clock import Clock
from application.shared.errors import TooManyAttempts
from interfaces.shared.actor import actor_of
from interfaces.shared.request_id import HEADER

log = structlog.get_logger(__name__)


class ThrottledBackend(ModelBackend):
    """Signs in: Django's own, which takes as long for a name that nobody has; but it may be asked a few times only."""

    @override
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        """The user whose name and password these are. Raises TooManyAttempts before it looks at the password."""
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
        address = _address_of(request)
        # What nobody is called may be a password that was typed into the wrong field.
        told = _logged(request, username if users.find(username) else None)
        with _refusal_logged(told):
            throttle.begin(username, address, clock.now())
        user = super().authenticate(request, username, password)
        if user is None:
            throttle.failed(address, clock.now())
            told.warning("A name and a password don't belong together.")
        else:
            throttle.succeeded(username, address, clock.now())
            told.info("A password was right.")
            if user.has_old_hash:
                rehash(user, password, request)
        return user


@inject
def is_password_of(
    request: HttpRequest,
    username: str,
    password: str,
    throttle: Throttle = Provide["access.throttle"],
    clock: Clock = Provide["system.clock"],
) -> bool:
    """Whether this is the password of the user who is signed in, or who bears the token of the request.

    Raises TooManyAttempts before it looks at the password. What anybody else attempts under the name doesn't count.
    """
    told = _logged(request, username)
    with _refusal_logged(told):
        throttle.begin_again(username, clock.now())
    right = ModelBackend().authenticate(request, username, password) is not None
    if right:
        throttle.proven(username)
        told.info("A password was right.")
    else:
        told.warning("A name and a password don't belong together.")
    return right


def _address_of(request: HttpRequest | None) -> str:
    return request.META.get("REMOTE_ADDR", "") if request else ""


def _logged(request: HttpRequest | None, user: str | None) -> Any:
    return log.bind(user=user, address=_address_of(request), path=request.path if request else "")


@contextmanager
def _refusal_logged(told: Any) -> Iterator[None]:
    try:
        yield
    except TooManyAttempts as error:
        told.warning("Passwords were tried too often.", wait=error.wait)
        raise


@inject
def rehash(
    user: Any,
    password: str,
    request: HttpRequest | None,
    handler: RehashPasswordHandler = Provide["access.rehash_password"],
    clock: Clock = Provide["system.clock"],
) -> None:
    """Have the password of a user, who has just given it, stored by the hash of today."""
    actor = evolve(actor_of(user), request=request.headers.get(HEADER, "") if request else "")
    handler(RehashPassword(password, actor, clock.now()))
    user.refresh_from_db(fields=["password"])
