"""Chains of entries in PostgreSQL."""

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection
from typing_extensions import override

from application.history.ports import Chains
from domain.history.chain import Entry, Head
from infrastructure.persistence.history import models
from infrastructure.persistence.shared.reading import one_moment
from infrastructure.persistence.shared.statements import CHECK_WHAT_IS_DEFERRED, rows_streamed

# Others wait for the head of their chain until we commit, so that whatever else takes time comes before.
_ENTER = f"{CHECK_WHAT_IS_DEFERRED}; SELECT enter_history(%s, %s)"

_ALL = """
SELECT chain_id, number, document, sha256, at, actor, action, subject_kind, subject_id, subject_code
FROM history_entry ORDER BY chain_id, number
"""


class DjangoChains(Chains):
    """Adds by a function of the database, in one statement: nothing else may write the tables."""

    @override
    def add(self, entries: Sequence[tuple[str, bytes]]) -> None:
        chains = [chain for chain, _ in entries]
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, [chains, [document.decode() for _, document in entries]])

    @override
    def read(self) -> Generator[tuple[Head, Iterator[Entry]], None, None]:
        with one_moment():
            rows = models.Chain.objects.values_list("id", "name", "number", "sha256")
            heads = {key: Head(name, number, sha256) for key, name, number, sha256 in rows}
            for key, entries in groupby(rows_streamed(_ALL, {}), key=itemgetter(0)):
                head = heads.pop(key, None) or Head(f"no. {key}, which has no head")
                yield head, map(_entry, entries)
            for head in heads.values():
                yield head, iter(())


def _entry(row: tuple[Any, ...]) -> Entry:
    _, number, document, sha256, *filed = row
    try:
        filed_by, clock = _said(document)
    except (ValueError, TypeError, KeyError):  # somebody altered it so that it doesn't say
        filed_by, clock = None, None
    return Entry(number, document.encode(), sha256, misfiled=filed_by != filed, clock=clock)


def _said(document: str) -> tuple[list[str], datetime]:
    """What an entry with this document is to be found by, and what the clock said."""
    said = orjson.loads(document)
    subject = said["subject"]
    filed_by = [said["at"], said["actor"], said["action"], subject["kind"], subject["id"], subject["code"]]
    return filed_by, datetime.fromisoformat(said.get("clock", said["at"]))
