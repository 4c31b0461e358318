"""Who asks: a program by its token."""

from attrs import frozen
from dependency_injector.wiring import Provide, inject
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from typing_extensions import override

from application.access.ports import Tokens
from application.shared.actor import Actor
from application.shared.clock import Clock


@frozen
class Bearer:
    """Whoever bears a valid token."""

    actor: Actor
    is_authenticated: bool = True
    is_active: bool = True


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>` (RFC 6750)."""

    @override
    @inject
    def authenticate(
        self, request: Request, tokens: Tokens = Provide["access.tokens"], clock: Clock = Provide["system.clock"]
    ) -> tuple[Bearer, None] | None:
        """The bearer, or None where nobody shows a token."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        actor = tokens.actor(token.strip(), clock.now())
        if actor is None:
            raise AuthenticationFailed("This access token isn't valid: unknown, revoked, expired or for development.")
        return Bearer(actor), None

    @override
    def authenticate_header(self, request: Request) -> str:
        """What to challenge with, once nobody was recognised."""
        return 'Bearer realm="Lignage"'
