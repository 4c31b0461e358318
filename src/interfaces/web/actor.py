"""Who asks for a page."""

from attrs import evolve
from django.http import HttpRequest

from application.shared.actor import Actor
from domain.access.rights import Grant, Role
from interfaces.shared.actor import actor_of
from interfaces.shared.request_id import HEADER

CHANNEL = "web"

PROVIDER = "openid"
"""What the history calls the provider of identities."""


def actor_of_page(request: HttpRequest) -> Actor:
    """Whoever is signed in, and by which request they ask."""
    return evolve(actor_of(request.user), channel=CHANNEL, request=request.headers[HEADER])


def whoever_signs_in(request: HttpRequest) -> Actor:
    """The provider of identities that an operator has configured, which may say who there is."""
    return Actor(PROVIDER, frozenset({Grant(Role.ADMINISTRATOR)}), channel=CHANNEL, request=request.headers[HEADER])
