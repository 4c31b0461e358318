"""Adding a user."""

from collections.abc import Callable, Iterator
from datetime import datetime

from attrs import frozen

from application.access.ports import Sites, Users
from application.access.who_may_admit import check_grants
from application.shared.actor import Actor
from application.shared.permissions import require_somewhere
from application.shared.unit_of_work import UnitOfWork
from domain.access.events import RoleGranted, UserAdded
from domain.access.rights import Grant, Right
from domain.access.user import User, faults_in_new_user
from domain.shared.errors import Fault, raise_any
from domain.shared.events import Event


@frozen
class AddUser:
    """Add this user, with these roles; `link` binds them to whoever vouches for them, or there is no user either.

    `openid` is that account, as it is stored.
    """

    user: User
    actor: Actor
    at: datetime
    link: Callable[[], None] | None = None
    openid: str = ""


@frozen
class AddUserHandler:
    """Adds users, none called like one of `programs`. They have no password until they are given one."""

    unit_of_work: UnitOfWork
    users: Users
    sites: Sites
    programs: frozenset[str] = frozenset()

    def __call__(self, command: AddUser) -> User:
        """The user. `Forbidden`, `Invalid`, `Refused` for a name that is taken or looks like one that is."""
        user = command.user
        require_somewhere(command.actor, Right.ACCESS)
        check_grants(command.actor, user.grants)
        raise_any(faults_in_new_user(user, self.programs))
        with self.unit_of_work as work:
            raise_any(unknown_sites(self.sites, user.grants))
            self.users.add(user, command.at)
            if command.link:
                command.link()
            happened = UserAdded(user, command.openid), *granted(user.username, user.grants)
            work.commit(*happened, by=command.actor, at=command.at)
        return user


def unknown_sites(sites: Sites, grants: frozenset[Grant]) -> Iterator[Fault]:
    """Roles at sites that aren't there."""
    named = {grant.site for grant in grants if grant.site is not None}
    for site in sorted(named - sites.find(named).keys()):
        yield Fault("unknown_code", f"No site has the code {site!r}.", ("roles",))


def granted(username: str, grants: frozenset[Grant]) -> list[Event]:
    """That the user was given these roles."""
    return [RoleGranted(username, grant) for grant in in_order(grants)]


def in_order(grants: frozenset[Grant]) -> list[Grant]:
    """The same order for the same roles."""
    return sorted(grants, key=lambda grant: (grant.site or "", grant.role))
