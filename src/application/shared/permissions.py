"""Policies: every use case asks one of these before it does anything, whatever the channel.

What somebody may not see isn't there for them: `NotFound`, as for what nobody has recorded. What they see and may not
do is `Forbidden`, and so is a site that they name without having the right there, whether there is one or not.
"""

from collections.abc import Collection

from application.shared.actor import Actor
from application.shared.errors import Forbidden, NotFound
from domain.access.rights import MEANINGS, RIGHTS, Right
from domain.shared.errors import Fault, Path


def require(actor: Actor, right: Right, *sites: str, path: Path = ()) -> None:
    """Raises `Forbidden`, at this path, unless the actor has the right at all of these sites."""
    missing = [site for site in sites if not actor.may(right, [site])]
    if missing:
        raise Forbidden(no_right(actor, right, f"at {', '.join(sorted(missing))}").below(*path))


def require_somewhere(actor: Actor, right: Right) -> None:
    """Raises `Forbidden` where there is no site at which the actor has the right."""
    if not actor.may_somewhere(right):
        raise Forbidden(no_right(actor, right, "at a site"))


def require_everywhere(actor: Actor, right: Right) -> None:
    """Raises `Forbidden` unless the actor has the right at every site: for what all sites share."""
    if not actor.may_everywhere(right):
        raise Forbidden(no_right(actor, right, "for every site"))


def require_where_seen(
    actor: Actor, right: Right, sites: Collection[str], missing: NotFound, seen_at: Collection[str] = ()
) -> None:
    """The policy on what is at these sites: raises `missing` unless the actor sees one of them, or of `seen_at` where
    more sites may see it; then `Forbidden` unless the right is theirs at all of `sites`.
    """
    if not any(site in actor.sight for site in seen_at or sites):
        raise missing
    if not actor.may(right, sites):
        seen = sorted(site for site in sites if site in actor.sight and not actor.may(right, [site]))
        raise Forbidden(no_right(actor, right, f"at {', '.join(seen)}" if seen else "at every site concerned"))


def no_right(actor: Actor, right: Right, where: str) -> Fault:
    """That the actor lacks this right there: by the scopes of their token, or by their roles."""
    if actor.scopes is not None and right not in actor.scopes:
        detail = f"This access token isn't for that: its scopes lack {right}."
    else:
        roles = ", ".join(role for role, rights in RIGHTS.items() if right in rights)
        detail = f"It takes the right to {MEANINGS[right]} {where}, as one of these roles has it: {roles}."
    return Fault("no_right", detail, facts={"right": right})
