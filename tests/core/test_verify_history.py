"""Verifying says what is wrong with the history and with what it tells of, and where."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from application.history.checkpoints import Checkpoints, Published
from application.history.ports import Count, DatabaseSchema, KeptDocument, Unchecked, Unentered, WrongLot
from application.history.schema import schema_findings, schema_in, schema_text
from application.processes.verify_history import (
    VerifyHistoryHandler,
    document_findings,
    lot_finding,
    unchecked_notes,
    unentered_findings,
)
from domain.history.chain import Finding, Head
from domain.history.entry import Change, Subject, Whence, document_of
from domain.production.digest import operation_digest
from domain.production.operation import Operation, Stamp
from tests.adapters.history import MemoryChains, MemoryFacts, MemorySchemas, ReversedSeals
from tests.adapters.memory import Memory
from tests.core.plant import Plant, new_id, received

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(findings: Iterable[Finding]) -> list[tuple[str, int, str]]:
    return [(finding.chain, finding.number, finding.code) for finding in findings]


# What single facts give


def test_a_site_is_told_of_once_however_much_was_put_in() -> None:
    assert told(unentered_findings(Unentered("A", 5, 0))) == [("site/A", 0, "operations_not_entered")]
    assert told(unentered_findings(Unentered("A", 0, 3))) == [("site/A", 0, "movements_without_operation")]


@pytest.mark.parametrize(
    ("hashes", "found"),
    [
        (("a", "a", "a"), []),
        (("b", "a", "a"), ["document_altered"]),
        (("a", "b", "a"), ["document_altered"]),
        (("b", "b", "a"), ["document_altered"]),
        ((None, None, "a"), ["document_gone"]),
    ],
)
def test_a_document_has_the_hash_beside_it_and_that_of_its_entry(
    hashes: tuple[str | None, str | None, str], found: list[str]
) -> None:
    document = KeptDocument("campaign/SPRING", 7, "Balance 1 of SPRING", *hashes)
    assert [finding.code for finding in document_findings(document)] == found


def test_a_document_without_an_entry_is_found() -> None:
    document = KeptDocument("plant", 0, "The report of recall R-1", "a", "a", None)
    assert told(document_findings(document)) == [("plant", 0, "document_not_entered")]


def test_a_lot_is_told_of_with_both_figures() -> None:
    wrong = lot_finding(WrongLot("A", "APPLE 1", Count.ON_HAND, Decimal("2.50"), Decimal(3)))
    assert wrong.detail == "Lot APPLE 1 has 2.5 on hand, and 3 by its movements."
    assert lot_finding(WrongLot("A", "7", Count.ON_HAND, None, Decimal(3))).code == "lot_gone"


# All of it


def found(memory: Memory, published: Published | None = None) -> list[tuple[str, int, str]]:
    findings: list[Finding] = []
    handler = VerifyHistoryHandler(MemoryChains(memory), MemoryFacts(memory), MemorySchemas())
    assert handler(published or {}, findings.append).findings == len(findings)
    return told(findings)


def test_a_chain_that_was_published_and_is_gone_is_found() -> None:
    assert found(Memory(), {"site/A": {3: "f" * 64}}) == [("site/A", 3, "cut_off")]


@pytest.fixture
def recorded() -> Operation:
    return Plant().record("receipt", received("APPLE", "1", "10"))


def now(recorded: Operation, *stored: Operation) -> Memory:
    """The history tells that this operation was recorded, and these are stored."""
    memory = Memory(operations={one.id: one for one in stored})
    _enter(memory, recorded, recorded.recorded.at)
    return memory


def _enter(memory: Memory, recorded: Operation, at: datetime) -> None:
    said = {"sha256": operation_digest(recorded), "lots": []}
    change = Change("site/A", Subject("operation", str(recorded.id)), "recorded", None, said)
    MemoryChains(memory).add([(change.chain, document_of(change, Whence(recorded.recorded.by), at))])


def enter(memory: Memory, recorded: Operation, clock: datetime | None = None) -> None:
    """Store an operation, and enter it by what the clock said: its own time, unless another is given."""
    memory.operations[recorded.id] = recorded
    _enter(memory, recorded, clock or recorded.recorded.at)


def test_an_operation_that_is_as_it_was_entered_is_fine(recorded: Operation) -> None:
    assert found(now(recorded, recorded)) == []


def test_whatever_else_an_operation_says_or_moved_is_found(recorded: Operation) -> None:
    (movement,) = recorded.movements
    others = (
        evolve(recorded, document="another"),
        evolve(recorded, movements=(evolve(movement, quantity=Decimal(11)),)),
        evolve(recorded, movements=()),
        evolve(recorded, movements=(movement, evolve(movement, position=1))),
        evolve(recorded, recorded=Stamp(recorded.recorded.at, "another")),
        evolve(recorded, recorded=Stamp(AT, recorded.recorded.by)),
    )
    for other in others:
        assert found(now(recorded, other)) == [("site/A", 1, "operation_altered")]
    assert found(now(recorded)) == [("site/A", 1, "operation_gone")]


def test_an_operation_that_nobody_entered_is_found(recorded: Operation) -> None:
    memory = Memory(operations={recorded.id: recorded})
    assert found(memory) == [("site/A", 0, "operations_not_entered")]


def test_what_happened_while_the_clock_was_behind_is_as_it_was_entered(recorded: Operation) -> None:
    memory = now(recorded, recorded)
    later = evolve(recorded, id=new_id(), recorded=Stamp(recorded.recorded.at - timedelta(hours=1), "ana"))
    enter(memory, later)
    assert found(memory) == []
    enter(memory, evolve(later, id=new_id(), recorded=Stamp(recorded.recorded.at, "ana")), clock=later.recorded.at)
    assert [code for *_, code in found(memory)] == ["operation_altered"]


# What is compared with something else than the history


def test_what_cannot_be_compared_is_noted() -> None:
    assert list(unchecked_notes(Unchecked(0, 0, 0))) == []
    notes = list(unchecked_notes(Unchecked(3, 2, 1)))
    assert told(notes) == [("plant", 0, f"{what}_not_compared") for what in ("passwords", "tokens", "accounts")]
    assert [note.detail[0] for note in notes] == ["3", "2", "1"]


MADE = DatabaseSchema(
    {"table lot": "of owner", "trigger t of lot": "BEFORE: x"}, {"rights of application on lot": "INSERT"}
)


def test_a_schema_that_is_as_it_was_made_is_fine() -> None:
    assert list(schema_findings(MADE, MADE)) == []
    assert schema_in(schema_text(MADE)) == MADE


def test_whatever_differs_in_the_schema_is_found() -> None:
    there = DatabaseSchema(
        {"table lot": "of application", "view v": "SELECT"},
        {"rights of PUBLIC on lot": "DELETE", **(MADE.rights or {})},
    )
    findings = list(schema_findings(MADE, there))
    assert {(finding.chain, finding.number) for finding in findings} == {("database", 0)}
    assert [(finding.code, finding.detail) for finding in findings] == [
        ("schema_altered", "Table lot: not as the migrations make it (of application; they make: of owner)."),
        ("schema_gone", "Trigger t of lot: made by the migrations, and gone."),
        ("schema_added", "View v: made by no migration (SELECT)."),
        ("schema_added", "Rights of PUBLIC on lot: made by no migration (DELETE)."),
    ]


def test_rights_that_say_nothing_are_not_compared_and_that_is_noted() -> None:
    there = evolve(MADE, rights=None)
    assert list(schema_findings(MADE, there)) == []
    handler = VerifyHistoryHandler(MemoryChains(Memory()), MemoryFacts(Memory()), MemorySchemas(there, MADE))
    verified = handler({}, lambda _finding: None)
    assert (verified.findings, told(verified.notes)) == (0, [("database", 0, "rights_not_compared")])


# Checkpoints

CHECKPOINTS = Checkpoints(ReversedSeals())
HEADS = [Head("plant", 7, "a" * 64), Head("campaign/SPRING", 2, "b" * 64), Head("site/A")]


def test_a_checkpoint_is_a_line_of_canonical_json_with_its_time_and_every_head_that_has_an_entry() -> None:
    line = json.loads(CHECKPOINTS.line(HEADS, AT))
    assert line.pop("signature")
    assert line == {
        "at": "2026-03-02T12:00:00.000000Z",
        "heads": [
            {"chain": "campaign/SPRING", "number": 2, "sha256": "b" * 64},
            {"chain": "plant", "number": 7, "sha256": "a" * 64},
        ],
        "key": "backwards",
    }


def test_what_was_published_first_counts() -> None:
    lines = [CHECKPOINTS.line([Head("plant", 7, letter * 64)], AT) for letter in "ab"]
    lines.append(CHECKPOINTS.line([Head("plant", 9, "c" * 64)], AT))
    read = CHECKPOINTS.read(lines)
    assert read.published == {"plant": {7: "a" * 64, 9: "c" * 64}}
    assert read.findings == ()


def test_a_line_that_was_touched_publishes_nothing_and_is_found() -> None:
    line = CHECKPOINTS.line(HEADS, AT)
    touched = ["", "7", "{}", line[:-1], line.replace("SPRING", "SUMMER"), line.replace(":7", ":7.5")]
    read = CHECKPOINTS.read(touched)
    assert told(read.findings) == [("checkpoints", number, "forged") for number in range(1, 7)]
    assert read.published == {}
