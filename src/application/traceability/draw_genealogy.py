"""Drawing what a trace finds."""

from collections.abc import Iterable
from contextlib import closing

from attrs import frozen

from application.traceability.ports import Drawing
from application.traceability.queries import Handover, Links, TracedLot, TraceRow
from application.traceability.trace_lots import TraceLots, TraceLotsHandler
from domain.production.entry import Kind
from domain.production.lot import Disposition
from domain.traceability.diagram import Diagram, DrawnLot, Flow, Sketch

FLOWS = {Kind.SHIPMENT: Flow.SHIPPED, Kind.RETURN: Flow.RETURNED}


@frozen
class DrawGenealogyHandler:
    """A picture of a trace as SVG; asked for as the trace is, and refused as it is."""

    trace_lots: TraceLotsHandler
    drawing: Drawing

    def __call__(self, query: TraceLots) -> bytes:
        """The picture of all that the trace finds, summarised where it can't be read otherwise."""
        with closing(self.trace_lots(query)) as rows:
            diagram = diagram_of(rows)
        return self.drawing.svg(diagram)


def diagram_of(rows: Iterable[TraceRow]) -> Diagram:
    """What a picture of these rows shows; none of them is kept longer than it takes to add it."""
    sketch = Sketch()
    for row in rows:
        match row:
            case TracedLot():
                sketch.add_lot(_drawn(row))
            case Links():
                sketch.add_links(row.operation, Kind(row.kind), row.sources, row.targets)
            case Handover(kind=Kind.RECEIPT):
                sketch.add_receipt(row.lot_id, row.quantity, row.partner)
            case Handover():
                sketch.add_delivery(row.lot_id, FLOWS[Kind(row.kind)], row.quantity, row.partner)
    return sketch.diagram()


def _drawn(lot: TracedLot) -> DrawnLot:
    return DrawnLot(
        lot.id,
        lot.site,
        lot.product,
        lot.code,
        lot.sub_lot,
        lot.campaign,
        lot.depth,
        lot.on_hand,
        lot.unit,
        Disposition(lot.disposition),
    )
