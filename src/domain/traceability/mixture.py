"""What a mass is made of: how much of it is suspect under perfect mixing, and how little and how much of it can be.

`domain.traceability.exposure` says why it is reckoned this way. All numbers are whole: masses and bounds in picograms,
the suspect mass between two whole multiples of a much finer unit, rounded outwards.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import NamedTuple

from attrs import define

from domain.shared.exact import EXACT

PLACES = 6
"""The decimals of a share."""

_PARTS = 10**PLACES

BITS = 128
"""How fine the unit of a suspect mass is: this many halvings of a picogram."""


class Gap(StrEnum):
    """Why a share isn't known: nothing is there, masses can't be compared, or it was taken before it was put in."""

    EMPTY = "empty"
    NO_MASS = "no_mass"
    TAKEN_BEFORE = "taken_before"


class Portion(NamedTuple):
    """A mass. Its suspect part is between `least` and `most` fine units if mixed, between `lower` and `upper` if not.

    Where there is a gap, `least` and `most` are the ends of what the share could be, whatever fills the gap.
    """

    mass: int
    least: int
    most: int
    lower: int
    upper: int
    gap: Gap | None = None

    @property
    def wholly_suspect(self) -> bool:
        """Whether nothing else can be in it."""
        return self.lower == self.mass

    def part(self, mass: int) -> "Portion":
        """A draw from it."""
        lower, upper = max(0, mass - (self.mass - self.lower)), min(mass, self.upper)
        return Portion(mass, *self._of(mass), lower, upper, self.gap)

    def without(self, mass: int) -> "Portion":
        """What such a draw leaves."""
        left = self.mass - mass
        return Portion(left, *self._of(left), max(0, self.lower - mass), min(left, self.upper), self.gap)

    def with_(self, other: "Portion") -> "Portion":
        """Both together."""
        return Portion(
            self.mass + other.mass,
            self.least + other.least,
            self.most + other.most,
            self.lower + other.lower,
            self.upper + other.upper,
            min(self.gap, other.gap) if self.gap and other.gap else self.gap or other.gap,
        )

    def grown(self, mass: int) -> "Portion":
        """With so much more of the same, from nowhere: none of that is surely suspect, all of it may be."""
        if not self.mass:
            return self.with_(clean(mass))
        return self.like(self.mass + mass)._replace(lower=self.lower, upper=self.upper and self.upper + mass)

    def like(self, mass: int) -> "Portion":
        """So much of the same composition, however much there is of it."""
        lower, upper = mass if self.wholly_suspect else 0, mass if self.upper else 0
        return Portion(mass, *self._of(mass), lower, upper, self.gap)

    def _of(self, mass: int) -> tuple[int, int]:
        return self.least * mass // self.mass, -(-self.most * mass // self.mass)


NOTHING = Portion(0, 0, 0, 0, 0)


def clean(mass: int) -> Portion:
    """A mass of which nothing is suspect."""
    return Portion(mass, 0, 0, 0, 0)


def suspect(mass: int) -> Portion:
    """A mass that is suspect in full."""
    return Portion(mass, mass << BITS, mass << BITS, mass, mass)


def unknown(mass: int, gap: Gap) -> Portion:
    """A mass that may be suspect in nothing or in full."""
    return Portion(mass, 0, mass << BITS, 0, mass, gap)


def pooled(weighed: Iterable[Portion], unweighed: Sequence[Portion], out: int) -> Portion:
    """The mixture of all that goes into an operation, of which `out` comes out again and the rest is lost.

    Never empty: even where nothing that is mixed has a mass, the mixture has a composition. What is `unweighed` has
    none that could be compared: it leaves the share open, unless all of the mixture is suspect, or nothing.
    """
    known = reduce(Portion.with_, weighed, NOTHING)
    inputs = [*unweighed, *([known] if known.mass else [])]
    gain = max(out, 1) - known.mass
    pool = known.grown(gain) if gain > 0 else known
    if not unweighed:
        return pool
    if all(portion.wholly_suspect for portion in inputs):
        return suspect(pool.mass)
    if any(portion.upper for portion in unweighed):
        return unknown(pool.mass, Gap.NO_MASS)
    return pool._replace(least=0, lower=0, gap=pool.gap or Gap.NO_MASS)


@define
class Content:
    """What is in a lot, or what a partner holds of one. A suspect lot is suspect in all that it ever holds."""

    is_suspect: bool
    here: Portion = NOTHING
    last: Portion = NOTHING
    owed: int = 0

    def put(self, portion: Portion) -> None:
        """Put something in; what was taken before it was there goes off first."""
        repaid = min(self.owed, portion.mass)
        self.owed -= repaid
        self._become(self.here.with_(portion.without(repaid) if repaid else portion))

    def draw(self, mass: int) -> Portion:
        """Take something out; what isn't there is of unknown composition, and owed."""
        there = min(mass, self.here.mass)
        short = mass - there
        self.owed += short
        missing = unknown(short, Gap.TAKEN_BEFORE) if short else NOTHING
        if there:
            missing = self.here.part(there).with_(missing)
            self._become(self.here.without(there))
        return suspect(mass) if self.is_suspect else missing

    def grow(self, mass: int) -> None:
        """Find more in it than was thought: more of what is there, or was there last."""
        if self.owed:
            self.put(unknown(mass, Gap.TAKEN_BEFORE))
        elif self.last.mass and not self.here.mass:
            self._become(self.last.like(mass)._replace(lower=0))
        else:
            self._become(self.here.grown(mass))

    def _become(self, portion: Portion) -> None:
        if self.is_suspect:
            portion = suspect(portion.mass)
        self.last = portion if portion.mass else self.last
        self.here = portion if portion.mass else NOTHING


def share_of(portion: Portion) -> Decimal | None:
    """The share, rounded half-even to six decimals; None where a gap leaves it open.

    Without a gap the ends are so close that they round alike, or hold the half between two, which goes to the even one.
    """
    whole = portion.mass << BITS
    ends = {_half_even(portion.least * _PARTS, whole), _half_even(portion.most * _PARTS, whole)}
    if len(ends) > 1 and portion.gap:
        return None
    return _decimal(min(ends, key=lambda end: end % 2))


def bounds_of(portion: Portion) -> tuple[Decimal, Decimal]:
    """The least and the greatest share there can be, rounded down and up to six decimals."""
    return _decimal(portion.lower * _PARTS // portion.mass), _decimal(-(-portion.upper * _PARTS // portion.mass))


def _half_even(number: int, whole: int) -> int:
    quotient, rest = divmod(number, whole)
    return quotient + (2 * rest > whole or (2 * rest == whole and quotient % 2))


def _decimal(parts: int) -> Decimal:
    return EXACT.scaleb(Decimal(parts), -PLACES)
