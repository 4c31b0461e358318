"""Who may do what in a recall."""

from uuid import UUID

from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.permissions import require_where_seen
from application.traceability.ports import Recalls
from domain.access.rights import Right


def check_recall(actor: Actor, recalls: Recalls, recall: UUID) -> None:
    """Raises `NotFound` where no lot of the recall is at a site that the actor sees, and `Forbidden` unless they may
    recall at the sites of all its suspects. It follows its lots to other sites, and its owner with it.
    """
    if actor.may_everywhere(Right.RECALL):
        return
    sites = recalls.sites_of(recall)
    require_where_seen(actor, Right.RECALL, sites.suspects, NotFound("recall", recall), seen_at=sites.lots)
