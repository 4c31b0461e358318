"""What everybody may expect of who reads totals; tests/integration/test_totals.py has the pure ones beside them."""

import pytest

from application.production.queries import TotalsReader
from application.shared.errors import NotFound
from domain.production.totals import Totals
from infrastructure.persistence.production.totals import DjangoTotalsReader
from tests.contracts.worlds import OnPostgresql, World
from tests.core.plant import CAMPAIGNS, made, new_id, operation, received, used


class TotalsReaderContract:
    @pytest.fixture
    def reader(self) -> TotalsReader:
        raise NotImplementedError

    def test_nothing_has_happened_in_an_empty_campaign(self, world: World, reader: TotalsReader) -> None:
        assert reader.campaign_totals(CAMPAIGNS["SPRING"].id) == Totals()
        assert reader.campaign_totals(new_id()) == Totals()

    def test_there_is_no_operation_and_no_lot_of_that_id(self, world: World, reader: TotalsReader) -> None:
        with pytest.raises(NotFound):
            reader.operation_totals(new_id())
        with pytest.raises(NotFound):
            reader.lot_totals(new_id())

    def test_an_operation_keeps_its_totals_when_it_is_reversed(self, world: World, reader: TotalsReader) -> None:
        world.record("receipt", received("APPLE", "1", "10"))
        pressed = world.record("production", used("APPLE", "1", "10"), made("JUICE", "T", "9"), campaign="SPRING")
        before = reader.operation_totals(pressed.id)
        world.reverse(pressed)
        assert {net.side for net in before.nets} == {"input", "output"}
        assert reader.operation_totals(pressed.id) == before
        assert reader.campaign_totals(CAMPAIGNS["SPRING"].id) == Totals()

    def test_what_is_not_committed_counts_for_nothing(self, world: World, reader: TotalsReader) -> None:
        world.record("receipt", received("APPLE", "1", "10"))
        with world.forgotten():
            pressing = operation("production", used("APPLE", "1", "10"), campaign="SPRING")
            world.store.append(world.ledger(pressing))
            assert reader.campaign_totals(CAMPAIGNS["SPRING"].id) != Totals()
        assert reader.campaign_totals(CAMPAIGNS["SPRING"].id) == Totals()


class TestOnPostgresql(OnPostgresql, TotalsReaderContract):
    """The adapter."""

    @pytest.fixture
    def reader(self) -> TotalsReader:
        return DjangoTotalsReader()
