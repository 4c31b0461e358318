"""Who may use which use case: every one of them, as everybody, on memory."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from attrs import define, evolve, field

from application.access.add_user import AddUser, AddUserHandler
from application.access.change_user import ChangeUser, ChangeUserHandler
from application.access.issue_token import IssueToken, IssueTokenHandler
from application.access.rehash_password import RehashPasswordHandler
from application.access.revoke_token import RevokeToken, RevokeTokenHandler
from application.access.set_password import SetPassword, SetPasswordHandler
from application.catalog.change_record import ChangeRecord, ChangeRecordHandler
from application.catalog.create_record import CreateRecord, CreateRecordHandler
from application.catalog.remove_record import RemoveRecord, RemoveRecordHandler
from application.processes.verify_history import VerifyHistoryHandler
from application.production.cancel_campaign import CancelCampaign, CancelCampaignHandler
from application.production.close_campaign import CloseCampaign, CloseCampaignHandler
from application.production.correct_operation import CorrectOperation, CorrectOperationHandler
from application.production.import_log import ImportLog, ImportLogHandler
from application.production.open_campaign import OpenCampaign, OpenCampaignHandler
from application.production.plan_campaign import (
    CampaignPlan,
    PlanCampaign,
    PlanCampaignHandler,
    ReviseCampaign,
    ReviseCampaignHandler,
)
from application.production.posting import Posting
from application.production.record_operations import RecordOperations, RecordOperationsHandler
from application.production.reopen_campaign import ReopenCampaign, ReopenCampaignHandler
from application.production.reverse_operation import ReverseOperation, ReverseOperationHandler
from application.quality.decide_lot import DecideLot, DecideLotHandler
from application.quality.lift_hold import LiftHold, LiftHoldHandler
from application.quality.lift_recall_holds import LiftRecallHolds, LiftRecallHoldsHandler
from application.quality.place_hold import PlaceHold, PlaceHoldHandler
from application.shared.actor import Actor
from application.shared.errors import Forbidden, NotFound
from application.shared.language import Language
from application.shared.signing import Signing
from application.traceability.close_recall import CloseRecall, CloseRecallHandler
from application.traceability.draw_genealogy import DrawGenealogyHandler
from application.traceability.expose_lots import ExposeLots, ExposeLotsHandler
from application.traceability.log_recall import LogRecall, LogRecallHandler
from application.traceability.open_recall import OpenRecall, OpenRecallHandler
from application.traceability.print_recall import PrintRecall, PrintRecallHandler
from application.traceability.recall_reports import RecallReports
from application.traceability.reference_plant import MakeReferencePlantHandler
from application.traceability.sign_recall import SignRecall, SignRecallHandler
from application.traceability.starting_lots import starting_lots
from application.traceability.trace_lots import TraceLots, TraceLotsHandler
from domain.access.rights import EVERYWHERE, Grant, Right, Role, Sight
from domain.access.token import AccessToken
from domain.access.user import User
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.catalog.product import Product
from domain.catalog.record import Record
from domain.catalog.site import Site
from domain.production.lot import Disposition, LotKey
from domain.quality.holds import Hold
from domain.shared.errors import DomainError, Invalid
from domain.shared.events import Event
from domain.traceability.genealogy import Direction
from domain.traceability.origin import LotsOrigin, SupplierLotOrigin
from domain.traceability.recall import Recall, Step
from tests.adapters.access import MemoryTokens, MemoryUsers
from tests.adapters.catalog import MemoryRecords
from tests.adapters.memory import CountedIds, Memory
from tests.adapters.plant import import_log
from tests.adapters.production import (
    MemoryBalanceBook,
    MemoryCampaigns,
    MemoryLedgerStore,
    MemoryReferenceBook,
)
from tests.adapters.quality import MemoryHolds, MemoryLotsUnderDecision
from tests.adapters.traceability import MemoryGenealogyReader, MemoryRecallReader, MemoryRecalls
from tests.adapters.unit_of_work import MemoryUnitOfWork
from tests.core.plant import (
    CAMPAIGNS,
    NOON,
    PRODUCTS,
    SITES,
    STAMP,
    arrived,
    new_id,
    operation,
    received,
    sent,
    told,
    used,
)
from tests.factories.access import MAY, signing, somebody

AT = STAMP.at
CHIEF = somebody("chief")
APPLICATION = Path(__file__).parents[2] / "src" / "application"


class Beyond(Exception):
    """The use case went on to what it needs from outside, so whoever asked had the right."""


class Outside:
    """Stands for whatever a use case needs from outside once it has looked at who asks."""

    def __getattr__(self, name: str) -> Any:
        raise Beyond(name)


@define
class Undone(MemoryUnitOfWork):
    """Notices that something would be stored, and stores nothing."""

    reached: bool = field(default=False, init=False)

    def commit(self, *events: Event, by: Actor, at: datetime) -> None:
        self.reached = True


class Case(NamedTuple):
    """A use case, the right that it takes of whom, and how it is asked."""

    handler: type[Any]
    right: Right
    expected: Callable[[Actor, Right], type[Exception] | None]
    ask: Callable[[Any, Actor], object]


# What is refused. All that is asked about is at site A; B is another.


def has(actor: Actor, right: Right, site: str | None) -> bool:
    """Whether the right is theirs there, or everywhere, by what their roles are written to give."""
    given = any(right in MAY[grant.role] and grant.site in (None, site) for grant in actor.grants)
    return given and (actor.scopes is None or right in actor.scopes)


def somewhere(actor: Actor, right: Right) -> type[Exception] | None:
    """The right at any site."""
    return None if has(actor, right, "A") or has(actor, right, "B") else Forbidden


def named(actor: Actor, right: Right, site: str | None = "A") -> type[Exception] | None:
    """The right at the site that is named."""
    return None if has(actor, right, site) else Forbidden


def everywhere(actor: Actor, right: Right) -> type[Exception] | None:
    """The right at every site."""
    return named(actor, right, None)


def there(actor: Actor, right: Right) -> type[Exception] | None:
    """What is at the site, which isn't there for whoever doesn't see the site."""
    return named(actor, right) if has(actor, Right.READ, "A") else NotFound


def recall_there(actor: Actor, right: Right) -> type[Exception] | None:
    """A recall, whose holds quality lifts without knowing more of it: whoever may nowhere isn't looked at further."""
    return somewhere(actor, right) or there(actor, right)


def user_there(actor: Actor, right: Right) -> type[Exception] | None:
    """A user with a role at the site, who isn't there for whoever gives roles elsewhere alone."""
    return somewhere(actor, right) or (None if has(actor, right, "A") else NotFound)


def own_or_everywhere(actor: Actor, right: Right) -> type[Exception] | None:
    """Somebody else's, which isn't there without the right at every site."""
    return None if has(actor, right, None) else NotFound


def suspects_there(actor: Actor, right: Right) -> type[Exception] | None:
    """Lots that a recall begins with: those out of sight are unknown, which is no refusal."""
    if refused := somewhere(actor, right):
        return refused
    return named(actor, right) if has(actor, Right.READ, "A") else None


def corrected(actor: Actor, right: Right) -> type[Exception] | None:
    """An operation that another at the site is to replace: what is asked for comes first."""
    return named(actor, right) or there(actor, right)


PEOPLE = [
    Actor("nobody"),
    *(Actor(role, frozenset({Grant(role, site)})) for role in Role for site in ("A", "B", None)),
    Actor("both", frozenset({Grant(Role.AUDITOR, "A"), Grant(Role.ADMINISTRATOR, "B")})),
    *(
        Actor("narrow", frozenset({Grant(Role.ADMINISTRATOR)}), frozenset({scope}))
        for scope in (Right.READ, Right.RECORD)
    ),
]


# The plant that they ask


@define
class World:
    """One of each kind of thing at site A."""

    memory: Memory
    ids: CountedIds
    work: Undone
    lot: UUID
    rejected: UUID
    operation: UUID
    recall: UUID
    hold: UUID
    token: UUID

    @classmethod
    def furnished(cls) -> "World":
        records: dict[type[Record], dict[Any, Record]] = {
            Product: dict(PRODUCTS),
            Site: dict(SITES),
            Line: {("A", "L1"): Line(new_id(), "A", "L1", "Line")},
            Partner: {"SHOP": Partner(new_id(), "SHOP", "Shop", PartnerRole.BOTH)},
            Operator: {"ana": Operator(new_id(), "ana", "Ana")},
        }
        memory, ids = Memory(records=records, campaigns=dict(CAMPAIGNS)), CountedIds(10**6)
        posting = Posting(MemoryReferenceBook(memory), MemoryLedgerStore(memory), ids)
        record = RecordOperationsHandler(MemoryUnitOfWork(memory), posting, MemoryLedgerStore(memory))
        lots = received("APPLE", "1", "9"), received("APPLE", "2", "9"), received("APPLE", "3", "9")
        receipts = operation("receipt", *lots), operation("receipt", received("APPLE", "4", "9"))
        _, recorded = record(RecordOperations(receipts, CHIEF, AT)).new
        keys = [LotKey("A", "APPLE", code) for code in "123"]
        one, rejected, held = (memory.lots[key].id for key in keys)
        memory.lots[keys[1]] = evolve(memory.lots[keys[1]], decided=Disposition.REJECTED)
        recall = Recall(new_id(), "R", "glass", NOON, LotsOrigin(frozenset({held})), False, AT, "chief")
        MemoryRecalls(memory).add(recall, [held])
        hold = Hold(new_id(), "odd", "Lot", AT, "chief")
        for each in (hold, Hold(new_id(), "glass", "Lot", AT, "chief", recall.id)):
            MemoryHolds(memory).place(each, [held])
        bea = User("bea", grants=frozenset({Grant(Role.OPERATOR, "A")}))
        token = AccessToken(new_id(), "bea", "scales", AT)
        memory.rows(User)["bea"], memory.rows(AccessToken)[token.id] = bea, token
        return cls(memory, ids, Undone(memory), one, rejected, recorded.id, recall.id, hold.id, token.id)

    @property
    def held(self) -> UUID:
        return self.memory.lots[LotKey("A", "APPLE", "3")].id

    def records(self, kind: type[Any]) -> MemoryRecords[Any]:
        return MemoryRecords(self.memory, kind)

    @property
    def recording(self) -> dict[str, Any]:
        store = MemoryLedgerStore(self.memory)
        return {"posting": Posting(MemoryReferenceBook(self.memory), store, self.ids), "store": store}

    @property
    def campaigns(self) -> MemoryCampaigns:
        return MemoryCampaigns(self.memory)

    @property
    def genealogy(self) -> MemoryGenealogyReader:
        return MemoryGenealogyReader(self.memory)

    @property
    def users(self) -> MemoryUsers:
        return MemoryUsers(self.memory)

    @property
    def decided(self) -> dict[str, Any]:
        return {"lots": MemoryLotsUnderDecision(self.memory), "sites": self.records(Site)}

    @property
    def holds(self) -> MemoryHolds:
        return MemoryHolds(self.memory)

    @property
    def reports(self) -> RecallReports:
        return RecallReports(MemoryRecallReader(self.memory))

    @property
    def recalls(self) -> MemoryRecalls:
        return MemoryRecalls(self.memory)


def change(kind: type[Any], key: object, **changes: Any) -> Callable[[World, Actor], object]:
    return lambda it, by: ChangeRecordHandler(it.work, it.records(kind))(ChangeRecord(key, changes, 1, by, AT))  # type: ignore[arg-type]  # of its kind


def create(record: Record) -> Callable[[World, Actor], object]:
    return lambda it, by: CreateRecordHandler(it.work, it.records(type(record)))(CreateRecord(record, by, AT))


def remove(kind: type[Any], key: object) -> Callable[[World, Actor], object]:
    return lambda it, by: RemoveRecordHandler(it.work, it.records(kind))(RemoveRecord(key, 1, by, AT))  # type: ignore[arg-type]  # of its kind


def plan(it: World) -> dict[str, Any]:
    return {"campaigns": it.campaigns, "references": MemoryReferenceBook(it.memory), "ids": it.ids}


def read(rows: Any) -> None:
    with closing(rows):
        next(rows)


def origin(it: World) -> LotsOrigin:
    return LotsOrigin(frozenset({it.lot}))


def recall_of(it: World, by: Actor) -> OpenRecall:
    return OpenRecall("NEW", "glass", NOON, origin(it), False, by, AT)


RECEIPT = operation("receipt", received("APPLE", "9", "1"))
SIGNED = signing("I looked")

CASES = [
    Case(
        AddUserHandler,
        Right.ACCESS,
        named,
        lambda it, by: AddUserHandler(it.work, it.users, it.records(Site))(
            AddUser(User("new", grants=frozenset({Grant(Role.AUDITOR, "A")})), by, AT)
        ),
    ),
    Case(
        AddUserHandler,
        Right.ACCESS,
        everywhere,
        lambda it, by: AddUserHandler(it.work, it.users, it.records(Site))(
            AddUser(User("new", grants=frozenset({Grant(Role.AUDITOR)})), by, AT)
        ),
    ),
    Case(
        ChangeUserHandler,
        Right.ACCESS,
        user_there,
        lambda it, by: ChangeUserHandler(it.work, it.users, it.records(Site), MemoryTokens(it.memory))(
            ChangeUser("bea", 1, by, AT, grants=frozenset())
        ),
    ),
    Case(
        IssueTokenHandler,
        Right.ACCESS,
        everywhere,
        lambda it, by: IssueTokenHandler(it.work, it.users, it.records(Site), MemoryTokens(it.memory), it.ids)(
            IssueToken("bea", "more", by, AT)
        ),
    ),
    Case(
        RevokeTokenHandler,
        Right.ACCESS,
        own_or_everywhere,
        lambda it, by: RevokeTokenHandler(it.work, MemoryTokens(it.memory))(RevokeToken(it.token, by, AT)),
    ),
    Case(
        SetPasswordHandler,
        Right.ACCESS,
        everywhere,
        lambda it, by: SetPasswordHandler(it.work, it.users, it.users)(SetPassword("bea", "long enough, this", by, AT)),
    ),
    Case(CreateRecordHandler, Right.CATALOG, everywhere, create(Operator(new_id(), "new", "New"))),
    Case(CreateRecordHandler, Right.CATALOG, named, create(Line(new_id(), "A", "L9", "New"))),
    Case(CreateRecordHandler, Right.SETTINGS, everywhere, create(Site(new_id(), "NEW", "New"))),
    Case(ChangeRecordHandler, Right.CATALOG, everywhere, change(Product, "APPLE", name="Pear")),
    Case(ChangeRecordHandler, Right.CATALOG, there, change(Line, ("A", "L1"), name="One")),
    Case(ChangeRecordHandler, Right.SETTINGS, there, change(Site, "A", name="New")),
    Case(RemoveRecordHandler, Right.CATALOG, everywhere, remove(Partner, "SHOP")),
    Case(RemoveRecordHandler, Right.CATALOG, there, remove(Line, ("A", "L1"))),
    Case(RemoveRecordHandler, Right.SETTINGS, there, remove(Site, "A")),
    Case(
        PlanCampaignHandler,
        Right.PLAN,
        named,
        lambda it, by: PlanCampaignHandler(it.work, **plan(it))(
            PlanCampaign(CampaignPlan("NEW", "A", "CIDER"), by, AT)
        ),
    ),
    Case(
        ReviseCampaignHandler,
        Right.PLAN,
        there,
        lambda it, by: ReviseCampaignHandler(it.work, **plan(it))(
            ReviseCampaign("PLANNED", {"name": "New"}, 1, by, AT)
        ),
    ),
    Case(
        OpenCampaignHandler,
        Right.PLAN,
        there,
        lambda it, by: OpenCampaignHandler(it.work, it.campaigns)(OpenCampaign("PLANNED", by, AT)),
    ),
    Case(
        CancelCampaignHandler,
        Right.PLAN,
        there,
        lambda it, by: CancelCampaignHandler(it.work, it.campaigns)(CancelCampaign("PLANNED", "frost", by, AT)),
    ),
    Case(
        CloseCampaignHandler,
        Right.CLOSE,
        there,
        lambda it, by: CloseCampaignHandler(
            it.work, it.campaigns, MemoryBalanceBook(it.memory), it.records(Site), Outside()
        )(  # type: ignore[arg-type]  # beyond the policy
            CloseCampaign("SPRING", "", SIGNED, by, AT)
        ),
    ),
    Case(
        ReopenCampaignHandler,
        Right.CLOSE,
        there,
        lambda it, by: ReopenCampaignHandler(it.work, it.campaigns, it.records(Site))(
            ReopenCampaign("CLOSED", "forgot one", SIGNED, by, AT)
        ),
    ),
    Case(
        RecordOperationsHandler,
        Right.RECORD,
        named,
        lambda it, by: RecordOperationsHandler(it.work, **it.recording)(RecordOperations((RECEIPT,), by, AT)),
    ),
    Case(
        ReverseOperationHandler,
        Right.RECORD,
        there,
        lambda it, by: ReverseOperationHandler(it.work, **it.recording, ids=it.ids)(
            ReverseOperation(it.operation, "typo", by, AT)
        ),
    ),
    Case(
        CorrectOperationHandler,
        Right.RECORD,
        corrected,
        lambda it, by: CorrectOperationHandler(it.work, **it.recording, ids=it.ids)(
            CorrectOperation(it.operation, "typo", RECEIPT, by, AT)
        ),
    ),
    Case(
        ImportLogHandler,
        Right.SETTINGS,
        everywhere,
        lambda it, by: evolve(import_log(it.memory), unit_of_work=it.work)(ImportLog((), (), (), (RECEIPT,), by, AT)),
    ),
    Case(
        PlaceHoldHandler,
        Right.HOLD,
        there,
        lambda it, by: PlaceHoldHandler(it.work, MemoryLotsUnderDecision(it.memory), it.holds, it.ids)(
            PlaceHold(it.lot, "odd", None, by, AT)
        ),
    ),
    Case(
        DecideLotHandler,
        Right.DECIDE,
        there,
        lambda it, by: DecideLotHandler(it.work, **it.decided, ids=it.ids)(
            DecideLot(it.rejected, Disposition.RELEASED, "fine", None, by, AT)
        ),
    ),
    Case(
        LiftHoldHandler,
        Right.DECIDE,
        there,
        lambda it, by: LiftHoldHandler(it.work, **it.decided, holds=it.holds)(
            LiftHold(it.held, "fine", None, by, AT, it.hold)
        ),
    ),
    Case(
        LiftRecallHoldsHandler,
        Right.DECIDE,
        recall_there,
        lambda it, by: LiftRecallHoldsHandler(it.work, it.records(Site), it.holds)(
            LiftRecallHolds(it.recall, "fine", None, by, AT)
        ),
    ),
    Case(
        OpenRecallHandler,
        Right.RECALL,
        suspects_there,
        lambda it, by: OpenRecallHandler(it.work, it.genealogy, it.recalls, it.records(Site), it.ids)(
            recall_of(it, by)
        ),
    ),
    Case(
        LogRecallHandler,
        Right.RECALL,
        there,
        lambda it, by: LogRecallHandler(it.work, it.recalls, it.ids)(
            LogRecall(it.recall, Step.NOTE, None, None, "rang", by, AT)
        ),
    ),
    Case(
        SignRecallHandler,
        Right.RECALL,
        there,
        lambda it, by: SignRecallHandler(it.work, it.recalls, it.records(Site), it.ids)(
            SignRecall(it.recall, Signing("I open it"), by, AT)
        ),
    ),
    Case(
        CloseRecallHandler,
        Right.RECALL,
        there,
        lambda it, by: CloseRecallHandler(
            it.work, it.recalls, it.records(Site), MemoryRecallReader(it.memory), lambda _: b"", it.ids
        )(CloseRecall(it.recall, "done", None, by, AT)),
    ),
    Case(
        TraceLotsHandler,
        Right.READ,
        there,
        lambda it, by: read(TraceLotsHandler(it.genealogy)(TraceLots(origin(it), tuple(Direction), by.sight))),
    ),
    Case(
        DrawGenealogyHandler,
        Right.READ,
        there,
        lambda it, by: DrawGenealogyHandler(TraceLotsHandler(it.genealogy), Outside())(
            TraceLots(origin(it), tuple(Direction), by.sight)
        ),
    ),  # type: ignore[arg-type]  # beyond the policy
    Case(
        ExposeLotsHandler,
        Right.READ,
        there,
        lambda it, by: read(ExposeLotsHandler(it.genealogy)(ExposeLots(origin(it), by.sight))),
    ),
    Case(
        PrintRecallHandler,
        Right.READ,
        there,
        lambda it, by: PrintRecallHandler(it.reports, Outside(), Outside()).workbook(
            PrintRecall(it.recall, by.sight, Language.ENGLISH, AT)
        ),
    ),  # type: ignore[arg-type]  # beyond the policy
]

AT_THE_SERVER = {VerifyHistoryHandler, MakeReferencePlantHandler, RehashPasswordHandler}
"""What nobody asks for but at the server itself, or with their own password: there is no right to ask about."""


def handlers() -> Iterator[str]:
    """Every use case there is, by what it is called in the sources."""
    for module in APPLICATION.rglob("*.py"):
        yield from re.findall(r"^class (\w+Handler)\b", module.read_text(), re.MULTILINE)


def test_no_use_case_is_missing_from_the_table() -> None:
    assert set(handlers()) == {handler.__name__ for handler in {case.handler for case in CASES} | AT_THE_SERVER}


def test_whoever_lacks_the_right_is_refused_and_nothing_has_changed() -> None:
    world = World.furnished()
    before = world.memory.contents()
    for case in CASES:
        for actor in PEOPLE:
            expected = case.expected(actor, case.right)
            world.work.reached = False
            assert outcome(case, world, actor) == expected, (case.handler.__name__, case.right, actor)
            assert not (expected and world.work.reached)
        assert world.memory.contents() == before, case.handler.__name__


def outcome(case: Case, world: World, actor: Actor) -> type[Exception] | None:
    """How the actor is refused for lack of a right, if they are; everybody else gets as far as everything allows."""
    stopped: set[str] = set()
    try:
        case.ask(world, actor)
    except (Forbidden, NotFound) as error:
        return type(error)
    except Beyond:
        return None
    except DomainError as error:
        stopped = {fault.code for fault in error.faults}
    assert stopped <= STOPPED_BY
    assert stopped or world.work.reached or case.right is Right.READ
    return None


STOPPED_BY = {"in_use", "unknown_lot"}
"""What the state of the plant says against some of what is asked, to those who may."""


# What is out of sight


def test_a_trace_begins_in_sight_and_a_recall_is_of_all_or_refused() -> None:
    """Nobody sees another site's lots by recording its document; nobody recalls some of what a supplier sent."""
    world = World.furnished()
    world.memory.rows(Partner)["SUPPLIER"] = Partner(new_id(), "SUPPLIER", "Supplier", PartnerRole.BOTH)
    record = RecordOperationsHandler(MemoryUnitOfWork(world.memory), **world.recording)
    for site in "AB":
        apples = received("APPLE", "7", "9", site=site, supplier_lot="S-1")
        record(RecordOperations((operation("receipt", apples, site=site, partner="SUPPLIER"),), CHIEF, AT))
    same = SupplierLotOrigin("SUPPLIER", "S-1")
    seen = [at_a, at_b] = [world.memory.lots[LotKey(site, "APPLE", "7")].id for site in "AB"]
    ana = somebody("ana", Role.QUALITY, "A")
    assert starting_lots(world.genealogy, same, ana.sight) == {at_a}
    assert starting_lots(world.genealogy, same, somebody("bob", Role.QUALITY, "B").sight) == {at_b}
    assert starting_lots(world.genealogy, same, CHIEF.sight) == set(seen)
    open_recall = OpenRecallHandler(world.work, world.genealogy, world.recalls, world.records(Site), world.ids)
    with pytest.raises(Forbidden):
        open_recall(OpenRecall("NEW", "glass", NOON, same, False, ana, AT))
    open_recall(OpenRecall("NEW", "glass", NOON, same, False, CHIEF, AT))


def test_an_operation_out_of_sight_is_not_there_to_reverse() -> None:
    """Told as for an id that nothing has, whatever else is wrong with the reversal."""
    world = World.furnished()
    record = RecordOperationsHandler(world.work, **world.recording)
    bob = somebody("bob", Role.OPERATOR, "B")
    said = []
    for reverses in (world.operation, new_id()):
        line = used("APPLE", "4", "9", site="B")
        with pytest.raises(Invalid) as caught:
            record(
                RecordOperations((operation("reversal", line, site="B", reverses=reverses, reason="typo"),), bob, AT)
            )
        said.append(told(caught.value.faults))
    assert said[0] == said[1] == [("unknown_operation", ("operations", 0, "reverses"))]


def test_whoever_sends_goods_learns_nothing_of_the_lot_that_they_join() -> None:
    world = World.furnished()
    record = RecordOperationsHandler(MemoryUnitOfWork(world.memory), **world.recording)
    record(RecordOperations((operation("receipt", received("APPLE", "1", "9", site="B"), site="B"),), CHIEF, AT))
    entry = operation("transfer", sent("APPLE", "1", "1"), arrived("APPLE", "1", "1", made_on=NOON.date()))
    for actor, code in ((CHIEF, "lot_exists"), (somebody("ana", Role.OPERATOR, "A"), "not_accepted")):
        with pytest.raises(Invalid) as caught:
            record(RecordOperations((entry,), actor, AT))
        assert [fault.code for fault in caught.value.faults] == [code]
    assert "empty" not in str(caught.value)


def test_a_user_with_roles_elsewhere_alone_is_seen_by_nobody_here() -> None:
    here = Sight(frozenset({"A"}))
    for grants, seen in (
        (set(), True),
        ({Grant(Role.OPERATOR, "A")}, True),
        ({Grant(Role.OPERATOR, "B"), Grant(Role.OPERATOR)}, True),
        ({Grant(Role.OPERATOR, "B")}, False),
    ):
        assert User("bea", grants=frozenset(grants)).is_of(here) is seen
        assert User("bea", grants=frozenset(grants)).is_of(EVERYWHERE)
