"""Actors to make tests of."""

from application.shared.actor import Actor
from domain.access.rights import Grant, Role


def somebody(name: str = "ana", role: Role | None = Role.ADMINISTRATOR, site: str | None = None) -> Actor:
    """Whoever has this role, at every site unless one is named; without a role, nobody in particular."""
    return Actor(name, frozenset({Grant(role, site)} if role else ()))
