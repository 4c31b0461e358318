"""Races for lots and operations, with real threads and commits: nothing is used twice, nothing is made twice."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from application.shared.receipts import Answer, AnswerOnce, Request
from domain.production.entry import OperationEntry
from domain.production.lot import Disposition
from domain.production.operation import Operation
from domain.shared.errors import DomainError, Refused
from infrastructure.persistence.production import ledger_store
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.production.models import Operation as OperationTable
from infrastructure.persistence.shared.models import Receipt
from infrastructure.persistence.shared.receipts import DjangoReceipts
from tests.core.plant import destroyed, found, made, operation, received, returned, shipped, used
from tests.database import Database, in_threads
from tests.factories.checks import (
    LONG,
    attempted,
    check_nobody_waited_in_a_circle,
    check_the_ledger_is_whole,
    refusals,
)
from tests.factories.plant import StoredPlant

ROUNDS = 100 if LONG else 10


@pytest.fixture
def plant(committed_database: Database) -> StoredPlant:
    stored = StoredPlant().furnish()
    stored.record("receipt", received("APPLE", "1", "100"), received("CIDER", "1", "1000"))
    return stored


@pytest.mark.parametrize("campaign", [None, "SPRING"])
def test_thirty_two_consume_one_lot_and_exactly_what_fits_succeeds(
    plant: StoredPlant, committed_database: Database, campaign: str | None
) -> None:
    def consume(index: int) -> object:
        outputs = made("JUICE", f"J{index % 4}", "7")
        entry = operation("production", used("APPLE", "1", "7"), outputs, campaign=campaign)
        return attempted(lambda: plant.take(entry))

    answers = in_threads(32, consume)
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(refused) == 32 - 100 // 7
    for refusal in refused:
        assert isinstance(refusal, Refused)
        (fault,) = refusal.faults
        assert fault.code == "not_enough"
        assert (fault.facts["left"], fault.facts["unit"]) == ("2", "KGM")
        assert fault.path == ("operations", 0, "movements", 0, "quantity")
    assert plant.on_hand("APPLE", "1") == "2"
    check_the_ledger_is_whole()
    check_nobody_waited_in_a_circle(committed_database)


def test_sixteen_make_the_same_lot_at_once_and_it_is_one(plant: StoredPlant, committed_database: Database) -> None:
    in_threads(16, lambda index: plant.record("receipt", received("SUGAR", "NEW", "1.5")))
    assert Lot.objects.filter(code="NEW").count() == 1
    assert plant.on_hand("SUGAR", "NEW") == "24"
    check_the_ledger_is_whole()
    check_nobody_waited_in_a_circle(committed_database)


def test_nobody_waits_in_a_circle_for_lots_named_in_another_order(
    plant: StoredPlant, committed_database: Database
) -> None:
    """Neither for lots that exist nor for those that several make at once."""

    def fill(index: int) -> None:
        for batch in range(2):
            codes = [f"{batch}-{lot}" for lot in range(1000)]
            rows = [received("SUGAR", code, "2") for code in (codes if index % 2 else reversed(codes))]
            plant.record("receipt", *rows)
            plant.record("loss", *(destroyed("SUGAR", row.lot, "1") for row in reversed(rows)))

    in_threads(3, fill)
    assert set(Lot.objects.filter(product__code="SUGAR").values_list("on_hand", flat=True)) == {3}
    check_the_ledger_is_whole()
    check_nobody_waited_in_a_circle(committed_database)


def test_new_lots_are_stored_in_an_order_that_is_the_same_for_all(
    plant: StoredPlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who make the same lots in opposite orders wait for each other, but rarely: so the order is looked at."""
    stored: list[str] = []

    def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        everything = list(rows)
        stored.extend(row[columns.index("code")] for row in everything if table == "lot")
        original(table, columns, everything)

    original = ledger_store.copy_rows
    monkeypatch.setattr(ledger_store, "copy_rows", copy_rows)
    plant.record("receipt", *(received("SUGAR", code, "1") for code in ("C", "A", "D", "B")))
    assert stored == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    "entry",
    [
        operation("receipt", received("SUGAR", "NEW", "1")),
        operation("production", used("APPLE", "1", "60"), made("JUICE", "NEW", "50"), campaign="SPRING"),
    ],
)
def test_eight_record_the_same_operation_and_it_has_one_effect(plant: StoredPlant, entry: OperationEntry) -> None:
    answers = in_threads(8, lambda index: plant.take(entry))
    assert sorted(map(len, answers)) == [0] * 7 + [1]
    assert OperationTable.objects.filter(pk=entry.id).count() == 1
    check_the_ledger_is_whole()


def test_of_eight_with_one_id_and_eight_contents_one_is_taken(plant: StoredPlant) -> None:
    entry = operation("loss", destroyed("APPLE", "1", "1"))
    answers = in_threads(8, lambda index: attempted(lambda: plant.take(evolve(entry, document=f"no. {index}"))))
    assert refusals(answers) == ["operation_exists"] * 7
    assert plant.on_hand("APPLE", "1") == "99"


@pytest.mark.parametrize("kind", ["loss", "receipt"])
def test_an_operation_is_taken_back_once(plant: StoredPlant, kind: str) -> None:
    for round_ in range(ROUNDS):
        row = destroyed("APPLE", "1", "1") if kind == "loss" else received("SUGAR", f"S{round_}", "1")
        original = plant.record(kind, row).id
        answers = in_threads(2, lambda _index, original=original: attempted(lambda: plant.reverse(original)))
        assert [answer.reverses for answer in answers if isinstance(answer, Operation)] == [original]
        assert refusals(answers) == ["already_reversed"]
    check_the_ledger_is_whole()


def test_an_operation_is_put_right_once(plant: StoredPlant) -> None:
    for _ in range(ROUNDS):
        original = plant.record("loss", destroyed("APPLE", "1", "0.001"))

        def correct(index: int, original: UUID = original.id) -> object:
            if index == 0:
                return attempted(lambda: plant.reverse(original))
            right = operation("loss", destroyed("APPLE", "1", f"0.00{1 + index}"))
            return attempted(lambda: plant.correct(original, right))

        assert refusals(in_threads(3, correct)) == ["already_reversed"] * 2
    check_the_ledger_is_whole()


def test_what_comes_back_is_what_was_shipped(plant: StoredPlant) -> None:
    shipment = plant.record("shipment", shipped("CIDER", "1", "10"))

    def bring_back(index: int) -> object:
        if index == 0:
            return attempted(lambda: plant.reverse(shipment.id))
        return attempted(lambda: plant.record("return", returned("CIDER", "1", "3")))

    answers = in_threads(12, bring_back)
    taken = Counter(answer.kind for answer in answers if isinstance(answer, Operation))
    assert taken in ({"reversal": 1}, {"return": 3})
    assert plant.on_hand("CIDER", "1") == ("1000" if taken["reversal"] else "999")
    check_the_ledger_is_whole()


# Requests that come again


def test_ten_requests_with_one_key_have_one_effect_and_one_answer(plant: StoredPlant) -> None:
    once = AnswerOnce(DjangoReceipts())
    for round_ in range(ROUNDS):
        request = Request("ana", f"key {round_}", "f" * 64)

        def answer(index: int) -> Answer:
            recorded = plant.record("loss", destroyed("APPLE", "1", "0.5"))
            return Answer(201, (), str(recorded.id).encode())

        answers = in_threads(
            10, lambda index, request=request, work=answer: attempted(lambda: once(request, lambda: work(index)))
        )
        told = {answer for answer in answers if isinstance(answer, Answer)}
        assert len(told) == 1
        assert set(refusals(answers)) <= {"in_flight"}
        assert once(request, lambda: Answer(500, (), b"")) == told.pop()
    assert OperationTable.objects.filter(kind="loss").count() == ROUNDS
    assert Receipt.objects.count() == ROUNDS
    check_the_ledger_is_whole()


# Decisions of quality


def test_nothing_leaves_a_lot_once_it_is_rejected(plant: StoredPlant) -> None:
    for round_ in range(ROUNDS):
        lot = f"L{round_}"
        plant.record("receipt", received("CIDER", lot, "1000"))
        left: list[str] = []

        def ship_or_reject(index: int, lot: str = lot, left: list[str] = left) -> object:
            if index == 0:
                plant.decide("CIDER", lot, Disposition.REJECTED)
                left.append(plant.on_hand("CIDER", lot))
                return None
            while True:
                answer = attempted(lambda: plant.record("shipment", shipped("CIDER", lot, "1")))
                if isinstance(answer, DomainError):
                    return answer

        answers = in_threads(4, ship_or_reject)
        assert refusals(answers) == ["not_usable"] * 3
        assert plant.on_hand("CIDER", lot) == left[0]
    check_the_ledger_is_whole()


def test_a_lot_is_shipped_only_after_its_release(plant: StoredPlant) -> None:
    for round_ in range(ROUNDS):
        lot = f"L{round_}"
        plant.record("receipt", received("CIDER", lot, "10", site="CAREFUL"), site="CAREFUL")

        def ship_or_release(index: int, lot: str = lot) -> object:
            if index == 0:
                return plant.decide("CIDER", lot, Disposition.RELEASED, "CAREFUL")
            row = shipped("CIDER", lot, "1", site="CAREFUL")
            return attempted(lambda: plant.record("shipment", row, site="CAREFUL"))

        answers = in_threads(4, ship_or_release)
        assert set(refusals(answers)) <= {"not_usable"}
        shipments = [answer for answer in answers if isinstance(answer, Operation)]
        assert plant.on_hand("CIDER", lot, "CAREFUL") == str(10 - len(shipments))
    check_the_ledger_is_whole()


def test_of_several_decisions_one_is_taken(plant: StoredPlant) -> None:
    plant.record("receipt", received("CIDER", "X", "10", site="CAREFUL"), site="CAREFUL")

    def release(_index: int) -> object:
        return attempted(lambda: plant.decide("CIDER", "X", Disposition.RELEASED, "CAREFUL"))

    assert refusals(in_threads(8, release)) == ["wrong_state"] * 7


def test_what_is_counted_and_what_is_used_at_once_is_neither_lost_nor_found(plant: StoredPlant) -> None:
    def move(index: int) -> None:
        rows = {0: ("count", found), 1: ("loss", destroyed), 2: ("receipt", received), 3: ("shipment", shipped)}
        kind, row = rows[index % 4]
        for _ in range(10):
            plant.record(kind, row("CIDER", "1", "0.1"))

    in_threads(8, move)
    assert plant.on_hand("CIDER", "1") == "1000"
    check_the_ledger_is_whole()
