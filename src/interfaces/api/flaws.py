"""What is wrong with a request before any use case sees it."""

from typing import Literal, Self

from attrs import evolve, frozen

from domain.shared.errors import DomainError, Fault

MOST_FLAWS = 1000
"""Nobody mends more at a time; whoever sends millions gets no list of millions."""

Place = Literal["pointer", "parameter", "header"]
"""Where a fault is: at a JSON pointer in the body, in a query parameter, or in a header."""


@frozen
class Flaw:
    """A fault that the API itself found.

    `malformed` tells what is no request at all (400: a wrong type, a field that is missing or unknown) from a value
    that breaks a rule (422).
    """

    fault: Fault
    malformed: bool = False


class BadInput(Exception):
    """Everything that is wrong with what came in."""

    def __init__(self, *flaws: Flaw, place: Place = "pointer") -> None:
        super().__init__("; ".join(flaw.fault.detail for flaw in flaws))
        self.flaws = flaws
        self.place = place

    def below(self, *steps: str | int) -> Self:
        """The same, seen from further out."""
        return type(self)(*(evolve(flaw, fault=flaw.fault.below(*steps)) for flaw in self.flaws), place=self.place)


def malformed(code: str, detail: str, *path: str | int, place: Place = "pointer") -> BadInput:
    """Something that isn't a request that this API has."""
    return BadInput(Flaw(Fault(code, detail, path), malformed=True), place=place)


def against_rule(code: str, detail: str, *path: str | int) -> BadInput:
    """A value that breaks a rule."""
    return BadInput(Flaw(Fault(code, detail, path)))


def flaws_in(error: DomainError) -> BadInput:
    """What the domain says of a value, as a flaw of the input."""
    return BadInput(*(Flaw(fault) for fault in error.faults))
