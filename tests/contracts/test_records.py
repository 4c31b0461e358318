"""What everybody may expect of where records of the catalog are kept, of every kind."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve, fields, frozen

from application.catalog.change_record import ChangeRecord, ChangeRecordHandler
from application.catalog.ports import Key, Records
from application.catalog.remove_record import RemoveRecord, RemoveRecordHandler
from application.shared.errors import NotFound, StaleWrite
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import DateMarking, Product, ProductClass
from domain.catalog.record import Record
from domain.catalog.site import Site
from domain.production.campaign import CampaignState
from domain.shared.errors import Refused
from domain.shared.money import Money
from domain.shared.quantity import Unit
from tests.adapters.memory import key_of
from tests.contracts.worlds import ACTOR, AT, OnMemory, OnPostgresql, World
from tests.core.plant import PRODUCTS, SITES, campaign, codes, destroyed, new_id, product, received, shipped


def use_in_a_campaign(world: World, **names: Any) -> None:
    plan = {"state": CampaignState.PLANNED, "target": None, **names}
    with world.committed():
        world.campaigns.add([campaign("USES IT", **plan)])


def use_in_a_line(world: World, site: Site) -> None:
    with world.committed():
        world.records[Line].add([Line(new_id(), site.code, "L", "Line")])


def use_in_a_shipment(world: World, partner: Partner) -> None:
    world.record("receipt", received("CIDER", "1", "1"))
    world.record("shipment", shipped("CIDER", "1", "1"), partner=partner.code)


def use_in_a_loss(world: World, operator: Operator) -> None:
    world.record("receipt", received("CIDER", "1", "1"))
    world.record("loss", destroyed("CIDER", "1", "1"), operator=operator.code)


@frozen
class Sample:
    """A record with something in every attribute, one with as little as may be, and what uses a record."""

    full: Record
    bare: Record
    use: Callable[[World, Any], None]


SAMPLES = [
    Sample(
        Product(
            new_id(),
            "BRUT (75 cl) / nature",
            "Cider, brut",
            "Cidre brut « nature »",
            ProductClass.FINISHED,
            Unit.of("LTR"),
            "123456789.123456789",
            Money("123456789012.123456", "EUR"),
            DateMarking.USE_BY,
            "03760123456789",
            ("sulphites", "œufs"),
            version=4,
        ),
        product("BARE", "raw", "GRM", None),
        lambda world, record: use_in_a_campaign(world, product=record),
    ),
    Sample(
        Site(
            new_id(),
            "NORD",
            "Le Nord",
            positive_release=True,
            ships_past_best_before=False,
            signs_decisions=True,
            holds_returns=False,
            second_person=True,
            version=3,
        ),
        Site(new_id(), "BARE", "b"),
        use_in_a_line,
    ),
    Sample(
        Line(new_id(), "A", "Ligne n° 3", "Third", version=3),
        Line(new_id(), "A", "BARE", "b"),
        lambda world, record: use_in_a_campaign(world, line=record.code),
    ),
    Sample(
        Partner(
            new_id(),
            "O'Hara",
            "O'Hara & fils",
            PartnerRole.SUPPLIER,
            "1 rue\nHaute",
            "3012345678900",
            "+33 1",
            version=3,
        ),
        Partner(new_id(), "BARE", "b", PartnerRole.CUSTOMER),
        use_in_a_shipment,
    ),
    Sample(Operator(new_id(), "élise", "Élise", version=3), Operator(new_id(), "BARE", "b"), use_in_a_loss),
]


def test_the_samples_are_of_all_kinds_and_full() -> None:
    assert {type(sample.full) for sample in SAMPLES} == {Product, Site, Line, Partner, Operator}
    for sample in SAMPLES:
        for attribute in fields(type(sample.full)):
            assert getattr(sample.full, attribute.name) != attribute.default


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample.full).__name__)
class RecordsContract:
    def records(self, world: World, sample: Sample) -> Records[Any]:
        return world.records[type(sample.full)]

    def add(self, world: World, sample: Sample, *added: Record) -> Records[Any]:
        with world.committed():
            self.records(world, sample).add(added)
        return self.records(world, sample)

    def stored(self, world: World, record: Record) -> Record | None:
        return world.records[type(record)].find([key_of(record)]).get(key_of(record))

    def test_a_record_comes_back_as_it_was_added(self, world: World, sample: Sample) -> None:
        records = self.add(world, sample, sample.full, sample.bare)
        for record in (sample.full, sample.bare):
            assert records.find([key_of(record)]) == {key_of(record): record}
            with world.forgotten():
                assert records.for_update(key_of(record)) == record

    def test_of_several_those_that_exist_are_found(self, world: World, sample: Sample) -> None:
        records = self.add(world, sample, sample.full, sample.bare)
        nobody: Key = ("A", "NOBODY") if isinstance(sample.full, Line) else "NOBODY"
        keys = {key_of(sample.bare), nobody, key_of(sample.full)}
        assert records.find(keys) == {key_of(sample.bare): sample.bare, key_of(sample.full): sample.full}
        assert not records.find([])

    def test_there_is_none_of_that_key(self, world: World, sample: Sample) -> None:
        nobody: Key = ("B", "L1") if isinstance(sample.full, Line) else "bare"
        self.add(world, sample, sample.bare)
        with pytest.raises(NotFound), world.forgotten():
            self.records(world, sample).for_update(nobody)
        assert not self.records(world, sample).find([nobody])

    def test_none_are_added(self, world: World, sample: Sample) -> None:
        self.add(world, sample)
        assert self.stored(world, sample.full) is None

    def test_a_code_is_taken_once(self, world: World, sample: Sample) -> None:
        self.add(world, sample, sample.bare)
        other = evolve(sample.full, code=sample.bare.code)
        with pytest.raises(Refused) as refused:
            self.add(world, sample, evolve(sample.full), evolve(other, id=new_id()))
        assert codes(refused) == ["code_taken"]
        assert self.stored(world, sample.bare) == sample.bare
        assert self.stored(world, sample.full) is None

    def test_a_change_of_everything_is_kept(self, world: World, sample: Sample) -> None:
        records = self.add(world, sample, sample.bare)
        changed = evolve(sample.full, id=sample.bare.id, code=sample.bare.code)
        with world.committed():
            records.save(changed)
        assert self.stored(world, sample.bare) == changed

    def test_a_change_back_to_nothing_is_kept(self, world: World, sample: Sample) -> None:
        records = self.add(world, sample, sample.full)
        emptied = evolve(sample.bare, id=sample.full.id, code=sample.full.code)
        with world.committed():
            records.save(emptied)
        assert self.stored(world, sample.full) == emptied

    def test_what_nothing_names_is_removed(self, world: World, sample: Sample) -> None:
        records = self.add(world, sample, sample.full, sample.bare)
        with world.committed():
            records.remove(sample.full)
        assert self.stored(world, sample.full) is None
        assert self.stored(world, sample.bare) == sample.bare

    def test_what_is_in_use_stays(self, world: World, sample: Sample) -> None:
        records = self.add(world, sample, sample.full, sample.bare)
        sample.use(world, sample.full)
        with pytest.raises(Refused) as refused, world.committed():
            records.remove(sample.full)
        assert codes(refused) == ["in_use"]
        assert self.stored(world, sample.full) == sample.full

    def test_what_is_not_committed_is_forgotten(self, world: World, sample: Sample) -> None:
        records = self.add(world, sample, sample.bare)
        with world.forgotten():
            records.add([sample.full])
            records.save(evolve(sample.bare, name="Other"))
        assert self.stored(world, sample.full) is None
        assert self.stored(world, sample.bare) == sample.bare
        with world.forgotten():
            records.remove(sample.bare)
        assert self.stored(world, sample.bare) == sample.bare

    def test_who_saw_an_older_version_changes_nothing(self, world: World, sample: Sample) -> None:
        records, key = self.add(world, sample, sample.bare), key_of(sample.bare)
        change = ChangeRecordHandler(world.unit_of_work, records)
        first = change(ChangeRecord(key, {"name": "First"}, 1, ACTOR, AT))
        assert first == evolve(sample.bare, name="First", version=2)
        with pytest.raises(StaleWrite):
            change(ChangeRecord(key, {"name": "Second"}, 1, ACTOR, AT))
        with pytest.raises(StaleWrite):
            RemoveRecordHandler(world.unit_of_work, records)(RemoveRecord(key, 1, ACTOR, AT))
        assert self.stored(world, sample.bare) == first


class LinesContract:
    def test_a_line_is_found_at_its_own_site_alone(self, world: World) -> None:
        here, there = (Line(new_id(), site, "PRESS", f"Press of {site}") for site in ("A", "B"))
        with world.committed():
            world.records[Line].add([here, there])
        assert world.records[Line].find([("A", "PRESS")]) == {("A", "PRESS"): here}
        with world.forgotten():
            assert world.records[Line].for_update(("B", "PRESS")) == there


class ProductUseContract:
    def test_a_product_is_in_use_from_its_first_movement_for_ever(self, world: World) -> None:
        apple, sugar = PRODUCTS["APPLE"].id, PRODUCTS["SUGAR"].id
        assert not world.product_use.has_movements(apple)
        received_apples = world.record("receipt", received("APPLE", "1", "1"))
        assert world.product_use.has_movements(apple)
        world.reverse(received_apples)
        assert world.product_use.has_movements(apple)
        assert not world.product_use.has_movements(sugar)
        assert not world.product_use.has_movements(SITES["A"].id)


class TestOnMemory(OnMemory, RecordsContract):
    """The fake."""


class TestOnPostgresql(OnPostgresql, RecordsContract):
    """The adapter."""


class TestMoreOnMemory(OnMemory, LinesContract, ProductUseContract):
    """The fakes."""


class TestMoreOnPostgresql(OnPostgresql, LinesContract, ProductUseContract):
    """The adapters."""
