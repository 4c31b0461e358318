"""Exposure: what part of a lot's mass can come from suspect lots. It serves for residues; no trace is filtered by it.

**The share.** Every operation is taken for a perfect mixing: what goes in becomes one mixture, and whatever comes out,
losses included, is of that mixture. A draw of mass q from a lot with mass m, of which s is suspect, takes s*q/m. One
pass over the standing operations in the ledger's order therefore gives the share of every lot. This is the
proportional rule of provenance tracking (Kosyfaki and Mamoulis, Provenance in Temporal Interaction Networks, 2021,
arXiv:2110.05041), extended here to operations with several inputs and outputs.

**The bounds** assume no mixing at all: what is drawn may be any part of what is there. From a mass m with between l and
u of it suspect, a draw of q takes between max(0, q-(m-l)) and min(q, u), and leaves between max(0, l-q) and
min(m-q, u). Along one chain of draws they are the best that can be said; where what was parted meets again they stay
true and may be wider than need be, because a part isn't remembered against its counterpart.

- A suspect lot is suspect in all that it ever holds: what it is topped up with, what comes back to it, what is counted
  up, and whatever share of another suspect reaches it. Shares of several sources add up to one unless one of them
  leads to another.
- What turns up without a source (a count upwards, more out of an operation than into it) is more of what is there, or
  was there last: the share stays; nothing of it is surely suspect, and all of it may be, if anything there was. Where
  there never was anything, it is clean.
- What comes back has the composition of what that partner holds of the lot, its sub-lots included; shipments mix there
  too.
- A transfer mixes each product by itself.
- What was drawn before standing operations had put it in (they were reversed later, and recorded again) has no known
  share: it is suspect in nothing or in full, and what is put in next makes up for it first. An operation that corrects
  another takes its place in the order, so that this stays rare.
- A product without mass is reckoned in its own unit, which is as good where nothing else is mixed with it. Mixed with
  others it leaves the share open (`Gap.NO_MASS`). What is made has the share of the mixture, whatever it weighs; its
  bounds are nothing and all.

**Numbers.** Masses and bounds are whole picograms: six decimals of a quantity times nine of a mass per unit. Exact
shares are rationals whose denominators are products of all the masses drawn from on the way: 177,000 bits after 10,000
draws from one tank, and minutes to reckon with. So a suspect mass is kept between two whole multiples of a unit 128
halvings finer than a picogram, rounded outwards. A line divides three times at most, which each time moves an end by
less than a unit, in a mass of a picogram or more: whatever is drawn, mixed, gained or lost, neither end of a share is
off by more than three times the lines in 2**128. That is less than 2**-86 for a million million lines, so the share
that is shown with six decimals is the exact one, rounded once; what lies that close to half way between two is taken
for the half. The cost is one pass over the lines, with numbers of constant size: under a second for 80,000 of them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from attrs import frozen

from domain.production.entry import LINKING, Direction, Kind
from domain.production.operation import Operation
from domain.shared.exact import EXACT, total
from domain.shared.quantity import DECIMALS, MASS_DECIMALS
from domain.traceability.mixture import (
    Content,
    Gap,
    Portion,
    bounds_of,
    clean,
    pooled,
    share_of,
)

_FINE = DECIMALS + MASS_DECIMALS


class Flow(NamedTuple):
    """A line of an operation, as far as it moves mass.

    `lot` is None for what was lost, `whole` the lot that a sub-lot is part of, else itself; `kilograms` are None where
    they aren't known.
    """

    direction: Direction
    lot: UUID | None
    whole: UUID | None
    product: str
    quantity: Decimal
    kilograms: Decimal | None

    @property
    def amount(self) -> int:
        """The mass in picograms; where there is none, the quantity in as small parts of its unit."""
        return int(EXACT.scaleb(self.quantity if self.kilograms is None else self.kilograms, _FINE))


@frozen
class Mixing:
    """A standing operation as a mixing step."""

    operation: UUID
    kind: Kind
    at: datetime
    partner: str | None
    document: str
    flows: tuple[Flow, ...]


@frozen
class Exposure:
    """What is suspect of a mass. `kilograms` is None where the product has none.

    The share is rounded half-even to six decimals, `lower` down and `upper` up. `gap` says why there is no share; of
    nothing there are no bounds either.
    """

    kilograms: Decimal | None
    share: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    gap: Gap | None


@frozen
class ExposedShipment:
    """What was shipped of a lot by one operation, and what of it is suspect."""

    shipment: Mixing
    lot: UUID
    quantity: Decimal
    exposure: Exposure


@frozen
class ExposedStock:
    """What is suspect of what is on hand of a lot."""

    lot: UUID
    exposure: Exposure


def mixings_of(operations: Iterable[Operation], wholes: Mapping[UUID, UUID]) -> list[Mixing]:
    """The standing operations of all that the ledger took, given in its order; `wholes` as in `steps_of`.

    An operation that corrects another stands where that one stood, and so on back to the first.
    """
    places: dict[UUID, int] = {}
    standing: list[Operation] = []
    for sequence, operation in enumerate(operations):
        places[operation.id] = places[operation.corrects] if operation.corrects else sequence
        if operation.reverses is None and operation.reversed_by is None:
            standing.append(operation)
    return [_mixing_of(operation, wholes) for operation in sorted(standing, key=lambda operation: places[operation.id])]


def _mixing_of(operation: Operation, wholes: Mapping[UUID, UUID]) -> Mixing:
    flows = (
        Flow(
            m.direction, m.lot_id, m.lot_id and wholes.get(m.lot_id, m.lot_id), m.product.code, m.quantity, m.kilograms
        )
        for m in operation.movements
    )
    return Mixing(
        operation.id, operation.kind, operation.occurred_at, operation.partner, operation.document, tuple(flows)
    )


def exposures(
    affected: Collection[UUID], suspects: Collection[UUID], mixings: Iterable[Mixing]
) -> Iterator[ExposedShipment | ExposedStock]:
    """What part of each shipment, as it goes, and at the end of each affected lot can come from the suspects.

    `affected` is the forward closure of the suspects, these included. `mixings` are all standing operations that move
    any of them, in their order; of those that link lots every line, of others at least the lines of affected lots.
    """
    return _Pass(affected, suspects).over(mixings)


class _Pass:
    """One pass over the mixings."""

    def __init__(self, affected: Collection[UUID], suspects: Collection[UUID]) -> None:
        self.suspects = suspects
        self.lots = {lot: self._content(lot) for lot in affected}
        self.wholes: dict[UUID | None, UUID | None] = {}
        self.held: dict[tuple[str | None, UUID | None], Content] = {}
        self.without_mass: set[UUID] = set()

    def over(self, mixings: Iterable[Mixing]) -> Iterator[ExposedShipment | ExposedStock]:
        """What the pass finds."""
        for mixing in mixings:
            self.without_mass |= {flow.lot for flow in mixing.flows if flow.lot and flow.kilograms is None}
            self.wholes.update((flow.lot, flow.whole) for flow in mixing.flows)
            yield from self._take(mixing)
        for lot, content in self.lots.items():
            yield ExposedStock(lot, self._exposure(lot, content.here))

    def _content(self, lot: UUID | None) -> Content:
        return Content(lot in self.suspects)

    def _take(self, mixing: Mixing) -> Iterator[ExposedShipment]:
        if mixing.kind is Kind.TRANSFER:
            product = attrgetter("product")
            for _, flows in groupby(sorted(mixing.flows, key=product), key=product):
                self._mix(list(flows))
        elif mixing.kind in LINKING:
            self._mix(mixing.flows)
        else:
            yield from self._move(mixing)

    def _mix(self, flows: Sequence[Flow]) -> None:
        alone = len({flow.product for flow in flows}) == 1
        inputs = [(self._draw(lot, amount), has or alone) for (lot, has), amount in _lines(flows, Direction.IN)]
        outputs = [(lot, amount, has or alone) for (lot, has), amount in _lines(flows, Direction.OUT)]
        pool = pooled(
            weighed=[portion for portion, weighed in inputs if weighed],
            unweighed=[portion for portion, weighed in inputs if not weighed],
            out=sum(amount for _, amount, weighed in outputs if weighed),
        )
        for lot, amount, weighed in outputs:
            if lot in self.lots:
                self.lots[lot].put(pool.part(amount) if weighed else pool.like(amount))

    def _draw(self, lot: UUID | None, amount: int) -> Portion:
        return self.lots[lot].draw(amount) if lot in self.lots else clean(amount)

    def _move(self, mixing: Mixing) -> Iterator[ExposedShipment]:
        """Take what leaves by itself, then what comes by itself."""
        for (lot, _), amount in _lines(mixing.flows, Direction.IN):
            if lot in self.lots:
                portion = self.lots[lot].draw(amount)
                if mixing.kind is Kind.SHIPMENT:
                    yield self._shipped(mixing, lot, portion)
        for (lot, _), amount in _lines(mixing.flows, Direction.OUT):
            if lot in self.lots:
                self._receive(mixing, lot, amount)

    def _shipped(self, shipment: Mixing, lot: UUID, portion: Portion) -> ExposedShipment:
        self._held(shipment.partner, lot).put(portion)
        quantity = total(flow.quantity for flow in shipment.flows if flow.lot == lot)
        return ExposedShipment(shipment, lot, quantity, self._exposure(lot, portion))

    def _receive(self, mixing: Mixing, lot: UUID, amount: int) -> None:
        content = self.lots[lot]
        if mixing.kind is Kind.COUNT:
            content.grow(amount)
        elif mixing.kind is Kind.RETURN:
            content.put(self._held(mixing.partner, lot).draw(amount))
        else:
            content.put(clean(amount))

    def _held(self, partner: str | None, lot: UUID) -> Content:
        whole = self.wholes[lot]
        return self.held.setdefault((partner, whole), self._content(whole))

    def _exposure(self, lot: UUID, portion: Portion) -> Exposure:
        kilograms = None if lot in self.without_mass else EXACT.scaleb(Decimal(portion.mass), -_FINE)
        if not portion.mass:
            return Exposure(kilograms, None, None, None, Gap.EMPTY)
        share = share_of(portion)
        return Exposure(kilograms, share, *bounds_of(portion), portion.gap if share is None else None)


def _lines(flows: Iterable[Flow], direction: Direction) -> Iterable[tuple[tuple[UUID | None, bool], int]]:
    """How much moves this way, by lot and whether it has a mass: several lines of one lot are one."""
    amounts: Counter[tuple[UUID | None, bool]] = Counter()
    for flow in flows:
        if flow.direction is direction:
            amounts[flow.lot, flow.kilograms is not None] += flow.amount
    return amounts.items()
