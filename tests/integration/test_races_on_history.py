"""Whoever does something at the same moment as others: the history has all of it, in unforked chains."""

from domain.history.chain import Finding
from infrastructure.persistence.history.models import Entry
from infrastructure.persistence.production.models import Operation
from tests.core.plant import destroyed, operation, received
from tests.database import Database, in_threads
from tests.factories.plant import StoredPlant

THREADS, EACH = 8, 25


def test_everything_that_was_recorded_has_one_entry(committed_database: Database) -> None:
    plant = StoredPlant().furnish()
    plant.record("receipt", *(received("APPLE", str(lot), "1000") for lot in range(THREADS)))

    def record(index: int) -> None:
        for number in range(EACH):
            campaign = "SPRING" if number % 2 else None
            plant.take(operation("loss", destroyed("APPLE", str(index), "1"), campaign=campaign))

    in_threads(THREADS, record)
    found: list[Finding] = []
    verified = plant.container.history.verify_history()({}, found.append)
    assert (found, verified.operations) == ([], THREADS * EACH + 1)
    entered = Entry.objects.filter(subject_kind="operation").values_list("subject_id", flat=True)
    recorded = {str(key) for key in Operation.objects.values_list("pk", flat=True)}
    assert (len(entered), set(entered)) == (THREADS * EACH + 1, recorded)
