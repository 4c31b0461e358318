"""What a record has to be by its entries."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from attrs import evolve

from application.history.ports import Difference, Retold, Unlike, WrongLinks
from application.history.retelling import differing, told_state
from application.processes.keep_history import KeepHistory
from application.processes.verify_history import links_findings, records_findings, unlike_finding
from application.shared.actor import Actor
from domain.catalog.events import RecordAdded, RecordChanged, RecordRemoved
from domain.history.entry import Told, told_in
from domain.history.values import kept_attributes
from domain.production.campaign import Campaign, CampaignState
from domain.production.digest import lot_digest, lots_digest
from domain.production.entry import OperationEntry
from domain.production.events import (
    CampaignClosed,
    CampaignOpened,
    CampaignPlanned,
    CampaignReopened,
    OperationRecorded,
)
from domain.shared.events import Event
from domain.shared.signature import Signature
from domain.traceability.events import RecallClosed, RecallLogged, RecallOpened, RecallSigned
from domain.traceability.origin import LotsOrigin
from domain.traceability.recall import LogEntry, Recall
from tests.adapters.history import MemoryChains
from tests.adapters.memory import Memory
from tests.core.plant import (
    CAMPAIGNS,
    PRODUCTS,
    STAMP,
    Plant,
    in_euros,
    made,
    new_id,
    operation,
    received,
    reversal_of,
    used,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
CIDER = PRODUCTS["CIDER"]
SPRING = evolve(CAMPAIGNS["SPRING"], state=CampaignState.PLANNED)
OPEN = evolve(SPRING, state=CampaignState.OPEN)
SIGNATURE = Signature("ana", "I agree", AT)


def told(*events: Event) -> list[Told]:
    """What is told of these events."""
    memory = Memory()
    KeepHistory(MemoryChains(memory)).enter(events, Actor("ana"), AT)
    return [told_in(chain, entry.document) for chain, entry in memory.entries]


def wrong(record: Any, *events: Event, kind: str = "campaign") -> list[str]:
    """What is wrong with a record by these events; with nothing, where it isn't there."""
    entries = tuple(enumerate(told(*events), 1))
    stored = None if record is None else kept_attributes(record)
    findings = list(records_findings([Retold(kind, "X", entries, stored)]))
    return [finding.code for finding in findings]


def test_a_record_is_what_was_added_with_what_was_changed_since() -> None:
    dry = evolve(CIDER, name="Dry cider", gtin="7", version=2)
    events = (RecordAdded(CIDER), RecordChanged(CIDER, dry))
    assert wrong(dry, *events, kind="product") == []
    assert wrong(CIDER, *events, kind="product") == ["product_altered"]
    assert list(differing(told_state(told(*events)) or {}, kept_attributes(CIDER))) == ["gtin", "name"]
    assert wrong(evolve(dry, version=9), *events, kind="product") == []


def test_what_is_gone_was_removed() -> None:
    assert wrong(None, RecordAdded(CIDER), kind="product") == ["product_gone"]
    assert wrong(None, RecordAdded(CIDER), RecordRemoved(CIDER), kind="product") == []
    assert wrong(CIDER, RecordAdded(CIDER), RecordRemoved(CIDER), kind="product") == ["product_not_entered"]


def test_what_was_stored_without_the_history_is_counted() -> None:
    alone = [Retold(kind, "X", (), {}) for kind in ("site", "line", "line")]
    assert [finding.detail for finding in records_findings(alone)] == [
        "1 of the records called site are in no entry.",
        "2 of the records called line are in no entry.",
    ]


def test_a_record_that_cannot_be_read_is_altered() -> None:
    entries = tuple(enumerate(told(RecordAdded(CIDER))))
    (finding,) = records_findings([Retold("product", "CIDER", entries, {})])
    assert (finding.code, finding.detail) == ("product_altered", "Product CIDER can't be read any more.")


def test_attributes_that_came_with_a_later_version_are_not_compared() -> None:
    state = told_state(told(RecordAdded(CIDER))) or {}
    del state["gtin"]
    assert list(differing(state, kept_attributes(CIDER))) == []
    assert list(differing({**state, "colour": "red"}, kept_attributes(CIDER))) == []


def test_a_campaign_is_where_its_entries_left_it() -> None:
    closed = evolve(OPEN, state=CampaignState.CLOSED, closings=1)
    closing = CampaignClosed(closed, 1, "f" * 64, "", SIGNATURE)
    life = [CampaignPlanned(SPRING), CampaignOpened(OPEN), closing, CampaignReopened(closed, "late", SIGNATURE)]
    reopened = evolve(closed, state=CampaignState.OPEN)
    for campaign, so_far in ((SPRING, 1), (OPEN, 2), (closed, 3), (reopened, 4)):
        assert wrong(campaign, *life[:so_far]) == []
    others: list[Campaign] = [evolve(reopened, closings=2), closed, evolve(reopened, name="Y"), SPRING]
    assert [wrong(other, *life) for other in others] == [["campaign_altered"]] * 4


def test_a_campaign_stays_what_it_was_when_its_product_changes() -> None:
    assert wrong(evolve(SPRING, product=evolve(SPRING.product, name="Dry")), CampaignPlanned(SPRING)) == []
    assert wrong(evolve(SPRING, product=PRODUCTS["MILK"]), CampaignPlanned(SPRING)) == ["campaign_altered"]


def test_a_recall_is_what_was_opened_and_closed_whatever_is_noted_of_it() -> None:
    opened = Recall(new_id(), "R-1", "glass", AT, LotsOrigin(frozenset({new_id()})), False, AT, "ana")
    note = LogEntry.note(new_id(), opened.id, "Opened.", AT, "bea")
    closed = opened.closed("none found", AT, "ana", SIGNATURE)
    events = (RecallOpened(opened), RecallLogged("R-1", note), RecallClosed(closed, "f" * 64))
    assert wrong(opened, *events[:2], kind="recall") == []
    assert wrong(closed, *events, kind="recall") == []
    forged = [
        evolve(closed, conclusion="some found"),
        evolve(closed, signature=None),
        evolve(closed, closed_by="bea"),
        opened,
    ]
    assert [wrong(other, *events, kind="recall") for other in forged] == [["recall_altered"]] * 4


def test_a_recall_is_signed_once_as_was_entered() -> None:
    suspects = LotsOrigin(frozenset({new_id()}))
    opened = Recall(new_id(), "R-1", "glass", AT, suspects, False, AT, "ana", signature_due=True)
    signed = opened.signed(SIGNATURE)
    events = RecallOpened(opened), RecallSigned(opened, signed)
    assert wrong(opened, *events[:1], kind="recall") == []
    assert wrong(signed, *events, kind="recall") == []
    closed = signed.closed("none found", AT, "ana", SIGNATURE)
    assert wrong(closed, *events, RecallClosed(closed, "f" * 64), kind="recall") == []
    assert wrong(signed, RecallOpened(signed), kind="recall") == []
    forged = [
        opened,
        evolve(signed, opening_signature=evolve(SIGNATURE, name="bea")),
        evolve(signed, opening_signature=None),
        evolve(signed, signature_due=True),
    ]
    assert [wrong(other, *events, kind="recall") for other in forged] == [["recall_altered"]] * 4
    assert wrong(signed, *events[:1], kind="recall") == ["recall_altered"]


def test_what_is_unlike_its_entry_is_told_of_in_words() -> None:
    finding = unlike_finding(Unlike("site/A", 7, "lot", "Lot CIDER 1", Difference.ALTERED))
    assert (finding.code, finding.detail) == ("lot_altered", "Lot CIDER 1: not as it was entered.")
    assert [each.code for each in links_findings(WrongLinks(2, 1))] == ["links_missing", "links_astray"]
    assert list(links_findings(WrongLinks(0, 0))) == []


# What entries tell of lots


def test_the_hash_of_a_lot_is_of_its_lines() -> None:
    plant = Plant()
    receipt = plant.record("receipt", received("APPLE", "1", "10", supplier_lot="F-7", unit_cost=None))
    lot = plant.lot("APPLE", "1")
    lines = f"A\nAPPLE\n1\n\n\n{receipt.id}\n\n\nF-7\n\nEUR\nstandard"
    assert lot_digest(lot) == sha256(lines.encode()).hexdigest()
    one, other = new_id(), new_id()
    assert lots_digest([other, one]) == lots_digest([one, other]) == sha256(f"{one}\n{other}".encode()).hexdigest()


def lots_told(*events: OperationRecorded) -> list[list[Any]]:
    memory = Memory()
    KeepHistory(MemoryChains(memory)).enter(events, Actor("ana"), AT)
    return [json.loads(entry.document)["after"]["lots"] for _, entry in memory.entries]


def recorded_in(plant: Plant, *entries: OperationEntry) -> list[OperationRecorded]:
    """What is told of operations of one transaction."""
    with plant.transaction(*entries) as ledger:
        for entry in entries:
            ledger.record(entry, STAMP)
    return [event for event in ledger.events if isinstance(event, OperationRecorded)]


def test_an_operation_tells_of_lots_that_it_made_or_made_another_of() -> None:
    plant = Plant()
    plant.record("receipt", received("APPLE", "1", "10"))
    (pressed,) = recorded_in(plant, operation("production", used("APPLE", "1", "4"), made("JUICE", "7", "3")))
    (undone,) = recorded_in(plant, reversal_of(plant.operations[pressed.operation]))
    juice = plant.lot("JUICE", "7")
    assert [[left.id for left in event.lots] for event in (pressed, undone)] == [[juice.id], [juice.id]]
    assert juice.made_by is None
    assert pressed.lots[0].digest != undone.lots[0].digest == lot_digest(juice)


def test_the_last_operation_of_a_transaction_tells_of_a_lot() -> None:
    plant = Plant()
    dear = received("SUGAR", "1", "3", unit_cost=in_euros("2"))
    first, second = recorded_in(plant, operation("receipt", received("SUGAR", "1", "3")), operation("receipt", dear))
    (lot,) = second.lots
    assert first.lots
    assert lots_told(first, second) == [[], [[str(lot.id), "released", lot.digest]]]
    assert len(lots_told(first)[0]) == 1
