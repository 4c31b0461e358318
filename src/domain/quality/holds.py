"""Holds: what keeps lots from being used until it is lifted, for a reason, from each of them by itself."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from attrs import frozen

from domain.production.lot import Lot
from domain.shared.errors import Fault, Invalid, Refused
from domain.shared.signature import Signature


@frozen
class Hold:
    """Why lots must stay where they are. `scope` says in words which lots, `recall` names the recall behind it."""

    id: UUID
    reason: str
    scope: str
    placed_at: datetime
    placed_by: str
    recall: UUID | None = None
    signature: Signature | None = None


@frozen
class Lifting:
    """A hold taken from one lot: why, when, and by whom."""

    reason: str
    lifted_at: datetime
    lifted_by: str
    signature: Signature | None = None


@frozen
class HeldLot:
    """A hold as it stands on one lot, or stood until it was lifted."""

    hold: Hold
    lot: UUID
    lifting: Lifting | None = None

    @property
    def stands(self) -> bool:
        """Whether it keeps the lot from being used."""
        return self.lifting is None


@frozen
class Placed:
    """On how many lots a hold was placed, and the hash of which (see `domain.production.digest.lots_digest`)."""

    lots: int
    digest: str


@frozen
class RecallLifting:
    """From how many lots the holds of a recall were lifted, and on how many of those others still stand."""

    lots: int
    still_held: int


@frozen
class HeldByRecall:
    """What the holds of a recall stand on: how many lots, and at which sites; `ever_at` is wherever any stood."""

    lots: int
    sites: frozenset[str]
    ever_at: frozenset[str]

    def check(self) -> None:
        """Raises `Refused` where none stands."""
        if not self.lots:
            raise Refused(Fault("not_held", "No hold of this recall stands on any lot.", refusal=True))


def hold_to_lift(lot: Lot, history: Iterable[HeldLot], named: UUID | None) -> HeldLot:
    """Which hold is meant: the one that is named, else the latest that stands and belongs to no recall.

    `history` has every hold of the lot, the latest first. Raises `Invalid` for one that never stood on the lot,
    `Refused` where none is left to lift.
    """
    held = [each for each in history if named in (None, each.hold.id)]
    if named and not held:
        raise Invalid(Fault("unknown_hold", f"No hold with this id stands or stood on lot {lot.key}.", ("hold",)))
    standing = [each for each in held if each.stands]
    liftable = [each for each in standing if named or each.hold.recall is None]
    if liftable:
        return liftable[0]
    detail = f"Lot {lot.key} isn't on hold."
    if named:
        detail = f"This hold was lifted from lot {lot.key} before."
    elif standing:
        detail = f"Only holds of recalls stand on lot {lot.key}: name the one that is to be lifted."
    facts = {"disposition": lot.disposition, "holds": lot.holds}
    raise Refused(Fault("not_held", detail, ("hold",) if named else (), facts, refusal=True))
