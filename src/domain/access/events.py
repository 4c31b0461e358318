"""What happens with access."""

from attrs import frozen

from domain.access.rights import Grant
from domain.access.token import AccessToken
from domain.access.user import User
from domain.shared.events import Event


@frozen
class UserAdded(Event):
    """There is a user more; `openid` is who vouches for them, as the account that is linked says, if anybody does."""

    user: User
    openid: str = ""


@frozen
class UserChanged(Event):
    """A user is called something else, or may sign in no more, or again."""

    before: User
    after: User


@frozen
class RoleGranted(Event):
    """A user was given a role."""

    user: str
    grant: Grant


@frozen
class RoleWithdrawn(Event):
    """A role was taken from a user."""

    user: str
    grant: Grant


@frozen
class PasswordSet(Event):
    """A user was given a password. `sha256` is of the slow hash that is stored, with its salt."""

    user: str
    sha256: str = ""


@frozen
class PasswordRehashed(Event):
    """The password of a user is stored by another slow hash. `sha256` is of that, with its salt."""

    user: str
    sha256: str


@frozen
class TokenIssued(Event):
    """A user was given an access token. `sha256` is of the digest that is stored."""

    token: AccessToken
    sha256: str = ""


@frozen
class TokenRevoked(Event):
    """An access token is good no more."""

    token: AccessToken
