"""What everybody may expect of the receipts of answered requests; the races are in `tests/integration`."""

from collections.abc import Iterator

import pytest
from attrs import evolve

from application.shared.receipts import Answer, AnswerOnce, Receipt, Receipts, Request
from domain.access.rights import EVERYWHERE, NOWHERE, Right, Sight
from domain.catalog.site import Site
from domain.shared.errors import Invalid
from infrastructure.persistence.shared.receipts import DjangoReceipts
from tests.contracts.worlds import OnPostgresql, World
from tests.core.plant import codes, new_id

REQUEST = Request("ana", "k" * 200, "f" * 64)
ANSWER = Answer(201, (("Content-Type", "application/json"), ("X", "é"), ("X", "twice")), b'{"quantity":"1.50"}\x00\xff')


class ReceiptsContract:
    @pytest.fixture
    def receipts(self) -> Receipts:
        raise NotImplementedError

    def keep(self, receipts: Receipts, request: Request, answer: Answer) -> None:
        with receipts.claimed(request) as claim:
            assert claim.ours
            receipts.keep(request, answer)

    def found(self, receipts: Receipts, request: Request) -> Receipt | None:
        with receipts.claimed(request) as claim:
            return claim.receipt

    @pytest.mark.parametrize("answer", [ANSWER, Answer(204, (), b"")])
    def test_an_answer_comes_back_as_it_was_kept(self, world: World, receipts: Receipts, answer: Answer) -> None:
        self.keep(receipts, REQUEST, answer)
        assert self.found(receipts, REQUEST) == Receipt(REQUEST.fingerprint, answer)

    def test_at_which_sites_the_caller_had_which_rights_is_kept_too(self, world: World, receipts: Receipts) -> None:
        sights = {Right.READ: EVERYWHERE, Right.RECORD: Sight(frozenset({"A", "B"})), Right.HOLD: NOWHERE}
        self.keep(receipts, evolve(REQUEST, sights=sights), ANSWER)
        assert self.found(receipts, REQUEST) == Receipt(REQUEST.fingerprint, ANSWER, sights)

    def test_it_is_found_by_caller_and_key(self, world: World, receipts: Receipts) -> None:
        self.keep(receipts, REQUEST, ANSWER)
        assert self.found(receipts, evolve(REQUEST, fingerprint="0" * 64)) == Receipt(REQUEST.fingerprint, ANSWER)
        assert self.found(receipts, evolve(REQUEST, caller="bob")) is None
        assert self.found(receipts, evolve(REQUEST, key="other")) is None

    def test_keys_of_different_callers_do_not_meet(self, world: World, receipts: Receipts) -> None:
        other = evolve(REQUEST, caller="bob")
        self.keep(receipts, REQUEST, ANSWER)
        self.keep(receipts, other, evolve(ANSWER, status=200))
        assert self.found(receipts, other) == Receipt(REQUEST.fingerprint, evolve(ANSWER, status=200))

    def test_an_error_leaves_no_receipt_and_no_effect(self, world: World, receipts: Receipts) -> None:
        def work() -> Answer:
            with world.committed():
                world.records[Site].add([Site(new_id(), "NEW", "New")])
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            AnswerOnce(receipts)(REQUEST, work)
        assert self.found(receipts, REQUEST) is None
        assert not world.records[Site].find(["NEW"])

    def test_the_work_is_done_once_and_the_answer_given_again(self, world: World, receipts: Receipts) -> None:
        answers = self.answers()

        def work() -> Answer:
            with world.committed():
                world.records[Site].add([Site(new_id(), "NEW", "New")])
            return next(answers)

        once = AnswerOnce(receipts)
        assert [once(REQUEST, work) for _ in range(3)] == [ANSWER] * 3
        assert world.records[Site].find(["NEW"])

    def test_a_key_is_for_one_request(self, world: World, receipts: Receipts) -> None:
        once, answers = AnswerOnce(receipts), self.answers()
        once(REQUEST, lambda: next(answers))
        with pytest.raises(Invalid) as invalid:
            once(evolve(REQUEST, fingerprint="0" * 64), lambda: next(answers))
        assert codes(invalid) == ["key_reused"]

    def answers(self) -> Iterator[Answer]:
        """One answer, and no other."""
        yield ANSWER


class TestOnPostgresql(OnPostgresql, ReceiptsContract):
    """The adapter."""

    @pytest.fixture
    def receipts(self) -> Receipts:
        return DjangoReceipts()
