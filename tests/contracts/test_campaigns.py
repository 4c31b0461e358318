"""What everybody may expect of where campaigns are kept."""

from datetime import date

import pytest
from attrs import evolve

from application.production.plan_campaign import ReviseCampaign, ReviseCampaignHandler
from application.shared.errors import NotFound, StaleWrite
from domain.catalog.product import Product
from domain.production.campaign import Band, CampaignState
from domain.shared.errors import Refused
from domain.shared.quantity import Quantity, Unit
from tests.contracts.worlds import ACTOR, AT, OnMemory, OnPostgresql, World
from tests.core.plant import CAMPAIGNS, PRODUCTS, campaign, codes, new_id, received, used

BARE = evolve(campaign("BARE", CampaignState.PLANNED), target=None)
FULL = evolve(
    campaign("FULL, with a comma", CampaignState.PLANNED),
    name="Été à la cidrerie",
    line="L1",
    planned_from=date(2026, 3, 1),
    planned_to=date(2026, 3, 31),
    target=Quantity("123456789012.123456", Unit.of("C62")),
    band=Band("94.999999", "100.5"),
    version=7,
)


class CampaignsContract:
    @pytest.mark.parametrize("stated", [BARE, FULL, *(CAMPAIGNS[state] for state in ("PLANNED", "OPEN", "CANCELLED"))])
    def test_a_campaign_comes_back_as_it_was_added(self, world: World, stated: object) -> None:
        campaign = evolve(stated, id=new_id(), code=f"{stated.code} again")
        with world.committed():
            world.campaigns.add([campaign])
        assert world.campaigns.find([campaign.code]) == {campaign.code: campaign}
        with world.forgotten():
            assert world.campaigns.for_update(campaign.code) == campaign

    def test_several_are_added_and_found_at_once(self, world: World) -> None:
        with world.committed():
            world.campaigns.add([BARE, FULL])
        assert world.campaigns.find(["FULL, with a comma", "NOBODY", "BARE"]) == {"BARE": BARE, FULL.code: FULL}

    def test_none_are_added_and_found(self, world: World) -> None:
        with world.committed():
            world.campaigns.add([])
        assert not world.campaigns.find([])

    def test_there_is_none_of_that_code(self, world: World) -> None:
        assert not world.campaigns.find(["NOBODY", "spring", ""])
        with pytest.raises(NotFound), world.forgotten():
            world.campaigns.for_update("spring")

    def test_a_code_is_taken_once(self, world: World) -> None:
        with pytest.raises(Refused) as refused, world.committed():
            world.campaigns.add([BARE, evolve(FULL, code="SPRING")])
        assert codes(refused) == ["code_taken"]
        assert not world.campaigns.find(["BARE"])
        assert world.campaigns.find(["SPRING"])["SPRING"] == CAMPAIGNS["SPRING"]

    def test_a_change_of_everything_is_kept(self, world: World) -> None:
        changed = evolve(FULL, id=BARE.id, product=PRODUCTS["MILK"], state=CampaignState.OPEN, code="BARE")
        with world.committed():
            world.campaigns.add([BARE])
        with world.committed():
            world.campaigns.save(changed)
        assert world.campaigns.find(["BARE"]) == {"BARE": changed}

    def test_a_change_back_to_nothing_is_kept(self, world: World) -> None:
        with world.committed():
            world.campaigns.add([FULL])
        emptied = evolve(BARE, id=FULL.id, code=FULL.code)
        with world.committed():
            world.campaigns.save(emptied)
        assert world.campaigns.find([FULL.code]) == {FULL.code: emptied}

    def test_what_is_not_committed_is_forgotten(self, world: World) -> None:
        with world.forgotten():
            world.campaigns.add([BARE])
            world.campaigns.save(evolve(CAMPAIGNS["SPRING"], name="Other"))
        assert world.campaigns.find(["BARE", "SPRING"]) == {"SPRING": CAMPAIGNS["SPRING"]}

    def test_it_shows_its_product_as_it_is_now(self, world: World) -> None:
        named_anew = evolve(PRODUCTS["CIDER"], name="Brut", version=2)
        with world.committed():
            world.records[Product].save(named_anew)
        assert world.campaigns.find(["SPRING"])["SPRING"].product == named_anew
        with world.forgotten():
            assert world.campaigns.for_update("SPRING").product == named_anew

    def test_it_has_operations_while_one_stands(self, world: World) -> None:
        spring, summer = CAMPAIGNS["SPRING"].id, CAMPAIGNS["SUMMER"].id
        world.record("receipt", received("APPLE", "1", "10"))
        assert not world.campaigns.has_operations(spring)
        pressed = world.record("production", used("APPLE", "1", "1"), campaign="SPRING")
        assert world.campaigns.has_operations(spring)
        assert not world.campaigns.has_operations(summer)
        world.reverse(pressed)
        assert not world.campaigns.has_operations(spring)

    def test_who_saw_an_older_version_changes_nothing(self, world: World) -> None:
        handler = ReviseCampaignHandler(world.unit_of_work, world.campaigns, world.references, world.ids)
        first = handler(ReviseCampaign("PLANNED", {"name": "First"}, 1, ACTOR, AT))
        with pytest.raises(StaleWrite):
            handler(ReviseCampaign("PLANNED", {"name": "Second"}, 1, ACTOR, AT))
        assert world.campaigns.find(["PLANNED"]) == {"PLANNED": first}
        assert (first.name, first.version) == ("First", 2)


class TestOnMemory(OnMemory, CampaignsContract):
    """The fake."""


class TestOnPostgresql(OnPostgresql, CampaignsContract):
    """The adapter."""
