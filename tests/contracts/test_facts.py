"""What everybody may expect of the facts that the history tells of."""

from datetime import date

from attrs import evolve

from application.history.ports import Difference, Unentered, WrongLinks
from application.processes.verify_history import records_findings
from domain.catalog.events import RecordAdded, RecordChanged
from domain.catalog.product import Product
from tests.contracts.worlds import ACTOR, AT, OnMemory, OnPostgresql, World
from tests.core.plant import PRODUCTS, SITES, destroyed, in_euros, made, operation, received, used


class FactsContract:
    def test_each_operation_is_as_its_entry_says(self, world: World) -> None:
        odd = """What JSON escapes, and what it doesn't: "\\" / \n \t é 🍎 }]"""
        world.record("receipt", received("APPLE", "1", "10", unit_cost=in_euros("0.10")), document=odd)
        wrong = world.record("loss", destroyed("APPLE", "1", "0.000001", reason=odd), campaign="SPRING")
        world.reverse(wrong)
        assert world.facts.operations() == 3
        assert list(world.facts.unlike()) == []

    def test_texts_that_look_like_what_an_entry_tells_are_taken_for_texts(self, world: World) -> None:
        odd = '","clock":"7","sha256":"7","lots":[["7","released","7"]],"'
        by = evolve(ACTOR, name=odd, on_behalf_of=odd)
        received_ = operation("receipt", received("APPLE", "1", "10"), reason=odd, document=odd, number=odd)
        (receipt,) = world.take(received_, by=by)
        assert receipt.reason == receipt.number == odd
        assert list(world.facts.unlike()) == []

    def test_what_was_recorded_is_entered_and_lots_hold_what_was_moved(self, world: World) -> None:
        world.record("receipt", received("APPLE", "1", "10"))
        assert [*world.facts.unentered(), *world.facts.wrong_lots(), *world.facts.documents()] == []
        assert list(world.facts.unlike()) == []
        assert world.facts.wrong_links() == WrongLinks(0, 0)

    def test_lots_are_as_the_entries_of_operations_left_them(self, world: World) -> None:
        world.record("receipt", received("APPLE", "1", "10", supplier_lot="F-7", best_before=date(2027, 1, 1)))
        pressing = world.record("production", used("APPLE", "1", "4"), made("JUICE", "7", "3"), campaign="SPRING")
        world.record("split", used("APPLE", "1", "1"), made("APPLE", "1", "1", sub_lot="X"))
        world.reverse(pressing)
        # The later operation says another thing of the lot, and is entered first: chains are, in their order.
        world.take(
            operation("production", made("JUICE", "8", "3"), campaign="SUMMER"),
            operation("production", used("APPLE", "1", "1"), made("JUICE", "8", "3"), campaign="SPRING"),
        )
        assert list(world.facts.unlike()) == []

    def test_a_record_is_as_its_entries_say(self, world: World) -> None:
        product, site = PRODUCTS["CIDER"], SITES["A"]
        dry = evolve(product, name="Dry cider", version=2)
        known = {record.code for record in (product, site)}
        with world.unit_of_work as work:
            world.records[Product].save(dry)
            work.commit(RecordAdded(product), RecordChanged(product, dry), RecordAdded(site), by=ACTOR, at=AT)
        told = [record for record in world.facts.retold() if record.entries]
        assert {record.name for record in told} == known
        assert [len(record.entries) for record in told if record.kind == "product"] == [2]
        assert list(records_findings(told)) == []
        with world.committed():
            world.records[Product].save(product)
        assert [finding.code for finding in records_findings(world.facts.retold()) if "cord" not in finding.code] == [
            "product_altered"
        ]

    def test_operations_that_are_not_entered_are_counted_by_their_site(self, world: World) -> None:
        entries = [operation("receipt", received("APPLE", str(lot), "10")) for lot in range(3)]
        with world.committed():
            world.posting.keep(world.ledger(*entries))
        assert list(world.facts.unentered()) == [Unentered("A", 3, 0)]
        assert {(unlike.chain, unlike.difference) for unlike in world.facts.unlike()} == {
            ("site/A", Difference.NOT_ENTERED)
        }
        assert list(world.facts.wrong_lots()) == []


class TestInMemory(OnMemory, FactsContract):
    pass


class TestOnPostgresql(OnPostgresql, FactsContract):
    pass
