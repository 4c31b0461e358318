"""What can go wrong between a use case and the world; the domain has its own errors in `domain.shared.errors`."""

from datetime import timedelta

from domain.shared.errors import DomainError, Path


class Forbidden(DomainError):
    """Whoever asks hasn't got the role that it takes."""


class NotFound(Exception):
    """Nothing of this kind has this code or id."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"No {what} {key!s} exists.")
        self.what = what


class StaleWrite(Exception):
    """The caller saw an older version than the one that it wants to change."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This {what} has been changed since you read it: read it again.")
        self.what = what


class Overtaken(Exception):
    """Another transaction got there first; the same request, tried again, sees what it did."""


class Unavailable(Exception):
    """The database can't be reached; `wait` is the seconds after which to try again.

    Whether the transaction that was under way has committed isn't known. Subclasses: it is there, but can't do it now.
    """

    wait = 5


class TookTooLong(Unavailable):
    """The database stopped a statement that took longer than it may. Nothing was done."""


class Locked(Unavailable):
    """Another transaction holds what is needed, for longer than this one may wait. Nothing was done."""


class ReadOnly(Unavailable):
    """The database takes no changes at present. Nothing was done."""

    wait = 30


class OutOfResources(Unavailable):
    """The database has no disk space or memory left, or can't use its disk. Nothing was done."""

    wait = 30


class WrongPassword(Exception):
    """Whoever signs didn't prove who they are."""

    path: Path = ("signature", "password")


class TooManyAttempts(Exception):
    """A password was tried too often, under this name or from this address; `wait` is how many seconds to wait."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = -(-wait // timedelta(seconds=1))
        super().__init__(f"Passwords were tried too often: wait {self.wait} seconds.")
