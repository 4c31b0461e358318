"""How the core says no: faults that a person can act on, gathered into one error."""

from collections.abc import Iterable, Mapping
from typing import Self

from attrs import evolve, field, frozen

Path = tuple[str | int, ...]


@frozen
class Fault:
    """One thing that is wrong.

    `code` is stable and for programs, `detail` is a sentence for people, `path` leads to the value in what was
    submitted (as the steps of a JSON pointer), and `facts` are the figures behind the sentence, such as what is
    left of a lot. `refusal` tells a value that the present state of the plant refuses, and that might be accepted
    at another time, from one that breaks a rule whatever the state.
    """

    code: str
    detail: str
    path: Path = ()
    facts: Mapping[str, object] = field(factory=dict)
    refusal: bool = False

    def below(self, *steps: str | int) -> "Fault":
        """The same fault, seen from further out: `steps` lead to the part that it was found in."""
        return evolve(self, path=(*steps, *self.path))


class DomainError(Exception):
    """A rule of the plant said no. Carries every fault that was found, not only the first."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.detail for fault in faults))
        self.faults = faults

    def below(self, *steps: str | int) -> Self:
        """The same error, seen from further out."""
        return type(self)(*(fault.below(*steps) for fault in self.faults))


class Invalid(DomainError):
    """A value breaks a rule, whatever the state of the plant."""


class Refused(DomainError):
    """The request is well formed; the present state of the plant refuses it."""


def raise_any(faults: Iterable[Fault]) -> None:
    """Raise what was found: `Invalid` when any fault breaks a rule, `Refused` when only the state is against it."""
    found = tuple(faults)
    if not found:
        return
    if all(fault.refusal for fault in found):
        raise Refused(*found)
    raise Invalid(*found)
