"""The two worlds that a contract is tried in: the fakes on memory, and the adapters on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from attrs import frozen

from application.catalog.ports import ProductUse, Records
from application.history.ports import Chains, Facts
from application.history.queries import HistoryReader
from application.processes.extend_recalls import ExtendRecalls
from application.processes.hold_recalled_lots import HoldRecalledLots
from application.processes.hold_returned_goods import HoldReturnedGoods
from application.production.correct_operation import CorrectOperation, CorrectOperationHandler
from application.production.ports import BalanceBook, Campaigns, LedgerStore, ReferenceBook
from application.production.posting import Posting
from application.production.record_operations import RecordOperations, RecordOperationsHandler
from application.production.reverse_operation import ReverseOperation, ReverseOperationHandler
from application.quality.ports import Holds, LotsUnderDecision
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.unit_of_work import UnitOfWork
from application.traceability.ports import Recalls
from application.traceability.queries import GenealogyReader
from config.container import Container
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner
from domain.catalog.product import Product
from domain.catalog.site import Site
from domain.production.closing import StoredBalance
from domain.production.entry import MovementEntry, OperationEntry
from domain.production.ledger import Ledger
from domain.production.lot import Lot, LotKey
from domain.production.operation import Operation, Stamp
from domain.production.references import Codes, References
from domain.traceability.recall import LogEntry
from infrastructure.persistence.history.chains import DjangoChains
from infrastructure.persistence.history.facts import DjangoFacts
from infrastructure.persistence.history.reader import DjangoHistoryReader
from infrastructure.persistence.production.balance_book import DjangoBalanceBook
from infrastructure.persistence.production.product_use import DjangoProductUse
from infrastructure.persistence.traceability.genealogy_reader import DjangoGenealogyReader
from infrastructure.persistence.traceability.models import RecalledLot, RecallEntry
from infrastructure.persistence.traceability.recalls import entry_of
from tests.adapters.catalog import MemoryProductUse, MemoryRecords
from tests.adapters.history import MemoryChains, MemoryFacts, MemoryHistoryReader
from tests.adapters.memory import CountedIds, Memory
from tests.adapters.production import MemoryBalanceBook, MemoryCampaigns, MemoryLedgerStore, MemoryReferenceBook
from tests.adapters.quality import MemoryHolds, MemoryLotsUnderDecision
from tests.adapters.traceability import MemoryGenealogyReader, MemoryRecalls
from tests.adapters.unit_of_work import MemoryUnitOfWork
from tests.core.plant import PRODUCTS, SITES, operation
from tests.factories.access import somebody
from tests.factories.plant import LINES, OPERATORS, PARTNERS, STORABLE_CAMPAIGNS

ACTOR = somebody("typist")
AT = datetime.fromisoformat("2026-03-02T12:05:00+01:00")
STAMP = Stamp(AT, ACTOR.name)

KINDS: tuple[type[Any], ...] = (Product, Site, Line, Partner, Operator)


@frozen
class World:
    """Adapters of the ports over one place where things are kept."""

    unit_of_work: UnitOfWork
    records: dict[type[Any], Records[Any]]
    product_use: ProductUse
    campaigns: Campaigns
    references: ReferenceBook
    store: LedgerStore
    balances: BalanceBook
    genealogy: GenealogyReader
    lots_under_decision: LotsUnderDecision
    holds: Holds
    recalls: Recalls
    chains: Chains
    facts: Facts
    history: HistoryReader
    ids: Ids
    stored_balances: Callable[[UUID], tuple[StoredBalance, ...]]
    recalled_lots: Callable[[UUID], dict[UUID, int]]
    recall_log: Callable[[UUID], tuple[LogEntry, ...]]

    @property
    def posting(self) -> Posting:
        """What opens and keeps the ledger."""
        return Posting(self.references, self.store, self.ids)

    def furnish(self) -> "World":
        """Keep the reference data of the core's plant."""
        with self.committed():
            for kind, records in zip(
                KINDS, (PRODUCTS.values(), SITES.values(), LINES, PARTNERS, OPERATORS), strict=True
            ):
                self.records[kind].add(records)
            self.campaigns.add(STORABLE_CAMPAIGNS)
        return self

    @contextmanager
    def committed(self) -> Iterator[None]:
        """A unit of work that is committed at its end."""
        with self.unit_of_work as work:
            yield
            work.commit(by=ACTOR, at=AT)

    @contextmanager
    def forgotten(self) -> Iterator[None]:
        """A unit of work that isn't committed."""
        with self.unit_of_work:
            yield

    def record(self, kind: str, *movements: MovementEntry, **head: Any) -> Operation:
        """Record an operation through its use case."""
        return self.take(operation(kind, *movements, **head))[0]

    def take(self, *entries: OperationEntry, by: Actor = ACTOR) -> tuple[Operation, ...]:
        """Record operations through their use case."""
        handler = RecordOperationsHandler(self.unit_of_work, self.posting, self.store)
        return handler(RecordOperations(entries, by, AT)).new

    def reverse(self, original: Operation) -> Operation:
        """Take an operation back through its use case."""
        handler = ReverseOperationHandler(self.unit_of_work, self.posting, self.store, self.ids)
        return handler(ReverseOperation(original.id, "typed wrong", ACTOR, AT))

    def correct(self, original: Operation, kind: str, *movements: MovementEntry) -> Operation:
        """Put another operation in the place of this one through its use case."""
        handler = CorrectOperationHandler(self.unit_of_work, self.posting, self.store, self.ids)
        same = {"campaign": original.campaign, "line": original.line, "partner": original.partner}
        replacement = operation(kind, *movements, **same)
        return handler(CorrectOperation(original.id, "typed wrong", replacement, ACTOR, AT))

    def ledger(self, *entries: OperationEntry) -> Ledger:
        """A ledger that took these operations and isn't stored: with what it knows, others may overtake it."""
        ledger = self.posting.open(entries)
        for entry in entries:
            ledger.record(entry, STAMP)
        return ledger

    def lot(self, product: str, code: str, site: str = "A", sub_lot: str = "") -> Lot:
        """The lot as the ledger sees it."""
        key = LotKey(site, product, code, sub_lot)
        with self.forgotten():
            return self.store.lots_for_update([key], self.known(product))[key]

    def known(self, *products: str) -> References:
        """References of these products."""
        return self.references.look_up(Codes(products=frozenset(products)))


def memory_world() -> World:
    """Everything on the fakes."""
    memory = Memory()
    holds, recalls, ids = MemoryHolds(memory), MemoryRecalls(memory), CountedIds(2 * 10**9)
    sinks = (HoldReturnedGoods(holds, ids), ExtendRecalls(recalls, ids), HoldRecalledLots(holds, recalls, ids))
    return World(
        unit_of_work=MemoryUnitOfWork(memory, sinks),
        records={kind: MemoryRecords(memory, kind) for kind in KINDS},
        product_use=MemoryProductUse(memory),
        campaigns=MemoryCampaigns(memory),
        references=MemoryReferenceBook(memory),
        store=MemoryLedgerStore(memory),
        balances=MemoryBalanceBook(memory),
        genealogy=MemoryGenealogyReader(memory),
        lots_under_decision=MemoryLotsUnderDecision(memory),
        holds=holds,
        recalls=recalls,
        chains=MemoryChains(memory),
        facts=MemoryFacts(memory),
        history=MemoryHistoryReader(memory),
        ids=CountedIds(10**9),
        stored_balances=lambda campaign: tuple(
            stored for (owner, _), stored in sorted(memory.balances.items()) if owner == campaign
        ),
        recalled_lots=lambda recall: {lot: depth for (of, lot), depth in memory.recalled.items() if of == recall},
        recall_log=lambda recall: tuple(entry for entry in memory.recall_log if entry.recall == recall),
    )


def postgresql_world() -> World:
    """Everything on PostgreSQL, as the product puts it together."""
    container = Container()
    catalog, production = container.catalog, container.production
    records = (catalog.products, catalog.sites, catalog.lines, catalog.partners, catalog.operators)
    return World(
        unit_of_work=container.system.unit_of_work(),
        records={kind: provider() for kind, provider in zip(KINDS, records, strict=True)},
        product_use=DjangoProductUse(),
        campaigns=production.campaigns(),
        references=production.references(),
        store=production.ledger_store(),
        balances=DjangoBalanceBook(),
        genealogy=DjangoGenealogyReader(),
        lots_under_decision=container.quality.lots(),
        holds=container.quality.holds(),
        recalls=container.traceability.recalls(),
        chains=DjangoChains(),
        facts=DjangoFacts(),
        history=DjangoHistoryReader(),
        ids=container.system.ids(),
        stored_balances=production.campaign_reader().balances,
        recalled_lots=lambda recall: dict(RecalledLot.objects.filter(recall=recall).values_list("lot", "depth")),
        recall_log=lambda recall: tuple(
            map(entry_of, RecallEntry.objects.filter(recall=recall).order_by("at", "pk").select_related("partner"))
        ),
    )


class OnMemory:
    """For a contract's test class: try it on the fakes."""

    @pytest.fixture
    def empty_world(self) -> World:
        return memory_world()

    @pytest.fixture
    def world(self, empty_world: World) -> World:
        return empty_world.furnish()


class OnPostgresql:
    """For a contract's test class: try it on PostgreSQL, and undo everything afterwards."""

    @pytest.fixture
    def empty_world(self, db: None) -> World:
        return postgresql_world()

    @pytest.fixture
    def world(self, empty_world: World) -> World:
        return empty_world.furnish()
