"""Following chains of entries, against PostgreSQL doing it in one statement; and all that verifying does."""

from itertools import islice

import psycopg
from django.db import transaction

from domain.history.chain import findings
from domain.history.entry import Change, Subject, Whence, document_of
from infrastructure.persistence.history.chains import DjangoChains
from tests.benchmarks.measuring import Side, compared, line, report, seconds
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


def measure(plant: Plant, url: str) -> None:
    """Print entries and operations a second."""
    _enter()
    for _ in range(OPERATIONS // AT_ONCE):
        plant.record(islice(productions(), AT_ONCE))
    with psycopg.connect(url, autocommit=True) as hand:
        entries, wrong = hand.execute(BY_HAND).fetchone()
        sides = [Side("by hand", lambda: hand.execute(BY_HAND).fetchone()), Side("following the chains", _follow)]
        report(f"Follow chains of {entries:,} entries; {RUNS} runs", compared(sides, RUNS), "by hand", entries)
    operations = 0

    def verify() -> None:
        nonlocal operations
        operations = plant.container.history.verify_history()({}, lambda _finding: None).operations

    taken = seconds(verify)
    line(f"  everything, {operations:,} operations too: {taken:.1f} s, {entries / taken:,.0f} entries/s")
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
