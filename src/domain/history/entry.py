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


def _signature(signature: Signature | None) -> Json:
    if signature is None:
        return None
    return signature.stated(moment(signature.at))


@frozen
class Told:
    """What an entry tells: one change, who made it and from where, and when by the server's clock."""

    change: Change
    whence: Whence
    at: datetime


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
    return Told(change, whence, datetime.fromisoformat(said["at"]))
