"""A trace begins with at least one lot; where there is none, what describes it says so."""

from datetime import timedelta

import pytest

from application.shared.errors import NotFound
from application.traceability.starting_lots import starting_lots
from domain.access.rights import EVERYWHERE
from domain.catalog.line import Line
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.site import Site
from domain.shared.errors import Invalid
from domain.traceability.origin import CampaignOrigin, DocumentOrigin, LineOrigin, LotsOrigin, Origin, SupplierLotOrigin
from tests.adapters.memory import Memory
from tests.adapters.traceability import MemoryGenealogyReader
from tests.core.cases import for_each
from tests.core.plant import CAMPAIGNS, NOON, SITES, new_id, told

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def genealogy() -> MemoryGenealogyReader:
    """Give the genealogy of a plant that has done nothing yet."""
    records = {
        Site: dict(SITES),
        Line: {("A", "L1"): Line(new_id(), "A", "L1", "Line")},
        Partner: {"SUPPLIER": Partner(new_id(), "SUPPLIER", "Supplier", PartnerRole.SUPPLIER)},
    }
    return MemoryGenealogyReader(Memory(records=records, campaigns=dict(CAMPAIGNS)))


@for_each(
    ("origin", "code", "named"),
    [
        (SupplierLotOrigin("NOBODY", "F-7"), "unknown_code", "supplier"),
        (SupplierLotOrigin("SUPPLIER", "F-7"), "no_lots", "supplier_lot"),
        (CampaignOrigin("AUTUMN"), "unknown_code", "campaign"),
        (CampaignOrigin("SPRING"), "no_lots", "campaign"),
        (DocumentOrigin("SO-1", "NOBODY"), "unknown_code", "partner"),
        (DocumentOrigin("SO-1", "SUPPLIER"), "no_lots", "document"),
        (LineOrigin("Z", "L1", NOON, LATER), "unknown_code", "site"),
        (LineOrigin("B", "L1", NOON, LATER), "unknown_code", "line"),
        (LineOrigin("A", "L1", NOON, LATER), "no_lots", "line"),
        (LineOrigin("A", "L1", NOON, NOON), "empty_period", "until"),
    ],
)
def test_what_describes_no_lot_is_named(
    genealogy: MemoryGenealogyReader, origin: Origin, code: str, named: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        starting_lots(genealogy, origin, EVERYWHERE)
    assert told(refusal.value.faults) == [(code, (named,))]


def test_a_lot_by_its_id_is_simply_not_there(genealogy: MemoryGenealogyReader) -> None:
    with pytest.raises(NotFound):
        starting_lots(genealogy, LotsOrigin(frozenset({new_id()})), EVERYWHERE)
