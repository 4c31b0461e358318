"""Recalls against production and shipment, with real threads and commits.

Whatever is made of a recalled lot is in the recall, and whatever of it was shipped is known to it.
"""

from datetime import UTC, datetime
from threading import Barrier
from time import sleep
from uuid import UUID

import pytest
from attrs import evolve

from application.traceability.close_recall import CloseRecall
from application.traceability.open_recall import OpenRecall
from application.traceability.queries import TracedLot
from domain.access.rights import EVERYWHERE
from domain.shared.errors import DomainError
from domain.traceability.genealogy import Direction
from domain.traceability.origin import LotsOrigin
from domain.traceability.recall import Recall
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.traceability.models import RecalledLot
from tests.core.plant import made, received, shipped, used
from tests.database import Database, in_threads
from tests.factories.checks import LONG, attempted, check_nobody_waited_in_a_circle, check_the_ledger_is_whole
from tests.factories.plant import ACTOR, StoredPlant

ROUNDS = 2_000 if LONG else 100
KNOWN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def plant(committed_database: Database) -> StoredPlant:
    return StoredPlant().furnish()


def recall(plant: StoredPlant, code: str, lots: set[UUID], *, mock: bool) -> Recall:
    command = OpenRecall(code, "glass", KNOWN, LotsOrigin(frozenset(lots)), mock, ACTOR, KNOWN)
    return plant.container.traceability.open_recall()(evolve(command, at=datetime.now(UTC)))


def documents(plant: StoredPlant, opened: Recall) -> set[str]:
    """The documents of everything that the recall's customers were sent."""
    customers = plant.container.traceability.recall_reader().report(opened.id, datetime.now(UTC)).customers
    return {line.document for customer in customers for each in customer.deliveries for line in each.documents}


def closure(plant: StoredPlant, lot: UUID) -> set[UUID]:
    rows = plant.container.traceability.genealogy().trace([lot], [Direction.FORWARD])
    return {row.id for row in rows if isinstance(row, TracedLot)}


@pytest.mark.parametrize("mock", [False, True], ids=["recall", "mock recall"])
def test_whatever_is_made_of_a_recalled_lot_is_in_the_recall(
    plant: StoredPlant, committed_database: Database, mock: bool
) -> None:
    """Two make a chain of lots of the suspect, each of the one before, while it is recalled."""
    names = [f"L{number}" for number in range(ROUNDS)]
    plant.record("receipt", *(received("CIDER", name, "1000") for name in names))
    suspects = dict(Lot.objects.values_list("code", "pk"))
    together = Barrier(3)
    recalls: dict[str, Recall] = {}
    late = 0

    def recall_or_make(index: int) -> int:
        made_after = 0
        for number, name in enumerate(names):
            together.wait()
            if index == 0:
                sleep(number % 11 / 1000)
                recalls[name] = recall(plant, name, {suspects[name]}, mock=mock)
                continue
            source = name
            for step in range(4):
                target = f"{name}-{index}-{step}"
                rows = used("CIDER", source, "1"), made("CIDER", target, "1")
                if isinstance(attempted(lambda rows=rows: plant.record("rework", *rows)), DomainError):
                    break
                source = target
                made_after += name in recalls
        return made_after

    _, *made_after = in_threads(3, recall_or_make)
    late = sum(made_after)
    for name in names:
        joined = set(RecalledLot.objects.filter(recall=recalls[name].id).values_list("lot", flat=True))
        assert joined == closure(plant, suspects[name])
        assert len(joined) > 1
        if not mock:
            assert not Lot.objects.filter(pk__in=joined, holds=0).exists()
    if mock:
        assert not Lot.objects.filter(holds__gt=0).exists()
    assert 0 < late < 8 * ROUNDS, "all was made on one side of the recall: that is no race"
    check_the_ledger_is_whole()
    check_nobody_waited_in_a_circle(committed_database)


@pytest.mark.parametrize("mock", [False, True], ids=["recall", "mock recall"])
def test_what_is_shipped_is_known_to_the_recall_or_refused(
    plant: StoredPlant, committed_database: Database, mock: bool
) -> None:
    """Two ship of what was made of the suspect while it is recalled: never unseen, and nothing after the hold."""
    names = [f"L{number}" for number in range(ROUNDS)]
    plant.record("receipt", *(received("JUICE", name, "1000") for name in names))
    for name in names:
        plant.record("production", used("JUICE", name, "1"), made("CIDER", name, "1000"))
    suspects = dict(Lot.objects.filter(product__code="JUICE").values_list("code", "pk"))
    together = Barrier(3)
    recalls: dict[str, Recall] = {}
    seen: dict[str, set[str]] = {}

    def recall_or_ship(index: int) -> dict[str, list[str]]:
        sent: dict[str, list[str]] = {name: [] for name in names}
        for number, name in enumerate(names):
            together.wait()
            if index == 0:
                sleep(number % 11 / 1000)
                recalls[name] = recall(plant, name, {suspects[name]}, mock=mock)
                seen[name] = documents(plant, recalls[name])
                continue
            for turn in range(6):
                document = f"{name}-{index}-{turn}"
                answer = attempted(
                    lambda name=name, document=document: plant.record(
                        "shipment", shipped("CIDER", name, "1"), document=document
                    )
                )
                if isinstance(answer, DomainError):
                    assert [fault.code for fault in answer.faults] == ["not_usable"]
                    break
                sent[name].append(document)
        return sent

    _, *shipments = in_threads(3, recall_or_ship)
    before = after = 0
    for name in names:
        shipped_by_now = {document for sent in shipments for document in sent[name]}
        assert documents(plant, recalls[name]) == shipped_by_now
        before += bool(seen[name])
        after += len(shipped_by_now - seen[name])
        if not mock:
            assert seen[name] == shipped_by_now, "something left after the recall had its holds"
    assert before > 0, "the recall came first each time: that is no race"
    refused = sum(len(sent[name]) < 6 for sent in shipments for name in names)
    assert after if mock else refused, "all was shipped before the recall: that is no race"
    check_the_ledger_is_whole()
    check_nobody_waited_in_a_circle(committed_database)


def test_the_report_that_is_stored_is_of_one_moment(plant: StoredPlant, committed_database: Database) -> None:
    """Two ship from a lot while its recall is closed: its figures and its customers' tell the same."""
    names = [f"L{number}" for number in range(ROUNDS // 4)]
    plant.record("receipt", *(received("CIDER", name, "1000") for name in names))
    recalls = {name: recall(plant, name, {plant.lot("CIDER", name).id}, mock=True).id for name in names}
    closing = plant.container.traceability.close_recall()
    together = Barrier(3)

    def close_or_ship(index: int) -> None:
        for number, name in enumerate(names):
            together.wait()
            if index == 0:
                sleep(number % 5 / 1000)
                closing(CloseRecall(recalls[name], "Exercise.", None, ACTOR, datetime.now(UTC)))
                continue
            for _ in range(12):
                plant.record("shipment", shipped("CIDER", name, "1"))

    in_threads(3, close_or_ship)
    reports = plant.container.traceability.recall_reports()
    sent: list[int] = []
    for name in names:
        shown = reports.of(recalls[name], EVERYWHERE, datetime.now(UTC)).report
        (lot,) = shown.lots
        assert (lot.difference, lot.shipped) == (
            0,
            sum(each.shipped for own in shown.customers for each in own.deliveries),
        )
        sent.append(int(lot.shipped))
    assert any(0 < shipped_then < 24 for shipped_then in sent), "nothing was shipped meanwhile: that is no race"
    check_nobody_waited_in_a_circle(committed_database)


def test_of_eight_who_open_the_same_recall_one_does(plant: StoredPlant) -> None:
    plant.record("receipt", received("CIDER", "1", "1"))
    lot = plant.lot("CIDER", "1").id
    answers = in_threads(8, lambda _: attempted(lambda: recall(plant, "R-1", {lot}, mock=False)))
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [answer.faults[0].code for answer in refused] == ["code_taken"] * 7
    assert plant.lot("CIDER", "1").holds == 1
