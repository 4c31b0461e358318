"""What each customer got of each lot."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from attrs import frozen

from application.traceability.queries import Handover
from domain.production.entry import Kind
from domain.shared.exact import total


@frozen
class Delivery:
    """What was shipped of a lot to a customer, and what of it came back, with every document that says so.

    Of a lot and all its parts together: what was shipped as one may come back to another.
    """

    partner: str
    lot_id: UUID
    site: str
    product: str
    lot: str
    shipped: Decimal
    returned: Decimal
    unit: str
    documents: tuple[Handover, ...]


def deliveries_of(handovers: Iterable[Handover]) -> Iterator[Delivery]:
    """The deliveries that these shipments and returns add up to; the lines of one lot to one customer come together."""
    for (partner, lot), lines in groupby(handovers, key=lambda line: (line.partner, line.whole_lot)):
        documents = tuple(lines)
        first = documents[0]
        sums = {
            kind: total(line.quantity for line in documents if line.kind == kind)
            for kind in (Kind.SHIPMENT, Kind.RETURN)
        }
        yield Delivery(
            partner=partner or "",
            lot_id=lot,
            site=first.site,
            product=first.product,
            lot=first.lot,
            shipped=sums[Kind.SHIPMENT],
            returned=sums[Kind.RETURN],
            unit=first.unit,
            documents=documents,
        )
