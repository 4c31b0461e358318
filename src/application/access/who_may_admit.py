"""Who may change who may do what."""

from collections.abc import Collection, Iterable

from application.shared.actor import Actor
from application.shared.errors import Forbidden
from application.shared.permissions import no_right, require, require_everywhere
from domain.access.rights import Grant, Right


def check_grants(actor: Actor, grants: Iterable[Grant]) -> None:
    """Raises `Forbidden` unless the actor may give and take these roles: those at a site with the right there, those at
    every site with the right everywhere.
    """
    for grant in grants:
        if grant.site is None:
            require_everywhere(actor, Right.ACCESS)
        else:
            require(actor, Right.ACCESS, grant.site, path=("roles",))


def check_tokens_of(actor: Actor, user: str) -> None:
    """Raises `Forbidden` unless the actor may make and revoke tokens of this user.

    One's own need no right, but a token of narrow scopes makes no other; those of others would give all that they may.
    """
    if actor.name != user or (actor.scopes is not None and Right.ACCESS not in actor.scopes):
        require_everywhere(actor, Right.ACCESS)


def check_scopes(actor: Actor, scopes: Collection[Right] | None) -> None:
    """Raises `Forbidden` for a token that would do more than the one that asks for it."""
    if actor.scopes is None:
        return
    for right in sorted(Right if scopes is None else scopes):
        if right not in actor.scopes:
            raise Forbidden(no_right(actor, right, "").below("scopes"))
