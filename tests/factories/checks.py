"""What has to be true of the ledger whatever happened, looked up past the product's own readers."""

from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from django.db import connection
from hypothesis import settings

from domain.production.balance import balance_document, balance_of
from domain.production.operation import Operation
from domain.production.totals import totals_of
from domain.shared.errors import DomainError
from infrastructure.persistence.production.models import Lot
from infrastructure.persistence.production.totals import DjangoTotalsReader
from tests.core.plant import CAMPAIGNS
from tests.database import Database

LONG = settings().max_examples > 100
"""Whether there is time to look further."""

# Facts on the left, what should follow from them on the right.
WRONG_LOTS = """
SELECT lot.id, lot.on_hand, moved.quantity FROM lot LEFT JOIN (
    SELECT lot_id, sum(CASE direction WHEN 'out' THEN quantity ELSE -quantity END) AS quantity
    FROM movement GROUP BY lot_id
) AS moved ON moved.lot_id = lot.id
WHERE lot.on_hand IS DISTINCT FROM moved.quantity OR lot.on_hand < 0
"""

WRONG_MASSES = """
SELECT movement.id FROM movement JOIN product ON product.id = movement.product_id
WHERE movement.kilograms IS DISTINCT FROM movement.quantity * product.kg_per_unit
"""

HALF_RECORDED = """
SELECT operation.id FROM operation LEFT JOIN movement ON movement.operation_id = operation.id WHERE movement.id IS NULL
UNION ALL
SELECT movement.operation_id FROM movement LEFT JOIN operation ON operation.id = movement.operation_id
WHERE operation.id IS NULL
UNION ALL
SELECT operation_id FROM movement GROUP BY operation_id HAVING count(*) <> max(position) + 1
"""


def attempted(work: Callable[[], Any]) -> Any:
    """What the work answers, or the rule that said no."""
    try:
        return work()
    except DomainError as refused:
        return refused


def refusals(answers: Iterable[object]) -> list[str]:
    """The codes of what was refused among these answers."""
    return [fault.code for answer in answers if isinstance(answer, DomainError) for fault in answer.faults]


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def check_the_ledger_is_whole() -> None:
    """Each lot holds what moved, each movement weighs what its product says, no operation is there in part."""
    assert rows(WRONG_LOTS) == []
    assert rows(WRONG_MASSES) == []
    assert rows(HALF_RECORDED) == []


def check_campaigns_add_up(recorded: Iterable[Operation]) -> None:
    """The balance that PostgreSQL sums up is that of the operations which were acknowledged, and of no others."""
    acknowledged = list(recorded)
    dispositions = dict(Lot.objects.values_list("pk", "disposition"))
    for code in ("SPRING", "SUMMER"):
        own = [operation for operation in acknowledged if operation.campaign == code]
        summed = balance_of(DjangoTotalsReader().campaign_totals(CAMPAIGNS[code].id))
        assert balance_document(summed) == balance_document(balance_of(totals_of(own, dispositions)))
        accounted = summed.output_total + summed.loss_total + summed.samples + summed.adjustments
        assert summed.input_total == accounted + summed.unaccounted


def check_nobody_waited_in_a_circle(database: Database) -> None:
    """Not once, although whoever does is made to try again."""
    name = database.name
    with psycopg.connect(database.administrator) as administrator:
        found = administrator.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = %s", [name]).fetchone()
    assert found == (0,)
