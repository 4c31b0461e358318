"""Reference data: what of a product is frozen once it has moved."""

from decimal import Decimal

import pytest
from attrs import evolve

from domain.catalog.product import Product, check_revision
from domain.shared.errors import Refused
from domain.shared.quantity import Unit
from tests.core.cases import for_each
from tests.core.plant import PRODUCTS, told

CIDER = PRODUCTS["CIDER"]


@for_each(
    ("after", "frozen"),
    [
        (evolve(CIDER, unit=Unit.of("LTR")), ["unit"]),
        (evolve(CIDER, kg_per_unit=Decimal("1.3000001")), ["kg_per_unit"]),
        (evolve(CIDER, kg_per_unit=None), ["kg_per_unit"]),
        (evolve(CIDER, kg_per_unit=Decimal(1), unit=Unit.of("KGM")), ["unit", "kg_per_unit"]),
        (evolve(CIDER, kg_per_unit=Decimal("1.300"), name="Cider, brut", standard_cost=None), []),
    ],
)
def test_unit_and_mass_are_frozen_once_something_moved(after: Product, frozen: list[str]) -> None:
    check_revision(CIDER, after, has_movements=False)
    if not frozen:
        check_revision(CIDER, after, has_movements=True)
        return
    with pytest.raises(Refused) as refusal:
        check_revision(CIDER, after, has_movements=True)
    assert told(refusal.value.faults) == [("frozen", (name,)) for name in frozen]


def test_a_mass_that_nobody_knew_can_t_be_filled_in_once_something_moved() -> None:
    mystery = PRODUCTS["MYSTERY"]
    with pytest.raises(Refused):
        check_revision(mystery, evolve(mystery, kg_per_unit=Decimal(1)), has_movements=True)
