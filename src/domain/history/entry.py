"""An entry of the history: who did what, when, from where and why, as the document that is hashed."""

import json
from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from domain.shared.canonical import Json, canonical_json, moment
from domain.shared.signature import Signature, signature_in

PLANT = "plant"
"""The chain of what belongs to no campaign and to no site."""


def campaign_chain(code: str) -> str:
    """The chain of what is done in a campaign."""
    return f"campaign/{code}"


def site_chain(code: str) -> str:
    """The chain of what is done at a site, outside of campaigns."""
    return f"site/{code}"


@frozen
class Subject:
    """What a change is about: its kind in one word, its id, and the code that people call it by, if it has one."""

    kind: str
    id: str
    code: str = ""


@frozen
class Change:
    """One thing that was done to one subject, and the chain that it belongs to.

    `action` is a verb in the past tense. `before` and `after` are the values that changed; None before there was
    anything, or once there is nothing any more.
    """

    chain: str
    subject: Subject
    action: str
    before: Mapping[str, Json] | None = None
    after: Mapping[str, Json] | None = None
    reason: str = ""
    signature: Signature | None = None


@frozen
class Whence:
    """Who did it, for whom if not for themselves, through which channel, and by which request of it."""

    actor: str
    on_behalf_of: str = ""
    channel: str = ""
    request: str = ""


def document_of(change: Change, whence: Whence, at: datetime) -> bytes:
    """The entry of a change as canonical JSON in UTF-8, `at` by the server's clock. Its chain says where it stands."""
    document: dict[str, Json] = {
        "at": moment(at),
        "actor": whence.actor,
        "on_behalf_of": whence.on_behalf_of,
        "channel": whence.channel,
        "request": whence.request,
        "subject": {"kind": change.subject.kind, "id": change.subject.id, "code": change.subject.code},
        "action": change.action,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "signature": _signature(change.signature),
    }
    return canonical_json(document)


def not_before(last: str, document: bytes) -> bytes:
    """The entry, which follows one of the time `last`: where it would be earlier it gets that time.

    It then keeps what the clock said as its `clock`: the time of what it tells of, and of a signature in it.
    """
    said = json.loads(document)
    if said["at"] >= last:
        return document
    return canonical_json({**said, "at": last, "clock": said["at"]})


def _signature(signature: Signature | None) -> Json:
    if signature is None:
        return None
    return signature.stated(moment(signature.at))


@frozen
class Told:
    """What an entry tells: one change, who made it and from where, and when by the server's clock.

    `clock` is what that clock said where it had run back behind the entry before: `at` is then the time of that.
    """

    change: Change
    whence: Whence
    at: datetime
    clock: datetime | None = None


def told_in(chain: str, document: bytes) -> Told:
    """What the document of an entry in this chain tells: what `document_of` made it of, values as they were kept."""
    said = json.loads(document)
    change = Change(
        chain,
        Subject(**said["subject"]),
        said["action"],
        said["before"],
        said["after"],
        said["reason"],
        signature_in(said["signature"]),
    )
    whence = Whence(said["actor"], said["on_behalf_of"], said["channel"], said["request"])
    clock = datetime.fromisoformat(said["clock"]) if "clock" in said else None
    return Told(change, whence, datetime.fromisoformat(said["at"]), clock)
