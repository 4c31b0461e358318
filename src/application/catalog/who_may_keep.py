"""Who may change the reference data: what all sites share takes the right at every site."""

from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.permissions import require, require_everywhere, require_where_seen
from domain.access.rights import Right
from domain.catalog.line import Line
from domain.catalog.record import Record
from domain.catalog.site import Site


def check_new(actor: Actor, record: Record) -> None:
    """Raises `Forbidden` unless the actor may add this record."""
    match record:
        case Site():
            require_everywhere(actor, Right.SETTINGS)
        case Line(site=site):
            require(actor, Right.CATALOG, site, path=("site",))
        case _:
            require_everywhere(actor, Right.CATALOG)


def check_change(actor: Actor, record: Record) -> None:
    """Raises `NotFound` for what is of a site out of sight, `Forbidden` without the right to change it."""
    match record:
        case Site(code=code):
            require_where_seen(actor, Right.SETTINGS, [code], NotFound("site", code))
        case Line(site=site, code=code):
            require_where_seen(actor, Right.CATALOG, [site], NotFound("line", code))
        case _:
            require_everywhere(actor, Right.CATALOG)
