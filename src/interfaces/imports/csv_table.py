"""CSV files with named columns, read strictly: what is wrong is told by file, line, column and reason."""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import IO, TypeVar

from attrs import frozen

from domain.shared.errors import DomainError
from interfaces.shared.files import opened

Value = TypeVar("Value")

LARGEST = 2**31
"""Bytes of a file: some ten million movements."""

LONGEST = 2**20
"""Characters of a line; what has no end isn't read to it."""


class BadLog(Exception):
    """A log that can't be imported: why, and where that shows."""

    def __init__(self, reason: str, file: str, line: int | None = None, column: str | None = None) -> None:
        self.reason, self.file, self.line, self.column = reason, file, line, column
        place = [file]
        if line is not None:
            place.append(f"line {line}")
        if column is not None:
            place.append(f"column {column}")
        super().__init__(f"{', '.join(place)}: {reason}")


@frozen
class Row:
    """One row: the file, the line that it starts on, and its cells by column."""

    file: str
    line: int
    cells: dict[str, str]

    def read(self, column: str, parse: Callable[[str], Value]) -> Value:
        """What the cell says, by `parse`; the fault that this finds is raised as `BadLog`, with its place."""
        try:
            return parse(self.cells[column])
        except DomainError as error:
            raise self.bad(column, error.faults[0].detail) from None

    def bad(self, column: str, reason: str) -> BadLog:
        """The error that this cell is."""
        return BadLog(reason, self.file, self.line, column)


def rows_of(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every row: the line that it starts on, and its cells in the order of `columns`.

    The file has these columns and no others, in any order; it may lack the optional ones, whose cells are then
    empty. A byte order mark and blank lines are passed over. Raises `BadLog` at the first row that isn't one.
    """
    try:
        # What isn't UTF-8 comes as lone surrogates, so that it can be told where it stands.
        with opened(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            if os.fstat(file.fileno()).st_size > LARGEST:
                raise BadLog(f"It has more than {LARGEST:,} bytes.", path.name)
            yield from _rows(path.name, file, columns, optional)
    except FileNotFoundError:
        raise BadLog("There is no such file.", path.name) from None
    except OSError as error:
        raise BadLog(f"It can't be read: {error.strerror}.", path.name) from None


def _rows(
    name: str, file: IO[str], columns: Sequence[str], optional: Sequence[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    records = _records(name, file)
    line, header = next(records, (None, []))
    if line is None:
        raise BadLog("It is empty; its first line names the columns.", name)
    _check_text(name, line, header, header)
    _check_header(name, line, header, columns, optional)
    # A column that the file lacks is read from the empty cell that is put behind each row.
    pick = itemgetter(*(header.index(column) if column in header else -1 for column in columns))
    lacking = [""] if set(columns) - set(header) else []
    for line, cells in records:
        if len(cells) != len(header):
            reason = f"The row has {len(cells)} cells, the header names {len(header)} columns."
            raise BadLog(reason, name, line, header[min(len(cells), len(header) - 1)])
        if not "".join(cells).isprintable():
            _check_text(name, line, header, cells)
        yield line, pick(cells + lacking if lacking else cells)


def _records(name: str, file: IO[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(name, file), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadLog(f"This isn't CSV: {error}.", name, line) from None


def _lines(name: str, file: IO[str]) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if len(line) == LONGEST and not line.endswith(("\n", "\r")):
            raise BadLog(f"The line has more than {LONGEST:,} characters.", name, number)
        yield line


def _check_header(name: str, line: int, header: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> None:
    for position, column in enumerate(header):
        if column not in columns:
            raise BadLog(f"There is no such column; there are {', '.join(columns)}.", name, line, column)
        if column in header[:position]:
            raise BadLog("The header names this column twice.", name, line, column)
    for column in columns:
        if column not in header and column not in optional:
            raise BadLog("The header lacks this column.", name, line, column)


def _check_text(name: str, line: int, header: Sequence[str], cells: Sequence[str]) -> None:
    """Whether a row has characters that can't be stored; new lines in a cell are none of them."""
    for column, cell in zip(header, cells, strict=False):
        if any("\ud800" <= character <= "\udfff" for character in cell):
            raise BadLog("This isn't UTF-8.", name, line, column)
        if "\0" in cell:
            raise BadLog("There is a NUL character.", name, line, column)
