"""How many statements the ledger takes: few, and the same number however much there is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from application.shared.receipts import Answer, AnswerOnce, Request
from domain.production.entry import OperationEntry
from infrastructure.persistence.production import ledger_store
from infrastructure.persistence.shared.receipts import DjangoReceipts
from tests.core.plant import by_product, destroyed, found, made, new_id, operation, received, used
from tests.database import Database
from tests.factories.plant import StoredPlant

Counting = Callable[[], Any]


@pytest.fixture
def plant(committed_database: Database) -> StoredPlant:
    stored = StoredPlant().furnish()
    stored.record("receipt", *(received("APPLE", str(lot), "100000") for lot in range(3)))
    stored.take(pressing())  # the first connection of a thread asks the server more
    return stored


def pressing(lots: int = 3, campaign: str | None = "SPRING") -> OperationEntry:
    """Some lots in, two new ones out."""
    name = new_id().hex
    inputs = [used("APPLE", str(lot), "0.5") for lot in range(lots)]
    return operation(
        "production", *inputs, made("JUICE", name, "1"), by_product("POMACE", name, "0.1"), campaign=campaign
    )


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """All statements from BEGIN to COMMIT, and COPY, which Django doesn't count."""
    copies: list[str] = []
    copy = ledger_store.copy_rows

    def counted_copy(table: str, *rest: Any) -> None:
        copies.append(f"COPY {table}")
        copy(table, *rest)

    statements: list[str] = []
    with monkeypatch.context() as patched, CaptureQueriesContext(connection) as queries:
        patched.setattr(ledger_store, "copy_rows", counted_copy)
        yield statements
    statements += [query["sql"] for query in queries] + copies


@pytest.fixture
def statements_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Counting], list[str]]:
    def statements_of(work: Counting) -> list[str]:
        with counted(monkeypatch) as statements:
            work()
        return statements

    return statements_of


def fill(plant: StoredPlant) -> None:
    """A few hundred lots and operations more, and another campaign."""
    more = (operation("receipt", received("SUGAR", new_id().hex, "1")) for _ in range(150))
    plant.take(*more, *(pressing(campaign=campaign) for campaign in ("SPRING", "SUMMER", None) for _ in range(30)))


def test_recording_takes_at_most_twelve_statements_however_much_there_is(
    plant: StoredPlant, statements_of: Callable[[Counting], list[str]]
) -> None:
    before = statements_of(lambda: plant.take(pressing()))
    assert len(before) <= 16, before
    assert sum(statement.startswith("COPY") for statement in before) == 3
    assert sum(statement in ("BEGIN", "COMMIT") for statement in before) == 2
    fill(plant)
    assert len(statements_of(lambda: plant.take(pressing()))) == len(before)


@pytest.mark.parametrize("size", [2, 50])
def test_a_batch_takes_no_more_statements_than_one_operation(
    plant: StoredPlant, statements_of: Callable[[Counting], list[str]], size: int
) -> None:
    one = statements_of(lambda: plant.take(pressing()))
    assert len(statements_of(lambda: plant.take(*(pressing() for _ in range(size))))) == len(one)


def test_an_operation_takes_no_more_statements_for_more_lines(
    plant: StoredPlant, statements_of: Callable[[Counting], list[str]]
) -> None:
    plant.record("receipt", *(received("APPLE", str(lot), "1") for lot in range(3, 100)))
    assert len(statements_of(lambda: plant.take(pressing(100)))) == len(statements_of(lambda: plant.take(pressing(1))))


def test_a_request_that_may_come_again_costs_a_little_more(
    plant: StoredPlant, statements_of: Callable[[Counting], list[str]]
) -> None:
    once = AnswerOnce(DjangoReceipts())

    def answer() -> Answer:
        plant.take(pressing())
        return Answer(201, (), b"")

    alone = statements_of(lambda: plant.take(pressing()))
    kept = statements_of(lambda: once(Request("ana", new_id().hex, "f" * 64), answer))
    # The lock, the look for a receipt and the receipt; a savepoint, and at its end the check of what is deferred.
    assert len(kept) <= len(alone) + 7, kept


def work_on_lots(plant: StoredPlant) -> dict[str, Counting]:
    """What else changes the ledger, each on something of its own."""
    wrong = plant.record("loss", destroyed("APPLE", "1", "1"), campaign="SPRING")
    to_correct = plant.record("loss", destroyed("APPLE", "2", "1"), campaign="SPRING")
    right = operation("loss", destroyed("APPLE", "2", "2"), campaign="SPRING")
    return {
        "reversing": lambda: plant.reverse(wrong.id),
        "correcting": lambda: plant.correct(to_correct.id, right),
        "counting": lambda: plant.record("count", found("APPLE", "1", "1")),
    }


def test_everything_takes_the_same_statements_however_much_there_is(
    plant: StoredPlant, statements_of: Callable[[Counting], list[str]]
) -> None:
    before = {what: len(statements_of(work)) for what, work in work_on_lots(plant).items()}
    fill(plant)
    assert {what: len(statements_of(work)) for what, work in work_on_lots(plant).items()} == before


def test_closing_takes_the_same_statements_however_much_there_is(
    plant: StoredPlant, statements_of: Callable[[Counting], list[str]]
) -> None:
    before = statements_of(lambda: plant.close("SPRING"))
    assert len(before) <= 16, before
    plant.reopen("SPRING")
    fill(plant)
    assert len(statements_of(lambda: plant.close("SPRING"))) == len(before)
