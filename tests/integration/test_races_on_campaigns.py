"""Races for campaigns and products: what was acknowledged is in the balance, nothing else is; masses stay."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from django.db import transaction

from application.catalog.change_record import ChangeRecord
from application.catalog.remove_record import RemoveRecord
from application.production.cancel_campaign import CancelCampaign
from application.production.plan_campaign import ReviseCampaign
from application.shared.errors import StaleWrite
from domain.production.balance import balance_document, balance_of
from domain.production.operation import Operation
from domain.production.totals import totals_of
from domain.shared.canonical import Json
from domain.shared.errors import DomainError
from infrastructure.persistence.catalog.models import Partner
from infrastructure.persistence.catalog.models import Product as ProductTable
from infrastructure.persistence.production.models import Campaign, CampaignBalance, Movement
from infrastructure.persistence.shared.refusals import understood
from tests.core.plant import (
    CAMPAIGNS,
    campaign,
    destroyed,
    lost,
    made,
    operation,
    product,
    received,
    sampled,
    used,
)
from tests.database import Database, in_threads
from tests.factories import raw
from tests.factories.checks import (
    LONG,
    attempted,
    check_campaigns_add_up,
    check_nobody_waited_in_a_circle,
    check_the_ledger_is_whole,
    refusals,
)
from tests.factories.plant import ACTOR, AT, StoredPlant

ROUNDS = 100 if LONG else 10
SPRING = CAMPAIGNS["SPRING"]


@pytest.fixture
def plant(committed_database: Database) -> StoredPlant:
    stored = StoredPlant().furnish()
    stored.record("receipt", received("APPLE", "1", "100000"), received("APPLE", "2", "100000"))
    return stored


def works(plant: StoredPlant, index: int) -> Operation | DomainError:
    """Something that changes the balance of SPRING."""
    lot = str(1 + index % 2)
    pressing = [used("APPLE", lot, "10.000001"), made("JUICE", f"T{index}", "8.5"), lost("POMACE", "0.5")]
    match index % 3:
        case 0:
            entry = operation("production", *pressing, campaign="SPRING", line="L1")
        case 1:
            entry = operation("sample", sampled("APPLE", lot, "0.25"), campaign="SPRING")
        case _:
            entry = operation("loss", destroyed("APPLE", lot, "0.125"), campaign="SPRING")
    answer = attempted(lambda: plant.take(entry))
    return answer if isinstance(answer, DomainError) else answer[0]


def figures(document: dict[str, Json]) -> dict[str, Json]:
    """What follows from the operations alone."""
    return {name: document[name] for name in balance_document(balance_of(totals_of([], {}), SPRING.product))}


def test_what_is_acknowledged_is_in_the_balance_and_nothing_else(
    plant: StoredPlant, committed_database: Database
) -> None:
    recorded: list[Operation] = []
    for version in range(1, 4 if not LONG else 20):
        documents: list[dict[str, Json]] = []
        enough = threading.Event()

        def record_or_close(
            index: int, documents: list[dict[str, Json]] = documents, enough: threading.Event = enough
        ) -> list[Operation]:
            if index == 0:
                enough.wait(30)
                documents.append(dict(plant.close("SPRING").balance.document))
                return []
            taken: list[Operation] = []
            while isinstance(answer := works(plant, index), Operation):
                taken.append(answer)
                if len(taken) == 5:
                    enough.set()
            assert refusals([answer]) == ["campaign_not_open"]
            return taken

        recorded += [operation for taken in in_threads(8, record_or_close) for operation in taken]
        pure = balance_of(totals_of(recorded, {}), SPRING.product, SPRING.target)
        assert figures(documents[0]) == balance_document(pure)
        assert documents[0]["version"] == version
        plant.reopen("SPRING")
    assert len(recorded) > 50
    check_campaigns_add_up(recorded)
    check_the_ledger_is_whole()
    check_nobody_waited_in_a_circle(committed_database)


def test_a_reversal_is_in_the_balance_or_refused(plant: StoredPlant) -> None:
    for _ in range(ROUNDS):
        wrong = works(plant, 0)
        assert isinstance(wrong, Operation)

        def reverse_or_close(index: int, wrong: Operation = wrong) -> Any:
            if index == 0:
                return plant.close("SPRING").balance.document["losses"]
            return attempted(lambda: plant.reverse(wrong.id))

        losses, answer = in_threads(2, reverse_or_close)
        plant.reopen("SPRING")
        if isinstance(answer, Operation):
            assert losses == {}
        else:
            assert refusals([answer]) == ["campaign_not_open"]
            assert losses == {"spilt": "0.5"}
            plant.reverse(wrong.id)


def test_what_was_recorded_in_sql_is_in_the_balance_or_refused_too(plant: StoredPlant) -> None:
    lot = plant.lot("APPLE", "1").pk
    for _ in range(ROUNDS):
        enough = threading.Event()

        def record_or_close(index: int, enough: threading.Event = enough) -> int:
            if index == 0:
                enough.wait(30)
                return int(str(plant.close("SPRING").balance.document["loss_total"]))
            taken = 0
            while not isinstance(attempted(lambda: lose_a_kilogram_in_sql(lot)), DomainError):
                taken += 1
                enough.set()
            return taken

        before = Movement.objects.filter(operation__campaign=SPRING.id).count()
        lost_in_balance, *lost_now = in_threads(4, record_or_close)
        assert lost_in_balance == before + sum(lost_now)
        plant.reopen("SPRING")


def lose_a_kilogram_in_sql(lot: UUID) -> None:
    with understood(), transaction.atomic():
        raw.operation(raw.movement("APPLE", lot, 1), campaign="SPRING")


def test_a_plan_is_changed_by_one_of_those_who_saw_it(plant: StoredPlant) -> None:
    def change(index: int) -> object:
        revise = plant.production.revise_campaign()
        return stale_or_changed(lambda: revise(ReviseCampaign("PLANNED", {"name": f"no. {index}"}, 1, ACTOR, AT)))

    answers = in_threads(8, change)
    (winner,) = (answer for answer in answers if answer != "stale")
    assert Campaign.objects.get(code="PLANNED").name == winner.name


def test_a_record_is_changed_by_one_of_those_who_saw_it(plant: StoredPlant) -> None:
    def change(index: int) -> object:
        work = plant.catalog.change_partner()
        return stale_or_changed(lambda: work(ChangeRecord("SHOP", {"name": f"no. {index}"}, 1, ACTOR, AT)))

    answers = in_threads(8, change)
    (winner,) = (answer for answer in answers if answer != "stale")
    assert Partner.objects.get(code="SHOP").name == winner.name


def stale_or_changed(work: Callable[[], object]) -> Any:
    try:
        return work()
    except StaleWrite:
        return "stale"


def test_a_campaign_is_closed_once(plant: StoredPlant) -> None:
    works(plant, 0)
    answers = in_threads(8, lambda index: attempted(lambda: plant.close("SPRING")))
    assert refusals(answers) == ["wrong_state"] * 7
    assert CampaignBalance.objects.count() == 1
    assert Campaign.objects.get(code="SPRING").closings == 1


def test_a_campaign_is_cancelled_or_has_operations(plant: StoredPlant) -> None:
    for round_ in range(ROUNDS):
        code = f"C{round_}"
        plant.add_campaigns(campaign(code))

        def record_or_cancel(index: int, code: str = code) -> object:
            if index == 0:
                cancel = plant.production.cancel_campaign()
                return attempted(lambda: cancel(CancelCampaign(code, "rain", ACTOR, AT)))
            return attempted(lambda: plant.record("loss", destroyed("APPLE", "1", "1"), campaign=code))

        answers = in_threads(3, record_or_cancel)
        state = Campaign.objects.get(code=code).state
        if state == "cancelled":
            assert refusals(answers) == ["campaign_not_open"] * 2
        else:
            assert (state, refusals(answers)) == ("open", ["has_operations"])


# Products


Change = Callable[[str, Decimal], object]


def changed_by_the_use_case(code: str, mass: Decimal) -> object:
    return StoredPlant().catalog.change_product()(ChangeRecord(code, {"kg_per_unit": mass}, 1, ACTOR, AT))


def changed_in_sql(code: str, mass: Decimal) -> object:
    with understood():
        return ProductTable.objects.filter(code=code).update(kg_per_unit=mass)


@pytest.mark.parametrize("change", [changed_by_the_use_case, changed_in_sql])
def test_a_mass_that_changes_meets_no_first_movement(plant: StoredPlant, change: Change) -> None:
    """Whoever is first: each movement has the mass that its product keeps."""
    for round_ in range(3 * ROUNDS):
        code = f"P{round_}"
        with plant.container.system.unit_of_work() as work:
            plant.catalog.products().add([product(code, "raw", "KGM", "1")])
            work.commit(by=ACTOR, at=AT)

        def move_or_change(index: int, code: str = code) -> object:
            if index == 0:
                return attempted(lambda: change(code, Decimal(2)))
            return plant.record("receipt", evolve(received("APPLE", f"{code}-{index}", "10"), product=code))

        changed, *receipts = in_threads(3, move_or_change)
        mass = 1 if refusals([changed]) == ["frozen"] else 2
        assert ProductTable.objects.get(code=code).kg_per_unit == mass
        assert {movement.kilograms for receipt in receipts for movement in receipt.movements} == {10 * mass}
    check_the_ledger_is_whole()


def test_a_product_is_removed_or_used(plant: StoredPlant) -> None:
    for round_ in range(ROUNDS):
        code = f"P{round_}"
        with plant.container.system.unit_of_work() as work:
            plant.catalog.products().add([product(code, "raw", "KGM", "1")])
            work.commit(by=ACTOR, at=AT)

        def move_or_remove(index: int, code: str = code) -> object:
            if index == 0:
                return attempted(lambda: plant.catalog.remove_product()(RemoveRecord(code, 1, ACTOR, AT)))
            row = evolve(received("APPLE", code, "10"), product=code)
            return attempted(lambda: plant.record("receipt", row))

        answers = in_threads(2, move_or_remove)
        removed = not ProductTable.objects.filter(code=code).exists()
        assert refusals(answers) == (["unknown_code"] if removed else ["in_use"])
    check_the_ledger_is_whole()
