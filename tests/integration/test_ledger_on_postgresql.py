"""The lives that the core's ledger leads in memory, led on PostgreSQL: it stays whole, and sums are the pure ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import DjangoDbBlocker

from domain.production.balance import balance_document, balance_of
from domain.production.entry import Direction, Kind, OperationEntry, Role
from domain.production.ledger import Delivered, Ledger
from domain.production.lot import Disposition, Lot, LotKey
from domain.production.operation import Operation
from domain.production.totals import totals_of
from domain.shared.errors import Refused
from domain.shared.exact import total
from infrastructure.persistence.production import models
from infrastructure.persistence.production.mapping import lot_of_row
from infrastructure.persistence.production.totals import DjangoTotalsReader
from infrastructure.persistence.shared.refusals import REFUSED
from tests.core.plant import CAMPAIGNS, by_product, in_euros, received, used
from tests.core.test_ledger_machine import PlantLife
from tests.database import Database
from tests.factories.plant import StoredPlant, undone

MAKING = (Role.MAIN, Role.CO_PRODUCT, Role.BY_PRODUCT, Role.TRANSFERRED)


class PlantInPostgresql:
    """What `tests.core.plant.Plant` is, kept in the database."""

    def __init__(self) -> None:
        self.stored = StoredPlant()

    @contextmanager
    def transaction(self, *entries: OperationEntry) -> Iterator[Ledger]:
        try:
            with self.stored.transaction(*entries) as ledger:
                yield ledger
        except Refused as refusal:
            if refusal.faults[0] == REFUSED["operation_uses_what_may_be_used"]:
                raise AssertionError("The ledger should have known that this is stopped.") from refusal
            raise

    @property
    def lots(self) -> dict[LotKey, Lot]:
        rows = models.Lot.objects.select_related("site", "product")
        return {lot.key: lot for lot in map(lot_of_row, rows)}

    @property
    def operations(self) -> dict[UUID, Operation]:
        """In the order in which they were recorded."""
        ids = list(models.Operation.objects.order_by("sequence").values_list("pk", flat=True))
        found = self.stored.production.ledger_store().operations(ids)
        return {operation: found[operation] for operation in ids}

    @property
    def delivered(self) -> dict[Delivered, Decimal]:
        holdings = {(partner, key.whole) for partner in ("SHOP", "MARKET") for key in self.lots}
        return dict(self.stored.production.ledger_store().delivered(holdings))

    def operations_of(self, campaign: str) -> list[Operation]:
        return [operation for operation in self.operations.values() if operation.campaign == campaign]

    def decide(self, code: str, lot: str, disposition: Disposition) -> None:
        self.stored.give(self.stored.lot(code, lot).pk, disposition)


class PlantLifeOnPostgresql(PlantLife):
    """Each life is undone at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.plant = PlantInPostgresql()
        self._undone = undone()
        self._undone.__enter__()

    def teardown(self) -> None:
        try:
            super().teardown()
            self.totals_of_campaigns_are_the_pure_ones()
            self.totals_of_operations_are_the_pure_ones()
            self.balances_of_lots_add_up()
        finally:
            self._undone.__exit__(None, None, None)

    def dispositions(self) -> dict[UUID, Disposition]:
        return {lot.id: lot.disposition for lot in self.plant.lots.values()}

    def totals_of_campaigns_are_the_pure_ones(self) -> None:
        for code in ("SPRING", "SUMMER"):
            campaign = CAMPAIGNS[code]
            plan = campaign.product, campaign.target
            pure = balance_of(totals_of(self.plant.operations_of(code), self.dispositions()), *plan)
            summed = balance_of(DjangoTotalsReader().campaign_totals(campaign.id), *plan)
            assert balance_document(summed) == balance_document(pure)
            assert summed == pure

    def totals_of_operations_are_the_pure_ones(self) -> None:
        for operation in self.plant.operations.values():
            alone = evolve(operation, reversed_by=None)
            pure = balance_of(totals_of([alone], self.dispositions()))
            assert balance_of(DjangoTotalsReader().operation_totals(operation.id)) == pure

    def balances_of_lots_add_up(self) -> None:
        standing = [o for o in self.plant.operations.values() if o.kind is not Kind.REVERSAL and not o.reversed_by]
        for key, lot in self.plant.lots.items():
            balance = balance_of(DjangoTotalsReader().lot_totals(lot.id))
            named = (balance.output_total, balance.loss_total, balance.samples, balance.adjustments)
            assert balance.input_total == total((*named, balance.unaccounted))
            assert balance.unaccounted == 0
            assert balance.not_reconcilable == ((key.product,) if lot.product.kg_per_unit is None else ())
            made = [m for o in standing for m in o.movements if m.lot == key and m.role in MAKING and m.kilograms]
            assert balance.input_total == total(m.kilograms for m in made if m.direction is Direction.OUT)


@pytest.fixture(scope="module")
def _furnished(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Reference data, undone at the end."""
    with django_db_blocker.unblock(), undone():
        StoredPlant().furnish()
        yield


@pytest.mark.usefixtures("_furnished")
def test_the_ledger_leads_the_same_life() -> None:
    short = settings().max_examples // 4
    run_state_machine_as_test(
        PlantLifeOnPostgresql, settings=settings(max_examples=min(short, 200), stateful_step_count=min(short, 30))
    )


def test_a_lot_that_is_used_up_and_filled_again_at_once_is_worth_what_moved(db: None) -> None:
    """What goes in costs nothing, and has no currency; what was taken out had one."""
    plant = StoredPlant().furnish()
    plant.record("receipt", received("SUGAR", "1", "1", unit_cost=in_euros("2")), received("HEAVY", "1", "1"))
    plant.record("production", used("HEAVY", "1", "1"), used("SUGAR", "1", "1"), by_product("SUGAR", "1", "3"))
    lot = plant.lot("SUGAR", "1")
    assert (lot.on_hand, lot.value, lot.currency) == (3, 0, "EUR")
