"""Who may have lots used that quality has stopped."""

from collections.abc import Iterable

from application.shared.actor import Actor
from application.shared.errors import Forbidden
from domain.production.entry import OperationEntry
from domain.shared.errors import Fault, Path

MAY_OVERRIDE = ("quality", "production_manager", "administrator")


def may_override(actor: Actor) -> bool:
    """Whether this actor has a role that may."""
    return not actor.roles.isdisjoint(MAY_OVERRIDE)


def check_overrides(actor: Actor, entries: Iterable[tuple[Path, OperationEntry]]) -> None:
    """Raises `Forbidden` for each override among these entries, at its path, unless the actor may."""
    stated = [path for path, entry in entries if entry.override]
    if stated and not may_override(actor):
        detail = f"To use what is on hold or rejected takes one of the roles {', '.join(MAY_OVERRIDE)}."
        raise Forbidden(*(Fault("may_not_override", detail, (*path, "override")) for path in stated))
