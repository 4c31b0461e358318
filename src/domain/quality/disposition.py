"""Decisions of quality about a lot: released or rejected, by whom, when and why."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from attrs import frozen

from domain.production.lot import Disposition, Lot
from domain.shared.canonical import Json
from domain.shared.errors import Fault, Refused
from domain.shared.identity import text_fault
from domain.shared.signature import Signature


@frozen
class Decision:
    """One decision about a lot. It is never edited: a later decision stands beside it.

    `before` and `after` are the disposition that took effect.
    """

    id: UUID
    lot: UUID
    before: Disposition
    after: Disposition
    reason: str
    decided_at: datetime
    decided_by: str
    signature: Signature | None = None


def signed_decision(lot: Lot, after: Disposition, reason: str) -> dict[str, Json]:
    """What is signed of a decision, beside by whom and when."""
    return {"act": after.value, "lot": str(lot.id), "key": str(lot.key), "before": lot.decided.value, "reason": reason}


_FROM: Mapping[Disposition, frozenset[Disposition]] = {
    Disposition.RELEASED: frozenset({Disposition.PENDING, Disposition.REJECTED}),
    Disposition.REJECTED: frozenset({Disposition.PENDING, Disposition.RELEASED}),
}
"""What may be released or rejected, by what was decided before."""


def check_decision(lot: Lot, after: Disposition) -> None:
    """Raises `Refused` where the lot's state doesn't allow the decision.

    A lot on hold may be rejected; before it is released, all of its holds have to be lifted.
    """
    facts = {"disposition": lot.disposition, "holds": lot.holds}
    if lot.decided not in _FROM[after]:
        detail = f"Lot {lot.key} is {_said(lot.decided)}, so it can't become {after}."
        raise Refused(Fault("wrong_state", detail, facts=facts, refusal=True))
    if lot.holds and after is Disposition.RELEASED:
        detail = f"{_counted(lot.holds)} on lot {lot.key}: it is released once the last is lifted."
        raise Refused(Fault("wrong_state", detail, facts=facts, refusal=True))


def reason_faults(reason: str) -> Iterator[Fault]:
    """What is wrong with the reason of a decision or a hold."""
    if not reason.strip():
        yield Fault("required", "What quality does about a lot has its reason.", ("reason",))
    elif fault := text_fault(reason, "reason"):
        yield fault


def _said(disposition: Disposition) -> str:
    return disposition.replace("_", " ")


def _counted(holds: int) -> str:
    return "A hold stands" if holds == 1 else f"{holds} holds stand"
