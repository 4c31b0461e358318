"""What happens enters the history, whatever channel it came through."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from application.history.ports import Chains
from application.shared.actor import Actor
from application.shared.history import History
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
from domain.access.rights import Grant
from domain.access.token import AccessToken
from domain.catalog.events import RecordAdded, RecordChanged, RecordRemoved
from domain.catalog.line import Line
from domain.catalog.record import Record
from domain.catalog.site import Site
from domain.history.entry import PLANT, Change, Subject, Whence, campaign_chain, document_of, site_chain
from domain.history.values import differences, kept, kept_attributes
from domain.production.campaign import Campaign, CampaignState
from domain.production.digest import lots_digest
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
from domain.quality.events import HoldLifted, LotDecided, LotsHeld, RecallHoldsLifted
from domain.quality.holds import Placed
from domain.shared.canonical import Json
from domain.shared.events import Event
from domain.traceability.events import LotsRecalled, RecallClosed, RecallLogged, RecallOpened, RecallSigned


@frozen
class KeepHistory(History):
    """Says of each event what it changed, and puts that at the end of its chain."""

    chains: Chains

    def enter(self, events: Sequence[Event], by: Actor, at: datetime) -> None:
        """Each event as a change, where it is one by itself."""
        whence = Whence(by.name, by.on_behalf_of, by.channel, by.request)
        changes = [change for event in _with_lots_told_once(events) for change in changes_of(event)]
        if changes:
            self.chains.add([(change.chain, document_of(change, whence, at)) for change in changes])


def _with_lots_told_once(events: Sequence[Event]) -> list[Event]:
    """The events, with each lot told of by the last that does: entries of several chains have no order among them."""
    last = {lot.id: event.operation for event in events if isinstance(event, OperationRecorded) for lot in event.lots}
    return [
        evolve(event, lots=tuple(lot for lot in event.lots if last[lot.id] == event.operation))
        if isinstance(event, OperationRecorded)
        else event
        for event in events
    ]


def changes_of(event: Event) -> Iterator[Change]:
    """What an event changed; nothing where others that it causes say so."""
    return SAID[type(event)](event)


def _added(event: RecordAdded) -> Iterator[Change]:
    yield Change(_home_of(event.record), _of_record(event.record), "added", None, kept_attributes(event.record))


def _changed(event: RecordChanged) -> Iterator[Change]:
    yield Change(_home_of(event.after), _of_record(event.after), "changed", *differences(event.before, event.after))


def _removed(event: RecordRemoved) -> Iterator[Change]:
    yield Change(_home_of(event.record), _of_record(event.record), "removed", kept_attributes(event.record))


def _home_of(record: Record) -> str:
    """The chain of a record: that of its site, if it has one."""
    match record:
        case Line(site=site) | Site(code=site):
            return site_chain(site)
        case _:
            return PLANT


def _of_record(record: Record) -> Subject:
    return Subject(type(record).__name__.lower(), str(record.id), record.code)


def _recorded(event: OperationRecorded) -> Iterator[Change]:
    action = "reversed" if event.kind is Kind.REVERSAL else "corrected" if event.corrects else "recorded"
    yield Change(
        chain=campaign_chain(event.campaign) if event.campaign else site_chain(event.site),
        subject=Subject("operation", str(event.operation), event.number or ""),
        action=action,
        after={
            "kind": event.kind.value,
            "site": event.site,
            "reverses": kept(event.reverses),
            "corrects": kept(event.corrects),
            "sha256": event.digest,
            "lots": [[str(lot.id), lot.decided.value, lot.digest] for lot in event.lots],
        },
        reason=event.reason,
    )


def _planned(event: CampaignPlanned) -> Iterator[Change]:
    if event.before is None:
        yield _of_campaign(event.campaign, "planned", None, kept_attributes(event.campaign))
    else:
        yield _of_campaign(event.campaign, "changed", *differences(event.before, event.campaign))


def _opened(event: CampaignOpened) -> Iterator[Change]:
    yield _of_campaign(event.campaign, "opened", _state(CampaignState.PLANNED), _state(CampaignState.OPEN))


def _closed(event: CampaignClosed) -> Iterator[Change]:
    after: dict[str, Json] = {"state": CampaignState.CLOSED.value, "version": event.version, "sha256": event.sha256}
    yield _of_campaign(
        event.campaign,
        "closed",
        _state(CampaignState.OPEN),
        after,
        reason=event.explanation,
        signature=event.signature,
    )


def _reopened(event: CampaignReopened) -> Iterator[Change]:
    states = _state(CampaignState.CLOSED), _state(CampaignState.OPEN)
    yield _of_campaign(event.campaign, "reopened", *states, reason=event.reason, signature=event.signature)


def _cancelled(event: CampaignCancelled) -> Iterator[Change]:
    states = _state(event.before.state), _state(event.campaign.state)
    yield _of_campaign(event.campaign, "cancelled", *states, reason=event.reason)


def _of_campaign(
    campaign: Campaign,
    action: str,
    before: Mapping[str, Json] | None,
    after: Mapping[str, Json] | None,
    **why: Any,
) -> Change:
    subject = Subject("campaign", str(campaign.id), campaign.code)
    return Change(campaign_chain(campaign.code), subject, action, before, after, **why)


def _state(state: CampaignState) -> dict[str, Json]:
    return {"state": state.value}


def _decided(event: LotDecided) -> Iterator[Change]:
    decision = event.decision
    yield Change(
        chain=site_chain(event.key.site),
        subject=Subject("lot", str(decision.lot), str(event.key)),
        action=decision.after.value,
        before={"disposition": decision.before.value},
        after={"disposition": decision.after.value},
        reason=decision.reason,
        signature=decision.signature,
    )


def _held(event: LotsHeld) -> Iterator[Change]:
    hold = event.hold
    after: dict[str, Json] = {"scope": hold.scope, "recall": kept(hold.recall), **_of_lots(event.placed)}
    subject = Subject("hold", str(hold.id))
    yield Change(PLANT, subject, "placed", None, after, hold.reason, hold.signature)


def _of_lots(placed: Placed) -> dict[str, Json]:
    return {"lots": placed.lots, "sha256": placed.digest}


def _lifted(event: HoldLifted) -> Iterator[Change]:
    lot = {"lot": str(event.lot), "key": str(event.key)}
    subject = Subject("hold", str(event.hold.id))
    yield Change(PLANT, subject, "lifted", lot, None, event.lifting.reason, event.lifting.signature)


def _all_lifted(event: RecallHoldsLifted) -> Iterator[Change]:
    after = {"lots": event.lots, "still_held": event.still_held}
    subject = Subject("recall", str(event.recall))
    yield Change(PLANT, subject, "holds_lifted", None, after, event.lifting.reason, event.lifting.signature)


def _recall_opened(event: RecallOpened) -> Iterator[Change]:
    recall = event.recall
    subject = Subject("recall", str(recall.id), recall.code)
    signature = recall.opening_signature
    yield Change(PLANT, subject, "opened", None, kept_attributes(recall), recall.hazard, signature)


def _recall_signed(event: RecallSigned) -> Iterator[Change]:
    recall = event.after
    subject = Subject("recall", str(recall.id), recall.code)
    changes = differences(event.before, recall)
    yield Change(PLANT, subject, "signed", *changes, signature=recall.opening_signature)


def _recalled(event: LotsRecalled) -> Iterator[Change]:
    after: dict[str, Json] = {"lots": len(event.lots), "sha256": lots_digest(event.lots), "again": len(event.again)}
    yield Change(PLANT, Subject("recall", str(event.recall), event.code), "extended", None, after)


def _logged(event: RecallLogged) -> Iterator[Change]:
    subject = Subject("recall", str(event.entry.recall), event.code)
    yield Change(PLANT, subject, "logged", None, kept_attributes(event.entry))


def _recall_closed(event: RecallClosed) -> Iterator[Change]:
    recall = event.recall
    after = {"state": recall.state.value, "sha256": event.sha256, **_stated(picture=event.picture)}
    subject = Subject("recall", str(recall.id), recall.code)
    yield Change(PLANT, subject, "closed", {"state": "open"}, after, recall.conclusion, recall.signature)


def _user_added(event: UserAdded) -> Iterator[Change]:
    user = event.user
    after: dict[str, Json] = {"name": user.name, "active": user.active, "openid": event.openid}
    yield Change(PLANT, _user(user.username), "added", None, after)


def _user_changed(event: UserChanged) -> Iterator[Change]:
    before, after = (evolve(user, grants=frozenset()) for user in (event.before, event.after))
    yield Change(PLANT, _user(after.username), "changed", *differences(before, after))


def _granted(event: RoleGranted) -> Iterator[Change]:
    yield Change(_chain_of(event.grant), _user(event.user), "granted", None, kept_attributes(event.grant))


def _withdrawn(event: RoleWithdrawn) -> Iterator[Change]:
    yield Change(_chain_of(event.grant), _user(event.user), "withdrawn", kept_attributes(event.grant))


def _password_set(event: PasswordSet) -> Iterator[Change]:
    yield Change(PLANT, _user(event.user), "password_set", None, _stated(sha256=event.sha256) or None)


def _password_rehashed(event: PasswordRehashed) -> Iterator[Change]:
    yield Change(PLANT, _user(event.user), "password_rehashed", None, _stated(sha256=event.sha256))


def _issued(event: TokenIssued) -> Iterator[Change]:
    after = {**_token(event.token), **_stated(sha256=event.sha256)}
    yield Change(PLANT, _user(event.token.user), "token_issued", None, after)


def _revoked(event: TokenRevoked) -> Iterator[Change]:
    yield Change(PLANT, _user(event.token.user), "token_revoked", _token(event.token))


def _user(username: str) -> Subject:
    return Subject("user", username, username)


def _chain_of(grant: Grant) -> str:
    return PLANT if grant.site is None else site_chain(grant.site)


def _token(token: AccessToken) -> dict[str, Json]:
    mark: dict[str, Json] = {"development": True} if token.development else {}
    return {
        "token": kept(token.id),
        "name": token.name,
        "scopes": kept(token.scopes),
        "until": kept(token.expires_at),
        **mark,
    }


def _stated(**hashes: str) -> dict[str, Json]:
    """Those hashes that are known."""
    return {name: sha256 for name, sha256 in hashes.items() if sha256}


def _told_by_another(_event: Event) -> Iterator[Change]:
    return iter(())


SAID: Mapping[type[Event], Callable[[Any], Iterator[Change]]] = {
    RecordAdded: _added,
    RecordChanged: _changed,
    RecordRemoved: _removed,
    OperationRecorded: _recorded,
    GoodsReturned: _told_by_another,
    CampaignPlanned: _planned,
    CampaignOpened: _opened,
    CampaignClosed: _closed,
    CampaignReopened: _reopened,
    CampaignCancelled: _cancelled,
    LotDecided: _decided,
    LotsHeld: _held,
    HoldLifted: _lifted,
    RecallHoldsLifted: _all_lifted,
    RecallOpened: _recall_opened,
    RecallSigned: _recall_signed,
    LotsRecalled: _recalled,
    RecallLogged: _logged,
    RecallClosed: _recall_closed,
    UserAdded: _user_added,
    UserChanged: _user_changed,
    RoleGranted: _granted,
    RoleWithdrawn: _withdrawn,
    PasswordSet: _password_set,
    PasswordRehashed: _password_rehashed,
    TokenIssued: _issued,
    TokenRevoked: _revoked,
}
"""Every kind of event there is."""
