"""What everybody may expect of where lots are decided about."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from application.quality.decide_lot import DecideLot, DecideLotHandler
from application.quality.ports import LotsUnderDecision
from application.quality.queries import QualityReader
from application.shared.errors import NotFound
from application.shared.paging import PageRequest
from domain.access.rights import EVERYWHERE
from domain.catalog.site import Site
from domain.production.lot import Disposition, Lot
from domain.quality.disposition import Decision
from domain.shared.errors import Invalid, Refused
from domain.shared.signature import Signature
from infrastructure.persistence.production.models import Lot as LotTable
from infrastructure.persistence.quality.readers import DjangoQualityReader
from tests.contracts.reading import BAD_CURSORS, whole
from tests.contracts.worlds import ACTOR, AT, OnMemory, OnPostgresql, World
from tests.core.plant import codes, in_euros, made, new_id, operation, received, sampled, used
from tests.factories.access import somebody

PENDING, RELEASED, REJECTED = Disposition.PENDING, Disposition.RELEASED, Disposition.REJECTED


class LotsUnderDecisionContract:
    @pytest.fixture
    def lots(self, world: World) -> LotsUnderDecision:
        return world.lots_under_decision

    @pytest.fixture
    def waiting(self, world: World) -> Lot:
        dates = {"made_on": date(2026, 3, 1), "best_before": date(2026, 9, 1), "supplier_lot": "theirs"}
        line = received("CIDER", "1", "10", site="CAREFUL", unit_cost=in_euros("1.5"), **dates)
        world.record("receipt", line, site="CAREFUL")
        return world.lot("CIDER", "1", "CAREFUL")

    def decision(self, lot: Lot, after: Disposition, **more: Any) -> Decision:
        usual = {"before": lot.disposition, "reason": "tastes « good »", "decided_at": AT, "decided_by": "quality"}
        return Decision(id=new_id(), lot=lot.id, after=after, **{**usual, **more})

    def test_a_lot_is_shown_as_the_ledger_sees_it(self, world: World, lots: LotsUnderDecision, waiting: Lot) -> None:
        with world.forgotten():
            lot = lots.for_update(waiting.id)
        assert (lot.id, lot.key, lot.product) == (waiting.id, waiting.key, waiting.product)
        assert (lot.on_hand, lot.cost, lot.particulars()) == (waiting.on_hand, waiting.cost, waiting.particulars())
        assert lot.disposition is PENDING

    def test_there_is_none_of_that_id(self, world: World, lots: LotsUnderDecision) -> None:
        with pytest.raises(NotFound), world.forgotten():
            lots.for_update(new_id())

    def test_it_is_known_who_recorded_a_lot_and_what_it_is_part_of(self, world: World, lots: LotsUnderDecision) -> None:
        world.take(operation("receipt", received("CIDER", "1", "10")), by=somebody("ana"))
        (more,) = world.take(operation("receipt", received("CIDER", "1", "5")), by=somebody("bea"))
        part = used("CIDER", "1", "2"), made("CIDER", "1", "2", sub_lot="odd")
        world.take(operation("split", *part), by=somebody("carl"))
        world.take(operation("sample", sampled("CIDER", "1", "1")), by=somebody("dora"))
        whole, odd = world.lot("CIDER", "1"), world.lot("CIDER", "1", sub_lot="odd")
        assert lots.recorded_by(whole.id) == {"ana", "bea"}
        assert lots.recorded_by(odd.id) == {"ana", "bea", "carl"}
        world.reverse(more)
        assert lots.recorded_by(whole.id) == {"ana"}

    def test_a_decision_takes_effect_and_is_kept(self, world: World, lots: LotsUnderDecision, waiting: Lot) -> None:
        released, rejected = self.decision(waiting, RELEASED), self.decision(waiting, REJECTED, before=RELEASED)
        for decision in (released, rejected):
            with world.committed():
                lots.decide(decision)
            assert world.lot("CIDER", "1", "CAREFUL").disposition is decision.after

    def test_what_is_not_committed_is_forgotten(self, world: World, lots: LotsUnderDecision, waiting: Lot) -> None:
        with world.forgotten():
            lots.decide(self.decision(waiting, RELEASED))
        assert world.lot("CIDER", "1", "CAREFUL").disposition is PENDING

    def test_another_lot_is_left_alone(self, world: World, lots: LotsUnderDecision, waiting: Lot) -> None:
        world.record("receipt", received("CIDER", "2", "10", site="CAREFUL"), site="CAREFUL")
        with world.committed():
            lots.decide(self.decision(waiting, RELEASED))
        assert world.lot("CIDER", "2", "CAREFUL").disposition is PENDING

    def test_a_decision_that_comes_too_late_is_refused(
        self, world: World, lots: LotsUnderDecision, waiting: Lot
    ) -> None:
        handler = DecideLotHandler(world.unit_of_work, lots, world.records[Site], world.ids)
        first = handler(DecideLot(waiting.id, RELEASED, "tastes good", None, ACTOR, AT))
        with pytest.raises(Refused) as refused:
            handler(DecideLot(waiting.id, RELEASED, "tastes good", None, ACTOR, AT))
        assert codes(refused) == ["wrong_state"]
        assert first == evolve(self.decision(waiting, RELEASED, reason="tastes good", decided_by="typist"), id=first.id)


class TestOnMemory(OnMemory, LotsUnderDecisionContract):
    """The fake."""


class TestOnPostgresql(OnPostgresql, LotsUnderDecisionContract):
    """The adapter."""

    @pytest.fixture
    def reader(self) -> QualityReader:
        return DjangoQualityReader()

    def test_what_is_kept_is_read_the_latest_first(
        self, world: World, lots: LotsUnderDecision, waiting: Lot, reader: QualityReader
    ) -> None:
        signature = Signature("quality", "I tasted it", AT)
        kept = [
            self.decision(waiting, RELEASED, signature=signature),
            self.decision(waiting, REJECTED, before=RELEASED),
            self.decision(waiting, RELEASED, before=REJECTED),
        ]
        for decision in kept:
            with world.committed():
                lots.decide(decision)
        with world.forgotten():
            lots.decide(self.decision(waiting, REJECTED, before=RELEASED))
        assert whole(lambda request: reader.decisions(waiting.id, request, EVERYWHERE)) == kept[::-1]

    @pytest.mark.parametrize("cursor", BAD_CURSORS)
    def test_a_cursor_is_one_that_was_given(self, waiting: Lot, reader: QualityReader, cursor: str) -> None:
        for read in (reader.decisions, reader.holds):
            with pytest.raises(Invalid) as refused:
                read(waiting.id, PageRequest(cursor=cursor), EVERYWHERE)
            assert codes(refused) == ["bad_cursor"]

    def test_nothing_is_read_of_a_lot_that_there_isn_t(self, world: World, reader: QualityReader) -> None:
        for read in (reader.decisions, reader.holds):
            with pytest.raises(NotFound):
                read(new_id(), PageRequest(), EVERYWHERE)

    def test_the_lot_has_another_version(self, world: World, lots: LotsUnderDecision, waiting: Lot) -> None:
        before = LotTable.objects.get(pk=waiting.id).version
        with world.committed():
            lots.decide(self.decision(waiting, RELEASED))
        assert LotTable.objects.get(pk=waiting.id).version == before + 1
