"""The lots that a trace begins with."""

from collections.abc import Collection
from uuid import UUID

from application.shared.errors import NotFound
from application.traceability.queries import GenealogyReader
from application.traceability.suspects import in_words
from domain.access.rights import Sight
from domain.shared.errors import Fault, Invalid
from domain.traceability.origin import CampaignOrigin, DocumentOrigin, LineOrigin, LotsOrigin, Origin, SupplierLotOrigin

NAMED_BY: dict[type[Origin], str] = {
    SupplierLotOrigin: "supplier_lot",
    CampaignOrigin: "campaign",
    DocumentOrigin: "document",
    LineOrigin: "line",
}
"""What tells the lots of an origin from others."""


def starting_lots(genealogy: GenealogyReader, origin: Origin, sight: Sight) -> Collection[UUID]:
    """The lots that this describes, one at least. `NotFound` for a lot by its id.

    `Invalid` for a code that nothing has, for a period that ends before it begins, and where nothing is recorded that
    is so described: whoever mistypes a lot of a supplier's isn't told that it went nowhere. What is out of sight isn't
    there, so that nobody gets to see another site's lots by recording a document or a supplier's lot of the same name.
    From there a trace goes on wherever it leads, for one that ends at a fence would be wrong. Paths lead into the
    origin.
    """
    if isinstance(origin, LineOrigin) and origin.until <= origin.since:
        raise Invalid(Fault("empty_period", "The period ends before it begins.", ("until",)))
    try:
        lots = genealogy.lots_of(origin, sight)
    except NotFound as error:
        if isinstance(origin, LotsOrigin):
            raise
        name = "supplier" if isinstance(origin, SupplierLotOrigin) else error.what
        raise Invalid(Fault("unknown_code", str(error), (name,))) from error
    if not lots:
        raise Invalid(Fault("no_lots", f"No lot is recorded as {in_words(origin)}.", (NAMED_BY[type(origin)],)))
    return lots
