"""A recall: a hazard, the suspect lots, everything that they went into, and what was done about it, to the minute."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from attrs import evolve, frozen

from domain.shared.errors import Fault, Refused, raise_any
from domain.shared.exact import EXACT, ZERO, percentage
from domain.shared.identity import code_fault, text_fault
from domain.shared.signature import Signature
from domain.traceability.origin import Origin


class RecallState(StrEnum):
    """A recall is open until it is closed with a conclusion."""

    OPEN = "open"
    CLOSED = "closed"


class Step(StrEnum):
    """What may be written down of a customer; a note may be of the recall as a whole."""

    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    NOTE = "note"


@frozen
class Recall:
    """A case. A mock recall is the same exercise without holds.

    `known_at` is when the hazard was known, `suspects` is what it begins with, as it was stated; `signature` is what
    somebody put under the conclusion. Its lots are kept apart: they are many, and more may join while it is open.

    `opening_signature` is what somebody put under the opening. Where a site of the suspects asks for one it is due: the
    recall is opened without it, for the goods are held at once, and isn't closed before it is there.
    """

    id: UUID
    code: str
    hazard: str
    known_at: datetime
    suspects: Origin
    mock: bool
    opened_at: datetime
    opened_by: str
    state: RecallState = RecallState.OPEN
    conclusion: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    signature: Signature | None = None
    opening_signature: Signature | None = None
    signature_due: bool = False
    version: int = 1

    def signed(self, signature: Signature) -> "Recall":
        """The same with this signature under its opening. `Refused` where it has one, or is closed."""
        self.check_open()
        if self.opening_signature is not None:
            detail = f"The opening of recall {self.code} is signed already."
            raise Refused(Fault("wrong_state", detail, refusal=True))
        return evolve(self, opening_signature=signature, signature_due=False, version=self.version + 1)

    def closing_faults(self) -> Iterator[Fault]:
        """What the recall lacks before it is closed."""
        if self.signature_due:
            detail = f"The opening of recall {self.code} isn't signed yet: sign it before you close the recall."
            yield Fault("signature_due", detail, refusal=True)

    def closed(self, conclusion: str, at: datetime, by: str, signature: Signature | None = None) -> "Recall":
        """The same, closed, perhaps under a signature. `Refused` where it is closed already, or lacks something."""
        self.check_open()
        raise_any(self.closing_faults())
        return evolve(
            self,
            state=RecallState.CLOSED,
            conclusion=conclusion,
            closed_at=at,
            closed_by=by,
            signature=signature,
            version=self.version + 1,
        )

    def check_open(self) -> None:
        """`Refused` where it is closed."""
        if self.state is RecallState.CLOSED:
            raise Refused(
                Fault("wrong_state", f"Recall {self.code} is closed.", facts={"state": self.state}, refusal=True)
            )


@frozen
class LogEntry:
    """Something that was done or decided in a recall: when, by whom, and perhaps about which customer and how much.

    `at` is when it happened, `recorded_at` when it was written down, by the server's clock.
    """

    id: UUID
    recall: UUID
    step: Step
    at: datetime
    by: str
    partner: str | None
    kilograms: Decimal | None
    text: str
    recorded_at: datetime

    @classmethod
    def note(cls, entry: UUID, recall: UUID, text: str, at: datetime, by: str) -> "LogEntry":
        """A note on the recall as a whole, written down as it happens."""
        return cls(entry, recall, Step.NOTE, at, by, partner=None, kilograms=None, text=text, recorded_at=at)


def faults_in(recall: Recall) -> Iterator[Fault]:
    """Everything that is wrong with a recall as it is stated."""
    if fault := code_fault(recall.code, "code"):
        yield fault
    if not recall.hazard.strip():
        yield Fault("required", "A recall says what the hazard is.", ("hazard",))
    elif fault := text_fault(recall.hazard, "hazard"):
        yield fault
    if recall.known_at > recall.opened_at:
        yield Fault("wrong_order", "The hazard was known before the recall was opened.", ("known_at",))


def faults_in_entry(entry: LogEntry, recall: Recall) -> Iterator[Fault]:
    """Everything that is wrong with an entry of the log of this recall."""
    if not recall.known_at <= entry.at <= entry.recorded_at:
        detail = "It happened between the time when the hazard was known and now."
        yield Fault("out_of_range", detail, ("happened_at",))
    if fault := text_fault(entry.text, "text"):
        yield fault
    if entry.step is Step.NOTE:
        if not entry.text.strip():
            yield Fault("required", "A note says something.", ("text",))
        if entry.kilograms is not None:
            yield Fault("not_here", "A note has no quantity.", ("kilograms",))
        return
    if not entry.partner:
        yield Fault("required", f"Say which customer has {entry.step}.", ("partner",))
    destroyed = entry.step is Step.DESTROYED
    if destroyed and entry.kilograms is None:
        yield Fault("required", "Say how many kilograms were destroyed.", ("kilograms",))
    if not destroyed and entry.kilograms is not None:
        detail = "A quantity is stated of what was destroyed; what came back is recorded as a return."
        yield Fault("not_here", detail, ("kilograms",))
    if entry.kilograms is not None and entry.kilograms <= 0:
        yield Fault("not_positive", "A quantity is above zero.", ("kilograms",))


@frozen
class Recovery:
    """What a customer got of the lots of a recall, in kilograms, and what of it is accounted for."""

    shipped: Decimal
    returned: Decimal
    destroyed: Decimal

    @property
    def outstanding(self) -> Decimal:
        """What is still out there; below zero where more was destroyed than was there."""
        return EXACT.subtract(self.shipped, EXACT.add(self.returned, self.destroyed))


def effectiveness(recoveries: Iterator[Recovery]) -> Decimal | None:
    """Returned and destroyed of what was shipped, in percent, half-even to four decimals; None where nothing was.

    What a customer destroyed beyond what it had counts for nothing.
    """
    shipped = recovered = ZERO
    for recovery in recoveries:
        shipped = EXACT.add(shipped, recovery.shipped)
        own = EXACT.add(recovery.returned, recovery.destroyed)
        recovered = EXACT.add(recovered, min(own, recovery.shipped))
    return percentage(recovered, shipped)
