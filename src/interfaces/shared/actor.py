"""Who asks for something, told from the request."""

from typing import Any, Protocol

from application.shared.actor import Actor


class Identified(Protocol):
    """A user, of a session or of a token, that has been recognised."""

    @property
    def actor(self) -> Actor:
        """The user as the core knows them."""


def actor_of(user: Any) -> Actor:
    """The actor that the user of a request is; whoever isn't identified has been turned away before."""
    identified: Identified = user
    return identified.actor
