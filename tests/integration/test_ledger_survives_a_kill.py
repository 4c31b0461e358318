"""A process that is killed while it records: nothing that it acknowledged is lost, nothing is recorded by half."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from infrastructure.persistence.production.models import Operation
from tests.core.plant import received
from tests.database import Database
from tests.factories.checks import LONG, check_campaigns_add_up, check_the_ledger_is_whole
from tests.factories.endless_recording import STOCK, THREADS
from tests.factories.plant import StoredPlant

ROUNDS = 30 if LONG else 3
ENOUGH = 60
"""Acknowledged operations after which the process may be killed at any moment."""

PROGRAM = "from tests.factories.endless_recording import main; main()"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def plant(committed_database: Database) -> StoredPlant:
    stored = StoredPlant().furnish()
    stored.record("receipt", *(received("APPLE", lot, "1000000") for lot in STOCK))
    return stored


def recorded_until_killed(database: Database) -> set[UUID]:
    """What a process acknowledged before it was killed; by then its connections are gone."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database.application,
        "PGAPPNAME": "recorder",
    }
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, **environment}, text=True
    ) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(ENOUGH)]
        time.sleep(random.uniform(0, 0.05))  # noqa: S311 - any moment
        process.kill()
        told += process.stdout.readlines()
    wait_until_gone(database)
    return {UUID(line.strip()) for line in told}


def wait_until_gone(database: Database) -> None:
    """The server works on what it was sent, commits included, until it notices that nobody listens."""
    with psycopg.connect(database.administrator, autocommit=True) as administrator:
        give_up = time.monotonic() + 10
        while administrator.execute("SELECT FROM pg_stat_activity WHERE application_name = 'recorder'").fetchall():
            assert time.monotonic() < give_up
            time.sleep(0.01)


def test_what_was_acknowledged_is_there_and_nothing_by_half(plant: StoredPlant, committed_database: Database) -> None:
    acknowledged: set[UUID] = set()
    for _ in range(ROUNDS):
        acknowledged |= recorded_until_killed(committed_database)
    stored = dict(Operation.objects.filter(kind="production").values_list("pk", "document"))
    assert len(acknowledged) >= ROUNDS * ENOUGH
    assert acknowledged <= stored.keys()
    # At most one batch of each thread was committed and not told any more.
    assert len({document for pk, document in stored.items() if pk not in acknowledged}) <= ROUNDS * THREADS
    batches = list(stored.values())
    assert all(batches.count(document) == int(document.rpartition(" ")[2]) for document in set(batches))
    check_the_ledger_is_whole()
    check_campaigns_add_up(plant.production.ledger_store().operations(list(stored)).values())
