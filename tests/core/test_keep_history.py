"""Whatever happens enters the history, by whom, when, from where, and what it changed."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from application.processes.keep_history import SAID, KeepHistory
from application.shared.actor import Actor
from domain.access.events import PasswordRehashed, PasswordSet, RoleGranted, TokenIssued, UserAdded
from domain.access.rights import Grant, Role
from domain.access.token import AccessToken
from domain.access.user import User
from domain.catalog.events import RecordAdded, RecordChanged, RecordRemoved
from domain.catalog.line import Line
from domain.history.entry import PLANT, site_chain
from domain.history.values import differences, kept
from domain.production.campaign import CampaignState
from domain.production.events import CampaignCancelled, CampaignClosed, CampaignOpened
from domain.production.lot import Disposition
from domain.shared.events import Event
from domain.shared.signature import Signature
from domain.traceability.events import RecallClosed
from domain.traceability.origin import LotsOrigin
from domain.traceability.recall import Recall
from tests.adapters.history import MemoryChains
from tests.adapters.memory import Memory
from tests.core.plant import CAMPAIGNS, PRODUCTS, SITES

AT = datetime(2026, 3, 2, 11, 5, tzinfo=UTC)
SOME = UUID(int=7)
ANA = Actor("ana", on_behalf_of="the shift", channel="api", request="r-7")
SPRING = CAMPAIGNS["SPRING"]


def entered(*events: Event) -> dict[str, list[dict[str, Any]]]:
    """What these events enter, by chain."""
    memory = Memory()
    KeepHistory(MemoryChains(memory)).enter(events, ANA, AT)
    return {chain: [json.loads(entry.document) for entry in entries] for chain, entries in memory.chains.items()}


def every(kind: type[Event]) -> set[type[Event]]:
    return {kind} | {one for below in kind.__subclasses__() for one in every(below)}


def test_every_kind_of_event_has_its_words() -> None:
    assert SAID.keys() == every(Event) - {Event}


def test_an_entry_says_who_when_and_from_where() -> None:
    ((entry,),) = entered(RoleGranted("bea", Grant(Role.QUALITY))).values()
    told = ("actor", "on_behalf_of", "channel", "request", "at", "action", "after")
    assert [entry[name] for name in told] == [
        "ana",
        "the shift",
        "api",
        "r-7",
        "2026-03-02T11:05:00.000000Z",
        "granted",
        {"role": "quality", "site": None},
    ]
    assert entry["subject"] == {"kind": "user", "id": "bea", "code": "bea"}


def test_what_a_campaign_went_through_is_in_its_own_chain() -> None:
    signature = Signature("ana", "I checked the balance.", AT)
    closed = evolve(SPRING, state=CampaignState.CLOSED)
    events = (CampaignOpened(SPRING), CampaignClosed(closed, 1, "f" * 64, "A leak.", signature))
    (entries,) = entered(*events).values()
    assert [(entry["action"], entry["before"], entry["after"], entry["reason"]) for entry in entries] == [
        ("opened", {"state": "planned"}, {"state": "open"}, ""),
        ("closed", {"state": "open"}, {"state": "closed", "version": 1, "sha256": "f" * 64}, "A leak."),
    ]
    assert entries[1]["signature"]["meaning"] == "I checked the balance."
    assert entered(CampaignCancelled(SPRING, SPRING, "no fruit")).keys() == {"campaign/SPRING"}


def test_what_cannot_be_told_is_told_by_its_hash() -> None:
    token = AccessToken(SOME, "bea", "scales", AT)
    recall = Recall(SOME, "R-1", "glass", AT, LotsOrigin(frozenset({SOME})), False, AT, "ana").closed("none", AT, "ana")
    events = (
        UserAdded(User("bea"), "openid f00d"),
        PasswordSet("bea", "a" * 64),
        PasswordRehashed("bea", "b" * 64),
        TokenIssued(token, "c" * 64),
        RecallClosed(recall, "d" * 64, "e" * 64),
    )
    ((_, entries),) = entered(*events).items()
    assert [entry["after"] for entry in entries] == [
        {"name": "", "active": True, "openid": "openid f00d"},
        {"sha256": "a" * 64},
        {"sha256": "b" * 64},
        {"token": str(SOME), "name": "scales", "scopes": None, "until": None, "sha256": "c" * 64},
        {"state": "closed", "sha256": "d" * 64, "picture": "e" * 64},
    ]


def test_a_change_says_what_was_and_what_is_and_nothing_else() -> None:
    before = PRODUCTS["CIDER"]
    after = evolve(before, name="Dry cider", allergens=("sulphites",), version=before.version + 1)
    ((entry,),) = (entered(RecordChanged(before, after))[PLANT],)
    assert entry["before"] == {"name": before.name, "allergens": []}
    assert entry["after"] == {"name": "Dry cider", "allergens": ["sulphites"]}
    assert differences(before, before) == ({}, {})


def test_what_is_of_a_site_is_told_in_its_chain() -> None:
    line = Line(UUID(int=7), "B", "L1", "Line")
    assert entered(RecordAdded(line)).keys() == entered(RecordRemoved(SITES["B"])).keys() == {site_chain("B")}
    assert entered(RoleGranted("bea", Grant(Role.QUALITY, "B"))).keys() == {site_chain("B")}
    assert entered(RecordAdded(PRODUCTS["CIDER"])).keys() == {PLANT}


def test_nothing_enters_where_nothing_happened() -> None:
    assert entered() == {}


def test_values_are_kept_as_they_are_written() -> None:
    some = UUID(int=7)
    assert kept(
        (Decimal("1.500"), date(2026, 3, 2), AT, some, Disposition.ON_HOLD, None, True, {"b": 1}, frozenset("ba"))
    ) == [
        "1.5",
        "2026-03-02",
        "2026-03-02T11:05:00.000000Z",
        str(some),
        "on_hold",
        None,
        True,
        {"b": 1},
        ["a", "b"],
    ]
    with pytest.raises(TypeError, match="float"):
        kept(0.5)


def test_codes_of_any_kind_are_kept_by_their_value() -> None:
    class Colour(Enum):
        RED = Decimal("0.10")

    assert kept(Colour.RED) == "0.1"
