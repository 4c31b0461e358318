"""Who may has a lot used that is on hold, for a reason that stays with the operation."""

import pytest

from tests.e2e.client import Api
from tests.e2e.plant import line as line_of
from tests.e2e.plant import lot_id, operation, pressing, receipt, record

pytestmark = pytest.mark.django_db

WHY = {"override": "heated to 90 °C, which kills it"}


@pytest.fixture
def plant(plant: Api) -> Api:
    """The apples are on hold."""
    record(plant, receipt())
    assert plant.post(f"lots/{lot_id(plant, 'APPLE', 'A-1')}/hold/", {"reason": "mould"}).status == 200
    return plant


@pytest.fixture
def quality(plant: Api) -> Api:
    """Somebody of quality."""
    return Api.of("quentin", role="quality")


def test_a_held_lot_is_used_for_a_reason_by_who_may(plant: Api, quality: Api) -> None:
    refused = quality.post("operations/", pressing())
    assert (refused.status, refused.codes) == (409, ["not_usable"])
    operator = Api.of("olga", role="operator")
    forbidden = operator.post("operations/", pressing(**WHY))
    assert (forbidden.status, forbidden.places) == (403, {"/override": "may_not_override"})
    in_a_batch = operator.post("operations/batch/", {"operations": [receipt("A-2"), pressing(**WHY)]})
    assert (in_a_batch.status, in_a_batch.places) == (403, {"/operations/1/override": "may_not_override"})

    recorded = record(quality, pressing(**WHY))
    assert recorded["override"] == WHY["override"]
    assert plant.get(f"operations/{recorded['id']}/").json["override"] == WHY["override"]
    corrected = operator.post(
        f"operations/{recorded['id']}/correct/", {"reason": "weighed again", "operation": pressing(**WHY)}
    )
    assert (corrected.status, corrected.places) == (403, {"/operation/override": "may_not_override"})


def test_no_override_ships_what_is_on_hold(plant: Api, quality: Api) -> None:
    shipment = operation("shipment", line_of("in", "shipped", "APPLE", "A-1", "1"), partner="SHOP", **WHY)
    refused = quality.post("operations/", shipment)
    assert (refused.status, refused.places) == (422, {"/override": "not_here"})
