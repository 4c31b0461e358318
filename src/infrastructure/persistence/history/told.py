"""Reading what entries tell, whatever somebody did to them."""

from collections.abc import Iterator
from typing import Any

from infrastructure.persistence.shared.reading import one_moment
from infrastructure.persistence.shared.statements import rows_streamed

# A document that somebody changed may be anything.
SAID = "CASE WHEN pg_input_is_valid(entry.document, 'jsonb') THEN entry.document::jsonb END"


def streamed(statement: str) -> Iterator[tuple[Any, ...]]:
    """All rows that a query gives, of one moment."""
    with one_moment():
        yield from rows_streamed(statement, {})
