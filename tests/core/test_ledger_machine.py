"""Whatever happens in a plant, in whatever order and however wrongly stated: the ledger stays whole."""

from collections import defaultdict
from decimal import Decimal
from itertools import product, starmap
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
    by_product,
    co_product,
    destroyed,
    found,
    in_euros,
    lost,
    made,
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
LOTS = [*STOCK, ("CIDER", "2")]
AMOUNTS = ["0.000001", "1", "2.5", "9.999999", "33.333333", "60"]
HEAPS = ["1", "123456.789012", "999999999899.999999"]

# One draw for as much as one draw can tell: drawing is most of the time that a life takes.
PARTS = st.sampled_from([(*lot, amount) for lot, amount in product(LOTS, AMOUNTS)])
INPUTS = st.lists(PARTS, min_size=1, max_size=2)
ROLES = {"main": made, "co_product": co_product, "by_product": by_product}
OUTPUTS = st.lists(
    st.sampled_from([(role, *lot, amount) for role, lot, amount in product(ROLES, LOTS, AMOUNTS)]), max_size=3
)
SITES = ["A", "A", "B"]
CAMPAIGNS = ["SPRING", "SPRING", "SUMMER", None]
EARLIER = st.integers(0, 20)
LABELS = st.sampled_from(["pallet 1", "pallet 2"])

transforming = rule(
    inputs=INPUTS,
    outputs=OUTPUTS,
    loss=st.none() | PARTS,
    where=st.sampled_from(list(product(CAMPAIGNS, ["L1", "L2", None]))),
)


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

    @rule(lot=st.sampled_from([(*lot, heap, site) for lot, heap, site in product(LOTS, HEAPS, SITES)]))
    def receive(self, lot: tuple[str, str, str, str]) -> None:
        code, lot_code, heap, site = lot
        self.take(operation("receipt", received(code, lot_code, heap, site=site), site=site))

    @transforming
    def produce(self, **stated: Any) -> None:
        self.transform("production", **stated)

    @transforming
    def split(self, **stated: Any) -> None:
        self.transform("split", **stated)

    @transforming
    def merge(self, **stated: Any) -> None:
        self.transform("merge", **stated)

    @transforming
    def rework(self, **stated: Any) -> None:
        self.transform("rework", **stated)

    def transform(self, kind: str, inputs: Any, outputs: Any, loss: Any, where: Any) -> None:
        campaign, on = where
        made_of_it = [ROLES[role](*part) for role, *part in outputs]
        losses = [lost(loss[0], loss[2])] if loss else []
        self.take(operation(kind, *starmap(used, inputs), *made_of_it, *losses, campaign=campaign, line=on))

    @rule(
        head=st.sampled_from(
            list(product([("loss", destroyed), ("sample", sampled), ("count", missing), ("count", found)], CAMPAIGNS))
        ),
        part=PARTS,
    )
    def use_up_or_count(self, head: Any, part: tuple[str, str, str]) -> None:
        (kind, row), campaign = head
        self.take(operation(kind, row(*part), campaign=campaign))

    @rule(part=PARTS, sites=st.sampled_from([("A", "B"), ("B", "A")]))
    def transfer(self, part: tuple[str, str, str], sites: tuple[str, str]) -> None:
        start, end = sites
        self.take(operation("transfer", sent(*part, site=start), arrived(*part, site=end), site=start))

    @rule(
        part=st.sampled_from([("CIDER", "1", amount) for amount in AMOUNTS]),
        head=st.sampled_from(list(product([("shipment", shipped), ("return", returned)], SITES, ["SHOP", "MARKET"]))),
    )
    def ship_or_take_back(self, part: tuple[str, str, str], head: Any) -> None:
        (kind, row), site, partner = head
        self.take(operation(kind, row(*part, site=site), site=site, partner=partner))

    @rule(part=PARTS, label=LABELS, site=st.sampled_from(SITES), loss=st.sampled_from([None, "0.000001"]))
    def set_apart(self, part: tuple[str, str, str], label: str, site: str, loss: str | None) -> None:
        losses = [lost(part[0], loss, site=site)] if loss else []
        apart = used(*part, site=site), made(*part, sub_lot=label, site=site), *losses
        self.take(operation("split", *apart, site=site))

    @rule(
        part=PARTS,
        label=LABELS,
        head=st.sampled_from([("loss", destroyed), ("count", found), ("shipment", shipped), ("return", returned)]),
    )
    def move_a_part(self, part: tuple[str, str, str], label: str, head: Any) -> None:
        kind, row = head
        self.take(operation(kind, row(*part, sub_lot=label)))

    @rule(part=PARTS, label=LABELS)
    def put_together_again(self, part: tuple[str, str, str], label: str) -> None:
        self.take(operation("merge", used(*part, sub_lot=label), made(*part), campaign="SPRING"))

    @rule(lot=st.sampled_from(STOCK), disposition=st.sampled_from(Disposition))
    def decide(self, lot: tuple[str, str], disposition: Disposition) -> None:
        self.plant.decide(*lot, disposition)

    @rule(which=EARLIER)
    def reverse(self, which: int) -> None:
        self.take(reversal_of(self.earlier(which)))

    @rule(which=EARLIER, amount=st.sampled_from(AMOUNTS))
    def correct(self, which: int, amount: str) -> None:
        original = self.earlier(which)
        if original.kind is Kind.REVERSAL:
            return
        stated = self.stated[original.id]
        first, *others = stated.movements
        right = operation(stated.kind, evolve(first, quantity=Decimal(amount)), *others)
        self.replace(original, evolve(stated, id=right.id, movements=right.movements))

    @rule(
        which=EARLIER,
        part=st.sampled_from([("CIDER", "1", amount) for amount in AMOUNTS]),
        partner=st.sampled_from(["SHOP", "MARKET"]),
    )
    def correct_into_a_shipment(self, which: int, part: tuple[str, str, str], partner: str) -> None:
        original = self.earlier(which)
        self.replace(original, operation("shipment", shipped(*part), partner=partner))

    def replace(self, original: Operation, replacement: OperationEntry) -> None:
        reversal = reversal_of(original)
        stopped = [lot.key for lot in self.plant.lots.values() if lot.disposition is not Disposition.RELEASED]
        before = self.shipped()
        try:
            with self.plant.transaction(reversal, replacement) as ledger:
                ledger.correct(reversal, replacement, STAMP)
        except DomainError:
            return
        self.book(reversal)
        self.book(replacement)
        after = self.shipped()
        for partner in ("SHOP", "MARKET"):
            assert all(after[partner, key] <= before[partner, key] for key in stopped)

    def shipped(self) -> dict[tuple[str | None, LotKey], Decimal]:
        """How much of each lot or sub-lot a partner was shipped, by what stands."""
        sums: dict[tuple[str | None, LotKey], Decimal] = defaultdict(lambda: ZERO)
        for recorded in self.plant.operations.values():
            if recorded.kind is Kind.SHIPMENT and not recorded.reversed_by:
                for row in self.stated[recorded.id].movements:
                    if row.lot_key:
                        holding = recorded.partner, row.lot_key
                        sums[holding] = EXACT.add(sums[holding], row.quantity)
        return sums

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

    @invariant()
    def a_sub_lot_is_part_of_its_lot(self) -> None:
        for key, lot in self.plant.lots.items():
            assert lot.parent == (self.plant.lots[key.whole].id if key.sub_lot else None)

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
