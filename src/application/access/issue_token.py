"""Giving a user an access token."""

from datetime import datetime

from attrs import field, frozen

from application.access.add_user import granted, unknown_sites
from application.access.ports import Sites, Tokens, Users
from application.access.who_may_admit import check_grants, check_scopes, check_tokens_of
from application.shared.actor import Actor
from application.shared.ids import Ids
from application.shared.unit_of_work import UnitOfWork
from domain.access.events import TokenIssued, UserAdded
from domain.access.rights import Grant, Right
from domain.access.token import AccessToken, faults_in_token
from domain.access.user import User, faults_in_new_user, faults_in_user
from domain.shared.errors import Fault, Invalid, raise_any
from domain.shared.events import Event


@frozen
class IssueToken:
    """Give a user a token, and first these roles. With `admit`, make the user where there is none of that name."""

    username: str
    name: str
    actor: Actor
    at: datetime
    scopes: frozenset[Right] | None = None
    expires_at: datetime | None = None
    grants: frozenset[Grant] = field(default=frozenset())
    admit: bool = False
    development: bool = False


@frozen
class IssuedToken:
    """A token, and what lets in: shown this once."""

    token: AccessToken
    secret: str


@frozen
class IssueTokenHandler:
    """Issues tokens."""

    unit_of_work: UnitOfWork
    users: Users
    sites: Sites
    tokens: Tokens
    ids: Ids
    programs: frozenset[str] = frozenset()

    def __call__(self, command: IssueToken) -> IssuedToken:
        """The token. `Forbidden`; `Invalid`, also for a user who isn't there or may not sign in."""
        check_tokens_of(command.actor, command.username)
        check_scopes(command.actor, command.scopes)
        check_grants(command.actor, command.grants)
        token = AccessToken(
            id=self.ids.new(),
            user=command.username,
            name=command.name,
            issued_at=command.at,
            scopes=command.scopes,
            expires_at=command.expires_at,
            development=command.development,
        )
        raise_any(faults_in_token(token))
        with self.unit_of_work as work:
            admitted = self._admitted(command)
            secret = self.tokens.issue(token)
            issued = TokenIssued(token, self.tokens.sha256(secret))
            work.commit(*admitted, issued, by=command.actor, at=command.at)
        return IssuedToken(token, secret)

    def _admitted(self, command: IssueToken) -> list[Event]:
        """What has to happen before the user can have a token."""
        raise_any(unknown_sites(self.sites, command.grants))
        if self.users.find(command.username) is None:
            return self._added(command)
        user = self.users.for_update(command.username)
        if not user.active:
            raise Invalid(Fault("inactive", f"User {user.username} may not sign in.", ("user",)))
        new = command.grants - user.grants
        if new:
            self.users.save(user.granted(*new), command.at)
        return granted(user.username, new)

    def _added(self, command: IssueToken) -> list[Event]:
        user = User(command.username, grants=command.grants)
        raise_any(faults_in_user(user))
        if not command.admit:
            raise Invalid(Fault("unknown_user", f"There is no user {user.username!r}.", ("user",)))
        raise_any(faults_in_new_user(user, self.programs))
        self.users.add(user, command.at)
        return [UserAdded(user), *granted(user.username, user.grants)]
