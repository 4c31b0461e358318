"""Users: people and programs that have roles."""

from collections.abc import Iterator

from attrs import evolve, field, frozen

from domain.access.rights import RIGHTS, Grant, Right, Sight
from domain.access.usernames import faults_in_new_username
from domain.shared.errors import Fault
from domain.shared.identity import address_fault, text_fault


@frozen
class User:
    """Somebody who may sign in or bear tokens, and their roles. Nobody is removed: what they did names them."""

    username: str
    name: str = ""
    active: bool = True
    grants: frozenset[Grant] = field(default=frozenset())
    version: int = 1

    def is_of(self, sight: Sight) -> bool:
        """Whether one of these sites has something to do with the user: by a role there or everywhere, or none yet."""
        everywhere = sight.sites is None or not self.grants
        return everywhere or any(grant.site is None or grant.site in sight for grant in self.grants)

    @property
    def administers(self) -> bool:
        """Whether the user may sign in and change who may do what at every site."""
        return self.active and any(grant.site is None and Right.ACCESS in RIGHTS[grant.role] for grant in self.grants)

    def granted(self, *grants: Grant) -> "User":
        """The user with these roles, too."""
        return evolve(self, grants=self.grants | frozenset(grants), version=self.version + 1)


def faults_in_user(user: User) -> Iterator[Fault]:
    """What is wrong with how a user is called."""
    if fault := address_fault(user.username, "username"):
        yield fault
    if fault := text_fault(user.name, "name"):
        yield fault


def faults_in_new_user(user: User, programs: frozenset[str]) -> Iterator[Fault]:
    """What is wrong with a user who isn't there yet; `programs` are those that the history names beside users."""
    faults = tuple(faults_in_user(user))
    yield from faults
    if not faults:
        yield from faults_in_new_username(user.username, programs)
