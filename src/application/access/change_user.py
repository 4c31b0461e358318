"""Changing a user: what they are called, whether they may sign in, and their roles."""

from datetime import datetime

from attrs import evolve, frozen

from application.access.add_user import granted, in_order, unknown_sites
from application.access.ports import Sites, Tokens, Users
from application.access.who_may_admit import check_grants
from application.shared.actor import Actor
from application.shared.errors import NotFound, StaleWrite
from application.shared.permissions import require_everywhere, require_somewhere
from application.shared.unit_of_work import UnitOfWork
from domain.access.events import RoleWithdrawn, TokenRevoked, UserChanged
from domain.access.rights import Grant, Right
from domain.access.user import User, faults_in_user
from domain.shared.errors import Fault, Refused, raise_any
from domain.shared.events import Event


@frozen
class ChangeUser:
    """Let this user be as stated, if nobody has changed them since the caller saw them; None is left as it is.

    `grants` are all that the user shall have at the sites where the actor may give any; others are left alone.
    """

    username: str
    version: int
    actor: Actor
    at: datetime
    name: str | None = None
    active: bool | None = None
    grants: frozenset[Grant] | None = None


@frozen
class ChangeUserHandler:
    """Changes users; what they may do changes with their next request.

    Making a user inactive ends their sessions and revokes their tokens for good: none comes back with the user.
    """

    unit_of_work: UnitOfWork
    users: Users
    sites: Sites
    tokens: Tokens

    def __call__(self, command: ChangeUser) -> User:
        """The user as changed, as far as the actor sees them. `NotFound`, also for one with roles at other sites alone;
        `Forbidden`, `StaleWrite`, `Invalid`; `Refused` where nobody could change who may do what any more.
        """
        require_somewhere(command.actor, Right.ACCESS)
        with self.unit_of_work as work:
            before = self.users.for_update(command.username)
            check_user_seen(command.actor, before)
            if before.version != command.version:
                raise StaleWrite("user")
            after = evolve(
                before,
                name=before.name if command.name is None else command.name,
                active=before.active if command.active is None else command.active,
                grants=_grants_after(before, command),
                version=before.version + 1,
            )
            if (after.name, after.active) != (before.name, before.active):
                require_everywhere(command.actor, Right.ACCESS)
            check_grants(command.actor, after.grants ^ before.grants)
            raise_any((*faults_in_user(after), *unknown_sites(self.sites, after.grants - before.grants)))
            check_administrators_left(self.users, before, after)
            self.users.save(after, command.at)
            revoked = self._locked_out(after.username, command.at) if after.active != before.active else []
            work.commit(*_what_changed(before, after), *revoked, by=command.actor, at=command.at)
        return seen_by(command.actor, after)

    def _locked_out(self, username: str, at: datetime) -> list[TokenRevoked]:
        # Also when a user is made active again: versions before this one revoked nothing.
        self.users.end_sessions(username)
        revoked = [token.revoked(at) for token in self.tokens.unrevoked(username)]
        for token in revoked:
            self.tokens.save(token)
        return [TokenRevoked(token) for token in revoked]


def seen_by(actor: Actor, user: User) -> User:
    """The user with those of their roles that the actor may give and take."""
    there = actor.sight_of(Right.ACCESS)
    everywhere = there.sites is None
    seen = (grant for grant in user.grants if everywhere or (grant.site is not None and grant.site in there))
    return evolve(user, grants=frozenset(seen))


def check_user_seen(actor: Actor, user: User) -> None:
    """Raises `NotFound` for a user with roles at sites alone where the actor may give none."""
    if not user.is_of(actor.sight_of(Right.ACCESS)):
        raise NotFound("user", user.username)


def check_administrators_left(users: Users, before: User, after: User) -> None:
    """Raises `Refused` for a change after which nobody administers every site: it couldn't be undone."""
    if before.administers and not after.administers and not users.others_administer(before.username):
        detail = f"{before.username} is the last active administrator of every site: make somebody else one first."
        raise Refused(Fault("last_administrator", detail, ("roles" if after.active else "active",), refusal=True))


def _grants_after(before: User, command: ChangeUser) -> frozenset[Grant]:
    if command.grants is None:
        return before.grants
    return (before.grants - seen_by(command.actor, before).grants) | command.grants


def _what_changed(before: User, after: User) -> list[Event]:
    named: list[Event] = []
    if (after.name, after.active) != (before.name, before.active):
        named.append(UserChanged(before, after))
    withdrawn = [RoleWithdrawn(after.username, grant) for grant in in_order(before.grants - after.grants)]
    return [*named, *granted(after.username, after.grants - before.grants), *withdrawn]
