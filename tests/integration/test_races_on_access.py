"""What is said of a user at the same time undoes nothing."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

import pytest
from attrs import evolve
from django.db.transaction import atomic

from application.access.issue_token import IssueToken
from config.container import Container
from domain.access.rights import Grant, Role
from domain.access.user import User
from domain.shared.errors import Invalid
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
