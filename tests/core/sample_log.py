"""The sample log, read with the standard library alone."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from uuid import UUID

from domain.catalog.product import Product, ProductClass
from domain.catalog.site import Site
from domain.production.campaign import Band, Campaign, CampaignState
from domain.production.entry import Direction, Kind, MovementEntry, OperationEntry, Role
from domain.production.grammar import faults_in
from domain.production.ledger import Ledger, LedgerState
from domain.production.operation import Stamp
from domain.production.references import References, codes_in
from domain.shared.exact import parse_decimal
from domain.shared.identity import operation_id
from domain.shared.money import Money
from domain.shared.quantity import Quantity, Unit, checked_mass

SAMPLE = Path(__file__).parents[2] / "samples" / "cidery"


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def expected() -> dict:
    return json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))


def entries() -> Iterator[OperationEntry]:
    for number, group in groupby(rows("movements"), key=lambda row: row["operation"]):
        lines = list(group)
        head = lines[0]
        yield OperationEntry(
            id=operation_id(head["site"], number),
            kind=Kind(head["kind"]),
            occurred_at=datetime.fromisoformat(head["occurred_at"]),
            site=head["site"],
            operator=head["operator"],
            campaign=head["campaign"] or None,
            line=head["line"] or None,
            partner=head["partner"] or None,
            document=head["document"],
            number=number,
            reverses=operation_id(head["site"], head["reverses"]) if head["reverses"] else None,
            movements=tuple(_movement(line) for line in lines),
        )


def _movement(row: dict[str, str]) -> MovementEntry:
    return MovementEntry(
        site=row["site"],
        product=row["product"],
        lot=row["lot"] or None,
        direction=Direction(row["direction"]),
        role=Role(row["role"]),
        quantity=parse_decimal(row["quantity"]),
        unit=row["unit"],
        reason=row["reason"],
        supplier_lot=row["supplier_lot"],
        made_on=date.fromisoformat(row["made_on"]) if row["made_on"] else None,
        best_before=date.fromisoformat(row["best_before"]) if row["best_before"] else None,
    )


def references(operations: tuple[OperationEntry, ...]) -> References:
    codes = codes_in(operations)
    products = {
        row["code"]: Product(
            id=UUID(int=index),
            code=row["code"],
            name=row["name"],
            name_fr=row["name_fr"],
            product_class=ProductClass(row["class"]),
            unit=Unit.of(row["unit"]),
            kg_per_unit=checked_mass(row["kg_per_unit"]) if row["kg_per_unit"] else None,
            standard_cost=Money(row["unit_cost"], row["currency"]),
        )
        for index, row in enumerate(rows("products"))
    }
    campaigns = {
        row["code"]: Campaign(
            id=UUID(int=index),
            code=row["code"],
            name=row["code"],
            site="PLANT-1",
            product=products[row["product"]],
            target=Quantity(row["target"], Unit.of(row["unit"])),
            band=Band(row["accountability_min"], row["accountability_max"]),
            state=CampaignState.OPEN,
        )
        for index, row in enumerate(rows("campaigns"))
    }
    sites = {code: Site(UUID(int=1), code, code, holds_returns=False) for code in codes.sites}
    lines, partners, operators = (
        dict.fromkeys(known, UUID(int=1)) for known in (codes.lines, codes.partners, codes.operators)
    )
    return References(products, sites, lines, partners, operators, campaigns)


@cache
def taken() -> Ledger:
    """A ledger that has taken the whole log."""
    stated = tuple(entries())
    ids: Iterator[UUID] = (UUID(int=number) for number in range(1, 10_000))
    known = references(stated)
    ledger = Ledger(known, LedgerState(), lambda: next(ids))
    for entry in stated:
        assert [*faults_in(entry), *known.faults_in(entry)] == []
        ledger.record(entry, Stamp(datetime(2026, 1, 1, tzinfo=UTC), "test"))
    return ledger
