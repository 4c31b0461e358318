"""Looking up users and tokens: one's own tokens, and with the right to change access those of all."""

from uuid import UUID

from attrs import evolve, frozen

from application.access.change_user import check_user_seen, seen_by
from application.access.ports import AccessReader
from application.access.revoke_token import check_token_seen
from application.shared.actor import Actor
from application.shared.paging import Page, PageRequest
from application.shared.permissions import require_everywhere, require_somewhere
from domain.access.rights import Right
from domain.access.token import AccessToken
from domain.access.user import User


@frozen
class LookUpAccess:
    """Answers whoever may know."""

    reader: AccessReader

    def user(self, username: str, actor: Actor) -> User:
        """The user, with those of their roles that the actor may give and take.

        `Forbidden`; `NotFound`, also for one with roles at other sites alone.
        """
        require_somewhere(actor, Right.ACCESS)
        found = self.reader.user(username)
        check_user_seen(actor, found)
        return seen_by(actor, found)

    def users(self, request: PageRequest, actor: Actor) -> Page[User]:
        """Users in the order of their names, one page. `Forbidden`."""
        require_somewhere(actor, Right.ACCESS)
        page = self.reader.users(request, actor.sight_of(Right.ACCESS))
        return evolve(page, items=tuple(seen_by(actor, user) for user in page.items))

    def token(self, token: UUID, actor: Actor) -> AccessToken:
        """The token; `NotFound`, also for one of somebody else's."""
        found = self.reader.token(token)
        check_token_seen(actor, found)
        return found

    def tokens(self, user: str | None, request: PageRequest, actor: Actor) -> Page[AccessToken]:
        """Tokens of this user or else one's own, the latest first, one page. `Forbidden`."""
        if user not in (None, actor.name):
            require_everywhere(actor, Right.ACCESS)
        return self.reader.tokens(user or actor.name, request)
