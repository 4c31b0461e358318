"""Handlers on the fakes, put together as the product puts them together on its adapters."""

from application.production.import_log import ImportLogHandler
from application.production.posting import Posting
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner
from domain.catalog.product import Product
from domain.catalog.site import Site
from tests.adapters.catalog import MemoryRecords
from tests.adapters.memory import CountedIds, Memory
from tests.adapters.production import MemoryCampaigns, MemoryLedgerStore, MemoryReferenceBook
from tests.adapters.unit_of_work import MemoryUnitOfWork


def import_log(memory: Memory) -> ImportLogHandler:
    """The import on this memory."""
    references, store, ids = MemoryReferenceBook(memory), MemoryLedgerStore(memory), CountedIds()
    return ImportLogHandler(
        unit_of_work=MemoryUnitOfWork(memory),
        products=MemoryRecords(memory, Product),
        sites=MemoryRecords(memory, Site),
        lines=MemoryRecords(memory, Line),
        partners=MemoryRecords(memory, Partner),
        operators=MemoryRecords(memory, Operator),
        campaigns=MemoryCampaigns(memory),
        references=references,
        posting=Posting(references, store, ids),
        store=store,
        ids=ids,
    )
