"""Making an access token good for nothing."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from application.access.ports import Tokens
from application.access.who_may_admit import check_tokens_of
from application.shared.actor import Actor
from application.shared.errors import NotFound
from application.shared.unit_of_work import UnitOfWork
from domain.access.events import TokenRevoked
from domain.access.rights import Right
from domain.access.token import AccessToken


@frozen
class RevokeToken:
    """Let nobody in with this token any more."""

    token: UUID
    actor: Actor
    at: datetime


@frozen
class RevokeTokenHandler:
    """Revokes tokens; the next request with one is turned away."""

    unit_of_work: UnitOfWork
    tokens: Tokens

    def __call__(self, command: RevokeToken) -> AccessToken:
        """The token. `NotFound`, also for one of somebody else's; `Forbidden`; `Refused` once it is revoked."""
        with self.unit_of_work as work:
            before = self.tokens.for_update(command.token)
            check_token_seen(command.actor, before)
            check_tokens_of(command.actor, before.user)
            token = before.revoked(command.at)
            self.tokens.save(token)
            work.commit(TokenRevoked(token), by=command.actor, at=command.at)
        return token


def check_token_seen(actor: Actor, token: AccessToken) -> None:
    """Raises `NotFound` for a token that is neither the actor's own nor theirs to look after."""
    if token.user != actor.name and not actor.may_everywhere(Right.ACCESS):
        raise NotFound("token", token.id)
