"""A tiny plant to try rules on: reference data, short ways to state what happened, and a store of what was taken."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from domain.catalog.product import DateMarking, Product, ProductClass
from domain.catalog.site import Site
from domain.production.campaign import Campaign, CampaignState
from domain.production.entry import Direction, Kind, MovementEntry, OperationEntry, Role
from domain.production.grammar import faults_in
from domain.production.ledger import Delivered, Ledger, LedgerState
from domain.production.lot import Disposition, Lot, LotKey
from domain.production.mirror import reversal_entry
from domain.production.operation import Operation, Stamp
from domain.production.references import References
from domain.production.sub_lots import lots_named
from domain.shared.errors import DomainError, Fault, Path, raise_any
from domain.shared.exact import EXACT, ZERO, canonical
from domain.shared.money import Money
from domain.shared.quantity import Quantity, Unit

NOON = datetime.fromisoformat("2026-03-02T12:00:00+01:00")
STAMP = Stamp(datetime.fromisoformat("2026-03-02T12:05:00+01:00"), "typist")

_ids = count(1)


def new_id() -> UUID:
    return UUID(int=next(_ids))


def product(code: str, product_class: str, unit: str, mass: object, cost: str | None = None, **more: Any) -> Product:
    return Product(
        id=new_id(),
        code=code,
        name=code.title(),
        name_fr=code.title(),
        product_class=ProductClass(product_class),
        unit=Unit.of(unit),
        kg_per_unit=mass,
        standard_cost=Money(cost, "EUR") if cost else None,
        **more,
    )


PRODUCTS = {
    item.code: item
    for item in (
        product("APPLE", "raw", "KGM", "1", cost="0.20"),
        product("SUGAR", "raw", "KGM", "1"),
        product("YEAST", "raw", "GRM", "0.001"),
        product("BOTTLE", "packaging", "C62", "0.5"),
        product("JUICE", "bulk", "LTR", "1.05"),
        product("CIDER", "finished", "C62", "1.3"),
        product("MILK", "finished", "C62", "1", date_marking=DateMarking.USE_BY),
        product("POMACE", "by_product", "KGM", "1", cost="0.02"),
        product("MYSTERY", "finished", "C62", None),
        product("HEAVY", "raw", "C62", "123456789.123456789"),
    )
}

SITES = {
    site.code: site
    for site in (
        Site(new_id(), "A", "Plant", holds_returns=False),
        Site(new_id(), "B", "Warehouse", holds_returns=False),
        Site(new_id(), "CAREFUL", "Plant with positive release", positive_release=True, holds_returns=False),
        Site(new_id(), "FRESH", "Shop", ships_past_best_before=False, holds_returns=False),
        Site(new_id(), "WARY", "Plant that holds what comes back"),
    )
}


def campaign(code: str, state: CampaignState = CampaignState.OPEN, **more: Any) -> Campaign:
    plan = {"product": PRODUCTS["CIDER"], "target": Quantity("500", Unit.of("C62")), **more}
    return Campaign(id=new_id(), code=code, name=code.title(), site="A", state=state, **plan)


CAMPAIGNS = {
    item.code: item
    for item in (campaign("SPRING"), campaign("SUMMER"), *(campaign(state.upper(), state) for state in CampaignState))
}

REFERENCES = References(
    products=PRODUCTS,
    sites=SITES,
    lines={("A", "L1"): new_id(), ("A", "L2"): new_id()},
    partners={"SUPPLIER": new_id(), "SHOP": new_id(), "MARKET": new_id()},
    operators={"ana": new_id()},
    campaigns=CAMPAIGNS,
)


# Lines, one function per line of the grammar. Quantities are written as strings.

Line = Callable[..., MovementEntry]


def line(direction: Direction, role: Role, code: str, lot: str | None, quantity: object, **more: Any) -> MovementEntry:
    exact = Decimal(quantity) if isinstance(quantity, str) else quantity
    unit = PRODUCTS[code].unit.code
    stated = {"site": "A", "product": code, "lot": lot, "quantity": exact, "unit": unit, **more}
    return MovementEntry(direction=direction, role=role, **stated)


def _of_lot(direction: Direction, role: Role, **usual: Any) -> Line:
    return lambda code, lot, quantity, **more: line(direction, role, code, lot, quantity, **{**usual, **more})


IN, OUT = Direction.IN, Direction.OUT
used = _of_lot(IN, Role.INPUT)
made = _of_lot(OUT, Role.MAIN)
co_product = _of_lot(OUT, Role.CO_PRODUCT)
by_product = _of_lot(OUT, Role.BY_PRODUCT)
sent = _of_lot(IN, Role.TRANSFERRED)
arrived = _of_lot(OUT, Role.TRANSFERRED, site="B")
shipped = _of_lot(IN, Role.SHIPPED)
returned = _of_lot(OUT, Role.RETURNED)
destroyed = _of_lot(IN, Role.LOSS, reason="destroyed")
sampled = _of_lot(IN, Role.SAMPLE, reason="laboratory")
missing = _of_lot(IN, Role.ADJUSTMENT, reason="count")
found = _of_lot(OUT, Role.ADJUSTMENT, reason="count")
received = made


def lost(code: str, quantity: object, reason: str = "spilt", **more: Any) -> MovementEntry:
    return line(OUT, Role.LOSS, code, more.pop("lot", None), quantity, reason=reason, **more)


def operation(kind: Kind | str, *movements: MovementEntry, **head: Any) -> OperationEntry:
    kind = Kind(kind)
    usual: dict[str, Any] = {"id": new_id(), "occurred_at": NOON, "site": "A", "operator": "ana"}
    if kind in (Kind.SHIPMENT, Kind.RETURN):
        usual["partner"] = "SHOP"
    return OperationEntry(kind=kind, movements=movements, **{**usual, **head})


def in_euros(amount: str) -> Money:
    return Money(amount, "EUR")


# What the rules say


def told(faults: Iterable[Fault]) -> list[tuple[str, Path]]:
    """The codes of faults, with where they were found."""
    return [(fault.code, fault.path) for fault in faults]


def codes(raised: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [fault.code for fault in raised.value.faults]


class Plant:
    """Takes operations as a transaction does: in a ledger over what they name, kept only when nothing is refused."""

    def __init__(self) -> None:
        self.lots: dict[LotKey, Lot] = {}
        self.operations: dict[UUID, Operation] = {}
        self.delivered: dict[Delivered, Decimal] = {}

    def twin(self) -> "Plant":
        """A plant where the same has happened, and from now on something else."""
        twin = Plant()
        twin.lots = {key: evolve(lot) for key, lot in self.lots.items()}
        twin.operations, twin.delivered = dict(self.operations), dict(self.delivered)
        return twin

    @contextmanager
    def transaction(self, *entries: OperationEntry) -> Iterator[Ledger]:
        """A ledger that knows copies of the lots and operations that these name, and no others."""
        raise_any(fault for entry in entries for fault in (*faults_in(entry), *REFERENCES.faults_in(entry)))
        named = lots_named(entries, SITES)
        lots = {key: evolve(lot) for key, lot in self.lots.items() if key in named}
        earlier = {entry.reverses: self.operations[entry.reverses] for entry in entries if entry.reverses}
        ledger = Ledger(REFERENCES, LedgerState(lots, earlier, self.delivered), new_id)
        yield ledger
        self.lots |= lots | {lot.key: lot for lot in ledger.new_lots}
        for recorded in ledger.operations:
            self._keep(recorded)

    def _keep(self, recorded: Operation) -> None:
        self.operations[recorded.id] = recorded
        if recorded.reverses:
            self.operations[recorded.reverses] = evolve(self.operations[recorded.reverses], reversed_by=recorded.id)
        for movement in recorded.movements:
            if movement.lot and recorded.partner and movement.role in (Role.SHIPPED, Role.RETURNED):
                add = EXACT.add if movement.direction is IN else EXACT.subtract
                holding = recorded.partner, movement.lot.whole
                self.delivered[holding] = add(self.delivered.get(holding, ZERO), movement.quantity)

    def take(self, entry: OperationEntry) -> Operation:
        with self.transaction(entry) as ledger:
            return ledger.record(entry, STAMP)

    def record(self, kind: str, *movements: MovementEntry, **head: Any) -> Operation:
        return self.take(operation(kind, *movements, **head))

    def reverse(self, original: Operation) -> Operation:
        return self.take(reversal_of(original))

    def correct(self, original: Operation, *movements: MovementEntry, **head: Any) -> Operation:
        """Put an operation right: the same with other lines, unless `head` says otherwise."""
        same = {"campaign": original.campaign, "line": original.line, "partner": original.partner}
        replacement = operation(head.pop("kind", original.kind), *movements, **{**same, **head})
        reversal = reversal_of(original)
        with self.transaction(reversal, replacement) as ledger:
            return ledger.correct(reversal, replacement, STAMP)

    def operations_of(self, campaign: str) -> list[Operation]:
        return [recorded for recorded in self.operations.values() if recorded.campaign == campaign]

    def decide(self, code: str, lot: str, disposition: Disposition, site: str = "A") -> None:
        """Let quality have decided so; what is on hold was released before."""
        held = disposition is Disposition.ON_HOLD
        decided_about = self.lot(code, lot, site)
        decided_about.decided, decided_about.holds = Disposition.RELEASED if held else disposition, int(held)

    def lot(self, code: str, lot: str, site: str = "A", sub_lot: str = "") -> Lot:
        return self.lots[LotKey(site, code, lot, sub_lot)]

    def on_hand(self, code: str, lot: str, site: str = "A", sub_lot: str = "") -> str:
        return canonical(self.lot(code, lot, site, sub_lot).on_hand)


def reversal_of(original: Operation, reason: str = "typed wrong") -> OperationEntry:
    return reversal_entry(original, new_id(), reason, STAMP, None)
