"""What everybody may expect of tries; many at once are in `tests/integration`."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.shared.tries import Tries
from domain.access.tries import Limit
from infrastructure.identity.throttling.tries import DjangoTries
from tests.adapters.tries import MemoryTries

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMIT = Limit(3, 10 * MINUTE)


class TriesContract:
    @pytest.fixture
    def tries(self) -> Tries:
        raise NotImplementedError

    def test_they_are_used_up_and_come_back(self, tries: Tries) -> None:
        assert [tries.take("ana", LIMIT, AT) / MINUTE for _ in range(4)] == [0, 0, 0, 10]
        assert tries.wait("ana", LIMIT, AT + 4 * MINUTE) == 6 * MINUTE
        assert tries.take("ana", LIMIT, AT + 4 * MINUTE) == 6 * MINUTE
        assert not tries.wait("ana", LIMIT, AT + 10 * MINUTE)
        assert not tries.take("ana", LIMIT, AT + 10 * MINUTE)
        assert tries.take("ana", LIMIT, AT + 10 * MINUTE) == 10 * MINUTE

    def test_looking_counts_nothing(self, tries: Tries) -> None:
        assert not any(tries.wait("ana", LIMIT, AT) for _ in range(9))
        assert not tries.take("ana", LIMIT, AT)

    def test_everybody_has_their_own(self, tries: Tries) -> None:
        for _ in range(4):
            tries.take("ana", LIMIT, AT)
        for other in ("", "Ana", "ana ", "\x00", "\ud800", "a" * 100_000):
            assert not tries.take(other, LIMIT, AT)

    def test_they_are_forgotten(self, tries: Tries) -> None:
        for who in ("ana", "bob"):
            for _ in range(4):
                tries.take(who, LIMIT, AT)
        tries.forget("ana")
        tries.forget("nobody")
        assert not tries.wait("ana", LIMIT, AT)
        assert tries.wait("bob", LIMIT, AT)

    def test_only_what_has_an_effect_is_kept(self, tries: Tries) -> None:
        tries.take("ana", LIMIT, AT)
        tries.take("bob", LIMIT, AT + MINUTE)
        assert tries.sweep(AT + 10 * MINUTE) == 1
        assert tries.sweep(AT + 10 * MINUTE) == 0
        assert tries.sweep(AT + 11 * MINUTE) == 1


class TestInMemory(TriesContract):
    """The fake."""

    @pytest.fixture
    def tries(self) -> Tries:
        return MemoryTries()


@pytest.mark.django_db
class TestOnPostgresql(TriesContract):
    """The adapter."""

    @pytest.fixture
    def tries(self) -> Tries:
        return DjangoTries()

    @given(st.lists(st.integers(0, 15), max_size=12))
    def test_it_agrees_with_the_rule(self, minutes: list[int]) -> None:
        stored, at = DjangoTries(), AT
        stored.forget("ana")
        pure = MemoryTries()
        for passed in minutes:
            at += passed * MINUTE
            assert stored.take("ana", LIMIT, at) == pure.take("ana", LIMIT, at)
