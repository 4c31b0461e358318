"""Decisions of quality about a lot."""

import pytest

from domain.production.lot import Disposition
from domain.quality.disposition import check_decision
from domain.shared.errors import Invalid, Refused
from tests.core.plant import Plant, codes, received

PENDING, RELEASED, ON_HOLD, REJECTED = Disposition
ALLOWED = {
    (PENDING, RELEASED),
    (REJECTED, RELEASED),
    (PENDING, REJECTED),
    (RELEASED, REJECTED),
    (ON_HOLD, REJECTED),
}


@pytest.fixture
def plant() -> Plant:
    plant = Plant()
    plant.record("receipt", received("CIDER", "C1", "1"))
    return plant


@pytest.mark.parametrize("after", [RELEASED, REJECTED])
@pytest.mark.parametrize("before", Disposition)
def test_what_may_be_released_or_rejected(plant: Plant, before: Disposition, after: Disposition) -> None:
    plant.decide("CIDER", "C1", before)
    if (before, after) in ALLOWED:
        check_decision(plant.lot("CIDER", "C1"), after, "analysis 7")
        return
    with pytest.raises(Refused) as refusal:
        check_decision(plant.lot("CIDER", "C1"), after, "analysis 7")
    assert codes(refusal) == ["wrong_state"]
    assert refusal.value.faults[0].facts == {"disposition": before, "holds": int(before is ON_HOLD)}


@pytest.mark.parametrize(
    ("reason", "code"), [("", "required"), (" \n", "required"), ("a\x00b", "bad_text"), ("x" * 1001, "too_long")]
)
def test_a_decision_gives_a_reason_that_can_be_kept(plant: Plant, reason: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_decision(plant.lot("CIDER", "C1"), REJECTED, reason)
    assert codes(refusal) == [code]
    assert refusal.value.faults[0].path == ("reason",)
