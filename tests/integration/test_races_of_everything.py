"""A thousand random operations by sixteen threads: afterwards every sum is exact, and nobody waited in a circle."""

import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.production.entry import MovementEntry, OperationEntry
from domain.production.operation import Operation
from domain.shared.errors import DomainError
from infrastructure.persistence.production.models import Operation as OperationTable
from tests.core.plant import (
    arrived,
    by_product,
    co_product,
    destroyed,
    found,
    lost,
    made,
    missing,
    operation,
    received,
    returned,
    sampled,
    sent,
    shipped,
    used,
)
from tests.database import Database, in_threads
from tests.factories.checks import (
    LONG,
    attempted,
    check_campaigns_add_up,
    check_nobody_waited_in_a_circle,
    check_the_ledger_is_whole,
)
from tests.factories.plant import StoredPlant

THREADS = 16
EACH = 63 if not LONG else 1_000

RAW = [("APPLE", "1"), ("APPLE", "2"), ("YEAST", "1"), ("HEAVY", "1")]
MADE = [("JUICE", "T1"), ("JUICE", "T2"), ("CIDER", "1"), ("CIDER", "2"), ("MYSTERY", "1")]


class Worker:
    """Does random work on few lots, so that everybody meets; remembers what was acknowledged."""

    def __init__(self, plant: StoredPlant, seed: int) -> None:
        self.plant = plant
        self.random = random.Random(seed)  # noqa: S311 - the same work each time
        self.recorded: list[Operation] = []
        self.refused: Counter[str] = Counter()

    def work(self, times: int) -> None:
        ways: list[Callable[[], list[Operation]]] = [self.record, self.record, self.record, self.reverse, self.correct]
        for _ in range(times):
            answer = attempted(self.random.choice(ways))
            if isinstance(answer, DomainError):
                self.refused.update(fault.code for fault in answer.faults)
            else:
                self.recorded += answer

    def record(self) -> list[Operation]:
        return list(self.plant.take(*(self.entry() for _ in range(self.random.choice([1, 1, 1, 3])))))

    def reverse(self) -> list[Operation]:
        """Take back something of somebody's."""
        return [self.plant.reverse(self.earlier())]

    def correct(self) -> list[Operation]:
        """Put something of one's own right."""
        own = [operation for operation in self.recorded if operation.kind in ("loss", "sample", "count")]
        if not own:
            return self.record()
        original = self.random.choice(own)
        right = operation(original.kind, self.entry_of(original.kind), campaign=original.campaign)
        corrected = self.plant.correct(original.id, right)
        taken_back = OperationTable.objects.get(reverses=original.id).pk
        reversal = self.plant.production.ledger_store().operations([taken_back])[taken_back]
        return [reversal, corrected]

    def earlier(self) -> Any:
        recent = OperationTable.objects.order_by("-sequence").values_list("pk", flat=True)[:20]
        return self.random.choice(recent)

    def entry(self) -> OperationEntry:
        kinds = ["receipt", "production", "production", "rework", "transfer", "shipment", "return", "loss", "count"]
        kind = self.random.choice([*kinds, "sample", "merge"])
        head: dict[str, Any] = {}
        if kind in ("production", "rework", "merge", "loss", "count", "sample"):
            head["campaign"] = self.random.choice(["SPRING", "SPRING", "SUMMER", None])
        if kind in ("production", "rework", "merge"):
            head["line"] = self.random.choice(["L1", "L2", None])
            return operation(kind, *self.transformation(), **head)
        if kind == "transfer":
            lot, amount = self.random.choice(RAW + MADE), self.amount()
            start, end = self.random.sample(["A", "B"], 2)
            return operation(kind, sent(*lot, amount, site=start), arrived(*lot, amount, site=end), site=start)
        return operation(kind, self.entry_of(kind), **head)

    def entry_of(self, kind: str) -> MovementEntry:
        rows = {
            "receipt": [received],
            "shipment": [shipped],
            "return": [returned],
            "loss": [destroyed],
            "sample": [sampled],
            "count": [missing, found],
        }
        lots = RAW if kind == "receipt" else MADE
        return self.random.choice(rows[kind])(*self.random.choice(lots), self.amount())

    def transformation(self) -> list[MovementEntry]:
        inputs = self.random.sample(RAW + MADE, self.random.randint(1, 3))
        outputs = self.random.sample(MADE, self.random.randint(0, 2))
        rows = [used(*lot, self.amount()) for lot in inputs]
        rows += [self.random.choice([made, co_product, by_product])(*lot, self.amount()) for lot in outputs]
        if self.random.random() < 0.3:
            rows.append(lost(self.random.choice(["JUICE", "MYSTERY"]), self.amount()))
        self.random.shuffle(rows)
        return rows

    def amount(self) -> str:
        return str(Decimal(self.random.randint(1, 30_000_000)).scaleb(-6))


@pytest.fixture
def plant(committed_database: Database) -> StoredPlant:
    stored = StoredPlant().furnish()
    stored.record("receipt", *(received(*lot, "2000") for lot in RAW), *(received(*lot, "200") for lot in MADE))
    return stored


def test_every_sum_is_exact_whatever_the_order(plant: StoredPlant, committed_database: Database) -> None:
    workers = [Worker(plant, seed) for seed in range(THREADS)]
    in_threads(THREADS, lambda index: workers[index].work(EACH))
    recorded = [operation for worker in workers for operation in worker.recorded]
    stored = set(OperationTable.objects.values_list("pk", flat=True))
    assert {operation.id for operation in recorded} < stored
    assert len(stored) == len(recorded) + 1
    check_the_ledger_is_whole()
    check_campaigns_add_up(recorded)
    check_nobody_waited_in_a_circle(committed_database)
    # It was a day as days are: most went well, and rules said no for their various reasons.
    assert len(recorded) > THREADS * EACH / 2
    assert {operation.kind for operation in recorded} >= {"production", "transfer", "return", "reversal", "count"}
    refused = sum((worker.refused for worker in workers), Counter())
    assert refused.keys() >= {"not_enough", "already_reversed", "more_than_shipped"}
