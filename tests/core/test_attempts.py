"""Passwords may be attempted a few times, and then as slowly as the limit says."""

from datetime import UTC, datetime, timedelta

import pytest

from application.shared.attempts import REMEMBERED, Throttle
from application.shared.errors import TooManyAttempts
from domain.access.attempts import Limit
from tests.adapters.attempts import MemoryLoginAttempts

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMIT = Limit(3, 10 * MINUTE)


def throttle() -> Throttle:
    return Throttle(MemoryLoginAttempts(), LIMIT, Limit(5, MINUTE))


def fail(throttle: Throttle, name: str, address: str, at: datetime = AT) -> int:
    """How many seconds to wait; 0 where the password was looked at, and found wrong."""
    try:
        throttle.begin(name, address, at)
    except TooManyAttempts as error:
        return error.wait
    throttle.failed(address, at)
    return 0


def test_so_many_at_once_and_then_one_each_time() -> None:
    attempts = MemoryLoginAttempts()
    waits = [attempts.take("ana", LIMIT, AT) / MINUTE for _ in range(5)]
    assert waits == [0, 0, 0, 10, 10]
    assert attempts.take("ana", LIMIT, AT + 9 * MINUTE) == MINUTE
    assert not attempts.take("ana", LIMIT, AT + 10 * MINUTE)
    assert attempts.take("ana", LIMIT, AT + 10 * MINUTE) == 10 * MINUTE
    # All are there again, and no more than that, however long nobody tried.
    later = AT + timedelta(days=30)
    assert [bool(attempts.take("ana", LIMIT, later)) for _ in range(4)] == [False, False, False, True]


def test_a_name_is_tried_from_many_addresses_as_often_as_from_one() -> None:
    throttled = throttle()
    assert [fail(throttled, "ana", f"10.0.0.{n}") for n in range(4)] == [0, 0, 0, 600]
    assert fail(throttled, "bob", "10.0.0.1") == 0


def test_an_address_tries_many_names_as_often_as_one() -> None:
    throttled = throttle()
    assert [fail(throttled, f"name {n}", "10.0.0.1") for n in range(6)] == [0, 0, 0, 0, 0, 60]
    assert fail(throttled, "name 0", "10.0.0.2") == 0


def test_whoever_signs_in_takes_nothing_from_their_colleagues_behind_the_same_address() -> None:
    throttled = throttle()
    for n in range(100):
        throttled.begin(f"name {n}", "10.0.0.1", AT)
        throttled.succeeded(f"name {n}", "10.0.0.1", AT)
    assert fail(throttled, "ana", "10.0.0.1") == 0


def test_the_right_password_gives_a_name_its_tries_back_and_an_address_none() -> None:
    throttled = throttle()
    assert [fail(throttled, "ana", "10.0.0.1") for _ in range(2)] == [0, 0]
    throttled.begin("ana", "10.0.0.1", AT)
    throttled.succeeded("ana", "10.0.0.1", AT)
    assert [fail(throttled, "ana", "10.0.0.9") for _ in range(3)] == [0, 0, 0]
    assert [fail(throttled, f"name {n}", "10.0.0.1") for n in range(4)] == [0, 0, 0, 60]


def test_strangers_keep_nobody_out_where_they_have_signed_in_before() -> None:
    throttled = throttle()
    throttled.begin("ana", "10.0.0.1", AT)
    throttled.succeeded("ana", "10.0.0.1", AT)
    assert [fail(throttled, "ana", f"10.9.0.{n}") for n in range(4)] == [0, 0, 0, 600]
    assert [fail(throttled, f"name {n}", "10.0.0.1") for n in range(6)] == [0, 0, 0, 0, 0, 60]
    throttled.begin("ana", "10.0.0.1", AT)
    throttled.succeeded("ana", "10.0.0.1", AT)
    # Others behind that address wait, and so does ana after as many attempts there.
    assert fail(throttled, "bob", "10.0.0.1") == 60
    assert [fail(throttled, "ana", "10.0.0.1") for _ in range(4)] == [0, 0, 0, 600]
    assert fail(throttled, "ana", "10.0.0.1", AT + REMEMBERED) == 0
    assert [fail(throttled, "ana", f"10.9.0.{n}", AT + REMEMBERED) for n in range(3)] == [0, 0, 600]


def test_what_strangers_attempt_doesnt_count_for_somebody_signed_in() -> None:
    throttled = throttle()
    assert [fail(throttled, "ana", "10.0.0.1") for _ in range(4)] == [0, 0, 0, 600]
    for _ in range(2):
        throttled.begin_again("ana", AT)
    throttled.proven("ana")
    # The right password of somebody signed in gives strangers no attempts.
    assert fail(throttled, "ana", "10.0.0.1") == 600


def test_somebody_signed_in_attempts_passwords_a_few_times_only_and_keeps_nobody_from_signing_in() -> None:
    throttled = throttle()
    for _ in range(3):
        throttled.begin_again("ana", AT)
    with pytest.raises(TooManyAttempts):
        throttled.begin_again("ana", AT)
    throttled.begin_again("bob", AT)
    assert fail(throttled, "ana", "10.0.0.1") == 0
    throttled.begin_again("ana", AT + 10 * MINUTE)
    with pytest.raises(TooManyAttempts):
        throttled.begin_again("ana", AT + 10 * MINUTE)


def test_a_name_and_an_address_that_are_written_alike_do_not_meet() -> None:
    throttled = throttle()
    assert [fail(throttled, "10.0.0.1", f"10.0.0.{n}") for n in range(2, 6)] == [0, 0, 0, 600]
    assert fail(throttled, "ana", "10.0.0.1") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
        ("", "", True),
        ("unix:", "10.0.0.1", False),
    ],
)
def test_whose_address_it_is(one: str, other: str, same: bool) -> None:
    throttled = throttle()
    for n in range(5):
        fail(throttled, f"name {n}", one)
    assert bool(fail(throttled, "ana", other)) == same


def test_the_wait_is_said_in_whole_seconds_that_are_enough() -> None:
    assert TooManyAttempts(timedelta(milliseconds=1)).wait == 1
    assert TooManyAttempts(timedelta(seconds=60)).wait == 60
