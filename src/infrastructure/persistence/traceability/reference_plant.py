"""The reference plant, by COPY: of the same shape for the same size, whenever it is made."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from typing_extensions import override

from application.shared.ids import Ids
from application.traceability.reference_plant import SITE, Progress, ReferencePlants
from domain.production.entry import Direction, Kind, Role
from domain.shared.errors import Fault, Refused
from infrastructure.persistence.catalog.models import Operator, Partner, Product, Site
from infrastructure.persistence.production.mapping import LOT_COLUMNS, MOVEMENT_COLUMNS, OPERATION_COLUMNS
from infrastructure.persistence.shared.statements import copy_rows

OUTPUTS = 4
"""Lots that an operation makes."""

HUB, HEEL = 10_000, 300
SIZES = (300_000, 100_000, 1_000, 100, 10)
"""Closures to measure, where the plant has room for them; of a small plant the largest is eight tenths."""

REWORK_EVERY = 100
SHIPPED_AT_ONCE = 100
PRODUCTS, CUSTOMERS, SUPPLIERS = 20, 200, 50
OPERATIONS_AT_ONCE = 2_000

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
RECEIVED, MADE, MOVED = Decimal(1_000_000), Decimal(1_000), Decimal(1)


class Part(NamedTuple):
    """Lots that the first of them leads to, and that lead to no other part: `size` of them are its descendants."""

    shape: str
    first: int
    size: int


class Step(NamedTuple):
    """An operation to be, with lots by their position in the plant and new ones among them."""

    kind: Kind
    inputs: Sequence[int]
    outputs: Sequence[int]
    partner: int | None = None


def lot_code(position: int) -> str:
    """The code of the lot at a position of the plant; the first of each part leads to the part's others."""
    return f"{position:07}"


def parts_of(lots: int, inputs: int) -> list[Part]:
    """The parts of a plant of about so many lots."""
    parts: list[Part] = []
    taken = 0

    def add(shape: str, size: int) -> None:
        nonlocal taken
        if taken + size + inputs <= lots or not parts:
            parts.append(Part(shape, taken, size))
            taken += size + inputs

    largest = min(SIZES[0], lots * 8 // 10)
    for size in dict.fromkeys(min(size, largest) for size in SIZES):
        add("mesh", size)
    while taken + 100 + inputs <= lots:
        before = taken
        add("hub", HUB)
        add("heel", HEEL)
        for _ in range(50):
            add("mesh", 1_000)
        if taken == before:
            add("mesh", 100)
    return parts


def steps_of(part: Part, inputs: int, chance: Random) -> Iterator[Step]:
    """What happens in a part: its first lots are received, the others made, the last of them shipped."""
    received = range(part.first, part.first + inputs)
    end = part.first + inputs + part.size
    yield Step(Kind.RECEIPT, (), received, chance.randrange(SUPPLIERS))
    match part.shape:
        case "hub":
            yield from _hub(part, inputs)
        case "heel":
            yield from _heel(part, inputs)
        case _:
            yield from _mesh(part, inputs, chance)
    shipped = range(end - part.size // 10, end)
    for at in range(shipped.start, end, SHIPPED_AT_ONCE):
        lots = range(at, min(at + SHIPPED_AT_ONCE, end))
        customer = SUPPLIERS + chance.randrange(CUSTOMERS)
        yield Step(Kind.SHIPMENT, lots, (), customer)
        if chance.random() < 0.05:
            yield Step(Kind.RETURN, (), lots[:1], customer)


def _mesh(part: Part, inputs: int, chance: Random) -> Iterator[Step]:
    """Each operation takes lots of the last eighth; now and then something goes back to the beginning."""
    made = part.first + inputs
    end = made + part.size
    reach = max(part.size // 8, 2 * inputs)
    for number, at in enumerate(range(made, end, OUTPUTS)):
        lowest = max(part.first, at - reach)
        others = chance.sample(range(lowest, at), min(inputs, at - lowest) - 1)
        follows = part.first if at == made else chance.randrange(max(lowest, made), at)
        yield Step(Kind.PRODUCTION, tuple({follows, *others}), range(at, min(at + OUTPUTS, end)))
        if number % REWORK_EVERY == REWORK_EVERY - 1:
            yield Step(Kind.REWORK, (at,), (chance.randrange(made, min(made + reach, at)),))


def _hub(part: Part, inputs: int) -> Iterator[Step]:
    """Every operation takes of the same lot."""
    made = part.first + inputs
    for at in range(made, made + part.size, OUTPUTS):
        yield Step(Kind.PRODUCTION, range(part.first, made), range(at, min(at + OUTPUTS, made + part.size)))


def _heel(part: Part, inputs: int) -> Iterator[Step]:
    """A tank is topped up and never emptied: what is in it goes into what is in it next."""
    tank = part.first
    for at in range(part.first + inputs, part.first + inputs + part.size):
        yield Step(Kind.MERGE, (tank, part.first + 1), (at,))
        tank = at


class CopiedReferencePlants(ReferencePlants):
    """Makes plants by COPY, some thousand operations in a transaction, with all triggers and constraints."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    @override
    def make(self, lots: int, inputs: int, progress: Progress) -> None:
        if Site.objects.filter(code=SITE).exists():
            raise Refused(Fault("plant_exists", f"There is a site {SITE} already.", refusal=True))
        plant = _Plant(self._ids)
        chance = Random(1)  # nosec B311  # noqa: S311 - the same plant each time, and nobody's secret
        steps = (step for part in parts_of(lots, inputs) for step in steps_of(part, inputs, chance))
        while some := list(islice(steps, OPERATIONS_AT_ONCE)):
            with transaction.atomic(durable=True):
                progress(plant.store(some))


class _Plant:
    """The reference data, and what was made so far."""

    def __init__(self, ids: Ids) -> None:
        self._new_id = ids.new
        self._lots: list[UUID] = []
        self._minutes = count()
        with transaction.atomic(durable=True):
            self._site = Site.objects.create(id=ids.new(), code=SITE, name="Reference plant").pk
            self._operator = Operator.objects.create(id=ids.new(), code=SITE, name="Nobody").pk
            measure = {"product_class": "bulk", "unit": "KGM", "kg_per_unit": 1}
            products = [Product(**self._named(number), **measure) for number in range(PRODUCTS)]
            partners = [Partner(**self._named(number), role="both") for number in range(SUPPLIERS + CUSTOMERS)]
            self._products = [row.pk for row in Product.objects.bulk_create(products)]
            self._partners = [row.pk for row in Partner.objects.bulk_create(partners)]

    def _named(self, number: int) -> dict[str, Any]:
        code = f"{SITE}-{number:03}"
        return {"id": self._new_id(), "code": code, "name": code}

    def store(self, steps: Iterable[Step]) -> int:
        """Store operations with their lots; how many of these are new."""
        operations: list[tuple[Any, ...]] = []
        lots: list[tuple[Any, ...]] = []
        movements: list[tuple[Any, ...]] = []
        for step in steps:
            operation = self._new_id()
            at = BEGIN + timedelta(minutes=next(self._minutes))
            operations.append(self._operation(operation, step, at))
            lots += [self._lot(operation, lot, at, step) for lot in step.outputs if lot >= len(self._lots)]
            movements += self._movements(operation, step)
        copy_rows("operation", OPERATION_COLUMNS, operations)
        copy_rows("lot", LOT_COLUMNS, lots)
        copy_rows("movement", MOVEMENT_COLUMNS, movements)
        return len(lots)

    def _operation(self, operation: UUID, step: Step, at: datetime) -> tuple[Any, ...]:
        given = step.partner is not None
        return _row(
            OPERATION_COLUMNS,
            id=operation,
            kind=step.kind.value,
            occurred_at=at,
            recorded_at=at,
            recorded_by=SITE,
            site_id=self._site,
            operator_id=self._operator,
            campaign_id=None,
            line_id=None,
            partner_id=None if step.partner is None else self._partners[step.partner],
            document=f"DOC-{next(self._minutes)}" if given else "",
            number=None,
            reverses_id=None,
            corrects_id=None,
            fingerprint=operation.hex * 2,
        )

    def _lot(self, operation: UUID, lot: int, at: datetime, step: Step) -> tuple[Any, ...]:
        self._lots.append(self._new_id())
        return _row(
            LOT_COLUMNS,
            id=self._lots[lot],
            site_id=self._site,
            product_id=self._products[lot % PRODUCTS],
            code=lot_code(lot),
            parent_id=None,
            decided="released",
            on_hand=0,
            value=0,
            cost_basis="unknown",
            made_by_id=operation,
            made_on=at.date(),
            best_before=None,
            supplier_lot=f"S-{lot}" if step.kind is Kind.RECEIPT else "",
            campaign_id=None,
            version=1,
            created_at=at,
            updated_at=at,
        )

    def _movements(self, operation: UUID, step: Step) -> Iterator[tuple[Any, ...]]:
        roles = {Kind.SHIPMENT: Role.SHIPPED, Kind.RETURN: Role.RETURNED}
        into, out_of = roles.get(step.kind, Role.INPUT), roles.get(step.kind, Role.MAIN)
        made = {Kind.RECEIPT: RECEIVED, Kind.RETURN: MOVED, Kind.REWORK: MOVED}.get(step.kind, MADE)
        lines = [(Direction.IN, into, lot, MOVED) for lot in step.inputs]
        lines += [(Direction.OUT, out_of, lot, made) for lot in step.outputs]
        for position, (direction, role, lot, quantity) in enumerate(lines):
            yield _row(
                MOVEMENT_COLUMNS,
                operation_id=operation,
                position=position,
                direction=direction.value,
                role=role.value,
                site_id=self._site,
                product_id=self._products[lot % PRODUCTS],
                lot_id=self._lots[lot],
                quantity=quantity,
                kilograms=quantity,
                cost=0,
                cost_basis="unknown",
            )


def _row(columns: tuple[str, ...], **values: Any) -> tuple[Any, ...]:
    """The values in the order of the columns; text that isn't given is empty."""
    return tuple(values.get(column, "") for column in columns)
