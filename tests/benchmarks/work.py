"""The work that is done through Lignage and by hand, in the core's own words."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from attrs import evolve

from domain.production.entry import Direction, Kind, MovementEntry, OperationEntry, Role
from domain.shared.money import Money

NOW = datetime(2026, 1, 1, 6, tzinfo=UTC)
SITE, LINE, OPERATOR, CAMPAIGN = "PLANT", "LINE-1", "anna", "BENCH"
INPUTS, PACKAGING = 3_000, 100
PRICE = Decimal("1.25")
"""What a unit of everything received costs, in euros."""


def receipts() -> Iterator[OperationEntry]:
    """The lots to take from, one delivery each."""
    yield from (_receipt("RAW", number, "KGM") for number in range(INPUTS))
    yield from (_receipt("PACK", number, "C62") for number in range(PACKAGING))


def productions(seed: int = 1) -> Iterator[OperationEntry]:
    """Operations of three inputs and two outputs, each output a new lot, without end."""
    chance = random.Random(seed)  # noqa: S311 - the same lots each time
    while True:
        name = uuid4().hex
        taken = chance.sample(range(INPUTS), 3)
        movements = [_line(Direction.IN, Role.INPUT, "RAW", f"RAW-{number}", "2.5", "KGM") for number in taken]
        movements.append(_line(Direction.OUT, Role.MAIN, "MADE", f"M-{name}", "5", "C62"))
        movements.append(_line(Direction.OUT, Role.BY_PRODUCT, "REST", f"R-{name}", "0.5", "KGM"))
        yield _operation(Kind.PRODUCTION, tuple(movements), campaign=CAMPAIGN, line=LINE)


def body_of(entry: OperationEntry) -> dict[str, object]:
    """A production as JSON."""
    return {
        "id": str(entry.id),
        "kind": entry.kind,
        "occurred_at": entry.occurred_at.isoformat(),
        "campaign": entry.campaign,
        "site": entry.site,
        "line": entry.line,
        "operator": entry.operator,
        "movements": [
            {
                "product": movement.product,
                "lot": movement.lot,
                "direction": movement.direction,
                "role": movement.role,
                "quantity": str(movement.quantity),
                "unit": movement.unit,
            }
            for movement in entry.movements
        ],
    }


def _receipt(product: str, number: int, unit: str) -> OperationEntry:
    movement = _line(Direction.OUT, Role.MAIN, product, f"{product}-{number}", "900000", unit)
    movement = evolve(movement, unit_cost=Money(PRICE, "EUR"))
    return _operation(Kind.RECEIPT, (movement,), partner="FARM", document="DN")


def _operation(kind: Kind, movements: tuple[MovementEntry, ...], **head: str) -> OperationEntry:
    return OperationEntry(
        id=UUID(int=uuid4().int), kind=kind, occurred_at=NOW, site=SITE, operator=OPERATOR, movements=movements, **head
    )


def _line(direction: Direction, role: Role, product: str, lot: str, quantity: str, unit: str) -> MovementEntry:
    return MovementEntry(SITE, product, lot, direction, role, Decimal(quantity), unit)
