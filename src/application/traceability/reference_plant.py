"""A plant of any size to measure on, with everything that makes a genealogy hard."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Protocol

from attrs import frozen

from domain.shared.errors import Fault, raise_any

SITE = "REFERENCE"
"""The site of the plant; there is one of it."""

FEWEST_LOTS, MOST_LOTS = 1_000, 10_000_000
MOST_INPUTS = 100

Progress = Callable[[int], None]
"""Told how many more lots are made."""


class ReferencePlants(Protocol):
    """Makes the plant, past the use cases because of its size, but not past the rules of the database."""

    @abstractmethod
    def make(self, lots: int, inputs: int, progress: Progress) -> None:
        """Make about so many lots, each operation with so many inputs. `Refused` where the plant stands already."""


@frozen
class MakeReferencePlant:
    """Make a plant of so many lots with so many links between them."""

    lots: int
    edges: int


@frozen
class MakeReferencePlantHandler:
    """Makes plants to measure on."""

    plants: ReferencePlants

    def __call__(self, command: MakeReferencePlant, progress: Progress) -> None:
        """`Invalid` for a size that no such plant has; `Refused` where it stands already."""
        inputs = command.edges // command.lots if command.lots > 0 else 0
        raise_any(
            Fault("out_of_range", detail, (name,))
            for name, detail, right in (
                ("lots", f"From {FEWEST_LOTS} to {MOST_LOTS} lots.", FEWEST_LOTS <= command.lots <= MOST_LOTS),
                ("edges", f"From 2 to {MOST_INPUTS} links for each lot.", 2 <= inputs <= MOST_INPUTS),
            )
            if not right
        )
        self.plants.make(command.lots, inputs, progress)
