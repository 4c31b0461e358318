"""What PostgreSQL counted of its tables may be wrong by any factor; the work stays in proportion to what is recorded.

So it is while a first import runs after one that failed: its tables were counted when nothing was in them.
"""

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from application.history.queries import HistoryFilters
from application.production.record_operations import RecordOperations
from application.shared.paging import PageRequest
from config.container import Container
from domain.access.rights import EVERYWHERE
from infrastructure.persistence.production.models import Movement
from infrastructure.persistence.production.totals import DjangoTotalsReader
from tests.core.plant import CAMPAIGNS, made, operation
from tests.database import Database
from tests.factories.plant import ACTOR, AT, StoredPlant

# Since PostgreSQL 18 an owner may say what was counted.
COUNTED_AS_EMPTY = """
SELECT pg_restore_relation_stats(
    'schemaname', schemaname::text, 'relname', tablename::text, 'relpages', 10, 'reltuples', 0::real
)
FROM pg_tables WHERE schemaname = 'public'
"""

TABLES = ("lot", "operation", "movement", "passage", "history_entry")
READ = f"""
SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_user_tables WHERE relname IN {TABLES}
"""  # noqa: S608 - our own text

ROWS_READ_FOR_A_MOVEMENT = 50
"""Of some ten triggers and constraints, each with a few lookups; tables read whole would be thousands."""


@pytest.fixture
def counted_as_empty(committed_database: Database) -> Database:
    """A database that takes its tables for empty ones, and goes on to."""
    with psycopg.connect(committed_database.owner, autocommit=True) as owner:
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        owner.execute(COUNTED_AS_EMPTY)
    return committed_database


@pytest.mark.usefixtures("counted_as_empty")
def test_an_import_reads_in_proportion_to_its_size() -> None:
    call_command("make_reference_plant", "--lots", "3000", "--edges", "15000", "--verbosity", "0")
    movements = Movement.objects.count()
    assert movements < rows_read() < ROWS_READ_FOR_A_MOVEMENT * movements


@pytest.mark.usefixtures("counted_as_empty")
def test_the_totals_of_a_campaign_read_in_proportion_to_its_size() -> None:
    plant = StoredPlant().furnish()
    entries = [operation("production", made("JUICE", str(number), 2), campaign="SPRING") for number in range(300)]
    plant.production.record_operations()(RecordOperations(tuple(entries), ACTOR, AT))
    before = rows_read()
    DjangoTotalsReader().campaign_totals(CAMPAIGNS["SPRING"].id)
    assert len(entries) < rows_read() - before < ROWS_READ_FOR_A_MOVEMENT * len(entries)


@pytest.mark.usefixtures("counted_as_empty")
def test_entries_of_a_code_are_found_without_reading_others() -> None:
    plant = StoredPlant().furnish()
    reads = []
    for size in range(2):
        outputs = [made("JUICE", str(number), 1) for number in range(200 * 9**size)]
        plant.take(*(operation("production", output, number=f"{size}-{place}") for place, output in enumerate(outputs)))
        before = rows_read()
        for filters in (HistoryFilters(subject=("operation", f"{size}-7")), HistoryFilters(subject=("site", "A"))):
            assert len(plant.history.page(filters, PageRequest(), EVERYWHERE).items) == 1
            assert len(list(plant.history.all(filters, EVERYWHERE))) == 1
        reads.append(rows_read() - before)
    assert reads[0] == reads[1] < 20


@pytest.mark.usefixtures("counted_as_empty")
def test_verifying_reads_in_proportion_to_its_size() -> None:
    plant = StoredPlant().furnish()
    plant.take(*(operation("production", made("JUICE", str(number), 2)) for number in range(300)))
    before = rows_read()
    verified = Container().history.verify_history()({}, lambda finding: pytest.fail(str(finding)))
    assert verified.operations == 300
    assert verified.entries < rows_read() - before < ROWS_READ_FOR_A_MOVEMENT * verified.entries


def rows_read() -> int:
    """What this session has read; it tells others of it now and then, and now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(READ)
        ((read,),) = cursor.fetchall()
    return int(read)
