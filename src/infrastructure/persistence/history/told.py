"""Reading what entries tell, whatever somebody did to them."""

from collections.abc import Iterator
from typing import Any

from infrastructure.persistence.shared.reading import one_moment
from infrastructure.persistence.shared.statements import rows_streamed

# A document that somebody changed may be anything.
SAID = "CASE WHEN pg_input_is_valid(entry.document, 'jsonb') THEN entry.document::jsonb END"

# Of an entry of an operation, whose document needn't be parsed for it, which takes eight times as long: it is canonical
# JSON, where a quotation mark in a text has a backslash before it, so that nothing but a member begins like these. The
# lots are made an array; of each is left what stands between its first and its last quotation mark.
SAID_SHA256 = """split_part(split_part(entry.document, '"sha256":"', 2), '"', 1)"""
SAID_LOTS = """string_to_array(split_part(split_part(entry.document, '"lots":[["', 2), '"]]', 1), '"],["')"""

# What the clock said as an entry was made: of most it is the time of the entry (see `domain.history.entry.not_before`).
SAID_CLOCK = """coalesce(nullif(split_part(split_part(entry.document, '"clock":"', 2), '"', 1), ''), entry.at)"""


def moment_of(column: str) -> str:
    """A time of a column as `domain.shared.canonical.moment` writes it."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


# Tables are compared whole, whatever was counted of them: nothing is looked up row by row, and all rows are asked for.
# What is summed up is sorted before, which takes less time and memory than a table of many sums. All that takes longer,
# the longer the history is.
_WHOLE = {
    "statement_timeout": "0",
    "enable_nestloop": "off",
    "enable_hashagg": "off",
    "cursor_tuple_fraction": "1",
    "work_mem": "'32MB'",
}


def streamed(statement: str) -> Iterator[tuple[Any, ...]]:
    """All rows that a query gives, of one moment."""
    with one_moment(_WHOLE):
        yield from rows_streamed(statement, {})
