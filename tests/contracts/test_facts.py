"""What everybody may expect of the facts that the history tells of."""

from application.history.ports import Unentered
from application.processes.verify_history import operation_findings
from domain.shared.canonical import moment
from tests.contracts.worlds import ACTOR, AT, OnMemory, OnPostgresql, World
from tests.core.plant import destroyed, operation, received


class FactsContract:
    def test_each_operation_is_as_its_entry_says(self, world: World) -> None:
        world.record("receipt", received("APPLE", "1", "10"))
        wrong = world.record("loss", destroyed("APPLE", "1", "1"), campaign="SPRING")
        reversal = world.reverse(wrong)
        entered = {one.operation: one for one in world.facts.operations()}
        stored = world.store.operations([one for one in entered if one])
        assert len(stored) == 3
        assert [finding for key in stored for finding in operation_findings(entered[key], stored[key])] == []
        assert {(one.chain, one.at, one.actor) for one in entered.values()} == {
            ("site/A", moment(AT), ACTOR.name),
            ("campaign/SPRING", moment(AT), ACTOR.name),
        }
        assert entered[reversal.id].chain == "campaign/SPRING"

    def test_what_was_recorded_is_entered_and_lots_hold_what_was_moved(self, world: World) -> None:
        world.record("receipt", received("APPLE", "1", "10"))
        assert [*world.facts.unentered(), *world.facts.wrong_lots(), *world.facts.documents()] == []

    def test_operations_that_are_not_entered_are_counted_by_their_site(self, world: World) -> None:
        entries = [operation("receipt", received("APPLE", str(lot), "10")) for lot in range(3)]
        with world.committed():
            world.posting.keep(world.ledger(*entries))
        assert list(world.facts.unentered()) == [Unentered("A", 3, 0)]
        assert list(world.facts.wrong_lots()) == []


class TestInMemory(OnMemory, FactsContract):
    pass


class TestOnPostgresql(OnPostgresql, FactsContract):
    pass
