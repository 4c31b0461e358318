"""The plant of the core's tests, kept in the database: the same reference data under the same ids, the same words."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from application.catalog.create_record import CreateRecord
from application.processes.keep_history import KeepHistory
from application.production.close_campaign import CampaignClosure, CloseCampaign
from application.production.correct_operation import CorrectOperation
from application.production.record_operations import RecordOperations
from application.production.reopen_campaign import ReopenCampaign
from application.production.reverse_operation import ReverseOperation
from application.quality.decide_lot import DecideLot
from application.quality.lift_hold import LiftHold
from application.shared.events import EventSink
from application.shared.signing import Signing
from config.container import Container
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.production.campaign import Campaign, CampaignState
from domain.production.entry import MovementEntry, OperationEntry
from domain.production.ledger import Ledger
from domain.production.lot import Disposition
from domain.production.operation import Operation
from domain.quality.holds import Hold
from domain.shared.exact import canonical
from infrastructure.persistence.history.chains import DjangoChains
from infrastructure.persistence.production import models
from infrastructure.persistence.shared.unit_of_work import DjangoUnitOfWork
from tests.core.plant import CAMPAIGNS, PRODUCTS, REFERENCES, SITES, operation
from tests.factories.access import somebody

ACTOR = somebody("typist")
AT = datetime.fromisoformat("2026-03-02T12:05:00+01:00")

LINES = [Line(id_, site, code, code.title()) for (site, code), id_ in REFERENCES.lines.items()]
PARTNERS = [Partner(id_, code, code.title(), PartnerRole.BOTH) for code, id_ in REFERENCES.partners.items()]
OPERATORS = [Operator(id_, code, code.title()) for code, id_ in REFERENCES.operators.items()]
STORABLE_CAMPAIGNS = [campaign for campaign in CAMPAIGNS.values() if campaign.state is not CampaignState.CLOSED]
"""A closed campaign needs a balance: close one."""


def unit_of_work(sinks: Iterable[EventSink] = ()) -> DjangoUnitOfWork:
    """A unit of work that tells the sinks, and the history."""
    return DjangoUnitOfWork(sinks, KeepHistory(DjangoChains()))


class StoredPlant:
    """Does everything through the use cases, as the product puts them together."""

    def __init__(self) -> None:
        self.container = Container()
        self.catalog = self.container.catalog
        self.production = self.container.production
        self.history = self.container.history.reader()

    def furnish(self) -> "StoredPlant":
        """Store the reference data."""
        for create, records in (
            (self.catalog.create_product(), PRODUCTS.values()),
            (self.catalog.create_site(), SITES.values()),
            (self.catalog.create_line(), LINES),
            (self.catalog.create_partner(), PARTNERS),
            (self.catalog.create_operator(), OPERATORS),
        ):
            for record in records:
                create(CreateRecord(record, ACTOR, AT))
        self.add_campaigns(*STORABLE_CAMPAIGNS)
        return self

    def add_campaigns(self, *campaigns: Campaign) -> None:
        """Store campaigns as they are."""
        with self.container.system.unit_of_work() as work:
            self.production.campaigns().add(campaigns)
            work.commit(by=ACTOR, at=AT)

    def take(self, *entries: OperationEntry) -> tuple[Operation, ...]:
        """Record operations; answer those that are new."""
        return self.production.record_operations()(RecordOperations(entries, ACTOR, AT)).new

    def record(self, kind: str, *movements: MovementEntry, **head: object) -> Operation:
        """Record one operation."""
        (recorded,) = self.take(operation(kind, *movements, **head))
        return recorded

    def reverse(self, original: UUID, reason: str = "typed wrong") -> Operation:
        """Take an operation back."""
        return self.production.reverse_operation()(ReverseOperation(original, reason, ACTOR, AT))

    def correct(self, original: UUID, replacement: OperationEntry, reason: str = "typed wrong") -> Operation:
        """Put another operation in the place of this one."""
        return self.production.correct_operation()(CorrectOperation(original, reason, replacement, ACTOR, AT))

    def decide(self, code: str, lot: str, disposition: Disposition, site: str = "A") -> None:
        """Release or reject a lot."""
        lot_id = self.lot(code, lot, site).id
        self.container.quality.decide_lot()(DecideLot(lot_id, disposition, "looked at", None, ACTOR, AT))

    def hold(self, *lots: UUID, reason: str = "looks odd") -> UUID:
        """Put lots on hold, all at once."""
        hold = self.a_hold(reason)
        with self.container.system.unit_of_work() as work:
            self.container.quality.holds().place(hold, lots)
            work.commit(by=ACTOR, at=AT)
        return hold.id

    def a_hold(self, reason: str = "looks odd") -> Hold:
        """A hold that isn't placed yet."""
        return Hold(self.container.system.ids().new(), reason, "these", AT, ACTOR.name)

    def lift(self, lot: UUID, hold: UUID | None = None) -> None:
        """Lift a hold from a lot."""
        self.container.quality.lift_hold()(LiftHold(lot, "looks good", None, ACTOR, AT, hold))

    def give(self, lot: UUID, disposition: Disposition) -> None:
        """Let a lot have this disposition, whatever it had."""
        while models.Lot.objects.get(pk=lot).holds:
            self.lift(lot)
        if disposition is Disposition.ON_HOLD:
            models.Lot.objects.filter(pk=lot).update(decided=Disposition.RELEASED)
            self.hold(lot)
        else:
            models.Lot.objects.filter(pk=lot).update(decided=disposition)

    def close(self, code: str) -> CampaignClosure:
        """Close a campaign, signed, whatever its accountability."""
        return self.production.close_campaign()(CloseCampaign(code, "weighed again", Signing("I agree"), ACTOR, AT))

    def reopen(self, code: str) -> Campaign:
        """Reopen a campaign, signed."""
        return self.production.reopen_campaign()(ReopenCampaign(code, "forgot one", Signing("I agree"), ACTOR, AT))

    @contextmanager
    def transaction(self, *entries: OperationEntry) -> Iterator[Ledger]:
        """A ledger that knows what these operations name, stored at the end."""
        with self.container.system.unit_of_work() as work:
            ledger = self.production.posting().open(entries)
            yield ledger
            self.production.posting().keep(ledger)
            work.commit(by=ACTOR, at=AT)

    def lot(self, code: str, lot: str, site: str = "A", sub_lot: str = "") -> models.Lot:
        """The row of a lot."""
        return models.Lot.objects.get(site__code=site, product__code=code, code=lot, sub_lot=sub_lot)

    def on_hand(self, code: str, lot: str, site: str = "A") -> str:
        """What is left of a lot, as it is written."""
        return canonical(self.lot(code, lot, site).on_hand)


@contextmanager
def undone() -> Iterator[None]:
    """Undo everything at the end; units of work may stand in it, as they may in a test case."""
    everything = transaction.atomic()
    everything._from_testcase = True
    with everything:
        yield
        transaction.set_rollback(True)
