"""Users: people and programs that have roles."""

from collections.abc import Iterator

from attrs import evolve, field, frozen

from domain.access.rights import Grant, Sight
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

    def granted(self, *grants: Grant) -> "User":
        """The user with these roles, too."""
        return evolve(self, grants=self.grants | frozenset(grants), version=self.version + 1)


def faults_in_user(user: User) -> Iterator[Fault]:
    """What is wrong with how a user is called."""
    if fault := address_fault(user.username, "username"):
        yield fault
    if fault := text_fault(user.name, "name"):
        yield fault
