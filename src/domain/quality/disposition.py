"""Decisions of quality about a lot: released or rejected, by whom, when and why."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from attrs import frozen

from domain.production.lot import Disposition, Lot
from domain.shared.errors import Fault, Invalid, Refused
from domain.shared.identity import text_fault


@frozen
class Decision:
    """One change of a lot's disposition. It is never edited: a later decision stands beside it."""

    id: UUID
    lot: UUID
    before: Disposition
    after: Disposition
    reason: str
    decided_at: datetime
    decided_by: str


_FROM: Mapping[Disposition, frozenset[Disposition]] = {
    Disposition.RELEASED: frozenset({Disposition.PENDING, Disposition.REJECTED}),
    Disposition.REJECTED: frozenset({Disposition.PENDING, Disposition.RELEASED, Disposition.ON_HOLD}),
}
"""What may be released or rejected: a hold has to be lifted before a release."""


def check_decision(lot: Lot, after: Disposition, reason: str) -> None:
    """Raises `Invalid` for a decision without a reason, `Refused` where the lot's disposition doesn't allow it."""
    if not reason.strip():
        raise Invalid(Fault("required", "A decision about a lot gives its reason.", ("reason",)))
    if fault := text_fault(reason, "reason"):
        raise Invalid(fault)
    if lot.disposition not in _FROM[after]:
        before = lot.disposition.replace("_", " ")
        detail = f"Lot {lot.key} is {before}, so it can't become {after}."
        raise Refused(Fault("wrong_state", detail, facts={"disposition": lot.disposition}, refusal=True))
