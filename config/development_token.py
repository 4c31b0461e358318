"""The token that `make run` prints in a terminal: an administrator's, good for some hours, refused in production."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from attrs import frozen

from config.child import manage
from config.console import CannotRunError, say
from config.state import keep, usable_state_folder
from domain.access.token import DEVELOPMENT_LIFETIME

#: A token that is good for less than this is replaced.
LEAST_REST = timedelta(hours=2)


@frozen
class DevelopmentToken:
    """A token, and until when it is good."""

    secret: str
    until: datetime


def development_token(database: str, environment: Mapping[str, str]) -> DevelopmentToken | None:
    """The token that is kept for this database, or a new one; None, after a line about it, where it can't be made."""
    name = f"development-token-{database}"
    path, now = usable_state_folder() / name, datetime.now(UTC)
    if path.exists():
        secret, until = path.read_text().split()
        if datetime.fromisoformat(until) - now >= LEAST_REST:
            return DevelopmentToken(secret, datetime.fromisoformat(until))
    try:
        secret = manage("create_token", "developer", "--development", environment=environment)
    except CannotRunError as error:
        say(str(error))
        return None
    token = DevelopmentToken(secret, now + DEVELOPMENT_LIFETIME)
    keep(name, f"{token.secret} {token.until.isoformat()}")
    return token


def revoke_former_token(database: str, environment: Mapping[str, str]) -> None:
    """Revoke the token without an expiry that an earlier version kept for this database."""
    former = usable_state_folder() / f"token-{database}"
    if former.exists():
        try:
            say(manage("revoke_token", environment=environment, given=former.read_text()))
        except CannotRunError as error:  # it has been revoked already, or the database is another one by now
            say(str(error))
        former.unlink()
