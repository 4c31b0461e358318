"""Who may do what, and who may say so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from attrs import define, evolve, field

from application.access.add_user import AddUser, AddUserHandler
from application.access.change_user import ChangeUser, ChangeUserHandler, seen_by
from application.access.issue_token import IssuedToken, IssueToken, IssueTokenHandler
from application.access.rehash_password import RehashPassword, RehashPasswordHandler
from application.access.revoke_token import RevokeToken, RevokeTokenHandler
from application.access.set_password import SetPassword, SetPasswordHandler
from application.shared.actor import Actor, at_the_server
from application.shared.errors import Forbidden, NotFound, StaleWrite
from application.shared.permissions import require, require_everywhere, require_somewhere, require_where_seen
from domain.access.events import (
    PasswordRehashed,
    PasswordSet,
    RoleGranted,
    RoleWithdrawn,
    TokenIssued,
    TokenRevoked,
    UserAdded,
    UserChanged,
)
from domain.access.rights import EVERYWHERE, RIGHTS, Grant, Right, Role, Sight
from domain.access.token import AccessToken
from domain.access.user import User
from domain.catalog.site import Site
from domain.shared.errors import DomainError, Invalid, Refused
from tests.adapters.access import MemoryTokens, MemoryUsers
from tests.adapters.catalog import MemoryRecords
from tests.adapters.memory import CountedIds, Memory
from tests.adapters.unit_of_work import MemoryUnitOfWork
from tests.core.cases import for_each
from tests.core.plant import SITES
from tests.factories.access import somebody

AT = datetime(2026, 3, 2, 11, 5, tzinfo=UTC)
CHIEF = somebody("chief")
CHIEF_OF_A = somebody("ana", site="A")
OPERATOR = Grant(Role.OPERATOR, "A")
ADMINISTRATOR = Grant(Role.ADMINISTRATOR)
PROGRAMS = frozenset({"import_log"})


# Rights


def test_everybody_with_a_role_sees_what_is_recorded_where_they_have_it() -> None:
    for role in Role:
        assert somebody(role=role, site="A").sight == Sight(frozenset({"A"}))
        assert somebody(role=role).sight == EVERYWHERE
    assert Actor("ana").sight == Sight(frozenset())


def test_an_auditor_reads_all_and_changes_nothing() -> None:
    assert RIGHTS[Role.AUDITOR] == {Right.READ, Right.HISTORY}


@for_each(
    ("right", "roles"),
    [
        (Right.RECORD, {"operator", "quality", "production_manager", "integration", "administrator"}),
        (Right.HOLD, {"operator", "quality", "production_manager", "integration", "administrator"}),
        (Right.PLAN, {"production_manager", "integration", "administrator"}),
        (Right.CLOSE, {"quality", "production_manager", "administrator"}),
        (Right.DECIDE, {"quality", "administrator"}),
        (Right.OVERRIDE, {"quality", "production_manager", "administrator"}),
        (Right.RECALL, {"quality", "administrator"}),
        (Right.CATALOG, {"production_manager", "integration", "administrator"}),
        (Right.SETTINGS, {"administrator"}),
        (Right.HISTORY, {"auditor", "quality", "production_manager", "administrator"}),
        (Right.ACCESS, {"administrator"}),
    ],
)
def test_a_right_is_that_of_these_roles_and_of_no_others(right: Right, roles: set[str]) -> None:
    assert {role for role in Role if somebody(role=role).may(right, ["A"])} == roles


def test_a_role_is_one_at_its_site_alone() -> None:
    actor = Actor("ana", frozenset({Grant(Role.QUALITY, "A"), Grant(Role.AUDITOR, "B")}))
    assert actor.may(Right.DECIDE, ["A"])
    assert not actor.may(Right.DECIDE, ["B"])
    assert not actor.may(Right.DECIDE, ["A", "B"])
    assert actor.may(Right.READ, ["A", "B"])
    assert not actor.may_everywhere(Right.READ)


def test_a_token_gives_what_its_scopes_name_and_its_user_has() -> None:
    narrow = evolve(somebody(role=Role.OPERATOR), scopes=frozenset({Right.READ, Right.DECIDE}))
    assert [right for right in Right if narrow.may_somewhere(right)] == [Right.READ]
    assert not evolve(CHIEF, scopes=frozenset()).may_somewhere(Right.READ)


# Policies


def refusal(work: Callable[[], object]) -> tuple[str, tuple[str | int, ...]] | None:
    """What a policy says, and where; None where it lets through."""
    try:
        work()
    except Forbidden as error:
        return error.faults[0].detail, error.faults[0].path
    return None


def test_what_is_forbidden_is_said_with_who_may_and_where() -> None:
    said = refusal(lambda: require(CHIEF_OF_A, Right.PLAN, "A", "B", path=("site",)))
    roles = "production_manager, integration, administrator"
    detail = f"It takes the right to plan, open and cancel campaigns at B, as one of these roles has it: {roles}."
    assert said == (detail, ("site",))
    scoped = evolve(CHIEF, scopes=frozenset({Right.READ}))
    detail = "This access token isn't for that: its scopes lack plan."
    assert refusal(lambda: require(scoped, Right.PLAN, "A")) == (detail, ())
    assert refusal(lambda: require(CHIEF_OF_A, Right.PLAN, "A")) is None
    assert refusal(lambda: require_somewhere(CHIEF_OF_A, Right.PLAN)) is None
    assert refusal(lambda: require_somewhere(somebody(role=Role.AUDITOR), Right.PLAN)) is not None
    assert refusal(lambda: require_everywhere(CHIEF_OF_A, Right.PLAN)) is not None
    assert refusal(lambda: require_everywhere(CHIEF, Right.PLAN)) is None


def test_what_is_out_of_sight_is_not_there_and_its_site_is_never_named() -> None:
    missing = NotFound("lot", "L")
    with pytest.raises(NotFound):
        require_where_seen(CHIEF_OF_A, Right.DECIDE, ["B"], missing)
    with pytest.raises(NotFound):
        require_where_seen(Actor("ana"), Right.DECIDE, ["A"], missing)
    require_where_seen(CHIEF_OF_A, Right.DECIDE, ["A"], missing)
    said = refusal(lambda: require_where_seen(CHIEF_OF_A, Right.DECIDE, ["A", "SECRET"], missing))
    assert said is not None
    assert "SECRET" not in said[0]
    assert refusal(lambda: require_where_seen(CHIEF_OF_A, Right.DECIDE, ["SECRET"], missing, seen_at=["A"])) is not None


# Users and tokens


@define
class Gate:
    """The use cases of access on memory, at a plant with the sites A and B."""

    memory: Memory = field(factory=lambda: Memory(records={Site: {site.code: site for site in SITES.values()}}))
    ids: CountedIds = field(factory=CountedIds)

    def add(self, user: User, actor: Actor = CHIEF, link: Callable[[], None] | None = None) -> User:
        return AddUserHandler(self._work, self._users, self._sites, PROGRAMS)(AddUser(user, actor, AT, link))

    def knows(self, username: str) -> bool:
        return self._users.find(username) is not None

    def change(self, username: str, actor: Actor = CHIEF, version: int = 1, **more: Any) -> User:
        handler = ChangeUserHandler(self._work, self._users, self._sites, MemoryTokens(self.memory))
        return handler(ChangeUser(username, version, actor, AT, **more))

    def issue(self, username: str, actor: Actor = CHIEF, name: str = "scales", **more: Any) -> IssuedToken:
        tokens = MemoryTokens(self.memory)
        handler = IssueTokenHandler(self._work, self._users, self._sites, tokens, self.ids, PROGRAMS)
        return handler(IssueToken(username, name, actor, AT, **more))

    def revoke(self, token: UUID, actor: Actor = CHIEF) -> AccessToken:
        return RevokeTokenHandler(self._work, MemoryTokens(self.memory))(RevokeToken(token, actor, AT))

    def set_password(self, username: str, password: str, actor: Actor = CHIEF) -> None:
        SetPasswordHandler(self._work, self._users, self._users)(SetPassword(username, password, actor, AT))

    def who(self, secret: str, at: datetime = AT, *, development: bool = False) -> Actor | None:
        return MemoryTokens(self.memory, development).actor(secret, at)

    @property
    def said(self) -> list[type[Any]]:
        return [type(event) for event in self.memory.events]

    @property
    def _work(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self.memory)

    @property
    def _users(self) -> MemoryUsers:
        return MemoryUsers(self.memory)

    @property
    def _sites(self) -> MemoryRecords[Site]:
        return MemoryRecords(self.memory, Site)


@pytest.fixture
def gate() -> Gate:
    gate = Gate()
    gate.add(User("bea", "Bea", grants=frozenset({OPERATOR})))
    gate.memory.events.clear()
    return gate


def refused(error: type[DomainError], work: Callable[[], object]) -> list[tuple[str, tuple[str | int, ...]]]:
    """The codes and places of what is refused."""
    with pytest.raises(error) as caught:
        work()
    return [(fault.code, fault.path) for fault in caught.value.faults]


def test_a_user_who_cannot_be_linked_is_not_added(gate: Gate) -> None:
    def link() -> None:
        assert gate.knows("carl")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        gate.add(User("carl"), link=link)
    assert not gate.knows("carl")
    assert gate.said == []


def test_a_user_comes_with_roles_and_changes(gate: Gate) -> None:
    gate.add(User("carl", grants=frozenset({Grant(Role.AUDITOR), OPERATOR})))
    after = gate.change("carl", name="Carl", active=False, grants=frozenset({OPERATOR}))
    assert after == User("carl", "Carl", active=False, grants=frozenset({OPERATOR}), version=2)
    assert gate.said == [UserAdded, RoleGranted, RoleGranted, UserChanged, RoleWithdrawn]
    with pytest.raises(StaleWrite):
        gate.change("carl", name="Karl")
    with pytest.raises(NotFound):
        gate.change("nobody")


@for_each(
    ("user", "error", "said"),
    [
        (User(" "), Invalid, ("bad_code", ("username",))),
        (User("a/b"), Invalid, ("bad_code", ("username",))),
        (User(".."), Invalid, ("bad_code", ("username",))),
        (User("carl", "a\x00"), Invalid, ("bad_text", ("name",))),
        (User("carl", grants=frozenset({Grant(Role.AUDITOR, "Z")})), Invalid, ("unknown_code", ("roles",))),
        (User("bea"), Refused, ("code_taken", ("username",))),
        (User("BEA"), Refused, ("code_taken", ("username",))),
        (User("import_log"), Invalid, ("reserved", ("username",))),
        (User("b\u0435a"), Invalid, ("mixed_scripts", ("username",))),
    ],
)
def test_what_is_no_user_is_not_added(user: User, error: type[DomainError], said: object) -> None:
    gate = Gate()
    gate.add(User("bea"))
    assert refused(error, lambda: gate.add(user)) == [said]


@for_each(
    ("change", "place"),
    [
        ({"grants": frozenset()}, "roles"),
        ({"grants": frozenset({Grant(Role.ADMINISTRATOR, "A"), Grant(Role.ADMINISTRATOR, "B")})}, "roles"),
        ({"grants": frozenset({Grant(Role.QUALITY)})}, "roles"),
        ({"active": False}, "active"),
        ({"active": False, "grants": frozenset()}, "active"),
    ],
)
def test_somebody_administers_every_site_for_ever(change: dict[str, Any], place: str) -> None:
    gate = Gate()
    gate.add(User("dora", grants=frozenset({ADMINISTRATOR, OPERATOR})))
    gate.add(User("ana", grants=frozenset({Grant(Role.ADMINISTRATOR, "A"), Grant(Role.QUALITY)})))
    gate.add(User("gone", active=False, grants=frozenset({ADMINISTRATOR})))
    for actor in (CHIEF, Actor("dora", frozenset({ADMINISTRATOR}))):
        with pytest.raises(Refused) as caught:
            gate.change("dora", actor, **change)
        assert [(fault.code, fault.path) for fault in caught.value.faults] == [("last_administrator", (place,))]
    gate.add(User("emil", grants=frozenset({ADMINISTRATOR})))
    gate.change("dora", **change)
    with pytest.raises(Refused):
        gate.change("emil", **change)


def test_what_leaves_the_last_administrator_one_is_let_through(gate: Gate) -> None:
    gate.add(User("dora", grants=frozenset({ADMINISTRATOR, OPERATOR})))
    gate.add(User("gone", active=False, grants=frozenset({ADMINISTRATOR})))
    assert gate.change("dora", name="Dora", grants=frozenset({ADMINISTRATOR})).administers
    gate.change("gone", grants=frozenset())
    gate.change("bea", grants=frozenset(), active=False)


def test_who_has_the_right_at_a_site_gives_roles_there_alone(gate: Gate) -> None:
    gate.change("bea", CHIEF_OF_A, grants=frozenset({Grant(Role.QUALITY, "A")}))
    elsewhere = frozenset({Grant(Role.QUALITY, "B")})
    for grants in (elsewhere, frozenset({Grant(Role.QUALITY)})):
        assert refused(Forbidden, lambda grants=grants: gate.change("bea", CHIEF_OF_A, 2, grants=grants))  # type: ignore[misc]  # bound at once
    assert refused(Forbidden, lambda: gate.add(User("carl", grants=elsewhere), CHIEF_OF_A))
    assert refused(Forbidden, lambda: gate.change("bea", CHIEF_OF_A, 2, active=False))
    assert refused(Forbidden, lambda: gate.change("bea", somebody(role=Role.QUALITY), 2, grants=frozenset()))


def test_roles_elsewhere_are_neither_seen_nor_taken(gate: Gate) -> None:
    everything = frozenset({Grant(Role.AUDITOR), Grant(Role.QUALITY, "B"), OPERATOR})
    carl = gate.add(User("carl", grants=everything))
    assert seen_by(CHIEF_OF_A, carl).grants == {OPERATOR}
    assert gate.change("carl", CHIEF_OF_A, grants=frozenset()).grants == frozenset()
    assert gate.memory.rows(User)["carl"].grants == everything - {OPERATOR}


def test_a_token_is_shown_once_and_lets_in_until_it_is_revoked(gate: Gate) -> None:
    issued = gate.issue("bea", scopes=frozenset({Right.READ}), expires_at=AT + timedelta(days=1))
    assert gate.who(issued.secret) == Actor("bea", frozenset({OPERATOR}), frozenset({Right.READ}))
    gate.revoke(issued.token.id)
    assert gate.who(issued.secret) is None
    assert refused(Refused, lambda: gate.revoke(issued.token.id)) == [("wrong_state", ())]
    assert gate.said == [TokenIssued, TokenRevoked]


def test_what_let_a_user_in_before_they_were_made_inactive_never_does_again(gate: Gate) -> None:
    gate.add(User("carl"))
    first, second, other = gate.issue("bea"), gate.issue("bea"), gate.issue("carl")
    gate.revoke(first.token.id)
    gate.memory.events.clear()
    gate.change("bea", active=False)
    gate.change("bea", version=2, active=True)
    assert gate.who(second.secret) is None
    assert gate.who(other.secret) is not None
    assert set(gate.memory.ended_sessions) == {"bea"}
    assert gate.said == [UserChanged, TokenRevoked, UserChanged]
    revoked = gate.memory.events[1]
    assert isinstance(revoked, TokenRevoked)
    assert (revoked.token.id, revoked.token.revoked_at) == (second.token.id, AT)
    assert gate.who(gate.issue("bea").secret) is not None


def test_a_token_of_a_user_who_was_inactive_already_doesnt_come_back_either(gate: Gate) -> None:
    issued = gate.issue("bea")
    gate.memory.rows(User)["bea"] = evolve(gate.memory.rows(User)["bea"], active=False)
    gate.change("bea", active=True)
    assert gate.who(issued.secret) is None


def test_another_change_of_a_user_revokes_nothing(gate: Gate) -> None:
    issued = gate.issue("bea")
    gate.change("bea", name="Beate", active=True)
    assert gate.who(issued.secret) is not None
    assert gate.memory.ended_sessions == []


def test_ones_own_tokens_need_no_right_and_those_of_others_do(gate: Gate) -> None:
    bea = Actor("bea", frozenset({OPERATOR}))
    own, other = gate.issue("bea", bea), gate.issue("bea")
    assert gate.revoke(other.token.id, bea).revoked_at == AT
    gate.add(User("carl"))
    assert refused(Forbidden, lambda: gate.issue("carl", bea))
    assert refused(Forbidden, lambda: gate.issue("bea", CHIEF_OF_A))
    with pytest.raises(NotFound):
        gate.revoke(own.token.id, somebody("carl", role=Role.QUALITY))


def test_a_token_makes_none_that_does_more(gate: Gate) -> None:
    for scopes in ({Right.READ}, {Right.READ, Right.ACCESS}):
        narrow = Actor("bea", frozenset({Grant(Role.ADMINISTRATOR)}), frozenset(scopes))
        assert refused(Forbidden, lambda: gate.issue("bea", narrow))  # noqa: B023 - called at once
    gate.issue("bea", narrow, scopes=frozenset({Right.READ}))


@for_each(
    ("stated", "said"),
    [
        ({"name": " "}, ("required", ("name",))),
        ({"name": "a\x00"}, ("bad_text", ("name",))),
        ({"scopes": frozenset()}, ("required", ("scopes",))),
        ({"expires_at": AT}, ("past", ("expires_at",))),
        ({"development": True}, ("too_long", ("expires_at",))),
        ({"development": True, "expires_at": AT + timedelta(hours=12, seconds=1)}, ("too_long", ("expires_at",))),
        ({"username": "nobody"}, ("unknown_user", ("user",))),
        ({"username": "gone"}, ("inactive", ("user",))),
    ],
)
def test_what_is_no_token_is_not_issued(stated: dict[str, Any], said: object) -> None:
    gate = Gate()
    gate.add(User("bea"))
    gate.add(User("gone", active=False))
    assert refused(Invalid, lambda: gate.issue(**{"username": "bea", **stated})) == [said]


def test_a_token_for_development_lets_in_for_hours_and_never_in_production(gate: Gate) -> None:
    until = AT + timedelta(hours=12)
    issued = gate.issue("bea", expires_at=until, development=True)
    assert gate.who(issued.secret, development=True) == Actor("bea", frozenset({OPERATOR}))
    assert gate.who(issued.secret, development=False) is None
    assert gate.who(issued.secret, until, development=True) is None
    ordinary = gate.issue("bea", expires_at=until)
    assert gate.who(ordinary.secret, development=True) == gate.who(ordinary.secret, development=False) is not None


def test_at_the_server_whoever_is_missing_is_made_and_given_roles(gate: Gate) -> None:
    admitted = frozenset({Grant(Role.ADMINISTRATOR)})
    issued = gate.issue("dora", at_the_server("create_token"), grants=admitted, admit=True)
    assert gate.who(issued.secret) == Actor("dora", admitted)
    gate.issue("bea", at_the_server("create_token"), grants=admitted, admit=True)
    assert gate.said == [UserAdded, RoleGranted, TokenIssued, RoleGranted, TokenIssued]


@for_each("name", ["import_log", "Bea", "b\u0435a"])
def test_not_even_a_command_makes_users_who_are_taken_for_others(gate: Gate, name: str) -> None:
    with pytest.raises(DomainError):
        gate.issue(name, at_the_server("create_token"), grants=frozenset({ADMINISTRATOR}), admit=True)
    assert gate.said == []


def test_what_is_stored_of_passwords_and_tokens_is_told_by_its_hash(gate: Gate) -> None:
    gate.set_password("bea", "long enough, this")
    issued = gate.issue("bea")
    RehashPasswordHandler(gate._work, gate._users, gate._users)(RehashPassword("long enough, this", Actor("bea"), AT))
    assert gate.memory.events == [
        PasswordSet("bea", "of long enough, this"),
        TokenIssued(issued.token, f"of {issued.secret}"),
        PasswordRehashed("bea", "newer of long enough, this"),
    ]


def test_a_password_is_set_by_its_user_or_whoever_has_the_right(gate: Gate) -> None:
    bea = Actor("bea", frozenset({OPERATOR}))
    gate.set_password("bea", "long enough, this", bea)
    gate.set_password("bea", "long enough, this")
    assert gate.said == [PasswordSet, PasswordSet]
    for actor in (somebody("carl", role=Role.QUALITY), CHIEF_OF_A, evolve(bea, scopes=frozenset({Right.READ}))):
        assert refused(Forbidden, lambda: gate.set_password("bea", "long enough, this", actor))  # noqa: B023 - called at once
    assert refused(Invalid, lambda: gate.set_password("bea", "short")) == [("weak_password", ("password",))]
    with pytest.raises(NotFound):
        gate.set_password("nobody", "long enough, this")
