"""What everybody may expect of the book of balances."""

from datetime import datetime
from uuid import UUID

import pytest
from attrs import evolve

from application.shared.errors import Overtaken
from domain.catalog.site import Site
from domain.production.campaign import Campaign, CampaignState
from domain.production.closing import StoredBalance
from domain.production.lot import LotKey
from domain.shared.canonical import Json, sha256_of
from tests.contracts.worlds import AT, OnMemory, OnPostgresql, World
from tests.core.plant import CAMPAIGNS, by_product, found, made, operation, received, used
from tests.factories.access import somebody

SPRING = CAMPAIGNS["SPRING"]


def stored(version: int, document: dict[str, Json], closed_at: datetime = AT) -> StoredBalance:
    return StoredBalance(SPRING.id, version, document, sha256_of(document), closed_at)


def close(world: World, balance: StoredBalance, campaign: Campaign = SPRING) -> None:
    """Store a balance as closing does."""
    closed = evolve(campaign, state=CampaignState.CLOSED, closings=balance.version, version=campaign.version + 1)
    with world.committed():
        world.balances.store(balance)
        world.campaigns.save(closed)


def reopen(world: World) -> None:
    with world.committed():
        world.campaigns.save(evolve(world.campaigns.find(["SPRING"])["SPRING"], state=CampaignState.OPEN))


def careful(world: World) -> World:
    """A site A that waits for the release of everything it makes."""
    with world.committed():
        site = world.records[Site].for_update("A")
        world.records[Site].save(evolve(site, positive_release=True))
    world.record("receipt", received("APPLE", "1", "100"), received("CIDER", "bought", "10"))
    return world


class BalanceBookContract:
    def test_a_balance_comes_back_as_it_was_stored(self, world: World) -> None:
        document: dict[str, Json] = {
            "campaign": "SPRING",
            "numbers": ["0.1", "100000000000000000000.000000001"],
            "nothing": None,
            "nested": {'é " \\ \n \u2028 😀': {"Z": 1, "a": True}, "": []},
        }
        balance = stored(1, document, AT.replace(microsecond=123456))
        close(world, balance)
        assert world.stored_balances(SPRING.id) == (balance,)
        assert sha256_of(world.stored_balances(SPRING.id)[0].document) == balance.sha256

    def test_it_is_known_who_recorded_what_stands_in_the_campaign(self, world: World) -> None:
        world.take(operation("receipt", received("APPLE", "1", "100")), by=somebody("ana"))
        for name, lot in (("bea", "S1"), ("carl", "S2")):
            lines = used("APPLE", "1", "10"), made("SUGAR", lot, "10")
            (last,) = world.take(operation("production", *lines, campaign="SPRING"), by=somebody(name))
        assert world.balances.recorded_by(SPRING.id) == {"bea", "carl"}
        world.reverse(last)
        assert world.balances.recorded_by(SPRING.id) == {"bea"}
        assert world.balances.recorded_by(CAMPAIGNS["SUMMER"].id) == frozenset()

    def test_versions_stand_beside_each_other(self, world: World) -> None:
        first, second = stored(1, {"version": 1}), stored(2, {"version": 2})
        close(world, first)
        reopen(world)
        close(world, second)
        assert world.stored_balances(SPRING.id) == (first, second)
        assert world.stored_balances(CAMPAIGNS["SUMMER"].id) == ()

    def test_a_version_is_stored_once(self, world: World) -> None:
        close(world, stored(1, {"first": 1}))
        with pytest.raises(Overtaken):
            close(world, stored(1, {"second": 2}))
        assert world.stored_balances(SPRING.id) == (stored(1, {"first": 1}),)

    def test_what_is_not_committed_is_forgotten(self, world: World) -> None:
        with world.forgotten():
            world.balances.store(stored(1, {}))
        assert world.stored_balances(SPRING.id) == ()

    # Lots that wait

    def waiting(self, world: World, campaign: UUID = SPRING.id) -> tuple[LotKey, ...]:
        return world.balances.waiting_lots(campaign)

    def test_finished_lots_that_the_campaign_made_wait_in_the_order_of_their_codes(self, world: World) -> None:
        movements = made("MILK", "2", "1"), made("CIDER", "10", "1"), made("CIDER", "9", "1"), made("JUICE", "T", "1")
        careful(world).record("production", used("APPLE", "1", "1"), *movements, campaign="SPRING")
        world.record("production", used("APPLE", "1", "1"), by_product("MILK", "1", "1"), campaign="SPRING")
        assert self.waiting(world) == tuple(
            LotKey("A", product, lot)
            for product, lot in (("CIDER", "10"), ("CIDER", "9"), ("MILK", "1"), ("MILK", "2"))
        )
        assert self.waiting(world, CAMPAIGNS["SUMMER"].id) == ()

    def test_a_lot_that_another_made_waits_once_the_campaign_puts_something_in(self, world: World) -> None:
        careful(world).record("production", used("CIDER", "bought", "1"), made("JUICE", "T", "1"), campaign="SPRING")
        assert self.waiting(world) == ()
        world.record("count", found("CIDER", "bought", "1"), campaign="SPRING")
        world.record("count", found("CIDER", "bought", "1"), campaign="SPRING")
        assert self.waiting(world) == (LotKey("A", "CIDER", "bought"),)

    def test_what_was_reversed_leaves_no_lot_waiting(self, world: World) -> None:
        campaign = {"campaign": "SPRING"}
        wrong = operation("production", used("APPLE", "1", "1"), made("CIDER", "1", "1"), **campaign)
        (recorded,) = careful(world).take(wrong)
        world.record("production", used("APPLE", "1", "1"), made("CIDER", "2", "1"), **campaign)
        world.reverse(recorded)
        assert self.waiting(world) == (LotKey("A", "CIDER", "2"),)

    def test_released_lots_do_not_wait(self, world: World) -> None:
        world.record("receipt", received("APPLE", "1", "100"))
        world.record("production", used("APPLE", "1", "1"), made("CIDER", "1", "1"), campaign="SPRING")
        assert self.waiting(world) == ()


class TestOnMemory(OnMemory, BalanceBookContract):
    """The fake."""


class TestOnPostgresql(OnPostgresql, BalanceBookContract):
    """The adapter."""
