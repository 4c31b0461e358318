"""Reading at one moment, by statements that are planned for what they look for.

PostgreSQL plans by what it counted a while ago. Where that is wrong by much (a table that was counted while a first
import was under way, or after one that failed, is empty to it), it reads tables whole within loops, and what takes
milliseconds takes minutes. What is found by an index in any case loses nothing by being told so.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction

# Joins are made in the order in which they are written: from the few rows that are given, to those that belong to them.
BY_INDEXES = {
    "join_collapse_limit": "1",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

#: The same for a function. A session keeps a function's plans, those too that were made while the tables were nearly
#: empty. Migrations carry it: whoever changes it here alters the functions that were made with it.
LOOKUPS = " ".join(f"SET {name} = {value}" for name, value in BY_INDEXES.items())

_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@contextmanager
def one_moment(settings: Mapping[str, str] | None = None) -> Iterator[None]:
    """What is read inside is read of one moment; inside a transaction, of that one's.

    `settings` of PostgreSQL hold inside alone.
    """
    outermost = not connection.in_atomic_block
    local = settings or {}
    with transaction.atomic(), connection.cursor() as cursor:
        begun = [_ONE_MOMENT] if outermost else []
        begun += [f"SET LOCAL {name} = {value}" for name, value in local.items()]
        if begun:
            cursor.execute("; ".join(begun))
        yield
        if local and not outermost:
            cursor.execute("; ".join(f"SET LOCAL {name} = DEFAULT" for name in local))
