"""Who may do what about a lot."""

from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.permissions import require_where_seen
from domain.access.rights import Right
from domain.production.lot import Lot


def check_lot(actor: Actor, right: Right, lot: Lot) -> None:
    """Raises `NotFound` for a lot of a site that the actor doesn't see, `Forbidden` without the right there."""
    require_where_seen(actor, right, [lot.key.site], NotFound("lot", lot.id))
