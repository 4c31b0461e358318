"""What is said of a user at the same time undoes nothing."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve
from django.db.transaction import atomic

from application.access.add_user import AddUser
from application.access.change_user import ChangeUser
from application.access.issue_token import IssueToken
from config.container import Container
from domain.access.rights import Grant, Role
from domain.access.user import User
from domain.shared.errors import Invalid, Refused
from infrastructure.identity.users import DjangoUsers
from tests.database import Database, in_threads
from tests.factories.access import somebody

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
users = DjangoUsers()


def test_a_role_that_comes_with_a_token_undoes_nothing_that_happens_meanwhile(committed_database: Database) -> None:
    odile = User("odile")
    with atomic():
        users.add(odile, AT)
    give = IssueToken("odile", "scales", somebody(), AT, grants=frozenset({Grant(Role.QUALITY)}))
    with ThreadPoolExecutor(1) as pool:
        with atomic():
            gone = evolve(users.for_update("odile"), active=False, version=2)
            users.save(gone, AT)
            given = pool.submit(in_threads, 1, lambda _: Container().access.issue_token()(give))
            wait([given], 0.5)
        with pytest.raises(Invalid):
            given.result()
    assert users.find("odile") == gone


ADMINISTRATOR = frozenset({Grant(Role.ADMINISTRATOR)})


@pytest.mark.parametrize("round_", range(5))
@pytest.mark.parametrize("how", [{"grants": frozenset()}, {"active": False}], ids=["roles", "active"])
def test_two_administrators_who_put_each_other_out_leave_one(
    committed_database: Database, how: dict[str, Any], round_: int
) -> None:
    names = ("ana", "bea")
    with atomic():
        for name in names:
            users.add(User(name, grants=ADMINISTRATOR), AT)

    def put_out(index: int) -> str:
        command = ChangeUser(names[index], 1, somebody(names[1 - index]), AT, **how)
        try:
            Container().access.change_user()(command)
        except Refused as error:
            return error.faults[0].code
        return "done"

    assert sorted(in_threads(2, put_out)) == ["done", "last_administrator"]
    left = [name for name in names if (found := users.find(name)) and found.administers]
    assert len(left) == 1


def test_who_puts_out_an_administrator_waits_for_whoever_puts_out_the_other(committed_database: Database) -> None:
    """One takes a role, the other makes inactive: each is seen by the other, though they change different rows."""
    with atomic():
        for name in ("ana", "bea"):
            users.add(User(name, grants=ADMINISTRATOR), AT)
    inactive = ChangeUser("bea", 1, somebody("ana"), AT, active=False)
    with ThreadPoolExecutor(1) as pool:
        with atomic():
            ana = users.for_update("ana")
            assert users.others_administer("ana")
            users.save(evolve(ana, grants=frozenset(), version=2), AT)
            other = pool.submit(in_threads, 1, lambda _: Container().access.change_user()(inactive))
            wait([other], 0.5)
            assert not other.done()
        with pytest.raises(Refused):
            other.result()
    assert users.find("bea") == User("bea", grants=ADMINISTRATOR)


@pytest.mark.parametrize("names", [("ren\u00e9", "REN\u00c9"), ("odile", "odiIe"), ("stra\u00dfe", "STRASSE")])
def test_of_two_names_that_look_alike_one_is_taken(committed_database: Database, names: tuple[str, str]) -> None:
    def add(index: int) -> str:
        try:
            Container().access.add_user()(AddUser(User(names[index]), somebody(), AT))
        except Refused as error:
            return error.faults[0].code
        return "done"

    assert sorted(in_threads(2, add)) == ["code_taken", "done"]
