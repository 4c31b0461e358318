"""An answer is given again to who may still have it, and to nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from attrs import define, evolve

from application.shared.actor import Actor
from application.shared.errors import Forbidden
from application.shared.receipts import Answer, AnswerOnce, Claim, Receipt, Receipts, Request, Sights
from domain.access.rights import Grant, Right, Role

ANSWER = Answer(201, (), b"{}")

AT_A, AT_B, EVERYWHERE = (frozenset({Grant(Role.OPERATOR, site)}) for site in ("A", "B", None))


@define
class OneReceipt(Receipts):
    """Keeps one receipt."""

    receipt: Receipt | None = None

    @contextmanager
    def claimed(self, request: Request) -> Iterator[Claim]:
        yield Claim(ours=True, receipt=self.receipt)

    def keep(self, request: Request, answer: Answer) -> None:
        self.receipt = Receipt(request.fingerprint, answer, request.sights)

    def forget(self, before: datetime) -> int:
        raise NotImplementedError


def sights(*rights: Right, grants: frozenset[Grant], scopes: frozenset[Right] | None = None) -> Sights:
    return {right: Actor("ana", grants, scopes).sight_of(right) for right in rights}


@pytest.mark.parametrize(
    ("before", "after", "again"),
    [
        (AT_A, AT_A, True),
        (AT_A, AT_A | AT_B, True),
        (AT_A, EVERYWHERE, True),
        (AT_A, frozenset({Grant(Role.QUALITY, "A")}), True),
        (AT_A | AT_B, AT_A, False),
        (AT_A, AT_B, False),
        (AT_A, frozenset(), False),
        (EVERYWHERE, AT_A | AT_B, False),
        (AT_A, frozenset({Grant(Role.AUDITOR, "A")}), False),
    ],
)
def test_whose_rights_shrank_since_doesnt_get_the_answer(
    before: frozenset[Grant], after: frozenset[Grant], again: bool
) -> None:
    once, done = AnswerOnce(OneReceipt()), []

    def work() -> Answer:
        done.append(1)
        return ANSWER

    asked = (Right.READ, Right.RECORD)
    first = Request("ana", "k", "f", sights(*asked, grants=before))
    assert once(first, work) == ANSWER
    second = evolve(first, sights=sights(*asked, grants=after))
    if again:
        assert once(second, work) == ANSWER
    else:
        with pytest.raises(Forbidden) as refused:
            once(second, work)
        assert [fault.code for fault in refused.value.faults] == ["no_right"]
    assert done == [1]


def test_a_token_of_fewer_scopes_doesnt_get_the_answer() -> None:
    once = AnswerOnce(OneReceipt())
    asked = (Right.READ, Right.RECORD)
    first = Request("ana", "k", "f", sights(*asked, grants=AT_A))
    once(first, lambda: ANSWER)
    narrow = sights(*asked, grants=AT_A, scopes=frozenset({Right.RECORD}))
    with pytest.raises(Forbidden):
        once(evolve(first, sights=narrow), lambda: ANSWER)
