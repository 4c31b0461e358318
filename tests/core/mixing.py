"""What exposure should be, the slow and obvious way: compositions as exact fractions, and every way to part a mass."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any
from uuid import UUID

from attrs import frozen

from domain.production.entry import Direction, Kind
from domain.traceability import exposure
from domain.traceability.exposure import ExposedShipment, ExposedStock, Exposure, Flow, Mixing

IN, OUT = Direction.IN, Direction.OUT
DAY = datetime(2026, 3, 2, tzinfo=UTC)

Part = dict[int, Fraction]
"""How much there is of each source."""


def lot(number: int) -> UUID:
    return UUID(int=number)


def mixing(kind: str, taken: dict[int, Any], put: dict[int, Any], lost: int = 0, partner: str | None = None) -> Mixing:
    """So many kilograms from lots and to lots, by their numbers."""
    flows = [Flow(IN, lot(number), lot(number), "JUICE", Decimal(kg), Decimal(kg)) for number, kg in taken.items()]
    flows += [Flow(OUT, lot(number), lot(number), "JUICE", Decimal(kg), Decimal(kg)) for number, kg in put.items()]
    flows += [Flow(OUT, None, None, "JUICE", Decimal(lost), Decimal(lost))] if lost else []
    return Mixing(lot(0), Kind(kind), DAY, partner, "", tuple(flows))


SOURCES, MADE = (1, 2, 3), (4, 5, 6, 7)


def histories(bits: Iterable[int], *, parting: bool = False) -> Iterator[Mixing]:
    """What a plant does that follows these numbers, of which each is one operation: its kind, lots and amounts.

    Lots 1 to 3 are received, 4 to 7 made; none is drawn below zero, and nobody returns more than they got. `parting`
    leaves out whatever brings mass from nowhere or back, or loses it.
    """
    on_hand, held = Counter(dict.fromkeys(SOURCES, 60)), Counter()
    yield mixing("receipt", {}, dict(on_hand))
    for drawn in bits:
        kind = ("merge", "split", "shipment", "rework", "production", "loss", "return", "count")[
            drawn & (3 if parting else 7)
        ]
        chosen = {1 + (drawn >> 3) % 7, 1 + (drawn >> 6) % 7}
        target, amount = 4 + (drawn >> 9 & 3), 1 + (drawn >> 11) % 40
        taken = {number: min(amount, on_hand[number]) for number in sorted(chosen) if on_hand[number]}
        put: dict[int, int] = {}
        total = sum(taken.values())
        if kind in ("return", "count"):
            taken, put = (
                {},
                {number: min(7, kg) for number, kg in (held if kind == "return" else on_hand).items() if kg},
            )
        elif kind in ("merge", "rework"):
            put = {target: total}
        elif kind == "split":
            put = {target: total // 2, 4 + (target + 1) % 4: total - total // 2}
        elif kind == "production" and taken:
            put = {target: total * 2 // 3 if total % 2 else total + 7}
        put = {number: kg for number, kg in put.items() if kg}
        if taken or put:
            on_hand.subtract(taken)
            on_hand.update(put)
            held.update(taken if kind == "shipment" else {})
            held.subtract(put if kind == "return" else {})
            yield mixing(kind, taken, put, partner="SHOP")


def compositions(mixings: Iterable[Mixing]) -> tuple[dict[int, Part], list[tuple[int, Part]]]:
    """What every lot is made of in the end, and every line that was shipped, under perfect mixing."""
    lots: dict[int, Part] = defaultdict(dict)
    held: dict[int, Part] = defaultdict(dict)
    shipped: list[tuple[int, Part]] = []
    for step in mixings:
        pool: Part = {}
        for flow in step.flows:
            if flow.direction is IN:
                drawn = _draw(lots[flow.lot.int], Fraction(flow.kilograms))
                pool = _sum(pool, drawn)
                if step.kind is Kind.SHIPMENT:
                    held[flow.lot.int] = _sum(held[flow.lot.int], drawn)
                    shipped.append((flow.lot.int, drawn))
        for flow in step.flows:
            if flow.direction is OUT:
                number, kg = flow.lot.int, Fraction(flow.kilograms)
                if step.kind is Kind.RECEIPT:
                    added = {number: kg}
                elif step.kind is Kind.RETURN:
                    added = _draw(held[number], kg)
                else:
                    added = _scaled(lots[number] if step.kind is Kind.COUNT else pool, kg)
                lots[number] = _sum(lots[number], added)
    return lots, shipped


def share(part: Part, sources: Iterable[int]) -> Fraction:
    return sum((part.get(source, Fraction(0)) for source in sources), Fraction(0)) / sum(part.values())


def _scaled(part: Part, kg: Fraction) -> Part:
    whole = sum(part.values())
    return {source: amount * kg / whole for source, amount in part.items()}


def _draw(part: Part, kg: Fraction) -> Part:
    drawn = _scaled(part, kg)
    for source in list(part):
        part[source] -= drawn[source]
    return drawn


def _sum(one: Part, other: Part) -> Part:
    return {source: one.get(source, Fraction(0)) + other.get(source, Fraction(0)) for source in one.keys() | other}


State = tuple[tuple[int, int, int], ...]
"""Of each lot its number, how many kilograms it has, and how many of them are suspect."""


def reachable(mixings: Iterable[Mixing], suspects: Iterable[int]) -> dict[int, set[int]]:
    """How many kilograms of each lot can be suspect when every draw takes whichever kilograms it likes."""
    states: set[State] = {()}
    for step in mixings:
        states = {after for state in states for after in _afterwards(step, dict(_pairs(state)), set(suspects))}
    found: dict[int, set[int]] = defaultdict(set)
    for state in states:
        for number, _, suspect in state:
            found[number].add(suspect)
    return found


def _pairs(state: State) -> Iterator[tuple[int, tuple[int, int]]]:
    return ((number, (mass, suspect)) for number, mass, suspect in state)


def _afterwards(step: Mixing, lots: dict[int, tuple[int, int]], suspects: set[int]) -> Iterator[State]:
    taken = [(flow.lot.int, int(flow.kilograms)) for flow in step.flows if flow.direction is IN]
    put = [(flow.lot and flow.lot.int, int(flow.kilograms)) for flow in step.flows if flow.direction is OUT]
    for drawn in product(*(_draws(*lots[number], kg) for number, kg in taken)):
        left = dict(lots)
        for (number, kg), suspect in zip(taken, drawn, strict=True):
            left[number] = (left[number][0] - kg, left[number][1] - suspect)
        if step.kind is Kind.RECEIPT:
            outs = [[kg if number in suspects else 0 for number, kg in put]]
        else:
            outs = _partings(sum(kg for _, kg in taken), sum(drawn), [kg for _, kg in put])
        for out in outs:
            after = dict(left)
            for (number, kg), suspect in zip(put, out, strict=True):
                mass, before = after.get(number, (0, 0))
                after[number] = (mass + kg, before + suspect)
            yield tuple((number, *amounts) for number, amounts in sorted(after.items(), key=str))


def _draws(mass: int, suspect: int, kg: int) -> range:
    return range(max(0, kg - (mass - suspect)), min(kg, suspect) + 1)


def _partings(mass: int, suspect: int, kgs: list[int]) -> Iterator[list[int]]:
    if not kgs:
        yield []
        return
    for first in _draws(mass, suspect, kgs[0]):
        for rest in _partings(mass - kgs[0], suspect - first, kgs[1:]):
            yield [first, *rest]


@frozen
class Exposures:
    """What is suspect of what is on hand of each lot, and of each line that was shipped, in their order."""

    on_hand: Mapping[UUID, Exposure]
    shipped: tuple[ExposedShipment, ...]


def exposures(affected: Collection[UUID], suspects: Collection[UUID], mixings: Iterable[Mixing]) -> Exposures:
    """All that the pass under test finds, together."""
    found = list(exposure.exposures(affected, suspects, mixings))
    return Exposures(
        {item.lot: item.exposure for item in found if isinstance(item, ExposedStock)},
        tuple(item for item in found if isinstance(item, ExposedShipment)),
    )
