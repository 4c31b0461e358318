"""The life of a campaign: planned, open, closed, perhaps open again; or cancelled."""

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from domain.production.campaign import Band, Campaign, CampaignState, recording_fault
from domain.shared.errors import DomainError, Invalid, Refused
from domain.shared.quantity import Quantity, Unit
from tests.core.cases import for_each
from tests.core.plant import PRODUCTS, campaign, codes

PLANNED, OPEN, CLOSED, CANCELLED = CampaignState
ACTIONS: dict[str, Callable[[Campaign], Campaign]] = {
    "open": Campaign.opened,
    "close": Campaign.closed,
    "reopen": Campaign.reopened,
    "cancel": lambda planned: planned.cancelled(has_operations=False),
}
LIFE = {
    (PLANNED, "open"): OPEN,
    (PLANNED, "cancel"): CANCELLED,
    (OPEN, "close"): CLOSED,
    (OPEN, "cancel"): CANCELLED,
    (CLOSED, "reopen"): OPEN,
}


@for_each("action", ACTIONS)
@for_each("state", CampaignState)
def test_each_step_leads_where_it_should_or_nowhere(state: CampaignState, action: str) -> None:
    before = campaign("SPRING", state)
    if (state, action) in LIFE:
        assert ACTIONS[action](before).state is LIFE[state, action]
        return
    with pytest.raises(Refused) as refusal:
        ACTIONS[action](before)
    assert codes(refusal) == ["wrong_state"]
    assert refusal.value.faults[0].facts == {"campaign": "SPRING", "state": state}


def test_whatever_is_tried_a_campaign_is_in_one_state_and_counts_its_closings() -> None:
    planned = campaign("SPRING", PLANNED)
    for tried in product(ACTIONS, repeat=5):
        now, state, closings = planned, PLANNED, 0
        for action in tried:
            allowed = (state, action) in LIFE
            try:
                now = ACTIONS[action](now)
            except Refused:
                assert not allowed
            else:
                assert allowed
                state = LIFE[state, action]
                closings += action == "close"
            assert (now.state, now.closings) == (state, closings)
            assert (recording_fault(now) is None) == (state is OPEN)


@for_each("state", [PLANNED, OPEN])
def test_a_campaign_with_operations_can_t_be_cancelled(state: CampaignState) -> None:
    with pytest.raises(Refused) as refusal:
        campaign("SPRING", state).cancelled(has_operations=True)
    assert codes(refusal) == ["has_operations"]


@for_each("state", CampaignState)
def test_a_plan_changes_only_while_it_is_one(state: CampaignState) -> None:
    planned = campaign("SPRING", state)
    if state is PLANNED:
        planned.check_plan_may_change()
        return
    with pytest.raises(Refused) as refusal:
        planned.check_plan_may_change()
    assert codes(refusal) == ["wrong_state"]


@for_each(
    ("plan", "code", "path"),
    [
        ({"planned_from": date(2026, 3, 2), "planned_to": date(2026, 3, 1)}, "wrong_order", "planned_to"),
        ({"target": Quantity("0", Unit.of("C62"))}, "not_positive", "target"),
        ({"target": Quantity("-1", Unit.of("C62"))}, "not_positive", "target"),
        ({"target": Quantity("1", Unit.of("KGM"))}, "unit_mismatch", "unit"),
        ({"target": Quantity("1", Unit.of("C62")), "product": PRODUCTS["JUICE"]}, "unit_mismatch", "unit"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(plan: dict[str, object], code: str, path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        campaign("SPRING", **plan)
    (fault,) = refusal.value.faults
    assert (fault.code, fault.path) == (code, (path,))


def test_a_target_may_be_in_any_unit_that_measures_the_same() -> None:
    assert campaign("SPRING", target=Quantity("40", Unit.of("DZN"))).target == Quantity("40", Unit.of("DZN"))
    one_day = date(2026, 3, 1)
    assert campaign("SPRING", planned_from=one_day, planned_to=one_day, target=None).target is None


def test_the_band_is_95_to_100_percent_unless_set() -> None:
    assert (Band().minimum, Band().maximum) == (95, 100)
    assert str(Band("90.50", "101")) == "90.5 to 101 %"
    assert (Band("0", "1000").minimum, Band("0", "1000").maximum) == (0, 1000)
    assert Band("97", "97.0").minimum == 97


@for_each(
    ("minimum", "maximum", "code"),
    [("96", "95", "wrong_order"), ("-1", "100", "out_of_range"), ("95", "1000.0001", "out_of_range")],
)
def test_a_band_that_makes_no_sense_is_refused(minimum: str, maximum: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        Band(minimum, maximum)
    assert codes(refusal) == [code]
