"""Races of holds with real threads and commits: a lot is used or held, in one order or the other, never both."""

from collections.abc import Callable
from threading import Barrier
from time import sleep
from uuid import UUID

import pytest
from django.db import connection

from domain.production.operation import Operation
from domain.shared.errors import DomainError
from infrastructure.persistence.production.models import Lot, Movement
from tests.core.plant import arrived, found, made, missing, operation, received, sent, shipped, used
from tests.database import Database, in_threads
from tests.factories.checks import (
    LONG,
    attempted,
    check_nobody_waited_in_a_circle,
    check_the_ledger_is_whole,
    refusals,
    rows,
)
from tests.factories.plant import ACTOR, AT, StoredPlant

ROUNDS = 4_000 if LONG else 200

MISCOUNTED = """
SELECT lot.id, lot.holds, count(held_lot.id) FROM lot
LEFT JOIN held_lot ON held_lot.lot_id = lot.id
    AND NOT EXISTS (SELECT FROM lifted_hold WHERE lifted_hold.held_lot_id = held_lot.id)
GROUP BY lot.id, lot.holds HAVING lot.holds <> count(held_lot.id)
"""
"""Lots whose count of holds isn't that of the holds that stand on them."""


@pytest.fixture
def plant(committed_database: Database) -> StoredPlant:
    return StoredPlant().furnish()


def ship(plant: StoredPlant, lot: str) -> Operation:
    return plant.record("shipment", shipped("CIDER", lot, "1"))


def consume(plant: StoredPlant, lot: str) -> Operation:
    return plant.record("production", used("CIDER", lot, "1"), made("POMACE", f"P{lot}", "1"))


def move(plant: StoredPlant, lot: str) -> Operation:
    return plant.record("transfer", sent("CIDER", lot, "1"), arrived("CIDER", lot, "1"))


def held_and_seen(plant: StoredPlant, lot: UUID) -> set[UUID]:
    """Put a lot on hold; answer what was recorded of it before, as the transaction sees it that holds it."""
    with plant.container.system.unit_of_work() as work:
        hold = plant.a_hold()
        plant.container.quality.holds().place(hold, [lot])
        seen = set(Movement.objects.filter(lot=lot).values_list("operation_id", flat=True))
        work.commit(by=ACTOR, at=AT)
    return seen


@pytest.mark.parametrize("use", [ship, consume, move])
def test_a_lot_is_used_before_it_is_held_and_never_after(
    plant: StoredPlant, committed_database: Database, use: Callable[[StoredPlant, str], Operation]
) -> None:
    names = [f"L{number}" for number in range(ROUNDS)]
    plant.record("receipt", *(received("CIDER", name, "1000") for name in names))
    lots = dict(Lot.objects.values_list("code", "pk"))
    together = Barrier(3)
    before: dict[UUID, set[UUID]] = {}

    def hold_or_use(index: int) -> list[object]:
        answers: list[object] = []
        for number, name in enumerate(names):
            together.wait()
            if index == 0:
                sleep(number % 7 / 1000)
                before[lots[name]] = held_and_seen(plant, lots[name])
                continue
            while not isinstance(answer := attempted(lambda name=name: use(plant, name)), DomainError):
                pass
            answers.append(answer)
        return answers

    _, *answers = in_threads(3, hold_or_use)
    assert refusals(answer for one in answers for answer in one) == ["not_usable"] * 2 * ROUNDS
    recorded: dict[UUID, set[UUID]] = {lot: set() for lot in lots.values()}
    for lot, recording in Movement.objects.filter(lot__in=recorded).values_list("lot_id", "operation_id"):
        recorded[lot].add(recording)
    assert recorded == before
    raced = sum(len(operations) > 1 for operations in before.values())
    assert raced, "the hold came first each time: that is no race"
    check_the_ledger_is_whole()
    assert rows(MISCOUNTED) == []
    check_nobody_waited_in_a_circle(committed_database)


def test_a_correction_takes_more_before_the_hold_and_never_after(
    plant: StoredPlant, committed_database: Database
) -> None:
    """And as much as before in either order."""
    names = [f"L{number}" for number in range(ROUNDS)]
    plant.record("receipt", *(received("CIDER", name, "1000") for name in names))
    lots = dict(Lot.objects.values_list("code", "pk"))
    shipments = {name: (ship(plant, name).id, ship(plant, name).id) for name in names}
    together = Barrier(2)

    def hold_or_correct(index: int) -> list[tuple[object, object]]:
        answers: list[tuple[object, object]] = []
        for number, name in enumerate(names):
            more, same = (operation("shipment", shipped("CIDER", name, quantity)) for quantity in ("2", "1"))
            together.wait()
            if index == 0:
                sleep(number % 7 / 500)
                answers.append((held_and_seen(plant, lots[name]), None))
            else:
                taking_more, taking_the_same = shipments[name]
                answers.append(
                    (
                        attempted(lambda right=more, wrong=taking_more: plant.correct(wrong, right)),
                        attempted(lambda right=same, wrong=taking_the_same: plant.correct(wrong, right)),
                    )
                )
        return answers

    held, corrected = in_threads(2, hold_or_correct)
    grown = {name for name, (more, _) in zip(names, corrected, strict=True) if isinstance(more, Operation)}
    for name, (seen, _), (more, same) in zip(names, held, corrected, strict=True):
        assert isinstance(same, Operation)
        assert refusals([more]) == ([] if name in grown else ["not_usable"])
        assert isinstance(seen, set)
        assert not isinstance(more, Operation) or more.id in seen
    assert 0 < len(grown) < ROUNDS, "always the same came first: that is no race"
    assert {plant.on_hand("CIDER", name) for name in grown} == {"997"}
    assert {plant.on_hand("CIDER", name) for name in set(names) - grown} == {"998"}
    check_the_ledger_is_whole()
    check_nobody_waited_in_a_circle(committed_database)


def test_a_receipt_is_taken_back_or_put_right_before_the_hold_and_never_after(
    plant: StoredPlant, committed_database: Database
) -> None:
    names = [f"L{number}" for number in range(ROUNDS)]
    receipts = {name: plant.record("receipt", received("CIDER", name, "1000")).id for name in names}
    lots = dict(Lot.objects.values_list("code", "pk"))
    together = Barrier(2)

    def hold_or_let_go(index: int) -> list[object]:
        answers: list[object] = []
        for number, name in enumerate(names):
            renamed = operation("receipt", received("CIDER", f"{name} anew", "1000"))
            ways = (
                (lambda name=name: plant.reverse(receipts[name])),
                (lambda name=name, renamed=renamed: plant.correct(receipts[name], renamed)),
            )
            together.wait()
            if index == 0:
                sleep(number % 7 / 1000)
                answers.append(held_and_seen(plant, lots[name]))
            else:
                answers.append(attempted(ways[number % 2]))
        return answers

    seen, answers = in_threads(2, hold_or_let_go)
    let_go = {name for name, answer in zip(names, answers, strict=True) if isinstance(answer, Operation)}
    assert refusals(answers) == ["not_usable"] * (ROUNDS - len(let_go))
    assert {name for name, before in zip(names, seen, strict=True) if before != {receipts[name]}} == let_go
    assert {name for name in names if plant.on_hand("CIDER", name) == "0"} == let_go
    assert 0 < len(let_go) < ROUNDS, "always the same came first: that is no race"
    check_the_ledger_is_whole()
    check_nobody_waited_in_a_circle(committed_database)


def test_a_part_that_is_set_apart_after_its_lot_is_held_is_held_too(
    plant: StoredPlant, committed_database: Database
) -> None:
    """And one that was set apart before isn't: a hold is of the lots that it was placed on."""
    names = [f"L{number}" for number in range(ROUNDS)]
    plant.record("receipt", *(received("CIDER", name, "1000") for name in names))
    lots = dict(Lot.objects.values_list("code", "pk"))
    together = Barrier(2)

    def hold_or_set_apart(index: int) -> list[set[UUID]]:
        answers = []
        for number, name in enumerate(names):
            together.wait()
            if index == 0:
                sleep(number % 5 / 1000)
                answers.append(held_and_seen(plant, lots[name]))
            else:
                apart = used("CIDER", name, "1"), made("CIDER", name, "1", sub_lot="pallet 1")
                answers.append({plant.record("split", *apart).id})
        return answers

    seen, apart = in_threads(2, hold_or_set_apart)
    after = [number for number in range(ROUNDS) if not apart[number] <= seen[number]]
    held = set(Lot.objects.filter(sub_lot="pallet 1", holds=1).values_list("code", flat=True))
    assert held == {names[number] for number in after}
    assert Lot.objects.filter(sub_lot="pallet 1").count() == ROUNDS
    assert 0 < len(held) < ROUNDS, "always the same came first: that is no race"
    assert rows(MISCOUNTED) == []
    check_nobody_waited_in_a_circle(committed_database)


def test_holds_of_many_lots_and_operations_on_many_never_wait_in_a_circle(
    plant: StoredPlant, committed_database: Database
) -> None:
    names = [f"L{number}" for number in range(400)]
    plant.record("receipt", *(received("SUGAR", name, "1000") for name in names))
    lots = list(Lot.objects.order_by("?").values_list("pk", flat=True))

    def hold_or_count(index: int) -> None:
        for number in range(ROUNDS // 20):
            turned = (index + number) % 2
            if index < 2:
                plant.hold(*(lots if turned else reversed(lots)))
            else:
                row = found if turned else missing
                plant.record("count", *(row("SUGAR", name, "1") for name in (names if turned else reversed(names))))

    in_threads(4, hold_or_count)
    assert set(Lot.objects.values_list("holds", flat=True)) == {2 * (ROUNDS // 20)}
    check_the_ledger_is_whole()
    assert rows(MISCOUNTED) == []
    check_nobody_waited_in_a_circle(committed_database)


def test_of_eight_who_lift_one_hold_one_does(plant: StoredPlant) -> None:
    plant.record("receipt", received("CIDER", "1", "1"))
    lot = plant.lot("CIDER", "1").id
    for holds in (1, 3):
        for _ in range(holds):
            plant.hold(lot)
        answers = in_threads(8, lambda _: attempted(lambda: plant.lift(lot)))
        assert refusals(answers) == ["not_held"] * (8 - holds)
        assert plant.lot("CIDER", "1").holds == 0


def test_holding_many_lots_takes_as_many_statements_as_holding_one(plant: StoredPlant) -> None:
    plant.record("receipt", *(received("CIDER", str(number), "1") for number in range(2_000)))
    lots = list(Lot.objects.values_list("pk", flat=True))
    with connection.execute_wrapper(count := Counted()):
        plant.hold(lots[0])
        one = count.statements
        plant.hold(*lots)
    assert count.statements == 2 * one
    assert one <= 3


class Counted:
    """How many statements were executed."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., object], *asked: object) -> object:
        self.statements += 1
        return execute(*asked)
