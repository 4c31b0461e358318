"""Signing where the site asks for a password and a second person: at the use cases, on memory."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from attrs import evolve

from application.production.close_campaign import CampaignClosure, CloseCampaign, CloseCampaignHandler
from application.production.posting import Posting
from application.production.queries import TotalsReader
from application.production.record_operations import RecordOperations, RecordOperationsHandler
from application.quality.decide_lot import DecideLot, DecideLotHandler
from application.shared.errors import Forbidden
from application.shared.signing import Signing
from domain.catalog.operator import Operator
from domain.catalog.product import Product
from domain.catalog.site import Site
from domain.production.closing import ClosingBlocked
from domain.production.lot import Disposition, LotKey
from domain.production.totals import Totals, totals_of
from domain.quality.disposition import Decision
from domain.shared.errors import DomainError, Invalid
from tests.adapters.catalog import MemoryRecords
from tests.adapters.memory import CountedIds, Memory
from tests.adapters.production import MemoryBalanceBook, MemoryCampaigns, MemoryLedgerStore, MemoryReferenceBook
from tests.adapters.quality import MemoryLotsUnderDecision
from tests.adapters.unit_of_work import MemoryUnitOfWork
from tests.core.plant import CAMPAIGNS, PRODUCTS, SITES, STAMP, codes, made, new_id, operation, received, used
from tests.factories.access import somebody

AT: datetime = STAMP.at
BY_TOKEN, PROVEN = Signing("I looked"), Signing("I looked", proven=True)


class Sums(TotalsReader):
    """The totals of everything that is recorded in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def campaign_totals(self, campaign: UUID) -> Totals:
        in_it = [each for each in self.memory.operations.values() if each.campaign == "SPRING"]
        return totals_of(in_it, {})

    def operation_totals(self, operation: UUID) -> Totals:
        raise NotImplementedError

    def lot_totals(self, lot: UUID) -> Totals:
        raise NotImplementedError


class Careful:
    """Ana has recorded everything at a site that asks for a password and for a second person."""

    def __init__(self) -> None:
        site = evolve(SITES["A"], signs_decisions=True, second_person=True)
        rows = {Product: dict(PRODUCTS), Site: {"A": site}, Operator: {"ana": Operator(new_id(), "ana", "Ana")}}
        self.memory = memory = Memory(records=dict(rows), campaigns={"SPRING": evolve(CAMPAIGNS["SPRING"], line=None)})
        work, sites, ids = MemoryUnitOfWork(memory), MemoryRecords(memory, Site), CountedIds(10**6)
        store = MemoryLedgerStore(memory)
        record = RecordOperationsHandler(work, Posting(MemoryReferenceBook(memory), store, ids), store)
        apples = operation("receipt", received("APPLE", "1", "100"))
        pressed = operation("production", used("APPLE", "1", "100"), made("SUGAR", "S", "97"), campaign="SPRING")
        record(RecordOperations((apples, pressed), somebody("ana"), AT))
        self._close = CloseCampaignHandler(
            work, MemoryCampaigns(memory), MemoryBalanceBook(memory), sites, Sums(memory)
        )
        self._decide = DecideLotHandler(work, MemoryLotsUnderDecision(memory), sites, ids)
        self.lot = memory.lots[LotKey("A", "SUGAR", "S")].id

    def close(self, name: str, signing: Signing | None) -> CampaignClosure:
        return self._close(CloseCampaign("SPRING", "", signing, somebody(name), AT))

    def reject(self, name: str, signing: Signing | None) -> Decision:
        return self._decide(DecideLot(self.lot, Disposition.REJECTED, "mouldy", signing, somebody(name), AT))

    def refuses(self, error: type[DomainError], code: str, work: Callable[[], object]) -> None:
        """Nothing has changed then."""
        before = self.memory.contents()
        with pytest.raises(error) as caught:
            work()
        assert codes(caught) == [code]
        assert self.memory.contents() == before


def hashed(document: object) -> str:
    """As a stranger hashes it (RFC 8785)."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def test_a_campaign_is_closed_under_the_hash_of_its_balance_by_who_recorded_none_of_it() -> None:
    site = Careful()
    site.refuses(ClosingBlocked, "signature_required", lambda: site.close("bea", None))
    site.refuses(ClosingBlocked, "password_required", lambda: site.close("bea", BY_TOKEN))
    site.refuses(Forbidden, "second_person", lambda: site.close("ana", PROVEN))
    stored = site.close("bea", PROVEN).balance
    signature = stored.document["signature"]
    assert isinstance(signature, dict)
    assert (signature["name"], signature["meaning"], signature["proven"]) == ("bea", "I looked", True)
    assert signature["document"] == hashed({**stored.document, "signature": None})
    assert stored.sha256 == hashed(stored.document)


def test_a_lot_is_decided_about_under_a_hash_by_who_did_not_record_it() -> None:
    site = Careful()
    site.refuses(Invalid, "signature_required", lambda: site.reject("bea", None))
    site.refuses(Invalid, "password_required", lambda: site.reject("bea", BY_TOKEN))
    site.refuses(Forbidden, "second_person", lambda: site.reject("ana", PROVEN))
    signature = site.reject("bea", PROVEN).signature
    assert signature is not None
    act = {"act": "rejected", "lot": str(site.lot), "key": "SUGAR S at A", "before": "released", "reason": "mouldy"}
    assert (signature.name, signature.at, signature.document) == ("bea", AT, hashed(act))
