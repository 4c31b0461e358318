"""The pure core gives the known answers of the sample log, with neither database nor framework."""

from domain.production.balance import balance_document, balance_of
from domain.production.totals import totals_of
from domain.shared.exact import canonical
from tests.core import sample_log
from tests.core.cases import for_each


def test_what_is_on_hand_is_what_the_log_says() -> None:
    on_hand = {"|".join(lot.key[:3]): canonical(lot.on_hand) for lot in sample_log.taken().new_lots}
    assert on_hand == sample_log.expected()["on_hand"]


@for_each("campaign", ["CIDER-2025-01", "CIDER-2025-02"])
def test_the_balance_is_what_the_log_says_to_the_last_decimal(campaign: str) -> None:
    own = [operation for operation in sample_log.taken().operations if operation.campaign == campaign]
    document = balance_document(balance_of(totals_of(own, {})))
    known = sample_log.expected()["balance"][campaign]
    assert {name: document[name] for name in known} == known
