"""Traceability's ports on memory: the pure walk."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from uuid import UUID

from attrs import define, evolve

from application.shared.errors import NotFound
from application.shared.paging import Page, PageRequest
from application.traceability.ports import Recalls, RecallSites, Touched
from application.traceability.queries import GenealogyReader, Handover, Links, Side, TracedLot, TraceRow
from application.traceability.recall_queries import LotInRecall, RecallReader, RecallReport, StoredReport
from domain.access.rights import EVERYWHERE, Sight
from domain.catalog.line import Line
from domain.catalog.partner import Partner
from domain.catalog.site import Site
from domain.production.entry import CONSUMING, LINKING, Kind
from domain.production.entry import Direction as Movement
from domain.production.lot import Lot, LotKey
from domain.production.operation import Movement as Moved
from domain.production.operation import Operation
from domain.shared.errors import Fault, Invalid, Refused
from domain.traceability.exposure import Mixing, mixings_of
from domain.traceability.genealogy import Direction, Moment, Step, closure, steps_of
from domain.traceability.origin import CampaignOrigin, DocumentOrigin, LineOrigin, LotsOrigin, Origin, SupplierLotOrigin
from domain.traceability.recall import LogEntry, Recall, RecallState
from tests.adapters.memory import Memory

HANDED = {Direction.FORWARD: (Kind.SHIPMENT, Kind.RETURN), Direction.BACKWARD: (Kind.RECEIPT,)}


def wholes_in(memory: Memory) -> dict[UUID, UUID]:
    """The lot that each sub-lot is part of."""
    return {lot.id: memory.lots[key.whole].id for key, lot in memory.lots.items() if key.sub_lot}


def steps_in(memory: Memory) -> list[Step]:
    """The steps that stand."""
    return list(steps_of(memory.operations.values(), wholes_in(memory)))


@define
class MemoryGenealogyReader(GenealogyReader):
    """Walks the operations that stand."""

    memory: Memory

    def one_moment(self) -> AbstractContextManager[None]:
        return nullcontext()

    def lots_of(self, origin: Origin, sight: Sight) -> Collection[UUID]:
        lots = self._described(origin, sight)
        return {lot.id for key, lot in self.memory.lots.items() if lot.id in lots and key.site in sight}

    def sites_of(self, lots: Collection[UUID]) -> frozenset[str]:
        return frozenset(key.site for key, lot in self.memory.lots.items() if lot.id in lots)

    def _described(self, origin: Origin, sight: Sight) -> Collection[UUID]:
        match origin:
            case LotsOrigin(lots):
                self._demand("lot", lots, {lot.id for key, lot in self.memory.lots.items() if key.site in sight})
                return lots
            case SupplierLotOrigin(supplier, supplier_lot):
                self._demand("partner", [supplier], self.memory.rows(Partner))
                named = {lot.id for lot in self.memory.lots.values() if lot.supplier_lot == supplier_lot}
                return named & self._moved(lambda o, m: o.kind is Kind.RECEIPT and o.partner == supplier)
            case CampaignOrigin(campaign):
                seen = {code for code, known in self.memory.campaigns.items() if known.site in sight}
                self._demand("campaign", [campaign], seen)
                return self._moved(lambda o, m: o.campaign == campaign and m.direction is Movement.OUT)
            case DocumentOrigin(document, partner):
                if partner:
                    self._demand("partner", [partner], self.memory.rows(Partner))
                return self._moved(lambda o, m: o.document == document and partner in (None, o.partner))
            case LineOrigin(site, line, since, until):
                self._demand("site", [site], {code for code in self.memory.rows(Site) if code in sight})
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
        return steps_in(self.memory)

    def _wholes(self) -> dict[UUID, UUID]:
        return wholes_in(self.memory)

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


@define
class MemoryRecalls(Recalls):
    """Keeps recalls; nobody else records meanwhile."""

    memory: Memory

    def add(self, recall: Recall, suspects: Collection[UUID]) -> None:
        if any(known.code == recall.code for known in self.memory.recalls.values()):
            raise Refused(Fault("code_taken", "There is a recall with this code already.", ("code",), refusal=True))
        self.memory.recalls[recall.id] = recall
        self.memory.recalled |= {(recall.id, lot): 0 for lot in suspects}

    def grow(self, recall: UUID, at: datetime, operations: Collection[UUID] | None = None) -> tuple[UUID, ...]:
        depths = {lot: depth for (of, lot), depth in self.memory.recalled.items() if of == recall}
        nearest = dict(depths)
        # All lots at once, which is what the operations alone come to: everything else was there before.
        for lot, depth in depths.items():
            for reached, further in closure(steps_in(self.memory), [lot], Direction.FORWARD).items():
                nearest[reached] = min(depth + further, nearest.get(reached, depth + further))
        self.memory.recalled |= {(recall, lot): depth for lot, depth in nearest.items()}
        return tuple(lot for lot in nearest if lot not in depths)

    def touched_by(self, operations: Collection[UUID]) -> tuple[Touched, ...]:
        touched: dict[UUID, Touched] = {}
        for step in steps_in(self.memory):
            if step.operation in operations:
                stamp = self.memory.operations[step.operation].recorded
                for recall, lot in self.memory.recalled:
                    case = self.memory.recalls[recall]
                    if lot in step.sources and case.state is RecallState.OPEN:
                        into = touched[recall].into if recall in touched else frozenset()
                        touched[recall] = Touched(case, stamp.at, stamp.by, into | step.targets)
        return tuple(touched.values())

    def taken(self, operations: Collection[UUID], lots: Collection[UUID]) -> tuple[LotKey, ...]:
        found = {
            movement.lot
            for operation in operations
            if (recorded := self.memory.operations[operation]).kind in (*CONSUMING, Kind.SHIPMENT)
            for movement in recorded.movements
            if movement.lot and movement.lot_id in lots and movement.direction is Movement.IN and not recorded.override
        }
        return tuple(sorted(found))

    def supplied(self, recall: UUID, partner: str) -> bool:
        if partner not in self.memory.rows(Partner):
            raise Invalid(Fault("unknown_code", f"No partner has the code {partner!r}.", ("partner",)))
        return any(
            operation.kind is Kind.SHIPMENT and operation.partner == partner and (recall, movement.lot_id) in recalled
            for recalled in [self.memory.recalled]
            for operation in self.memory.operations.values()
            for movement in operation.movements
        )

    def sites_of(self, recall: UUID) -> RecallSites:
        lots = {lot: depth for (of, lot), depth in self.memory.recalled.items() if of == recall}
        at = {lot.id: key.site for key, lot in self.memory.lots.items()}
        suspects = frozenset(at[lot] for lot, depth in lots.items() if depth == 0)
        return RecallSites(suspects, frozenset(at[lot] for lot in lots))

    def keep_still(self, recall: UUID) -> None:
        """Nobody else is there."""

    def store_report(self, report: StoredReport) -> None:
        self.memory.recall_reports[report.recall] = report

    def for_update(self, recall: UUID) -> Recall:
        if recall not in self.memory.recalls:
            raise NotFound("recall", recall)
        return self.memory.recalls[recall]

    def save(self, recall: Recall) -> None:
        self.memory.recalls[recall.id] = recall

    def write_down(self, entry: LogEntry) -> None:
        self.memory.recall_log.append(entry)


@define
class MemoryRecallReader(RecallReader):
    """Reads cases and logs; of what is in a report besides, only the core's tests of its parts know."""

    memory: Memory

    def get(self, recall: UUID, sight: Sight) -> Recall:
        seen = any(site in sight for site in MemoryRecalls(self.memory).sites_of(recall).lots)
        if recall not in self.memory.recalls or not (seen or sight == EVERYWHERE):
            raise NotFound("recall", recall)
        return self.memory.recalls[recall]

    def page(self, filters: Mapping[str, object], request: PageRequest, sight: Sight) -> Page[Recall]:
        raise NotImplementedError

    def lots(self, recall: UUID, request: PageRequest, sight: Sight) -> Page[LotInRecall]:
        raise NotImplementedError

    def log(self, recall: UUID, request: PageRequest, sight: Sight) -> Page[LogEntry]:
        raise NotImplementedError

    def report(self, recall: UUID, at: datetime) -> RecallReport:
        log = tuple(entry for entry in self.memory.recall_log if entry.recall == recall)
        return RecallReport(self.get(recall, EVERYWHERE), at, (), (), (), (), 0, log, None)

    def stored_report(self, recall: UUID) -> StoredReport:
        if recall not in self.memory.recall_reports:
            raise NotFound("stored report of the recall", recall)
        return self.memory.recall_reports[recall]
