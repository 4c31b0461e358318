"""The ledger: takes operations one after the other, and lets none through that breaks a rule.

It works on the lots that the operations name, locked by whoever calls it, and gives back what to store: immutable
operations, new lots, and lots whose making was stated anew. What it refuses leaves no trace, because its caller then
stores nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from uuid import UUID

from attrs import field, frozen

from domain.catalog.product import Product
from domain.production.campaign import recording_fault
from domain.production.correction import renamed, taken_again
from domain.production.costing import output_costs
from domain.production.digest import lot_digest, operation_digest
from domain.production.entry import CONSUMING, LINKING, Direction, Kind, MovementEntry, OperationEntry, Role
from domain.production.events import GoodsReturned, LotLeft, OperationRecorded
from domain.production.lot import (
    STOPPED,
    Disposition,
    Lot,
    LotKey,
    consumption_fault,
    expiry_fault,
    first_disposition,
    let_go_fault,
    shipping_fault,
)
from domain.production.mirror import faults_against_mirror, mirror, told_apart
from domain.production.operation import Movement, Operation, Stamp
from domain.production.references import References
from domain.production.sub_lots import held_apart, sets_apart
from domain.production.valuation import Cost, share
from domain.shared.errors import Fault, Invalid, Refused, raise_any
from domain.shared.events import Event
from domain.shared.exact import EXACT, ZERO, canonical, total
from domain.shared.quantity import LIMIT, kilograms

HANDS_DOWN = frozenset({Kind.SPLIT, Kind.MERGE, Kind.TRANSFER})
"""Kinds whose new lots are the old ones under another name: they inherit dates, and wait unless all was released.

What others make waits where any of it was stopped.
"""

Delivered = tuple[str, LotKey]
"""A partner and a lot."""


@frozen
class LedgerState:
    """What the ledger starts from: the lots and the earlier operations that are named.

    Sub-lots come with their lots. `delivered` is how much of a whole lot, its sub-lots included, a partner holds,
    shipped less returned, for the pairs that are named.
    """

    lots: Mapping[LotKey, Lot] = field(factory=dict)
    operations: Mapping[UUID, Operation] = field(factory=dict)
    delivered: Mapping[Delivered, Decimal] = field(factory=dict)


class Ledger:
    """Takes operations in their order. `new_id` gives the id of each new lot."""

    def __init__(self, references: References, state: LedgerState, new_id: Callable[[], UUID]) -> None:
        self.references = references
        self._lots = dict(state.lots)
        self._earlier = dict(state.operations)
        self._delivered = dict(state.delivered)
        self._new_id = new_id
        self._reversed: dict[UUID, UUID] = {}
        self._before = {key: lot.particulars() for key, lot in state.lots.items()}
        self._told = dict(self._before)
        self.operations: list[Operation] = []
        self.events: list[Event] = []
        self.new_lots: list[Lot] = []

    @property
    def revised_lots(self) -> list[Lot]:
        """Lots that existed before, and of which more has changed than how much there is and what it is worth."""
        return [self._lots[key] for key, before in self._before.items() if self._lots[key].particulars() != before]

    def record(self, entry: OperationEntry, stamp: Stamp) -> Operation:
        """Take one operation. Raises `Invalid` or `Refused` with every fault found in it."""
        told = self._as_recorded(entry)
        before = self._on_hand_of(told.movements)
        if entry.kind is Kind.REVERSAL:
            original = self._reversible(told)
            operation = self._reverse(told, stamp, entry.fingerprint)
            raise_any(self._let_go(original))
        else:
            raise_any((*self._faults_in(told), *self._missing_inputs(told)))
            operation = self._post(told, stamp, entry.fingerprint)
        raise_any((*self._overdrawn(before), *self._over_returned(operation)))
        return operation

    def correct(self, reversal: OperationEntry, replacement: OperationEntry, stamp: Stamp) -> Operation:
        """Reverse an operation and put another in its place. What is on hand is checked after both.

        What the operation had taken it may take again to do the same, whatever quality has said of the lot since.
        """
        told = self._as_recorded(replacement)
        before = self._on_hand_of((*reversal.movements, *told.movements))
        original = self._reversible(reversal)
        taken_back = self._reverse(reversal, stamp, reversal.fingerprint)
        again = taken_again(told, original)
        against = (fault.below("operation") for fault in self._faults_in(told, again))
        raise_any((*against, *self._let_go(original, told)))
        operation = self._post(told, stamp, replacement.fingerprint, corrects=original.id)
        faults = (*self._overdrawn(before), *self._over_returned(taken_back))
        raise_any(fault.below("operation") for fault in faults)
        return operation

    def _as_recorded(self, entry: OperationEntry) -> OperationEntry:
        """The entry with the sub-lots that it means without naming them; its fingerprint is that of what was stated."""
        original = self._earlier.get(entry.reverses) if entry.reverses else None
        return told_apart(entry, original) if original else held_apart(entry, self.references.sites)

    # What the state of the plant says of an operation

    def _faults_in(self, entry: OperationEntry, again: frozenset[LotKey] = frozenset()) -> Iterator[Fault]:
        """What is wrong with an entry. What it takes `again` it may take although quality has stopped it."""
        if entry.campaign and (fault := recording_fault(self.references.campaigns[entry.campaign])):
            yield fault
        for position, movement in enumerate(entry.movements):
            for fault in self._faults_in_line(entry, movement, again):
                yield fault.below("movements", position)

    def _faults_in_line(
        self, entry: OperationEntry, movement: MovementEntry, again: frozenset[LotKey]
    ) -> Iterator[Fault]:
        key = movement.lot_key
        if key is None:
            return
        if fault := self._unknown(entry.kind, movement.direction, key):
            yield fault
            return
        lot, whole = self._lots.get(key), self._lots.get(key.whole)
        known = lot or whole
        if known is None:
            return
        if movement.direction is Direction.OUT:
            yield from _restated(known, movement)
        elif fault := self._unusable(entry, movement, known, again=key in again):
            yield fault.below("lot")
        if movement.direction is Direction.OUT and lot is not None:
            yield from self._quarantine_left(entry, lot, again)
        if entry.kind is Kind.RETURN and whole is not None:
            yield from self._returned_too_much(entry, whole)

    def _unknown(self, kind: Kind, direction: Direction, key: LotKey) -> Fault | None:
        """What has to be there: whatever something is taken from or returned to, and the lot of each sub-lot."""
        taken = direction is Direction.IN
        if key.whole not in self._lots and (taken or key.sub_lot or kind is Kind.RETURN):
            return Fault("unknown_lot", f"Site {key.site} has no lot {key.code!r} of {key.product}.", ("lot",))
        if key.sub_lot and key not in self._lots and (taken or kind is Kind.COUNT):
            detail = f"Lot {key.whole} has no sub-lot {key.sub_lot!r}."
            return Fault("unknown_lot", detail, ("sub_lot",))
        return None

    def _unusable(self, entry: OperationEntry, movement: MovementEntry, lot: Lot, *, again: bool) -> Fault | None:
        if entry.kind is Kind.SHIPMENT:
            expired = expiry_fault(lot, self.references.sites[movement.site], entry.occurred_at.date())
            return expired if again else shipping_fault(lot) or expired
        if again or entry.kind not in CONSUMING or entry.override or sets_apart(entry):
            return None
        return consumption_fault(lot)

    def _quarantine_left(self, entry: OperationEntry, lot: Lot, again: frozenset[LotKey]) -> Iterator[Fault]:
        """What isn't released doesn't get it by being put to what is."""
        made_anew = lot.made_by is None and not lot.key.sub_lot
        if entry.kind not in LINKING or lot.disposition is not Disposition.RELEASED or made_anew:
            return
        keys = {row.lot_key for row in entry.movements if row.direction is Direction.IN and row.lot_key}
        sources = [self._lots[key] for key in keys if key in self._lots]
        waits = entry.kind in HANDS_DOWN and any(source.decided is Disposition.PENDING for source in sources)
        # What is stopped is refused for that, unless it may be used or set apart all the same.
        let_through = entry.kind is Kind.REWORK or bool(entry.override) or sets_apart(entry)
        stopped = any(source.disposition in STOPPED and source.key not in again for source in sources)
        if waits or (let_through and stopped):
            detail = f"Lot {lot.key} is released, and what goes into it isn't: release that first, or make a new lot."
            yield Fault("not_released", detail, ("lot",), refusal=True)

    def _returned_too_much(self, entry: OperationEntry, lot: Lot) -> Iterator[Fault]:
        held = self._delivered.get((entry.partner or "", lot.key), ZERO)
        returned = (movement for movement in entry.movements if movement.lot_key and movement.lot_key.whole == lot.key)
        wanted = total([movement.quantity for movement in returned])
        if wanted > held:
            unit = lot.product.unit.code
            detail = (
                f"{entry.partner} holds {canonical(held)} {unit} of lot {lot.key}, shipped and not returned; "
                f"{canonical(wanted)} {unit} can't come back."
            )
            facts = {"partner": entry.partner, "lot": lot.key.code, "left": canonical(held), "unit": unit}
            yield Fault("more_than_shipped", detail, ("quantity",), facts)

    def _missing_inputs(self, entry: OperationEntry) -> Iterator[Fault]:
        """What goes in has to be there before anything comes out, even where the same lot is on both sides."""
        wanted: dict[LotKey, Decimal] = {}
        for position, movement in enumerate(entry.movements):
            key = movement.lot_key
            if key not in self._lots or movement.direction is Direction.OUT:
                continue
            wanted[key] = EXACT.add(wanted.get(key, ZERO), movement.quantity)
            if wanted[key] > self._lots[key].on_hand:
                yield self._lots[key].shortage(wanted[key]).below("movements", position, "quantity")

    def _on_hand_of(self, movements: Iterable[MovementEntry]) -> dict[LotKey, Decimal]:
        keys = (movement.lot_key for movement in movements)
        return {key: self._lots[key].on_hand if key in self._lots else ZERO for key in keys if key}

    def _overdrawn(self, before: Mapping[LotKey, Decimal]) -> Iterator[Fault]:
        for key, left in before.items():
            lot = self._lots[key]
            if lot.on_hand < 0:
                yield lot.shortage(EXACT.subtract(left, lot.on_hand), left)
            elif lot.on_hand >= LIMIT:
                detail = f"Lot {key} would hold {canonical(LIMIT)} or more; no lot holds that."
                yield Fault("too_many_digits", detail, facts=key.facts)

    def _over_returned(self, operation: Operation) -> Iterator[Fault]:
        """A shipment can't be taken back when its goods came back already."""
        partner = operation.partner
        if partner is None:
            return
        for key in dict.fromkeys(movement.lot.whole for movement in operation.movements if movement.lot):
            held = self._delivered.get((partner, key), ZERO)
            if held < 0:
                more = canonical(EXACT.minus(held))
                detail = f"{partner} has returned {more} of lot {key} more than would be left as shipped."
                yield Fault("already_returned", detail, facts={"partner": partner, "lot": key.code}, refusal=True)

    # Recording

    def _post(self, entry: OperationEntry, stamp: Stamp, fingerprint: str, corrects: UUID | None = None) -> Operation:
        lines = list(enumerate(entry.movements))
        taken = [self._take(position, row) for position, row in lines if row.direction is Direction.IN]
        rows = {position: row for position, row in lines if row.direction is Direction.OUT and row.lot}
        costs = output_costs(entry, rows, taken, self.references.products, self._lots)
        put = [self._put(entry, position, row, costs[position], taken) for position, row in rows.items()]
        lost = [
            _recorded(position, row, self.references.products[row.product], None, Cost())
            for position, row in lines
            if row.direction is Direction.OUT and not row.lot
        ]
        return self._keep(
            Operation(
                id=entry.id,
                kind=entry.kind,
                occurred_at=entry.occurred_at,
                recorded=stamp,
                site=entry.site,
                operator=entry.operator,
                campaign=entry.campaign,
                line=entry.line,
                partner=entry.partner,
                document=entry.document,
                number=entry.number,
                reason=entry.reason,
                override=entry.override,
                reverses=None,
                corrects=corrects,
                fingerprint=fingerprint,
                movements=tuple(sorted((*taken, *put, *lost), key=lambda movement: movement.position)),
            )
        )

    def _take(self, position: int, row: MovementEntry) -> Movement:
        lot = self._lots[_key_of(row)]
        cost = share(lot.cost, row.quantity, lot.on_hand)
        lot.take_out(row.quantity, cost)
        return _recorded(position, row, lot.product, lot, cost)

    def _put(
        self, entry: OperationEntry, position: int, row: MovementEntry, cost: Cost, taken: list[Movement]
    ) -> Movement:
        key = _key_of(row)
        product = self.references.products[row.product]
        lot = self._lots.get(key)
        if lot is None:
            lot = self._lots[key] = self._new_lot(key, product)
            self.new_lots.append(lot)
        if lot.made_by is None:
            lot.made_by = entry.id
            if key.sub_lot:
                self._inherit(lot)
            else:
                self._make(lot, entry, row, taken)
        lot.put_in(row.quantity, cost)
        return _recorded(position, row, product, lot, cost)

    def _new_lot(self, key: LotKey, product: Product) -> Lot:
        """A lot that nothing is known of yet; the holds on its lot stand on a new sub-lot, too."""
        lot = Lot(self._new_id(), key, product, Disposition.PENDING)
        if key.sub_lot:
            whole = self._lots[key.whole]
            lot.parent, lot.holds = whole.id, whole.holds
        return lot

    def _inherit(self, lot: Lot) -> None:
        """A sub-lot is what its lot is: made in the same campaign, on the same day, decided about in the same way."""
        whole = self._lots[lot.key.whole]
        lot.campaign, lot.made_on, lot.best_before = whole.campaign, whole.made_on, whole.best_before
        lot.supplier_lot = whole.supplier_lot
        if lot.decided is not Disposition.REJECTED:
            lot.decided = whole.decided

    def _make(self, lot: Lot, entry: OperationEntry, row: MovementEntry, taken: list[Movement]) -> None:
        inputs = [self._lots[source.lot] for source in taken if source.lot] if entry.kind in LINKING else []
        if entry.kind is Kind.TRANSFER:
            inputs = [source for source in inputs if source.product.code == lot.product.code]
        sources = inputs if entry.kind in HANDS_DOWN else []
        lot.campaign = self.references.campaigns[entry.campaign].id if entry.campaign else None
        lot.made_on = row.made_on or min((s.made_on for s in sources if s.made_on), default=None)
        lot.best_before = row.best_before or min((s.best_before for s in sources if s.best_before), default=None)
        lot.supplier_lot = row.supplier_lot or (sources[0].supplier_lot if len(sources) == 1 else "")
        if lot.decided is not Disposition.REJECTED:
            stopped = any(source.disposition in STOPPED for source in inputs)
            waits = stopped or any(source.disposition is not Disposition.RELEASED for source in sources)
            lot.decided = Disposition.PENDING if waits else first_disposition(self.references.sites[lot.key.site])

    def _keep(self, operation: Operation) -> Operation:
        self._count_deliveries(operation)
        self._earlier[operation.id] = operation
        self.operations.append(operation)
        self.events.append(_recording(operation, tuple(self._left_by(operation))))
        if operation.kind is Kind.RETURN and self.references.sites[operation.site].holds_returns:
            self._await_holds(operation)
        return operation

    def _left_by(self, operation: Operation) -> Iterator[LotLeft]:
        """Lots that are new, or of which more has changed than how much there is and what it is worth."""
        for key in dict.fromkeys(movement.lot for movement in operation.movements if movement.lot):
            lot = self._lots[key]
            particulars = lot.particulars()
            if self._told.get(key) != particulars:
                self._told[key] = particulars
                yield LotLeft(lot.id, lot.decided, lot_digest(lot))

    def _await_holds(self, operation: Operation) -> None:
        """What came back is on hold before the transaction ends, so nothing that is recorded later in it may use it."""
        keys = dict.fromkeys(movement.lot for movement in operation.movements if movement.lot)
        for key in keys:
            self._lots[key].holds += 1
        lots = tuple(self._lots[key].id for key in keys)
        partner, document, stamp = operation.partner or "", operation.document, operation.recorded
        self.events.append(GoodsReturned(operation.id, lots, partner, document, stamp.at, stamp.by))

    def _count_deliveries(self, operation: Operation) -> None:
        if operation.partner is None:
            return
        for movement in operation.movements:
            if movement.lot and movement.role in (Role.SHIPPED, Role.RETURNED):
                holding = operation.partner, movement.lot.whole
                change = movement.quantity if movement.direction is Direction.IN else EXACT.minus(movement.quantity)
                self._delivered[holding] = EXACT.add(self._delivered.get(holding, ZERO), change)

    # Taking back

    def _reverse(self, entry: OperationEntry, stamp: Stamp, fingerprint: str) -> Operation:
        original = self._reversible(entry)
        raise_any(faults_against_mirror(entry, original))
        if original.campaign and (fault := recording_fault(self.references.campaigns[original.campaign])):
            raise Refused(fault)
        reversal = mirror(original, entry, stamp, fingerprint)
        for movement in reversal.movements:
            self._take_back(original, movement)
        self._reversed[original.id] = reversal.id
        return self._keep(reversal)

    def _reversible(self, entry: OperationEntry) -> Operation:
        original = self._earlier.get(entry.reverses) if entry.reverses else None
        if original is None:
            raise Invalid(Fault("unknown_operation", "There is no operation with this id to reverse.", ("reverses",)))
        if original.kind is Kind.REVERSAL:
            detail = "A reversal can't be reversed: record once more what happened."
            raise Invalid(Fault("reversal_of_reversal", detail, ("reverses",)))
        if done := original.reversed_by or self._reversed.get(original.id):
            detail = "This operation has been reversed already."
            raise Refused(Fault("already_reversed", detail, ("reverses",), {"reversed_by": str(done)}, refusal=True))
        return original

    def _let_go(self, original: Operation, replacement: OperationEntry | None = None) -> Iterator[Fault]:
        """What quality has stopped isn't let go by saying that it never was, or was another lot.

        What came back, and is on hold for that alone, is on hold again whenever it comes back again.
        """
        comes_back = self._held_as_returned(original) and (replacement is None or self._held_as_returned(replacement))
        for key in renamed(original, replacement):
            lot = self._lots[key]
            if lot.disposition in STOPPED and not (
                comes_back and lot.holds == 1 and lot.decided is not Disposition.REJECTED
            ):
                yield let_go_fault(lot)

    def _held_as_returned(self, operation: Operation | OperationEntry) -> bool:
        return operation.kind is Kind.RETURN and self.references.sites[operation.site].holds_returns

    def _take_back(self, original: Operation, movement: Movement) -> None:
        if movement.lot is None:
            return
        lot = self._lots[movement.lot]
        if movement.direction is Direction.OUT:
            lot.put_in(movement.quantity, movement.cost)
        else:
            lot.take_out(movement.quantity, movement.cost)
        if lot.made_by == original.id:
            lot.made_by = None


def _key_of(row: MovementEntry) -> LotKey:
    key = row.lot_key
    if key is None:
        raise Invalid(Fault("required", "This line names a lot.", ("lot",)))
    return key


def _recorded(position: int, row: MovementEntry, product: Product, lot: Lot | None, cost: Cost) -> Movement:
    return Movement(
        position=position,
        direction=row.direction,
        role=row.role,
        site=row.site,
        product=product,
        lot=lot.key if lot else None,
        lot_id=lot.id if lot else None,
        quantity=row.quantity,
        kilograms=kilograms(row.quantity, product.kg_per_unit),
        cost=cost,
        reason=row.reason,
    )


def _restated(lot: Lot, row: MovementEntry) -> Iterator[Fault]:
    """A line that adds to a lot states no dates, unless they are the lot's own."""
    if lot.made_by is None:
        return
    for name in ("supplier_lot", "made_on", "best_before"):
        stated, known = getattr(row, name), getattr(lot, name)
        if stated and stated != known:
            detail = f"Lot {lot.key} exists with {name} {known or 'empty'}; a line that adds to it doesn't change that."
            yield Fault("lot_exists", detail, (name,))


def _recording(operation: Operation, lots: tuple[LotLeft, ...]) -> OperationRecorded:
    return OperationRecorded(
        operation=operation.id,
        kind=operation.kind,
        site=operation.site,
        campaign=operation.campaign,
        number=operation.number,
        reason=operation.reason,
        reverses=operation.reverses,
        corrects=operation.corrects,
        digest=operation_digest(operation),
        lots=lots,
    )
