"""A lot: an identified quantity of one product, made or received under the same conditions."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from attrs import define

from domain.catalog.product import DateMarking, Product
from domain.catalog.site import Site
from domain.production.valuation import NO_COST, Cost, minus, plus
from domain.shared.errors import Fault
from domain.shared.exact import EXACT, ZERO, canonical


class Disposition(StrEnum):
    """What quality says of a lot, as it takes effect. Pending is quarantine: not yet released."""

    PENDING = "pending"
    RELEASED = "released"
    ON_HOLD = "on_hold"
    REJECTED = "rejected"


STOPPED = frozenset({Disposition.ON_HOLD, Disposition.REJECTED})
"""What quality has stopped; only quality lets it go again."""


class LotKey(NamedTuple):
    """What identifies a lot: its site, its product and its code, by the plant's own codes; of a part also its label."""

    site: str
    product: str
    code: str
    sub_lot: str = ""

    def __str__(self) -> str:
        label = f" ({self.sub_lot})" if self.sub_lot else ""
        return f"{self.product} {self.code}{label} at {self.site}"

    @property
    def whole(self) -> "LotKey":
        """The lot that a sub-lot is part of; a whole lot itself."""
        return self._replace(sub_lot="")

    @property
    def facts(self) -> dict[str, str]:
        """What programs are told of it."""
        part = {"sub_lot": self.sub_lot} if self.sub_lot else {}
        return {"site": self.site, "product": self.product, "lot": self.code, **part}


@define(eq=False)
class Lot:
    """A lot as the ledger sees it, with what is on hand in the product's own unit and its cost.

    `decided` is what quality decided about it (pending, released or rejected), `holds` how many holds stand on it.
    `made_by` is the operation that made it; None when that one was reversed, so that the next row that puts something
    in makes it anew, dates included. `supplier_lot` means something only together with the supplier that the receipt
    names. `best_before` is a use-by date where the product says so. `parent` is the lot that a sub-lot is part of.
    """

    id: UUID
    key: LotKey
    product: Product
    decided: Disposition
    holds: int = 0
    on_hand: Decimal = ZERO
    cost: Cost = NO_COST
    made_by: UUID | None = None
    made_on: date | None = None
    best_before: date | None = None
    supplier_lot: str = ""
    campaign: UUID | None = None
    parent: UUID | None = None

    @property
    def disposition(self) -> Disposition:
        """What takes effect: a rejection, else a hold, else what was decided."""
        if self.decided is Disposition.REJECTED or not self.holds:
            return self.decided
        return Disposition.ON_HOLD

    def particulars(self) -> tuple[object, ...]:
        """What the ledger may change about the lot, but how much there is and what that is worth."""
        cost = (self.cost.currency, self.cost.basis)
        dates = (self.made_on, self.best_before)
        return (self.decided, self.made_by, self.supplier_lot, self.campaign, *dates, *cost)

    def put_in(self, amount: Decimal, cost: Cost) -> None:
        """Add to what is on hand."""
        if self.on_hand or self.cost.amount:
            self.cost = plus(self.cost, cost)
        else:
            # What costs nothing has no currency; the lot keeps the one that its earlier movements are in.
            self.cost = Cost(cost.amount, cost.currency or self.cost.currency, cost.basis)
        self.on_hand = EXACT.add(self.on_hand, amount)

    def take_out(self, amount: Decimal, cost: Cost) -> None:
        """Take from what is on hand. The ledger checks the result, so that a correction may pass below zero."""
        self.cost = minus(self.cost, cost)
        self.on_hand = EXACT.subtract(self.on_hand, amount)

    def shortage(self, wanted: Decimal, left: Decimal | None = None) -> Fault:
        """The refusal of more than there is; says how much is left (now, unless `left` tells what was before)."""
        remains, unit = canonical(self.on_hand if left is None else left), self.product.unit.code
        detail = f"Lot {self.key} has {remains} {unit} left; {canonical(wanted)} {unit} is asked for."
        return Fault("not_enough", detail, facts={**self.key.facts, "left": remains, "unit": unit}, refusal=True)


def first_disposition(site: Site) -> Disposition:
    """A site decides whether its new lots wait for their release."""
    return Disposition.PENDING if site.positive_release else Disposition.RELEASED


def shipping_fault(lot: Lot) -> Fault | None:
    """Why quality doesn't let this lot be shipped, or None: only released lots ship."""
    if lot.disposition is not Disposition.RELEASED:
        return _unusable(lot, f"Lot {lot.key} is {lot.disposition.replace('_', ' ')} and can't be shipped.")
    return None


def expiry_fault(lot: Lot, site: Site, on: date) -> Fault | None:
    """Why this lot's date doesn't let it be shipped on that day, or None: nothing ships past its use-by date."""
    if lot.best_before is None or on <= lot.best_before:
        return None
    if lot.product.date_marking is DateMarking.USE_BY:
        return _unusable(lot, f"Lot {lot.key} had to be used by {lot.best_before} and can't be shipped.")
    if not site.ships_past_best_before:
        return _unusable(lot, f"Lot {lot.key} was best before {lot.best_before}; {site.code} doesn't ship it later.")
    return None


def consumption_fault(lot: Lot) -> Fault | None:
    """Why this lot can't go into anything, or None: what is on hold or rejected stays where it is."""
    if lot.disposition in STOPPED:
        return _unusable(lot, f"Lot {lot.key} is {lot.disposition.replace('_', ' ')} and can't be consumed.")
    return None


def let_go_fault(lot: Lot) -> Fault:
    """Why what was put into this lot isn't taken back, or put to another: quality has stopped it."""
    stopped = lot.disposition.replace("_", " ")
    return _unusable(lot, f"Lot {lot.key} is {stopped}: what was put into it stays there until quality lets it go.")


def _unusable(lot: Lot, detail: str) -> Fault:
    return Fault("not_usable", detail, facts={**lot.key.facts, "disposition": lot.disposition}, refusal=True)
