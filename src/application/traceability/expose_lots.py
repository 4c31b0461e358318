"""Exposure: what part of each lot's mass can come from where a trace begins."""

from collections.abc import Collection, Generator
from contextlib import closing
from itertools import chain
from uuid import UUID

from attrs import frozen

from application.traceability.queries import GenealogyReader, TracedLot
from application.traceability.starting_lots import starting_lots
from domain.access.rights import Sight
from domain.traceability.exposure import ExposedShipment, Exposure, Mixing, exposures
from domain.traceability.origin import Origin


@frozen
class ExposeLots:
    """How much of what, from here on forward."""

    origin: Origin
    sight: Sight


@frozen
class ExposedLot:
    """A lot of the forward closure, and what is suspect of what is on hand."""

    lot: TracedLot
    exposure: Exposure


ExposureRow = ExposedShipment | ExposedLot


@frozen
class ExposeLotsHandler:
    """Stands beside the trace and leaves nothing out of it: a lot with a share of zero is in both."""

    genealogy: GenealogyReader

    def __call__(self, query: ExposeLots) -> Generator[ExposureRow, None, None]:
        """The exposure of everything forward of the lots that it begins with; refused as `starting_lots` says, at once.

        First every line of a shipment, as they were recorded; then, as a lot may change until the last operation, every
        lot by depth.
        """
        return self._exposed(starting_lots(self.genealogy, query.origin, query.sight))

    def _exposed(self, suspects: Collection[UUID]) -> Generator[ExposureRow, None, None]:
        lots: dict[UUID, TracedLot] = {}
        first: list[Mixing] = []
        with closing(self.genealogy.mixings(suspects)) as rows:
            for row in rows:
                if isinstance(row, Mixing):
                    first.append(row)
                    break
                lots[row.id] = row
            mixings = chain(first, (row for row in rows if isinstance(row, Mixing)))
            for found in exposures(lots.keys(), suspects, mixings):
                yield found if isinstance(found, ExposedShipment) else ExposedLot(lots[found.lot], found.exposure)
