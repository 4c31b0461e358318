"""Following chains of entries, against PostgreSQL doing it in one statement; and all that verifying does."""

from itertools import islice

import psycopg
from django.db import transaction

from domain.history.chain import findings
from domain.history.entry import Change, Subject, Whence, document_of
from infrastructure.persistence.history.chains import DjangoChains
from tests.benchmarks.measuring import Side, compared, report
from tests.benchmarks.plant import Plant
from tests.benchmarks.work import NOW, productions

ENTRIES, OPERATIONS = 200_000, 10_000
AT_ONCE, RUNS = 1_000, 5

BY_HAND = """
SELECT count(*), count(*) FILTER (WHERE sha256 <> encode(
    sha256(convert_to(concat_ws(E'\\n', before, name, number, document), 'UTF8')), 'hex'
)) FROM (
    SELECT chain.name, entry.number, entry.document, entry.sha256,
           lag(entry.sha256, 1, repeat('0', 64)) OVER (PARTITION BY entry.chain_id ORDER BY entry.number) AS before
    FROM history_entry AS entry JOIN history_chain AS chain ON chain.id = entry.chain_id
) AS entry
"""

STORED = """
SELECT format('%s operations, %s movements and %s lots', (SELECT count(*) FROM operation),
              (SELECT count(*) FROM movement), (SELECT count(*) FROM lot))
"""


def measure(plant: Plant, url: str) -> None:
    """Print entries a second: of operations, which have most to compare, and of those among many other changes."""
    for _ in range(OPERATIONS // AT_ONCE):
        plant.record(islice(productions(), AT_ONCE))
    verify_history = plant.container.history.verify_history()
    with psycopg.connect(url, autocommit=True) as hand:
        sides = [
            Side("by hand, chains", lambda: hand.execute(BY_HAND).fetchone()),
            Side("following the chains", _follow),
            Side("everything", lambda: verify_history({}, lambda _finding: None)),
        ]
        for enter in (lambda: None, _enter):
            enter()
            (entries, wrong), (stored,) = (hand.execute(query).fetchone() for query in (BY_HAND, STORED))
            report(
                f"Verify {entries:,} entries, {stored}; {RUNS} runs", compared(sides, RUNS), "by hand, chains", entries
            )
    if wrong or _follow():
        raise AssertionError("The chains aren't whole.")


def _follow() -> int:
    """How much is wrong with the chains."""
    return sum(1 for head, entries in DjangoChains().read() for _ in findings(head, entries))


def _enter() -> None:
    """Enter changes of what nothing else is compared with, as long as operations' entries are."""
    after = {"kind": "production", "site": "PLANT", "reverses": None, "corrects": None, "sha256": "f" * 64}
    whence = Whence("benchmark", "", "api", "01990b6e-0000-7000-8000-000000000000")
    for first in range(0, ENTRIES, AT_ONCE):
        documents = []
        for number in range(first, first + AT_ONCE):
            change = Change(f"campaign/VERIFIED-{number % 4}", Subject("benchmark", str(number)), "made", None, after)
            documents.append((change.chain, document_of(change, whence, NOW)))
        with transaction.atomic():
            DjangoChains().add(documents)
