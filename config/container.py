"""The composition root: which adapter stands behind which port."""

import warnings
from datetime import timedelta

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Callable as Called
from dependency_injector.providers import Container as Part
from dependency_injector.providers import DependenciesContainer as Parts
from dependency_injector.providers import Factory, List, Object
from dependency_injector.wiring import DIWiringWarning
from django.conf import settings  # noqa: TID251 - here settings become values
from django.core.management import get_commands

import interfaces
from application.access.add_user import AddUserHandler
from application.access.change_user import ChangeUserHandler
from application.access.issue_token import IssueTokenHandler
from application.access.look_up_access import LookUpAccess
from application.access.rehash_password import RehashPasswordHandler
from application.access.revoke_token import RevokeTokenHandler
from application.access.set_password import SetPasswordHandler
from application.catalog.change_record import ChangeRecordHandler, ProductRevision
from application.catalog.create_record import CreateRecordHandler
from application.catalog.remove_record import RemoveRecordHandler
from application.history.checkpoints import Checkpoints
from application.processes.extend_recalls import ExtendRecalls
from application.processes.hold_recalled_lots import HoldRecalledLots
from application.processes.hold_returned_goods import HoldReturnedGoods
from application.processes.keep_history import KeepHistory
from application.processes.note_lifted_holds import NoteLiftedHolds
from application.processes.verify_history import VerifyHistoryHandler
from application.production.balances import Balances
from application.production.cancel_campaign import CancelCampaignHandler
from application.production.close_campaign import CloseCampaignHandler
from application.production.correct_operation import CorrectOperationHandler
from application.production.import_log import ImportLogHandler
from application.production.open_campaign import OpenCampaignHandler
from application.production.plan_campaign import PlanCampaignHandler, ReviseCampaignHandler
from application.production.posting import Posting
from application.production.record_operations import RecordOperationsHandler
from application.production.reopen_campaign import ReopenCampaignHandler
from application.production.reverse_operation import ReverseOperationHandler
from application.quality.decide_lot import DecideLotHandler
from application.quality.lift_hold import LiftHoldHandler
from application.quality.lift_recall_holds import LiftRecallHoldsHandler
from application.quality.place_hold import PlaceHoldHandler
from application.shared.attempts import Throttle
from application.shared.receipts import AnswerOnce, ForgetReceipts
from application.shared.retrying import Retrying
from application.traceability.close_recall import CloseRecallHandler
from application.traceability.draw_genealogy import DrawGenealogyHandler
from application.traceability.expose_lots import ExposeLotsHandler
from application.traceability.log_recall import LogRecallHandler
from application.traceability.open_recall import OpenRecallHandler
from application.traceability.print_recall import PrintRecallHandler
from application.traceability.recall_reports import RecallReports
from application.traceability.reference_plant import MakeReferencePlantHandler
from application.traceability.sign_recall import SignRecallHandler
from application.traceability.trace_lots import TraceLotsHandler
from config.state import kept
from domain.access.attempts import Limit
from infrastructure.files.drawing import SvgDrawing
from infrastructure.files.recall_printer import FileRecallPrinter
from infrastructure.identity.reader import DjangoAccessReader
from infrastructure.identity.throttling.attempts import DjangoLoginAttempts
from infrastructure.identity.tokens import DjangoTokens
from infrastructure.identity.users import DjangoUsers
from infrastructure.persistence.catalog import records
from infrastructure.persistence.history.chains import DjangoChains
from infrastructure.persistence.history.facts import DjangoFacts
from infrastructure.persistence.history.reader import DjangoHistoryReader
from infrastructure.persistence.history.schema import DjangoSchemas
from infrastructure.persistence.production.balance_book import DjangoBalanceBook
from infrastructure.persistence.production.campaigns import DjangoCampaignReader, DjangoCampaigns
from infrastructure.persistence.production.ledger_store import DjangoLedgerStore
from infrastructure.persistence.production.product_use import DjangoProductUse
from infrastructure.persistence.production.readers import DjangoLotReader, DjangoOperationReader
from infrastructure.persistence.production.reference_book import DjangoReferenceBook
from infrastructure.persistence.production.totals import DjangoTotalsReader
from infrastructure.persistence.quality.holds import DjangoHolds
from infrastructure.persistence.quality.lots_under_decision import DjangoLotsUnderDecision
from infrastructure.persistence.quality.readers import DjangoQualityReader
from infrastructure.persistence.shared.receipts import DjangoReceipts
from infrastructure.persistence.shared.refusals import meaning
from infrastructure.persistence.shared.statements import rows_looked_up
from infrastructure.persistence.shared.unit_of_work import DjangoUnitOfWork
from infrastructure.persistence.traceability.genealogy_reader import DjangoGenealogyReader
from infrastructure.persistence.traceability.recall_reader import DjangoRecallReader
from infrastructure.persistence.traceability.recalls import DjangoRecalls
from infrastructure.persistence.traceability.reference_plant import CopiedReferencePlants
from infrastructure.system.clock import SystemClock
from infrastructure.system.ids import UuidVersion7Ids
from infrastructure.system.seals import Ed25519Seals, new_key
from interfaces.shared.sessions import SessionLimits
from interfaces.web.actor import PROVIDER

NAME_REFILL = timedelta(minutes=15)
"""Time in which a name gets another attempt: a hundred a day."""

ADDRESS_REFILL = timedelta(seconds=20)
"""Time in which an address, which may be a whole plant's, gets another attempt."""


def names_of_programs() -> frozenset[str]:
    """Whom the history names beside users: commands of ours, providers of identities, and the system itself."""
    commands = {command for command, app in get_commands().items() if app.startswith("interfaces.")}
    return frozenset({*commands, PROVIDER, "system"})


class System(DeclarativeContainer):
    """Time, identities and transactions, with what one context's events make another do in them."""

    clock = Factory(SystemClock)
    ids = Factory(UuidVersion7Ids)
    processes = List(
        Factory(HoldReturnedGoods, Factory(DjangoHolds), ids),
        Factory(ExtendRecalls, Factory(DjangoRecalls), ids),
        Factory(HoldRecalledLots, Factory(DjangoHolds), Factory(DjangoRecalls), ids),
        Factory(NoteLiftedHolds, Factory(DjangoRecalls), ids),
    )
    history = Factory(KeepHistory, Factory(DjangoChains))
    unit_of_work = Factory(DjangoUnitOfWork, processes, history)
    meaning = Object(meaning)


class Access(DeclarativeContainer):
    """Who gets in, and that a request has one effect."""

    system = Parts()
    catalog = Parts()

    users = Factory(DjangoUsers)
    tokens = Factory(DjangoTokens, Object(rows_looked_up), development=settings.DEVELOPMENT_TOKENS)
    look_up = Factory(LookUpAccess, Factory(DjangoAccessReader))
    programs = Called(names_of_programs)
    add_user = Factory(AddUserHandler, system.unit_of_work, users, catalog.sites, programs)
    change_user = Factory(ChangeUserHandler, system.unit_of_work, users, catalog.sites, tokens)
    set_password = Factory(SetPasswordHandler, system.unit_of_work, users, users)
    rehash_password = Factory(RehashPasswordHandler, system.unit_of_work, users, users)
    issue_token = Factory(IssueTokenHandler, system.unit_of_work, users, catalog.sites, tokens, system.ids, programs)
    revoke_token = Factory(RevokeTokenHandler, system.unit_of_work, tokens)
    receipts = Factory(DjangoReceipts)
    answer_once = Factory(AnswerOnce, receipts)
    forget_receipts = Factory(ForgetReceipts, receipts)
    throttle = Factory(
        Throttle,
        Factory(DjangoLoginAttempts),
        Limit(settings.TRIES_FOR_A_NAME, NAME_REFILL),
        Limit(settings.TRIES_FOR_AN_ADDRESS, ADDRESS_REFILL),
    )
    session_limits = Factory(SessionLimits, settings.SESSION_AGE, settings.SESSION_IDLE)
    proxies = Object(settings.PROXIES)
    requests_a_minute = Called(lambda: settings.RATE_LIMIT)


class Catalog(DeclarativeContainer):
    """Reference data."""

    system = Parts()

    products = Factory(records.DjangoProducts)
    sites = Factory(records.DjangoSites)
    lines = Factory(records.DjangoLines)
    partners = Factory(records.DjangoPartners)
    operators = Factory(records.DjangoOperators)

    create_product = Factory(CreateRecordHandler, system.unit_of_work, products)
    create_site = Factory(CreateRecordHandler, system.unit_of_work, sites)
    create_line = Factory(CreateRecordHandler, system.unit_of_work, lines)
    create_partner = Factory(CreateRecordHandler, system.unit_of_work, partners)
    create_operator = Factory(CreateRecordHandler, system.unit_of_work, operators)

    change_product = Factory(
        ChangeRecordHandler, system.unit_of_work, products, Factory(ProductRevision, Factory(DjangoProductUse))
    )
    change_site = Factory(ChangeRecordHandler, system.unit_of_work, sites)
    change_line = Factory(ChangeRecordHandler, system.unit_of_work, lines)
    change_partner = Factory(ChangeRecordHandler, system.unit_of_work, partners)
    change_operator = Factory(ChangeRecordHandler, system.unit_of_work, operators)

    remove_product = Factory(RemoveRecordHandler, system.unit_of_work, products)
    remove_site = Factory(RemoveRecordHandler, system.unit_of_work, sites)
    remove_line = Factory(RemoveRecordHandler, system.unit_of_work, lines)
    remove_partner = Factory(RemoveRecordHandler, system.unit_of_work, partners)
    remove_operator = Factory(RemoveRecordHandler, system.unit_of_work, operators)

    product_reader = products
    site_reader = sites
    line_reader = lines
    partner_reader = partners
    operator_reader = operators


class Production(DeclarativeContainer):
    """Campaigns, operations, lots and balances."""

    system = Parts()
    catalog = Parts()

    campaigns = Factory(DjangoCampaigns)
    references = Factory(DjangoReferenceBook)
    ledger_store = Factory(DjangoLedgerStore)
    totals = Factory(DjangoTotalsReader)
    posting = Factory(Posting, references, ledger_store, system.ids)

    campaign_reader = Factory(DjangoCampaignReader)
    operation_reader = Factory(DjangoOperationReader)
    lot_reader = Factory(DjangoLotReader)
    balances = Factory(Balances, campaign_reader, operation_reader, lot_reader, totals)

    plan_campaign = Factory(PlanCampaignHandler, system.unit_of_work, campaigns, references, system.ids)
    revise_campaign = Factory(ReviseCampaignHandler, system.unit_of_work, campaigns, references, system.ids)
    open_campaign = Factory(OpenCampaignHandler, system.unit_of_work, campaigns)
    close_campaign = Factory(
        CloseCampaignHandler, system.unit_of_work, campaigns, Factory(DjangoBalanceBook), catalog.sites, totals
    )
    reopen_campaign = Factory(ReopenCampaignHandler, system.unit_of_work, campaigns, catalog.sites)
    cancel_campaign = Factory(CancelCampaignHandler, system.unit_of_work, campaigns)

    record_operations = Factory(Retrying, Factory(RecordOperationsHandler, system.unit_of_work, posting, ledger_store))
    reverse_operation = Factory(
        Retrying, Factory(ReverseOperationHandler, system.unit_of_work, posting, ledger_store, system.ids)
    )
    import_log = Factory(
        ImportLogHandler,
        system.unit_of_work,
        catalog.products,
        catalog.sites,
        catalog.lines,
        catalog.partners,
        catalog.operators,
        campaigns,
        references,
        posting,
        ledger_store,
        system.ids,
    )
    correct_operation = Factory(
        Retrying, Factory(CorrectOperationHandler, system.unit_of_work, posting, ledger_store, system.ids)
    )


class Quality(DeclarativeContainer):
    """Decisions about lots, and holds."""

    system = Parts()
    catalog = Parts()

    lots = Factory(DjangoLotsUnderDecision)
    holds = Factory(DjangoHolds)
    reader = Factory(DjangoQualityReader)

    decide_lot = Factory(DecideLotHandler, system.unit_of_work, lots, catalog.sites, system.ids)
    place_hold = Factory(PlaceHoldHandler, system.unit_of_work, lots, holds, system.ids)
    lift_hold = Factory(LiftHoldHandler, system.unit_of_work, lots, catalog.sites, holds)
    lift_recall_holds = Factory(Retrying, Factory(LiftRecallHoldsHandler, system.unit_of_work, catalog.sites, holds))


class Traceability(DeclarativeContainer):
    """Where lots went, and recalls."""

    system = Parts()
    catalog = Parts()

    make_reference_plant = Factory(MakeReferencePlantHandler, Factory(CopiedReferencePlants, system.ids))
    genealogy = Factory(DjangoGenealogyReader)
    recalls = Factory(DjangoRecalls)
    recall_reader = Factory(DjangoRecallReader)

    trace_lots = Factory(TraceLotsHandler, genealogy)
    draw_genealogy = Factory(DrawGenealogyHandler, trace_lots, Factory(SvgDrawing))
    expose_lots = Factory(ExposeLotsHandler, genealogy)
    open_recall = Factory(
        Retrying, Factory(OpenRecallHandler, system.unit_of_work, genealogy, recalls, catalog.sites, system.ids)
    )
    recall_reports = Factory(RecallReports, recall_reader)
    print_recall = Factory(
        PrintRecallHandler, recall_reports, draw_genealogy, Factory(FileRecallPrinter, settings.HOUSE)
    )
    log_recall = Factory(LogRecallHandler, system.unit_of_work, recalls, system.ids)
    sign_recall = Factory(Retrying, Factory(SignRecallHandler, system.unit_of_work, recalls, catalog.sites, system.ids))
    close_recall = Factory(
        Retrying,
        Factory(
            CloseRecallHandler, system.unit_of_work, recalls, catalog.sites, recall_reader, draw_genealogy, system.ids
        ),
    )


class History(DeclarativeContainer):
    """What was done, by whom, when and why, and whether it is kept as it was entered."""

    reader = Factory(DjangoHistoryReader)
    seals = Factory(Ed25519Seals, Called(lambda: settings.CHECKPOINT_KEY or kept("checkpoint-key", new_key)).provider)
    checkpoints = Factory(Checkpoints, seals)
    schemas = Factory(DjangoSchemas)
    verify_history = Factory(VerifyHistoryHandler, Factory(DjangoChains), Factory(DjangoFacts), schemas)


class Container(DeclarativeContainer):
    """Everything that interfaces may ask for, by name: `Provide["production.close_campaign"]`."""

    system = Part(System)
    catalog = Part(Catalog, system=system)
    access = Part(Access, system=system, catalog=catalog)
    production = Part(Production, system=system, catalog=catalog)
    quality = Part(Quality, system=system, catalog=catalog)
    traceability = Part(Traceability, system=system, catalog=catalog)
    history = Part(History)


def wired_container() -> Container:
    """Make the container and hand its parts to every module under `interfaces`.

    Raises dependency_injector's Error for a dependency without a provider, and DIWiringWarning for a name in an
    interface that the container doesn't know.
    """
    container = Container()
    container.check_dependencies()
    with warnings.catch_warnings():
        warnings.simplefilter("error", DIWiringWarning)
        container.wire(packages=[interfaces], warn_unresolved=True)
    return container
