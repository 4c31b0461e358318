"""The catalog's ports on memory."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from attrs import define

from application.catalog.ports import Key, ProductUse, R, Records
from application.shared.errors import NotFound
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner
from domain.catalog.product import Product
from domain.catalog.record import Record
from domain.catalog.site import Site
from domain.shared.errors import Fault, Refused
from tests.adapters.memory import Memory, key_of


@define
class MemoryRecords(Records[R]):
    """Keeps one kind of record."""

    memory: Memory
    kind: type[R]

    def find(self, keys: Collection[Key]) -> Mapping[Key, R]:
        rows = self.memory.rows(self.kind)
        return {key: rows[key] for key in keys if key in rows}

    def for_update(self, key: Key) -> R:
        try:
            return self.memory.rows(self.kind)[key]
        except KeyError:
            raise NotFound(self.kind.__name__.lower(), key) from None

    def add(self, records: Iterable[R]) -> None:
        for record in records:
            if key_of(record) in self.memory.rows(self.kind):
                detail = f"There is a {self.kind.__name__.lower()} with this code already."
                raise Refused(Fault("code_taken", detail, ("code",), refusal=True))
            self.memory.rows(self.kind)[key_of(record)] = record

    def save(self, record: R) -> None:
        self.memory.rows(self.kind)[key_of(record)] = record

    def remove(self, record: R) -> None:
        if _named(self.memory, record):
            detail = f"{record.code} is in use, so it can't be removed."
            raise Refused(Fault("in_use", detail, refusal=True))
        del self.memory.rows(self.kind)[key_of(record)]


@define
class MemoryProductUse(ProductUse):
    """Looks for a movement of the product."""

    memory: Memory

    def has_movements(self, product: UUID) -> bool:
        return any(movement.product.id == product for movement in self.memory.movements())


def _named(memory: Memory, record: Record) -> bool:
    """Whether anything that is stored names the record."""
    campaigns, operations = memory.campaigns.values(), memory.operations.values()
    match record:
        case Product():
            used = {m.product.id for m in memory.movements()} | {campaign.product.id for campaign in campaigns}
            return record.id in used
        case Site():
            sites = {thing.site for thing in (*campaigns, *operations, *memory.movements())}
            return record.code in sites | {site for site, _ in memory.rows(Line)}
        case Line():
            return key_of(record) in {(thing.site, thing.line) for thing in (*campaigns, *operations)}
        case Partner():
            return record.code in {operation.partner for operation in operations}
        case Operator():
            return record.code in {operation.operator for operation in operations}
