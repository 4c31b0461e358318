"""Exposure: what part of each lot's mass can come from where a trace begins."""

from itertools import chain
from uuid import UUID

from attrs import frozen

from application.traceability.queries import GenealogyReader, TracedLot
from domain.traceability.exposure import ExposedShipment, Exposure, Mixing, exposures
from domain.traceability.origin import Origin


@frozen
class ExposeLots:
    """How much of what, from here on forward."""

    origin: Origin


@frozen
class ExposedLot:
    """A lot of the forward closure, and what is suspect of what is on hand."""

    lot: TracedLot
    exposure: Exposure


@frozen
class LotsExposed:
    """Every lot of the forward closure, by depth, and every line of a shipment of one, as they were recorded."""

    lots: tuple[ExposedLot, ...]
    shipments: tuple[ExposedShipment, ...]


@frozen
class ExposeLotsHandler:
    """Stands beside the trace and leaves nothing out of it: a lot with a share of zero is in both."""

    genealogy: GenealogyReader

    def __call__(self, query: ExposeLots) -> LotsExposed:
        """The exposure of everything forward of the lots that it begins with. `NotFound`."""
        suspects = self.genealogy.lots_of(query.origin)
        rows = self.genealogy.mixings(suspects)
        lots: dict[UUID, TracedLot] = {}
        first: list[Mixing] = []
        for row in rows:
            if isinstance(row, Mixing):
                first.append(row)
                break
            lots[row.id] = row
        mixings = chain(first, (row for row in rows if isinstance(row, Mixing)))
        found = exposures(lots.keys(), suspects, mixings)
        return LotsExposed(tuple(ExposedLot(lot, found.on_hand[key]) for key, lot in lots.items()), found.shipped)
