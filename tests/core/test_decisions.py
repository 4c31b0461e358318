"""Decisions of quality about a lot."""

from typing import Any

import pytest
from attrs import evolve

from domain.catalog.record import faults_in
from domain.catalog.site import Site
from domain.production.lot import Disposition
from domain.quality.disposition import check_decision, reason_faults
from domain.shared.errors import Refused
from domain.shared.signature import Signature
from tests.core.cases import for_each
from tests.core.plant import STAMP, Plant, codes, new_id, received, told

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


@for_each("after", [RELEASED, REJECTED])
@for_each("before", Disposition)
def test_what_may_be_released_or_rejected(plant: Plant, before: Disposition, after: Disposition) -> None:
    plant.decide("CIDER", "C1", before)
    if (before, after) in ALLOWED:
        check_decision(plant.lot("CIDER", "C1"), after)
        return
    with pytest.raises(Refused) as refusal:
        check_decision(plant.lot("CIDER", "C1"), after)
    assert codes(refusal) == ["wrong_state"]
    assert refusal.value.faults[0].facts == {"disposition": before, "holds": int(before is ON_HOLD)}


@for_each(("reason", "code"), [("", "required"), (" \n", "required"), ("a\x00b", "bad_text"), ("x" * 1001, "too_long")])
def test_a_decision_gives_a_reason_that_can_be_kept(reason: str, code: str) -> None:
    assert told(reason_faults(reason)) == [(code, ("reason",))]


SIGNED = Signature("quality", "I tasted it", STAMP.at)


@for_each(
    ("signature", "expected"),
    [
        (None, [("signature_required", ("signature",))]),
        (SIGNED, [("password_required", ("signature", "password"))]),
        (evolve(SIGNED, proven=True), []),
    ],
)
def test_a_decision_is_signed_with_a_password_where_the_site_asks_for_it(
    signature: Signature | None, expected: list[Any]
) -> None:
    site = Site(new_id(), "A", "Plant", signs_decisions=True)
    assert told(site.signature_faults(signature)) == expected
    assert told(evolve(site, signs_decisions=False).signature_faults(signature)) == []


def test_somebody_else_decides_where_the_site_asks_for_it() -> None:
    site = Site(new_id(), "A", "Plant", signs_decisions=True, second_person=True)
    assert site.second_person_fault("quality", {"ana"}) is None
    fault = site.second_person_fault("ana", {"ana", "bea"})
    assert fault is not None
    assert fault.code == "second_person"
    assert evolve(site, second_person=False).second_person_fault("ana", {"ana"}) is None
    assert told(faults_in(evolve(site, signs_decisions=False))) == [("required", ("second_person",))]
