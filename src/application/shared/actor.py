"""Who asks for something, and what they may do."""

from collections.abc import Iterable

from attrs import field, frozen

from domain.access.rights import EVERYWHERE, RIGHTS, Grant, Right, Role, Sight


@frozen
class Actor:
    """A user or a program, with its roles. Rules about who may do what are policies on it (`permissions`).

    `scopes` are all that an access token lets its user do; None is whatever the user may. `channel` is what is asked
    through and `request` by which request of that; `on_behalf_of` is for whom, if not for itself.
    """

    name: str
    grants: frozenset[Grant] = field(default=frozenset())
    scopes: frozenset[Right] | None = None
    on_behalf_of: str = ""
    channel: str = ""
    request: str = ""

    def sight_of(self, right: Right) -> Sight:
        """The sites at which the actor has this right."""
        if self.scopes is not None and right not in self.scopes:
            return Sight(frozenset())
        giving = [grant.site for grant in self.grants if right in RIGHTS[grant.role]]
        return EVERYWHERE if None in giving else Sight(frozenset(site for site in giving if site is not None))

    @property
    def sight(self) -> Sight:
        """The sites of which the actor sees what is recorded."""
        return self.sight_of(Right.READ)

    def may(self, right: Right, sites: Iterable[str]) -> bool:
        """Whether the actor has this right at all of these sites."""
        there = self.sight_of(right)
        return all(site in there for site in sites)

    def may_everywhere(self, right: Right) -> bool:
        """Whether the actor has this right at every site there is and will be."""
        return self.sight_of(right) == EVERYWHERE

    def may_somewhere(self, right: Right) -> bool:
        """Whether there is any site at which the actor may have this right."""
        return self.sight_of(right).sites != frozenset()


def at_the_server(command: str) -> Actor:
    """Whoever runs this command at the server itself: there, nothing that can be asked here could be refused."""
    return Actor(command, frozenset({Grant(Role.ADMINISTRATOR)}), channel="console")
