"""What access needs from outside."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.shared.actor import Actor
from application.shared.paging import Page, PageRequest
from domain.access.rights import Sight
from domain.access.token import AccessToken
from domain.access.user import User


class Users(Protocol):
    """Keeps users with their roles."""

    @abstractmethod
    def find(self, username: str) -> User | None:
        """The user of this name."""

    @abstractmethod
    def for_update(self, username: str) -> User:
        """The user, locked against other changes; `NotFound`."""

    @abstractmethod
    def taken(self, username: str) -> bool:
        """Whether somebody has this name or one that looks like it."""

    @abstractmethod
    def add(self, user: User, at: datetime) -> None:
        """Store a new user, who has no password; `Refused` for a name that is `taken`, if only meanwhile."""

    @abstractmethod
    def others_administer(self, username: str) -> bool:
        """Whether anybody else `administers` every site, also once whoever is changing that meanwhile has done so.

        Nobody else changes it from now on until the unit of work is over.
        """

    @abstractmethod
    def save(self, user: User, at: datetime) -> None:
        """Store a change; roles that are new are granted at this time."""

    @abstractmethod
    def end_sessions(self, username: str) -> None:
        """End every session that there is of the user, for good."""


class Sites(Protocol):
    """Knows which sites there are."""

    @abstractmethod
    def find(self, keys: Collection[str]) -> Mapping[str, object]:
        """Those of these sites that there are, by their codes."""


class Passwords(Protocol):
    """Keeps passwords, as slow hashes."""

    @abstractmethod
    def set(self, username: str, password: str) -> str:
        """From now on the user signs in with this password alone; `Invalid` for one that is too weak.

        Answers with the SHA-256 of what is stored, in hexadecimal.
        """

    @abstractmethod
    def rehash(self, username: str, password: str) -> str | None:
        """Store the user's password as passwords are stored now; the SHA-256 of what is stored then.

        None where it is stored so already, or isn't their password.
        """


class Tokens(Protocol):
    """Keeps access tokens, as digests: nobody can read one back."""

    @abstractmethod
    def issue(self, token: AccessToken) -> str:
        """Store a new token and answer what lets in: shown this once."""

    @abstractmethod
    def sha256(self, secret: str) -> str:
        """The SHA-256, in hexadecimal, of what is stored of this token."""

    @abstractmethod
    def for_update(self, token: UUID) -> AccessToken:
        """The token, locked against other changes; `NotFound`."""

    @abstractmethod
    def unrevoked(self, user: str) -> Sequence[AccessToken]:
        """The tokens of this user that aren't revoked, in the order of their issue, locked against other changes."""

    @abstractmethod
    def save(self, token: AccessToken) -> None:
        """Store a change."""

    @abstractmethod
    def find(self, secret: str) -> AccessToken:
        """The token that was shown as this secret; `NotFound`."""

    @abstractmethod
    def actor(self, token: str, at: datetime) -> Actor | None:
        """Whose token it is; None when nobody's, it doesn't let in, or its user may sign in no more."""


class AccessReader(Protocol):
    """Reads users and tokens."""

    @abstractmethod
    def user(self, username: str) -> User:
        """The user; `NotFound`."""

    @abstractmethod
    def users(self, request: PageRequest, sight: Sight) -> Page[User]:
        """Users whom these sites have something to do with (`User.is_of`), in the order of their names, one page."""

    @abstractmethod
    def token(self, token: UUID) -> AccessToken:
        """The token; `NotFound`."""

    @abstractmethod
    def tokens(self, user: str, request: PageRequest) -> Page[AccessToken]:
        """Tokens of this user, the latest first, one page."""
