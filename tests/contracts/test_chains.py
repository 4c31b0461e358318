"""What everybody may expect of chains."""

import json
from datetime import datetime, timedelta

from domain.history.chain import Entry, Head, findings, hash_of
from domain.history.entry import Change, Subject, Whence, document_of, not_before
from domain.shared.canonical import moment
from tests.contracts.worlds import ACTOR, AT, OnMemory, OnPostgresql, World
from tests.core.plant import received


def document(reason: str, at: datetime = AT) -> bytes:
    return document_of(Change("", Subject("lot", "7"), "released", reason=reason), Whence("ana"), at)


ONE, TWO, THREE, FOUR = map(document, ("1", "2", 'é " \\ \n 3', "4"))


def chains_of(world: World) -> dict[str, tuple[Head, list[Entry]]]:
    return {head.chain: (head, list(entries)) for head, entries in world.chains.read()}


class ChainsContract:
    def test_documents_come_to_the_ends_of_their_chains_in_their_order(self, empty_world: World) -> None:
        with empty_world.committed():
            empty_world.chains.add([("b", ONE), ("a", TWO), ("b", THREE)])
        with empty_world.committed():
            empty_world.chains.add([("b", FOUR)])
        found = chains_of(empty_world)
        assert {
            chain: [(entry.number, entry.document) for entry in entries] for chain, (_, entries) in found.items()
        } == {
            "a": [(1, TWO)],
            "b": [(1, ONE), (2, THREE), (3, FOUR)],
        }
        assert [list(findings(head, entries)) for head, entries in found.values()] == [[], []]

    def test_the_time_never_runs_back(self, empty_world: World) -> None:
        behind, ahead = AT - timedelta(hours=1), AT + timedelta(microseconds=1)
        odd = 'é " \\ \n \t \x01 \u2028 🍎 {"at":"2000-01-01T00:00:00.000000Z"}'
        with empty_world.committed():
            empty_world.chains.add([("a", document("1")), ("a", document(odd, behind)), ("b", document("3", behind))])
        with empty_world.committed():
            empty_world.chains.add([("a", document("4", behind)), ("a", document("5", ahead)), ("a", document("6"))])
        found = chains_of(empty_world)
        assert [list(findings(head, entries)) for head, entries in found.values()] == [[], []]
        (_, own), (_, other) = found["a"], found["b"]
        assert [entry.document for entry in own] == [
            document("1"),
            not_before(moment(AT), document(odd, behind)),
            not_before(moment(AT), document("4", behind)),
            document("5", ahead),
            not_before(moment(ahead), document("6")),
        ]
        assert [entry.clock for entry in own] == [AT, behind, behind, ahead, AT]
        assert [entry.document for entry in other] == [document("3", behind)]

    def test_an_entry_covers_the_one_before(self, empty_world: World) -> None:
        with empty_world.committed():
            empty_world.chains.add([("a", ONE), ("a", ONE)])
        head, (first, second) = chains_of(empty_world)["a"]
        assert second.sha256 == hash_of(first.sha256, "a", 2, ONE)
        assert head == Head("a", 2, second.sha256)

    def test_what_is_not_committed_is_not_entered(self, empty_world: World) -> None:
        with empty_world.forgotten():
            empty_world.chains.add([("a", ONE)])
        assert chains_of(empty_world) == {}

    def test_a_use_case_enters_what_it_did(self, world: World) -> None:
        world.record("receipt", received("APPLE", "1", "1"))
        ((_, (entry,)),) = [found for chain, found in chains_of(world).items() if chain == "site/A"]
        said = json.loads(entry.document)
        assert (said["action"], said["actor"], said["subject"]["kind"]) == ("recorded", ACTOR.name, "operation")


class TestInMemory(OnMemory, ChainsContract):
    pass


class TestOnPostgresql(OnPostgresql, ChainsContract):
    pass
