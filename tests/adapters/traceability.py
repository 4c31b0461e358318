"""Traceability's port on memory: the pure walk."""

from collections.abc import Callable, Collection, Generator, Iterator
from uuid import UUID

from attrs import define, evolve

from application.shared.errors import NotFound
from application.traceability.queries import (
    CampaignOrigin,
    DocumentOrigin,
    GenealogyReader,
    Handover,
    LineOrigin,
    Links,
    LotsOrigin,
    Origin,
    Side,
    SupplierLotOrigin,
    TracedLot,
    TraceRow,
)
from domain.catalog.line import Line
from domain.catalog.partner import Partner
from domain.production.entry import Direction as Movement
from domain.production.entry import Kind
from domain.production.lot import Lot
from domain.production.operation import Movement as Moved
from domain.production.operation import Operation
from domain.traceability.exposure import Mixing, mixings_of
from domain.traceability.genealogy import LINKING, Direction, Moment, Step, closure, steps_of
from tests.adapters.memory import Memory

HANDED = {Direction.FORWARD: (Kind.SHIPMENT, Kind.RETURN), Direction.BACKWARD: (Kind.RECEIPT,)}


@define
class MemoryGenealogyReader(GenealogyReader):
    """Walks the operations that stand."""

    memory: Memory

    def lots_of(self, origin: Origin) -> Collection[UUID]:
        match origin:
            case LotsOrigin(lots):
                self._demand("lot", lots, {lot.id for lot in self.memory.lots.values()})
                return lots
            case SupplierLotOrigin(supplier, supplier_lot):
                self._demand("partner", [supplier], self.memory.rows(Partner))
                named = {lot.id for lot in self.memory.lots.values() if lot.supplier_lot == supplier_lot}
                return named & self._moved(lambda o, m: o.kind is Kind.RECEIPT and o.partner == supplier)
            case CampaignOrigin(campaign):
                self._demand("campaign", [campaign], self.memory.campaigns)
                return self._moved(lambda o, m: o.campaign == campaign and m.direction is Movement.OUT)
            case DocumentOrigin(document, partner):
                if partner:
                    self._demand("partner", [partner], self.memory.rows(Partner))
                return self._moved(lambda o, m: o.document == document and partner in (None, o.partner))
            case LineOrigin(site, line, since, until):
                self._demand("line", [(site, line)], self.memory.rows(Line))
                return self._moved(
                    lambda o, m: (
                        (o.site, o.line, m.direction) == (site, line, Movement.OUT) and since <= o.occurred_at < until
                    )
                )

    def trace(self, lots: Collection[UUID], directions: Collection[Direction]) -> Generator[TraceRow, None, None]:
        depths = {towards: closure(self._steps(), lots, towards) for towards in directions}
        kept = {lot.id: lot for lot in self.memory.lots.values()}
        reached = {lot: min(d[lot] for d in depths.values() if lot in d) for d in depths.values() for lot in d}
        for lot, depth in sorted(reached.items(), key=lambda found: found[1]):
            yield self._traced(kept[lot], depth, {towards for towards in depths if lot in depths[towards]})
        yield from self._links(depths)
        for towards, found in depths.items():
            yield from self._handovers(HANDED[towards], kept, found)

    def steps(self, lots: Collection[UUID], direction: Direction) -> Collection[Step]:
        reached = closure(self._steps(), lots, direction).keys()
        return [step for step in self._steps() if step.entered(direction) & reached]

    def mixings(self, lots: Collection[UUID]) -> Generator[TracedLot | Mixing, None, None]:
        affected = [row for row in self.trace(lots, (Direction.FORWARD,)) if isinstance(row, TracedLot)]
        yield from affected
        ids = {lot.id for lot in affected}
        for mixing in mixings_of(self.memory.operations.values(), self._wholes()):
            flows = tuple(flow for flow in mixing.flows if mixing.kind in LINKING or flow.lot in ids)
            if any(flow.lot in ids for flow in flows):
                yield evolve(mixing, flows=flows)

    def _steps(self) -> Collection[Step]:
        return list(steps_of(self.memory.operations.values(), self._wholes()))

    def _wholes(self) -> dict[UUID, UUID]:
        lots = self.memory.lots
        return {lot.id: lots[key.whole].id for key, lot in lots.items() if key.sub_lot}

    def _demand(self, what: str, wanted: Collection[object], known: Collection[object]) -> None:
        for key in wanted:
            if key not in known:
                raise NotFound(what, key)

    def _moved(self, wanted: Callable[[Operation, Moved], bool]) -> set[UUID]:
        return {m.lot_id for o in self.memory.standing() for m in o.movements if m.lot_id and wanted(o, m)}

    def _traced(self, lot: Lot, depth: int, towards: set[Direction]) -> TracedLot:
        side = Side.START if depth == 0 else Side.BOTH if len(towards) > 1 else Side(next(iter(towards)).value)
        campaigns = {campaign.id: campaign.code for campaign in self.memory.campaigns.values()}
        made_in = campaigns[lot.campaign] if lot.campaign else None
        return TracedLot(lot.id, *lot.key, depth, lot.on_hand, lot.product.unit.code, lot.disposition, made_in, side)

    def _links(self, depths: dict[Direction, Collection[UUID]]) -> Iterator[Links]:
        forward, backward = (depths.get(towards, ()) for towards in Direction)
        for step in self._steps():
            for source in step.sources:
                targets = [lot for lot in step.targets if source in forward or lot in backward]
                if targets:
                    yield Links(step.operation, step.kind, (source,), tuple(targets))

    def _handovers(
        self, kinds: Collection[Kind], kept: dict[UUID, Lot], reached: Collection[UUID]
    ) -> Iterator[Handover]:
        found = [
            Handover(
                operation.kind,
                operation.partner,
                movement.lot_id,
                self.memory.lots[movement.lot.whole].id,
                *movement.lot,
                kept[movement.lot_id].supplier_lot,
                movement.quantity,
                movement.product.unit.code,
                operation.document,
                Moment(operation.occurred_at, sequence),
            )
            for sequence, operation in enumerate(self.memory.operations.values())
            if operation.kind in kinds and operation.reversed_by is None
            for movement in operation.movements
            if movement.lot and movement.lot_id in reached
        ]
        return iter(
            sorted(found, key=lambda h: (h.partner or "\uffff", h.site, h.product, h.lot, h.whole_lot, h.moment))
        )
