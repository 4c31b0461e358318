"""What everybody may expect of attempts; many at once are in `tests/integration`."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.shared.attempts import LoginAttempts
from domain.access.attempts import Limit
from infrastructure.identity.throttling.attempts import DjangoLoginAttempts
from tests.adapters.attempts import MemoryLoginAttempts

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMIT = Limit(3, 10 * MINUTE)


class LoginAttemptsContract:
    @pytest.fixture
    def attempts(self) -> LoginAttempts:
        raise NotImplementedError

    def test_they_are_used_up_and_come_back(self, attempts: LoginAttempts) -> None:
        assert [attempts.take("ana", LIMIT, AT) / MINUTE for _ in range(4)] == [0, 0, 0, 10]
        assert attempts.wait("ana", LIMIT, AT + 4 * MINUTE) == 6 * MINUTE
        assert attempts.take("ana", LIMIT, AT + 4 * MINUTE) == 6 * MINUTE
        assert not attempts.wait("ana", LIMIT, AT + 10 * MINUTE)
        assert not attempts.take("ana", LIMIT, AT + 10 * MINUTE)
        assert attempts.take("ana", LIMIT, AT + 10 * MINUTE) == 10 * MINUTE

    def test_looking_counts_nothing(self, attempts: LoginAttempts) -> None:
        assert not any(attempts.wait("ana", LIMIT, AT) for _ in range(9))
        assert not attempts.take("ana", LIMIT, AT)

    def test_everybody_has_their_own(self, attempts: LoginAttempts) -> None:
        for _ in range(4):
            attempts.take("ana", LIMIT, AT)
        for other in ("", "Ana", "ana ", "\x00", "\ud800", "a" * 100_000):
            assert not attempts.take(other, LIMIT, AT)

    def test_they_are_forgotten(self, attempts: LoginAttempts) -> None:
        for who in ("ana", "bob"):
            for _ in range(4):
                attempts.take(who, LIMIT, AT)
        attempts.forget("ana")
        attempts.forget("nobody")
        assert not attempts.wait("ana", LIMIT, AT)
        assert attempts.wait("bob", LIMIT, AT)

    def test_what_is_remembered_is_known_until_then(self, attempts: LoginAttempts) -> None:
        assert not attempts.remembers("ana", AT)
        attempts.remember("ana", AT + MINUTE)
        attempts.remember("ana", AT + 5 * MINUTE)
        assert attempts.remembers("ana", AT + 4 * MINUTE)
        assert not attempts.remembers("ana", AT + 5 * MINUTE)
        assert not attempts.remembers("bob", AT)

    def test_only_what_has_an_effect_is_kept(self, attempts: LoginAttempts) -> None:
        attempts.take("ana", LIMIT, AT)
        attempts.take("bob", LIMIT, AT + MINUTE)
        assert attempts.sweep(AT + 10 * MINUTE) == 1
        assert attempts.sweep(AT + 10 * MINUTE) == 0
        assert attempts.sweep(AT + 11 * MINUTE) == 1


class TestInMemory(LoginAttemptsContract):
    """The fake."""

    @pytest.fixture
    def attempts(self) -> LoginAttempts:
        return MemoryLoginAttempts()


@pytest.mark.django_db
class TestOnPostgresql(LoginAttemptsContract):
    """The adapter."""

    @pytest.fixture
    def attempts(self) -> LoginAttempts:
        return DjangoLoginAttempts()

    @given(st.lists(st.integers(0, 15), max_size=12))
    def test_it_agrees_with_the_rule(self, minutes: list[int]) -> None:
        stored, at = DjangoLoginAttempts(), AT
        stored.forget("ana")
        pure = MemoryLoginAttempts()
        for passed in minutes:
            at += passed * MINUTE
            assert stored.take("ana", LIMIT, at) == pure.take("ana", LIMIT, at)
