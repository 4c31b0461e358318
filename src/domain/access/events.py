"""What happens with access."""

from attrs import frozen

from domain.shared.events import Event


@frozen
class RoleGranted(Event):
    """A user was given a role."""

    user: str
    role: str


@frozen
class TokenIssued(Event):
    """A user was given an access token."""

    user: str
