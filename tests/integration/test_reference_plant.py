"""The plant to measure on has what it says it has."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from application.traceability.queries import TracedLot
from domain.traceability.genealogy import Direction
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.traceability.genealogy_reader import DjangoGenealogyReader
from infrastructure.persistence.traceability.reference_plant import Part, lot_code, parts_of
from tests.database import Database
from tests.factories.checks import check_the_ledger_is_whole

INPUTS = 5


def depths(part: Part) -> list[int]:
    """The depth of each lot that the first one of a part leads to."""
    first = Lot.objects.get(code=lot_code(part.first)).pk
    rows = DjangoGenealogyReader().trace([first], [Direction.FORWARD])
    return [row.depth for row in rows if isinstance(row, TracedLot)]


def test_every_part_leads_to_as_many_lots_as_it_says(committed_database: Database) -> None:
    said = StringIO()
    call_command("make_reference_plant", "--lots", "12000", "--edges", str(12_000 * INPUTS), stdout=said)
    parts = parts_of(12_000, INPUTS)
    assert {part.shape for part in parts} >= {"mesh", "heel"}
    assert said.getvalue() == f"{Lot.objects.count()} lots made\n"
    assert 11_000 < Lot.objects.count() <= 12_000
    for part in parts[:6]:
        found = depths(part)
        assert len(found) == part.size + 1
        assert part.shape != "heel" or max(found) == 300
    check_the_ledger_is_whole()
    with pytest.raises(CommandError, match="There is a site REFERENCE already"):
        call_command("make_reference_plant", "--lots", "1000", "--edges", "5000")


def test_a_hub_leads_to_ten_thousand_at_once() -> None:
    (hub,) = [part for part in parts_of(100_000, INPUTS) if part.shape == "hub"]
    assert hub.size == 10_000


@pytest.mark.parametrize(("lots", "edges"), [(0, 10), (999, 9_990), (1_000, 1_000), (1_000, 200_000)])
def test_what_is_no_such_plant_is_refused(committed_database: Database, lots: int, edges: int) -> None:
    with pytest.raises(CommandError, match="From"):
        call_command("make_reference_plant", "--lots", str(lots), "--edges", str(edges))
    assert not Lot.objects.exists()
