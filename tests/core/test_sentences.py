"""Every entry of the history reads as a sentence, in English and in French."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from attrs import evolve

from application.history.queries import Action, SubjectKind
from application.history.sentences import PHRASES, STEPS, sentence_of
from application.processes.keep_history import SAID, changes_of
from application.shared.language import Language
from domain.access.events import (
    PasswordRehashed,
    PasswordSet,
    RoleGranted,
    RoleWithdrawn,
    TokenIssued,
    TokenRevoked,
    UserAdded,
    UserChanged,
)
from domain.access.rights import Grant, Right, Role
from domain.access.token import AccessToken
from domain.access.user import User
from domain.catalog.events import RecordAdded, RecordChanged, RecordRemoved
from domain.catalog.line import Line
from domain.catalog.operator import Operator
from domain.catalog.partner import Partner, PartnerRole
from domain.history.entry import Change, Subject, Told, Whence, document_of, told_in
from domain.production.campaign import CampaignState
from domain.production.entry import Kind
from domain.production.events import (
    CampaignCancelled,
    CampaignClosed,
    CampaignOpened,
    CampaignPlanned,
    CampaignReopened,
    GoodsReturned,
    OperationRecorded,
)
from domain.production.lot import Disposition, LotKey
from domain.quality.disposition import Decision
from domain.quality.events import HoldLifted, LotDecided, LotsHeld, RecallHoldsLifted
from domain.quality.holds import Hold, Lifting, Placed
from domain.shared.events import Event
from domain.shared.money import Money
from domain.shared.signature import Signature
from domain.traceability.events import LotsRecalled, RecallClosed, RecallLogged, RecallOpened, RecallSigned
from domain.traceability.origin import CampaignOrigin
from domain.traceability.recall import LogEntry, Recall, Step
from tests.core.plant import CAMPAIGNS, PRODUCTS, SITES

AT = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)
ANA = Whence("ana")
SOME = UUID(int=7)
SPRING = CAMPAIGNS["SPRING"]
APPLE = PRODUCTS["APPLE"]
LOT = LotKey("A", "CIDER", "L-7", "pallet 1")
SIGNATURE = Signature("ana", "I tasted it.", AT)
LIFTING = Lifting("no glass", AT, "ana")
HOLD = Hold(SOME, "glass", "Lot CIDER L-7 at A", AT, "ana")
RECALL = Recall(
    SOME, "R-1", "glass in bottles", AT, CampaignOrigin("SPRING"), mock=False, opened_at=AT, opened_by="ana"
)
RECEIPT = OperationRecorded(SOME, Kind.RECEIPT, "A", None, "7", "", None, None, "f" * 64)
PRESSED = evolve(RECEIPT, kind=Kind.PRODUCTION, campaign="SPRING", number=None)


def decided(after: Disposition, signature: Signature | None = None) -> LotDecided:
    return LotDecided(Decision(SOME, SOME, Disposition.PENDING, after, "tasted good", AT, "ana", signature), LOT)


def logged(step: Step, text: str = "", kilograms: Decimal | None = None) -> RecallLogged:
    partner = None if step is Step.NOTE else "SHOP"
    return RecallLogged("R-1", LogEntry(SOME, SOME, step, AT, "ana", partner, kilograms, text, AT))


def recalled(new: int, again: int = 0) -> LotsRecalled:
    lots = tuple(UUID(int=number) for number in range(new + again))
    return LotsRecalled(SOME, "R-1", "glass", False, lots[:new], AT, "ana", lots[new:])


BEA = User("bea", "Bea")
TOKEN = AccessToken(SOME, "bea", "scales", AT, frozenset({Right.RECORD}), AT)
EVENTS: list[Event] = [
    *(
        event
        for record in (
            PRODUCTS["CIDER"],
            SITES["A"],
            Line(SOME, "A", "L1", "Line"),
            Partner(SOME, "SHOP", "The shop", PartnerRole.CUSTOMER),
            Operator(SOME, "ODILE", "Odile"),
        )
        for event in (RecordAdded(record), RecordChanged(record, evolve(record, name="New")), RecordRemoved(record))
    ),
    *(evolve(RECEIPT, kind=kind) for kind in Kind if kind is not Kind.REVERSAL),
    evolve(PRESSED, corrects=SOME),
    evolve(PRESSED, kind=Kind.REVERSAL, reverses=SOME),
    CampaignPlanned(SPRING),
    CampaignPlanned(evolve(SPRING, target=None), SPRING),
    CampaignOpened(SPRING),
    CampaignClosed(SPRING, 2, "f" * 64, "A leak.", SIGNATURE),
    CampaignReopened(SPRING, "forgotten", SIGNATURE),
    CampaignCancelled(SPRING, evolve(SPRING, state=CampaignState.PLANNED), "no fruit"),
    decided(Disposition.RELEASED),
    decided(Disposition.REJECTED),
    LotsHeld(HOLD, Placed(1, "f" * 64)),
    HoldLifted(HOLD, SOME, LOT, LIFTING),
    RecallHoldsLifted(SOME, 15, 2, LIFTING),
    RecallOpened(RECALL),
    RecallSigned(RECALL, evolve(RECALL, opening_signature=SIGNATURE)),
    recalled(15, 1),
    *(logged(step, "by telephone", Decimal("12.5")) for step in Step),
    RecallClosed(evolve(RECALL, conclusion="All back."), "f" * 64),
    UserAdded(BEA),
    UserChanged(BEA, evolve(BEA, name="Béa", active=False)),
    RoleGranted("bea", Grant(Role.QUALITY)),
    RoleGranted("bea", Grant(Role.QUALITY, "A")),
    RoleWithdrawn("bea", Grant(Role.QUALITY, "A")),
    PasswordSet("bea", "f" * 64),
    PasswordRehashed("bea", "f" * 64),
    TokenIssued(TOKEN),
    TokenIssued(evolve(TOKEN, development=True)),
    TokenRevoked(evolve(TOKEN, scopes=None)),
    GoodsReturned(SOME, (), "SHOP", "", AT, "ana"),
]
"""Every kind of event, in every way that it is told."""


def changes() -> Iterator[Change]:
    for event in EVENTS:
        yield from changes_of(event)


def sentences(event: Event, whence: Whence = ANA, at: datetime = AT) -> tuple[str, str]:
    """What its only entry reads as, once it was kept: in English, and in French."""
    (change,) = changes_of(event)
    told = told_in(change.chain, document_of(change, whence, at))
    return sentence_of(told, Language.ENGLISH), sentence_of(told, Language.FRENCH)


def test_whatever_enters_the_history_has_words() -> None:
    assert {type(event) for event in EVENTS} == SAID.keys()
    told = {(change.subject.kind, change.action) for change in changes()}
    assert told == PHRASES.keys()
    assert {kind for kind, _ in told} == set(SubjectKind)
    assert {action for _, action in told} == set(Action)
    assert STEPS.keys() == set(Step)


def test_every_sentence_is_one_in_both_languages() -> None:
    for change in changes():
        told = told_in(change.chain, document_of(change, ANA, AT))
        english, french = (sentence_of(told, language) for language in Language)
        assert english.startswith("On 2 March 2026 at 12:05 UTC, ana ")
        assert french.startswith("Le 2 mars 2026 à 12\u00a0h\u00a005 UTC, ana a ")
        for sentence in (english, french):
            assert sentence.endswith((".", "”", "»"))
            assert not any(slip in sentence for slip in ("None", "{", "..", "  "))


def test_what_was_kept_is_read_as_it_was_told() -> None:
    change = Change("plant", Subject("hold", "7", "H"), "placed", None, {"lots": 1}, "glass", SIGNATURE)
    whence = Whence("ana", "the shift", "api", "r-7")
    assert told_in("plant", document_of(change, whence, AT)) == Told(change, whence, AT)


@pytest.mark.parametrize(
    ("event", "english", "french"),
    [
        (
            decided(Disposition.RELEASED, SIGNATURE),
            "released lot CIDER L-7 (pallet 1) at A: tasted good. Signed by ana: “I tasted it.”",
            "a libéré le lot CIDER L-7 (pallet 1) à A : tasted good. Signé par ana : « I tasted it. »",
        ),
        (RECEIPT, "recorded receipt 7 at A.", "a enregistré la réception 7 à A."),
        (
            PRESSED,
            "recorded a production at A in campaign SPRING.",
            "a enregistré une production à A dans la campagne SPRING.",
        ),
        (
            RecordChanged(APPLE, evolve(APPLE, allergens=("a", "b"), standard_cost=Money("1", "EUR"))),
            "changed product APPLE (allergens from nothing to a, b; standard_cost from 0.2 EUR to 1 EUR).",
            "a modifié le produit APPLE (allergens de rien à a, b; standard_cost de 0.2 EUR à 1 EUR).",
        ),
        (
            CampaignPlanned(evolve(SPRING, target=None), SPRING),
            "changed the plan of campaign SPRING (target from 500 C62 to nothing).",
            "a modifié le plan de la campagne SPRING (target de 500 C62 à rien).",
        ),
        (
            CampaignClosed(SPRING, 2, "f" * 64, "A leak.", None),
            "closed campaign SPRING with version 2 of its balance: A leak.",
            "a clôturé la campagne SPRING avec la version 2 de son bilan : A leak.",
        ),
        (
            LotsHeld(HOLD, Placed(1, "f" * 64)),
            "put 1 lot on hold (Lot CIDER L-7 at A): glass.",
            "a bloqué 1 lot (Lot CIDER L-7 at A) : glass.",
        ),
        (recalled(0, 1), "added 1 lot again to recall R-1.", "a ajouté 1 lot de nouveau au rappel R-1."),
        (
            RecallHoldsLifted(SOME, 15, 2, LIFTING),
            f"lifted the holds of recall {SOME} from 15 lots; other holds still stand on 2 lots: no glass.",
            f"a levé les blocages du rappel {SOME} sur 15 lots ; d'autres blocages subsistent sur 2 lots : no glass.",
        ),
        (
            logged(Step.DESTROYED, "at the tip", Decimal("12.50")),
            "noted in recall R-1 that SHOP destroyed 12.5 kg: at the tip.",
            "a noté au rappel R-1 que SHOP a détruit 12,5 kg : at the tip.",
        ),
        (
            RecallOpened(evolve(RECALL, mock=True)),
            "opened mock recall R-1: glass in bottles.",
            "a ouvert l'exercice de rappel R-1 : glass in bottles.",
        ),
        (
            RecallSigned(RECALL, evolve(RECALL, opening_signature=SIGNATURE)),
            "signed the opening of recall R-1. Signed by ana: “I tasted it.”",
            "a signé l'ouverture du rappel R-1. Signé par ana : « I tasted it. »",
        ),
    ],
)
def test_what_was_done_in_words(event: Event, english: str, french: str) -> None:
    told = sentences(event)
    assert told[0] == f"On 2 March 2026 at 12:05 UTC, ana {english}"
    assert told[1].replace("\u00a0", " ") == f"Le 2 mars 2026 à 12 h 05 UTC, ana {french}"


def test_a_sentence_says_for_whom_and_the_first_of_the_month() -> None:
    at = datetime.fromisoformat("2026-08-01T01:30:00+02:00")
    whence = Whence("scale", on_behalf_of="ana")
    assert sentences(TokenIssued(TOKEN), whence, at)[0] == (
        "On 31 July 2026 at 23:30 UTC, scale, on behalf of ana, issued an access token “scales” to user bea."
    )
    french = sentences(TokenIssued(TOKEN), whence, AT.replace(day=1))[1]
    assert french.startswith("Le 1er mars 2026 à 12\u00a0h\u00a005 UTC, scale, pour le compte de ana, a délivré")
