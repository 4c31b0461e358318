"""Access tokens: what lets a program in as its user."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from attrs import evolve, field, frozen

from domain.access.rights import Right
from domain.shared.errors import Fault, Refused
from domain.shared.identity import text_fault

DEVELOPMENT_LIFETIME = timedelta(hours=12)
"""A token for development expires so long after it is made, at the latest."""


@frozen
class AccessToken:
    """A token as it is known once it was shown: not the token itself.

    `scopes` are the rights that it gives at most, of those that its user has; None is all. Without `expires_at` it is
    good until it is revoked. One for `development` is refused in production.
    """

    id: UUID
    user: str
    name: str
    issued_at: datetime
    scopes: frozenset[Right] | None = field(default=None)
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    development: bool = False

    def lets_in(self, at: datetime, *, development: bool) -> bool:
        """Whether it is good at this time, in production or in development."""
        expired = self.expires_at is not None and self.expires_at <= at
        return self.revoked_at is None and not expired and (development or not self.development)

    def revoked(self, at: datetime) -> "AccessToken":
        """The token once it is good no more; `Refused` where it is so already."""
        if self.revoked_at is not None:
            raise Refused(Fault("wrong_state", "This token has been revoked already.", refusal=True))
        return evolve(self, revoked_at=at)


def faults_in_token(token: AccessToken) -> Iterator[Fault]:
    """What is wrong with a token that is asked for."""
    if not token.name.strip():
        yield Fault("required", "A token has a name, by which its user knows it again.", ("name",))
    elif fault := text_fault(token.name, "name"):
        yield fault
    if token.scopes is not None and not token.scopes:
        yield Fault("required", "A token without any scope lets nobody do anything.", ("scopes",))
    if token.expires_at is not None and token.expires_at <= token.issued_at:
        yield Fault("past", "A token expires after it is made.", ("expires_at",))
    if token.development and not (token.expires_at and token.expires_at - token.issued_at <= DEVELOPMENT_LIFETIME):
        hours = DEVELOPMENT_LIFETIME // timedelta(hours=1)
        yield Fault("too_long", f"A token for development expires within {hours} hours.", ("expires_at",))
