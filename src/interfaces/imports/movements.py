"""The movements of a log: rows that stand together make an operation."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from sys import intern

from domain.production.entry import Direction, Kind, MovementEntry, OperationEntry, Role
from domain.shared.errors import DomainError
from domain.shared.exact import parse_decimal
from domain.shared.identity import operation_id
from interfaces.imports.cells import day, moment, one_of, optional
from interfaces.imports.csv_table import Row, rows_of

HEAD = ("operation", "kind", "occurred_at", "campaign", "line", "operator", "partner", "document", "reverses")
LINE = (
    "site",
    "product",
    "lot",
    "direction",
    "role",
    "quantity",
    "unit",
    "reason",
    "supplier_lot",
    "made_on",
    "best_before",
)
MOVEMENTS = HEAD + LINE

SEVERAL_SITES = frozenset({Kind.TRANSFER, Kind.REVERSAL})
"""Kinds whose rows may be at several sites: a transfer, and what takes one back."""

Cells = tuple[int, tuple[str, ...], tuple[str, ...]]
"""A row: the line that it starts on, its cells of the operation and those of the movement."""

_kind, _direction, _role, _day = one_of(Kind), one_of(Direction), one_of(Role), optional(day)

READERS: Mapping[str, Callable[[str], object]] = {
    "kind": _kind,
    "occurred_at": moment,
    "direction": _direction,
    "role": _role,
    "quantity": parse_decimal,
    "made_on": _day,
    "best_before": _day,
}
"""The columns whose cells aren't any text; tried one by one where a row can't be read."""


def operations_of(path: Path) -> Iterator[tuple[OperationEntry, list[int]]]:
    """The operations in the order of the file, each with the lines that its movements start on. Raises `BadLog`."""
    first_line: dict[tuple[str, str], int] = {}
    for rows in _operations(path.name, _split(path)):
        line, head, (site, *_) = rows[0]
        number = head[0]
        if before := first_line.get((site, number)):
            reason = f"The rows of an operation stand together; {number!r} of {site} is on line {before} already."
            raise _row(path.name, rows[0]).bad("operation", reason)
        first_line[site, number] = line
        try:
            yield _operation(rows), [line for line, _, _ in rows]
        except DomainError:
            _tell_where(path.name, rows)
            raise


def _split(path: Path) -> Iterator[Cells]:
    width = len(HEAD)
    for line, cells in rows_of(path, MOVEMENTS):
        yield line, cells[:width], cells[width:]


def _operations(file: str, rows: Iterable[Cells]) -> Iterator[list[Cells]]:
    """Rows that follow each other and have the same number at the same site."""
    together: list[Cells] = []
    for row in rows:
        if together and not _belongs(file, together[0], row):
            yield together
            together = []
        together.append(row)
    if together:
        yield together


def _belongs(file: str, first: Cells, row: Cells) -> bool:
    """Whether a row is of the same operation as the first one. Raises `BadLog` where it is and contradicts it.

    Two sites may use the same number next to each other: then they differ in more than the site.
    """
    (_, head, (site, *_)), (_, own_head, (own_site, *_)) = first, row
    if own_head == head:
        if own_site != site and head[1] not in SEVERAL_SITES:
            raise _row(file, row).bad("site", f"The operation is at {site}; only a transfer's rows differ in site.")
        return True
    if own_head[0] != head[0] or own_site != site:
        return False
    column = next(name for name, known, own in zip(HEAD, head, own_head, strict=True) if known != own)
    known = head[HEAD.index(column)]
    raise _row(file, row).bad(column, f"The rows of an operation agree here; its first row says {known!r}.")


def _operation(rows: list[Cells]) -> OperationEntry:
    _, (number, kind, occurred_at, campaign, line, operator, partner, document, reverses), (site, *_) = rows[0]
    return OperationEntry(
        id=operation_id(site, number),
        kind=_kind(kind),
        occurred_at=moment(occurred_at),
        site=intern(site),
        operator=intern(operator),
        movements=tuple([_movement(cells) for _, _, cells in rows]),
        campaign=intern(campaign) or None,
        line=intern(line) or None,
        partner=intern(partner) or None,
        document=document,
        number=number,
        reverses=operation_id(site, reverses) if reverses else None,
    )


def _movement(cells: tuple[str, ...]) -> MovementEntry:
    site, product, lot, direction, role, quantity, unit, reason, supplier_lot, made_on, best_before = cells
    # A word that stands on many lines is kept once.
    return MovementEntry(
        site=intern(site),
        product=intern(product),
        lot=intern(lot) or None,
        direction=_direction(direction),
        role=_role(role),
        quantity=parse_decimal(quantity),
        unit=intern(unit),
        reason=intern(reason),
        supplier_lot=supplier_lot,
        made_on=_day(made_on),
        best_before=_day(best_before),
    )


def _tell_where(file: str, rows: Iterable[Cells]) -> None:
    """Raise `BadLog` for the first cell that can't be read."""
    for row in rows:
        cells = _row(file, row)
        for column, reader in READERS.items():
            cells.read(column, reader)


def _row(file: str, row: Cells) -> Row:
    line, head, cells = row
    return Row(file, line, dict(zip(MOVEMENTS, head + cells, strict=True)))
