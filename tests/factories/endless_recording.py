"""A process of its own that records for ever, and says what was acknowledged; somebody kills it."""

import os
import random
import threading
from itertools import count
from uuid import uuid4

import django

from tests.database import connect_to

THREADS = 4
STOCK = ("1", "2", "3")


def main() -> None:
    """Record in several threads until killed, one line for each operation that was acknowledged."""
    django.setup()
    connect_to(os.environ["DATABASE_URL"])
    for index in range(THREADS):
        threading.Thread(target=record_for_ever, args=(index,)).start()


def record_for_ever(index: int) -> None:
    """Record batches of a random size, each with its size in its document."""
    from tests.core.plant import by_product, made, operation, used  # noqa: PLC0415 - models can be imported only now
    from tests.factories.plant import StoredPlant  # noqa: PLC0415 - as above

    plant, chance = StoredPlant(), random.Random(os.urandom(8))  # noqa: S311 - any work will do
    for number in count():
        size = chance.randint(1, 8)
        document = f"{os.getpid()}-{index}-{number} of {size}"
        batch = []
        for part in range(size):
            name = f"{os.getpid()}-{index}-{number}-{part}"
            rows = [*(used("APPLE", lot, "0.000001") for lot in STOCK), by_product("POMACE", "heap", "0.5")]
            rows += [made("JUICE", f"{name}-{drop}", "0.1") for drop in range(chance.randint(1, 30))]
            batch.append(operation("production", *rows, id=uuid4(), campaign="SPRING", document=document))
        acknowledged = "".join(f"{recorded.id}\n" for recorded in plant.take(*batch))
        os.write(1, acknowledged.encode())
