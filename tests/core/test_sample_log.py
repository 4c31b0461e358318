"""The pure core gives the known answers of the sample log, with neither database nor framework."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.production.balance import balance_document, balance_of
from domain.production.grammar import faults_in
from domain.production.ledger import Ledger, LedgerState
from domain.production.operation import Stamp
from domain.production.totals import totals_of
from domain.shared.exact import canonical
from tests.core import sample_log


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    entries = tuple(sample_log.entries())
    ids: Iterator[UUID] = (UUID(int=number) for number in range(1, 10_000))
    references = sample_log.references(entries)
    ledger = Ledger(references, LedgerState(), lambda: next(ids))
    for entry in entries:
        assert [*faults_in(entry), *references.faults_in(entry)] == []
        ledger.record(entry, Stamp(datetime(2026, 1, 1, tzinfo=UTC), "test"))
    return ledger


def test_what_is_on_hand_is_what_the_log_says(ledger: Ledger) -> None:
    on_hand = {"|".join(lot.key[:3]): canonical(lot.on_hand) for lot in ledger.new_lots}
    assert on_hand == sample_log.expected()["on_hand"]


@pytest.mark.parametrize("campaign", ["CIDER-2025-01", "CIDER-2025-02"])
def test_the_balance_is_what_the_log_says_to_the_last_decimal(ledger: Ledger, campaign: str) -> None:
    own = [operation for operation in ledger.operations if operation.campaign == campaign]
    document = balance_document(balance_of(totals_of(own, {})))
    known = sample_log.expected()["balance"][campaign]
    assert {name: document[name] for name in known} == known
