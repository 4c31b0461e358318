"""What is in sight."""

from django.db.models import Q

from domain.access.rights import Sight


def in_sight(sight: Sight, site: str) -> Q:
    """The condition that a row is in sight, by where the code of its site stands."""
    return Q() if sight.sites is None else Q(**{f"{site}__in": sight.sites})
