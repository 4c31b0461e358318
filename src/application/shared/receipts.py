"""Answers kept with their effect, so that a request that is repeated has one effect and gets the same answer."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from attrs import field, frozen

from application.shared.errors import Forbidden
from domain.access.rights import NOWHERE, Right, Sight
from domain.shared.errors import Fault, Invalid, Refused

Sights = Mapping[Right, Sight]

KEPT_FOR = timedelta(days=30)
"""How long a request may come again under its key."""


@frozen
class Answer:
    """What a caller was told: HTTP's words for it, because that is what has to be the same again."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@frozen
class Request:
    """A request that may come again: its `key` is the caller's own; `fingerprint` is the hash of all it asks for.

    `sights` says at which sites the caller has the rights that an answer to it takes.
    """

    caller: str
    key: str
    fingerprint: str
    sights: Sights = field(factory=dict)


@frozen
class Receipt:
    """The answer that a request got, and the fingerprint and the sights of the request."""

    fingerprint: str
    answer: Answer
    sights: Sights = field(factory=dict)


@frozen
class Claim:
    """Whether a caller's key is ours alone, and the receipt that is under it already."""

    ours: bool
    receipt: Receipt | None = None


class Receipts(Protocol):
    """Keeps receipts."""

    @abstractmethod
    def claimed(self, request: Request) -> AbstractContextManager[Claim]:
        """A transaction in which this caller's key is ours alone, unless another request holds it now.

        The units of work inside it are part of it: their effect and the receipt are stored together or not at all.
        """

    @abstractmethod
    def keep(self, request: Request, answer: Answer) -> None:
        """Store the answer."""

    @abstractmethod
    def forget(self, before: datetime) -> int:
        """Remove what was kept before this moment, and answer how many there were."""


@frozen
class AnswerOnce:
    """Gives a request that comes again the answer that it got, and does the work only the first time."""

    receipts: Receipts

    def __call__(self, request: Request, work: Callable[[], Answer]) -> Answer:
        """`Refused` while the first request is under way; `Invalid` when the key was used for something else.

        `Forbidden` where the caller has had rights since at fewer sites, which the answer may be about.
        """
        with self.receipts.claimed(request) as claim:
            if not claim.ours:
                detail = "A request with this Idempotency-Key is under way: ask again in a moment."
                raise Refused(Fault("in_flight", detail, refusal=True))
            if claim.receipt is None:
                answer = work()
                self.receipts.keep(request, answer)
                return answer
            if claim.receipt.fingerprint != request.fingerprint:
                detail = "This Idempotency-Key was used for another request: make a new key for a new request."
                raise Invalid(Fault("key_reused", detail))
            if not _cover(request.sights, claim.receipt.sights):
                raise Forbidden(Fault("no_right", _RIGHTS_LOST))
            return claim.receipt.answer


_RIGHTS_LOST = (
    "This request was answered when you had rights at sites where you don't have them any more. "
    "Nothing was done again, and the answer isn't shown again."
)


def _cover(present: Sights, former: Sights) -> bool:
    return all(present.get(right, NOWHERE).covers(sight) for right, sight in former.items())


@frozen
class ForgetReceipts:
    """Removes answers that are older than `KEPT_FOR`. The operations that were recorded keep their ids for ever."""

    receipts: Receipts

    def __call__(self, at: datetime) -> int:
        """How many there were."""
        return self.receipts.forget(at - KEPT_FOR)
