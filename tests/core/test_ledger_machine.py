"""Whatever happens in a plant, in whatever order and however wrongly stated: the ledger stays whole."""

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.production.balance import balance_of
from domain.production.entry import TRANSFORMING, Direction, Kind, MovementEntry, OperationEntry, Role
from domain.production.ledger import Ledger
from domain.production.lot import Disposition, LotKey
from domain.production.operation import Operation
from domain.production.totals import totals_of
from domain.shared.errors import DomainError
from domain.shared.exact import EXACT, ZERO, total
from tests.core.plant import (
    OUT,
    STAMP,
    Plant,
    arrived,
    destroyed,
    found,
    in_euros,
    line,
    lost,
    missing,
    operation,
    received,
    returned,
    reversal_of,
    sampled,
    sent,
    shipped,
    used,
)
from tests.core.reckoning import figures, reckoned

STOCK = [("APPLE", "1"), ("JUICE", "TANK"), ("CIDER", "1"), ("BOTTLE", "1"), ("HEAVY", "1"), ("MYSTERY", "1")]
LOTS = st.sampled_from([*STOCK, ("CIDER", "2")])
AMOUNTS = st.sampled_from(["0.000001", "1", "2.5", "9.999999", "33.333333", "60"])
HEAPS = st.sampled_from(["1", "123456.789012", "999999999899.999999"])
SITES = st.sampled_from(["A", "A", "B"])
CAMPAIGNS = st.sampled_from(["SPRING", "SPRING", "SUMMER", None])
INPUTS = st.lists(st.tuples(LOTS, AMOUNTS), min_size=1, max_size=2)
OUTPUTS = st.lists(
    st.tuples(st.sampled_from([Role.MAIN, Role.MAIN, Role.CO_PRODUCT, Role.BY_PRODUCT]), LOTS, AMOUNTS), max_size=3
)
EARLIER = st.integers(0, 20)


def observed(ledger: Ledger) -> object:
    """All that a ledger shows of itself."""
    lots = {key: (lot.on_hand, lot.cost, lot.particulars()) for key, lot in ledger._lots.items()}
    return lots, list(ledger.operations), list(ledger.new_lots), dict(ledger._delivered)


class PlantLife(RuleBasedStateMachine):
    """Keeps its own account of every lot, from what is stated and taken, beside that of the ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.plant = Plant()
        self.stated: dict[UUID, OperationEntry] = {}
        self.account: dict[LotKey, Decimal] = defaultdict(lambda: ZERO)

    @initialize()
    def some_stock(self) -> None:
        stock = [received(*lot, "100", unit_cost=in_euros("0.333333") if lot != STOCK[3] else None) for lot in STOCK]
        self.take(operation("receipt", *stock, partner="SUPPLIER"))
        self.take(operation("shipment", shipped("CIDER", "1", "40")))

    # What happens

    @rule(lot=LOTS, amount=HEAPS, site=SITES)
    def receive(self, lot: tuple[str, str], amount: str, site: str) -> None:
        self.take(operation("receipt", received(*lot, amount, site=site), site=site))

    @rule(
        kind=st.sampled_from(sorted(TRANSFORMING)),
        inputs=INPUTS,
        outputs=OUTPUTS,
        loss=st.none() | st.tuples(LOTS, AMOUNTS),
        campaign=CAMPAIGNS,
        on=st.sampled_from(["L1", "L2", None]),
    )
    def transform(self, kind: str, inputs: Any, outputs: Any, loss: Any, campaign: str | None, on: str | None) -> None:
        movements = [used(*lot, amount) for lot, amount in inputs]
        movements += [line(OUT, role, *lot, amount) for role, lot, amount in outputs]
        if loss:
            movements.append(lost(loss[0][0], loss[1]))
        self.take(operation(kind, *movements, campaign=campaign, line=on))

    @rule(
        stated=st.sampled_from(
            [("loss", destroyed), ("sample", sampled), ("count", missing), ("count", found), ("count", found)]
        ),
        lot=LOTS,
        amount=AMOUNTS,
        campaign=CAMPAIGNS,
    )
    def use_up_or_count(self, stated: Any, lot: tuple[str, str], amount: str, campaign: str | None) -> None:
        kind, movement = stated
        self.take(operation(kind, movement(*lot, amount), campaign=campaign))

    @rule(lot=LOTS, amount=AMOUNTS, there=st.booleans())
    def transfer(self, lot: tuple[str, str], amount: str, there: bool) -> None:
        start, end = ("A", "B") if there else ("B", "A")
        movements = sent(*lot, amount, site=start), arrived(*lot, amount, site=end)
        self.take(operation("transfer", *movements, site=start))

    @rule(lot=LOTS, amount=AMOUNTS, site=SITES, back=st.booleans(), partner=st.sampled_from(["SHOP", "MARKET"]))
    def ship_or_take_back(self, lot: tuple[str, str], amount: str, site: str, back: bool, partner: str) -> None:
        kind, movement = ("return", returned) if back else ("shipment", shipped)
        self.take(operation(kind, movement(*lot, amount, site=site), site=site, partner=partner))

    @rule(lot=LOTS, disposition=st.sampled_from(Disposition))
    def decide(self, lot: tuple[str, str], disposition: Disposition) -> None:
        if LotKey("A", *lot) in self.plant.lots:
            self.plant.decide(*lot, disposition)

    @rule(which=EARLIER)
    def reverse(self, which: int) -> None:
        self.take(reversal_of(self.earlier(which)))

    @rule(which=EARLIER, amount=AMOUNTS)
    def correct(self, which: int, amount: str) -> None:
        original = self.earlier(which)
        if original.kind is Kind.REVERSAL:
            return
        stated = self.stated[original.id]
        first, *others = stated.movements
        right = operation(stated.kind, evolve(first, quantity=Decimal(amount)), *others)
        replacement = evolve(stated, id=right.id, movements=right.movements)
        reversal = reversal_of(original)
        try:
            with self.plant.transaction(reversal, replacement) as ledger:
                ledger.correct(reversal, replacement, STAMP)
        except DomainError:
            return
        self.book(reversal)
        self.book(replacement)

    def earlier(self, which: int) -> Operation:
        recorded = list(self.plant.operations.values())
        return recorded[which % len(recorded)]

    def take(self, entry: OperationEntry) -> None:
        try:
            with self.plant.transaction(entry) as ledger:
                self.record(ledger, entry)
        except DomainError:
            return
        self.book(entry)

    def record(self, ledger: Ledger, entry: OperationEntry) -> None:
        before = observed(ledger)
        try:
            ledger.record(entry, STAMP)
        except DomainError as refusal:
            found_before = entry.kind is not Kind.REVERSAL and refusal.faults[0].code != "too_many_digits"
            if found_before:
                assert observed(ledger) == before
            raise

    def book(self, entry: OperationEntry) -> None:
        self.stated[entry.id] = entry
        taken_back = self.stated[entry.reverses].movements if entry.reverses else ()
        for movement in taken_back:
            self.move(movement, back=True)
        for movement in entry.movements if not taken_back else ():
            self.move(movement, back=False)

    def move(self, movement: MovementEntry, *, back: bool) -> None:
        if movement.lot_key:
            add = EXACT.add if (movement.direction is OUT) is not back else EXACT.subtract
            self.account[movement.lot_key] = add(self.account[movement.lot_key], movement.quantity)

    # What always holds

    @invariant()
    def nothing_is_negative_and_everything_is_what_moved(self) -> None:
        on_hand = {key: lot.on_hand for key, lot in self.plant.lots.items()}
        assert on_hand == self.account
        assert all(0 <= left < 10**12 for left in on_hand.values())
        assert all(held >= 0 for held in self.plant.delivered.values())

    def teardown(self) -> None:
        self.lots_are_the_sum_of_what_is_recorded()
        self.money_is_neither_made_nor_lost_in_a_transformation()
        for campaign in ("SPRING", "SUMMER"):
            self.the_campaign_adds_up(campaign)

    def lots_are_the_sum_of_what_is_recorded(self) -> None:
        quantities, costs = defaultdict(lambda: ZERO), defaultdict(lambda: ZERO)
        for recorded in self.plant.operations.values():
            for movement in recorded.movements:
                add = EXACT.add if movement.direction is Direction.OUT else EXACT.subtract
                if movement.lot:
                    quantities[movement.lot] = add(quantities[movement.lot], movement.quantity)
                    costs[movement.lot] = add(costs[movement.lot], movement.cost.amount)
        assert {key: (lot.on_hand, lot.cost.amount) for key, lot in self.plant.lots.items()} == {
            key: (quantity, costs[key]) for key, quantity in quantities.items()
        }

    def money_is_neither_made_nor_lost_in_a_transformation(self) -> None:
        for recorded in self.plant.operations.values():
            shared = [m for m in recorded.movements if m.role in (Role.MAIN, Role.CO_PRODUCT)]
            weighed = all(m.kilograms is not None for m in shared)
            if recorded.kind in TRANSFORMING and shared and weighed:
                inputs, outputs = (
                    total(m.cost.amount for m in recorded.movements if m.direction is side) for side in Direction
                )
                assert inputs == outputs

    def the_campaign_adds_up(self, campaign: str) -> None:
        recorded = self.plant.operations_of(campaign)
        standing = [o for o in recorded if o.kind is not Kind.REVERSAL and not o.reversed_by]
        whole = balance_of(totals_of(recorded, {}))
        assert figures(whole) == reckoned(self.stated[o.id] for o in standing)
        assert balance_of(totals_of(reversed(recorded), {})) == whole
        alone = [balance_of(totals_of([operation], {})) for operation in standing]
        for balance in (whole, *alone):
            named = (balance.output_total, balance.loss_total, balance.samples, balance.adjustments)
            assert balance.input_total == total((*named, balance.unaccounted))
        for name in ("loss_total", "samples", "adjustments", "unaccounted"):
            assert total(getattr(balance, name) for balance in alone) == getattr(whole, name)


TestPlantLife = PlantLife.TestCase
# Short lives by default and long ones where many are looked at.
TestPlantLife.settings = settings(stateful_step_count=min(50, settings().max_examples // 7))
