"""What everybody may expect of the book of references."""

import pytest
from attrs import evolve

from domain.catalog.product import Product
from domain.production.references import Codes, References
from tests.contracts.worlds import OnMemory, OnPostgresql, World
from tests.core.plant import CAMPAIGNS, PRODUCTS, REFERENCES, SITES


class ReferenceBookContract:
    def test_everything_that_exists_is_found_as_it_was_stored(self, world: World) -> None:
        stored = {code: campaign for code, campaign in CAMPAIGNS.items() if code != "CLOSED"}
        codes = Codes(
            products=frozenset(PRODUCTS),
            sites=frozenset(SITES),
            lines=frozenset(REFERENCES.lines),
            partners=frozenset(REFERENCES.partners),
            operators=frozenset(REFERENCES.operators),
            campaigns=frozenset(stored),
        )
        assert world.references.look_up(codes) == evolve(REFERENCES, campaigns=stored)

    def test_what_does_not_exist_is_missing(self, world: World) -> None:
        nobody = frozenset({"NOBODY"})
        codes = Codes(
            products=nobody,
            sites=nobody,
            lines=frozenset({("B", "L1"), ("A", "L9"), ("NOBODY", "L1")}),
            partners=nobody,
            operators=nobody,
            campaigns=nobody,
        )
        assert world.references.look_up(codes) == References()

    @pytest.mark.parametrize("codes", [Codes(), Codes(sites=frozenset({"A"})), Codes(campaigns=frozenset({"SPRING"}))])
    def test_nothing_is_found_but_what_was_asked_for(self, world: World, codes: Codes) -> None:
        found = world.references.look_up(codes)
        assert found.sites.keys() == codes.sites
        assert found.campaigns.keys() == codes.campaigns
        assert not any((found.products, found.lines, found.partners, found.operators))

    def test_a_campaign_comes_with_its_product_as_it_is_now(self, world: World) -> None:
        named_anew = evolve(PRODUCTS["CIDER"], name="Brut", version=2)
        with world.committed():
            world.records[Product].save(named_anew)
        found = world.references.look_up(Codes(campaigns=frozenset({"SPRING"})))
        assert found.campaigns["SPRING"] == evolve(CAMPAIGNS["SPRING"], product=named_anew)


class TestOnMemory(OnMemory, ReferenceBookContract):
    """The fake."""


class TestOnPostgresql(OnPostgresql, ReferenceBookContract):
    """The adapter."""
