"""Who may do what with a campaign."""

from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.permissions import require_where_seen
from domain.access.rights import Right
from domain.production.campaign import Campaign


def check_campaign(actor: Actor, right: Right, campaign: Campaign) -> None:
    """Raises `NotFound` for a campaign of a site that the actor doesn't see, `Forbidden` without the right there."""
    require_where_seen(actor, right, [campaign.site], NotFound("campaign", campaign.code))
