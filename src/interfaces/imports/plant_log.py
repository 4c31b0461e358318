"""A plant's log: a directory of four CSV files, read into the command that imports it."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from application.production.import_log import (
    CampaignRow,
    ImportLog,
    ImportLogHandler,
    LogImported,
    PartnerRow,
    ProductRow,
)
from application.production.ports import Progress
from application.shared.actor import Actor
from domain.production.entry import OperationEntry
from domain.shared.errors import DomainError, Fault
from interfaces.imports.csv_table import BadLog, Row, rows_of
from interfaces.imports.movements import MOVEMENTS, operations_of
from interfaces.imports.reference_tables import (
    CAMPAIGNS,
    OPTIONAL,
    PARTNERS,
    PRODUCTS,
    campaign_row,
    partner_row,
    product_row,
)

Entry = TypeVar("Entry")

COLUMNS = {"products": PRODUCTS, "partners": PARTNERS, "campaigns": CAMPAIGNS, "operations": MOVEMENTS}
FILES = {
    "products": "products.csv",
    "partners": "partners.csv",
    "campaigns": "campaigns.csv",
    "operations": "movements.csv",
}
OTHERWISE_CALLED = {"product_class": "class", "standard_cost": "unit_cost"}
"""Columns that have another name than what they state."""


@frozen
class Places:
    """The lines on which the parts of a log start: of each row, and of the movements that each operation has."""

    lines: Mapping[str, Sequence[int]]
    first_movements: Sequence[int]

    def of(self, fault: Fault) -> BadLog:
        """The fault of a part as the error of a cell."""
        match fault.path:
            case ("operations", int(position), "movements", int(index), *steps):
                return self._bad(fault, "operations", self.first_movements[position] + index, steps)
            case ("operations", int(position), *steps):
                return self._bad(fault, "operations", self.first_movements[position], steps)
            case (str(name), int(position), *steps):
                return self._bad(fault, name, position, steps)
        return BadLog(fault.detail, "the log")

    def _bad(self, fault: Fault, name: str, row: int, steps: Sequence[str | int]) -> BadLog:
        stated = str(steps[0]) if steps else ""
        column = OTHERWISE_CALLED.get(stated, stated)
        # What concerns a row as a whole, or follows from others, is told at its code or number.
        return BadLog(
            fault.detail, FILES[name], self.lines[name][row], column if column in COLUMNS[name] else COLUMNS[name][0]
        )


@frozen
class PlantLog:
    """What a log states, and where."""

    products: tuple[ProductRow, ...]
    partners: tuple[PartnerRow, ...]
    campaigns: tuple[CampaignRow, ...]
    operations: tuple[OperationEntry, ...]
    places: Places

    def imported(self, handler: ImportLogHandler, actor: Actor, at: datetime, progress: Progress) -> LogImported:
        """What `handler` did with the log. What it refuses is raised as `BadLog`, and nothing has changed."""
        command = ImportLog(self.products, self.partners, self.campaigns, self.operations, actor, at)
        try:
            return handler(command, progress)
        except DomainError as error:
            raise self.places.of(error.faults[0]) from error


def read_log(directory: Path) -> PlantLog:
    """The log in this directory; `BadLog` at the first row that isn't as it should be."""
    products, product_lines = _table(directory, "products", product_row)
    partners, partner_lines = _table(directory, "partners", partner_row)
    campaigns, campaign_lines = _table(directory, "campaigns", campaign_row)
    operations: list[OperationEntry] = []
    movement_lines, first_movements = array("L"), array("L")
    for operation, starts in operations_of(directory / FILES["operations"]):
        operations.append(operation)
        first_movements.append(len(movement_lines))
        movement_lines.extend(starts)
    lines: dict[str, Sequence[int]] = {
        "products": product_lines,
        "partners": partner_lines,
        "campaigns": campaign_lines,
        "operations": movement_lines,
    }
    return PlantLog(products, partners, campaigns, tuple(operations), Places(lines, first_movements))


def _table(directory: Path, name: str, parse: Callable[[Row], Entry]) -> tuple[tuple[Entry, ...], list[int]]:
    file, columns = FILES[name], COLUMNS[name]
    rows = [
        Row(file, line, dict(zip(columns, cells, strict=True)))
        for line, cells in rows_of(directory / file, columns, OPTIONAL)
    ]
    return tuple(parse(row) for row in rows), [row.line for row in rows]
