"""What everybody may expect of whoever reads the history."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.history.queries import EntryRow, HistoryFilters
from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.paging import PageRequest
from domain.access.rights import EVERYWHERE, Sight
from domain.production.lot import Disposition, LotKey
from domain.quality.disposition import Decision
from domain.quality.events import HoldLifted, LotDecided, LotsHeld
from domain.quality.holds import Hold, Lifting, Placed
from domain.shared.errors import Invalid
from domain.shared.events import Event
from tests.contracts.reading import BAD_CURSORS, whole
from tests.contracts.worlds import AT, OnMemory, OnPostgresql, World
from tests.core.plant import destroyed, operation, received

BOSS = Actor("boss")
SOON, LATER = AT + timedelta(minutes=30), AT + timedelta(hours=1)
ONE, OTHER = (LotKey("A", "APPLE", code) for code in ("1", "2"))


def enter(world: World, *events: Event, by: Actor = BOSS, at: datetime = LATER) -> None:
    with world.unit_of_work as work:
        work.commit(*events, by=by, at=at)


def told(rows: list[EntryRow]) -> list[tuple[str, str, str]]:
    """Chains, kinds of subjects and actions, the first thing that happened first."""
    changes = [row.told.change for row in reversed(rows)]
    return [(change.chain, change.subject.kind, change.action) for change in changes]


class HistoryReaderContract:
    @pytest.fixture
    def lots(self, world: World) -> tuple[UUID, UUID]:
        """Two lots that were received together and are held together; one was let go and then rejected."""
        world.record("receipt", received("APPLE", "1", "10"), received("APPLE", "2", "10"), number="R-1")
        world.record("loss", destroyed("APPLE", "2", "1"), campaign="SPRING", number="L-1")
        one, other = (world.lot("APPLE", code).id for code in ("1", "2"))
        hold = Hold(uuid4(), "glass", "these", LATER, BOSS.name)
        with world.unit_of_work as work:
            world.holds.place(hold, [one, other])
            work.commit(LotsHeld(hold, Placed(2, "f" * 64)), by=BOSS, at=LATER)
        enter(world, HoldLifted(hold, one, ONE, Lifting("seen", LATER, BOSS.name)))
        enter(world, HoldLifted(hold, other, OTHER, Lifting("seen", LATER, BOSS.name)))
        decision = Decision(uuid4(), one, Disposition.RELEASED, Disposition.REJECTED, "too old", LATER, BOSS.name)
        enter(world, LotDecided(decision, ONE), at=SOON)
        return one, other

    @pytest.mark.usefixtures("lots")
    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"campaign": "SPRING"}, [("campaign/SPRING", "operation", "recorded")]),
            ({"campaign": "NONE"}, []),
            (
                {"site": "A"},
                [
                    ("site/A", "operation", "recorded"),
                    ("campaign/SPRING", "operation", "recorded"),
                    ("site/A", "lot", "rejected"),
                ],
            ),
            ({"site": "B"}, []),
            ({"actor": "typist", "site": "A", "campaign": "SPRING"}, [("campaign/SPRING", "operation", "recorded")]),
            ({"actor": "boss", "since": LATER, "action": "placed"}, [("plant", "hold", "placed")]),
            ({"subject": ("hold", None)}, [("plant", "hold", action) for action in ("placed", "lifted", "lifted")]),
            ({"subject": ("operation", "L-1")}, [("campaign/SPRING", "operation", "recorded")]),
            ({"subject": ("operation", "")}, []),
            ({"subject": ("product", "R-1")}, []),
            ({"subject": ("lot", str(ONE)), "until": LATER}, [("site/A", "lot", "rejected")]),
            ({"action": "rejected", "since": LATER}, []),
        ],
    )
    def test_filters_leave_what_is_asked_for(
        self, world: World, filters: dict[str, Any], found: list[tuple[str, str, str]]
    ) -> None:
        wanted = HistoryFilters(**filters)
        assert told(whole(lambda request: world.history.page(wanted, request, EVERYWHERE))) == found
        assert told(list(world.history.all(wanted, EVERYWHERE))) == found

    def test_what_concerns_a_lot_is_found_by_it(self, world: World, lots: tuple[UUID, UUID]) -> None:
        one, other = lots
        actions = [action for *_, action in told(whole(lambda request: world.history.of_lot(one, request, EVERYWHERE)))]
        assert actions == ["recorded", "rejected", "placed", "lifted"]
        of_other = whole(lambda request: world.history.of_lot(other, request, EVERYWHERE))
        assert [action for *_, action in told(of_other)] == ["recorded", "recorded", "placed", "lifted"]
        lifted = HistoryFilters(lot=other, action="lifted")
        assert [row.told.change.before for row in world.history.all(lifted, EVERYWHERE)] == [
            {"lot": str(other), "key": str(OTHER)}
        ]
        by_id = HistoryFilters(subject=("lot", one))
        assert told(list(world.history.all(by_id, EVERYWHERE))) == [("site/A", "lot", "rejected")]

    def test_entries_of_a_campaign_stand_as_in_its_chain(self, world: World, lots: tuple[UUID, UUID]) -> None:
        world.take(*(operation("loss", destroyed("APPLE", "2", "1"), campaign="SPRING") for _ in range(3)))
        rows = whole(lambda request: world.history.of_campaign("SPRING", request, EVERYWHERE))
        assert [row.number for row in rows] == [4, 3, 2, 1]
        kept = {head.chain: list(entries) for head, entries in world.chains.read()}["campaign/SPRING"]
        assert [row.sha256 for row in reversed(rows)] == [entry.sha256 for entry in kept]

    def test_only_what_is_in_sight_is_read(self, world: World, lots: tuple[UUID, UUID]) -> None:
        here, elsewhere = Sight(frozenset({"A"})), Sight(frozenset({"B"}))
        seen = {row.told.change.chain for row in world.history.all(HistoryFilters(), here)}
        assert {"site/A", "campaign/SPRING"} <= seen
        assert "plant" not in seen
        assert list(world.history.all(HistoryFilters(), elsewhere)) == []
        assert world.history.page(HistoryFilters(lot=lots[0]), PageRequest(), elsewhere).items == ()
        assert len(world.history.of_lot(lots[0], PageRequest(), here).items) == 4
        with pytest.raises(NotFound):
            world.history.of_lot(lots[0], PageRequest(), elsewhere)
        with pytest.raises(NotFound):
            world.history.of_campaign("SPRING", PageRequest(), elsewhere)

    def test_who_is_not_there_has_no_history(self, world: World) -> None:
        with pytest.raises(NotFound):
            world.history.of_lot(uuid4(), PageRequest(), EVERYWHERE)
        with pytest.raises(NotFound):
            world.history.of_campaign("NONE", PageRequest(), EVERYWHERE)

    @pytest.mark.parametrize("cursor", BAD_CURSORS)
    def test_a_cursor_that_no_page_gave_is_refused(self, world: World, cursor: str) -> None:
        with pytest.raises(Invalid):
            world.history.page(HistoryFilters(), PageRequest(1, cursor), EVERYWHERE)

    def test_what_is_entered_meanwhile_comes_on_no_later_page(self, world: World, lots: tuple[UUID, UUID]) -> None:
        everything = HistoryFilters(actor=BOSS.name)
        first = world.history.page(everything, PageRequest(1), EVERYWHERE)
        before = told(list(world.history.all(everything, EVERYWHERE)))
        world.record("loss", destroyed("APPLE", "2", "1"))
        enter(world, LotsHeld(Hold(uuid4(), "again", "these", LATER, BOSS.name), Placed(1, "f" * 64)))
        rest = world.history.page(everything, PageRequest(500, first.next), EVERYWHERE)
        assert told([*first.items, *rest.items]) == before


class TestInMemory(OnMemory, HistoryReaderContract):
    pass


class TestOnPostgresql(OnPostgresql, HistoryReaderContract):
    pass
