"""The ports of access on memory."""

from datetime import datetime
from uuid import UUID

from attrs import define

from application.access.ports import Passwords, Tokens, Users
from application.shared.actor import Actor
from application.shared.errors import NotFound
from domain.access.token import AccessToken
from domain.access.user import User
from domain.access.usernames import NAME_TAKEN, alike
from domain.shared.errors import Fault, Invalid, Refused
from tests.adapters.memory import Memory


@define
class MemoryUsers(Users, Passwords):
    """Keeps users; a password is too weak where it is short."""

    memory: Memory

    def find(self, username: str) -> User | None:
        return self.memory.rows(User).get(username)

    def for_update(self, username: str) -> User:
        if username not in self.memory.rows(User):
            raise NotFound("user", username)
        return self.memory.rows(User)[username]

    def taken(self, username: str) -> bool:
        return alike(username, self.memory.rows(User))

    def others_administer(self, username: str) -> bool:
        return any(user.administers for user in self.memory.rows(User).values() if user.username != username)

    def add(self, user: User, at: datetime) -> None:
        if self.taken(user.username):
            raise Refused(NAME_TAKEN)
        self.memory.rows(User)[user.username] = user

    def save(self, user: User, at: datetime) -> None:
        self.memory.rows(User)[user.username] = user

    def end_sessions(self, username: str) -> None:
        self.memory.ended_sessions.append(username)

    def set(self, username: str, password: str) -> str:
        if len(password) < 12:
            raise Invalid(Fault("weak_password", "This password is too short.", ("password",)))
        return f"of {password}"

    def rehash(self, username: str, password: str) -> str | None:
        return f"newer of {password}"


@define
class MemoryTokens(Tokens):
    """Keeps tokens; what lets in is the token's id."""

    memory: Memory
    development: bool = False

    def issue(self, token: AccessToken) -> str:
        self.memory.rows(AccessToken)[token.id] = token
        return str(token.id)

    def sha256(self, secret: str) -> str:
        return f"of {secret}"

    def for_update(self, token: UUID) -> AccessToken:
        if token not in self.memory.rows(AccessToken):
            raise NotFound("token", token)
        return self.memory.rows(AccessToken)[token]

    def unrevoked(self, user: str) -> list[AccessToken]:
        tokens = self.memory.rows(AccessToken).values()
        return [token for token in tokens if token.user == user and token.revoked_at is None]

    def save(self, token: AccessToken) -> None:
        self.memory.rows(AccessToken)[token.id] = token

    def find(self, secret: str) -> AccessToken:
        return self.for_update(UUID(secret))

    def actor(self, token: str, at: datetime) -> Actor | None:
        for known in self.memory.rows(AccessToken).values():
            user = self.memory.rows(User)[known.user]
            if str(known.id) == token and known.lets_in(at, development=self.development) and user.active:
                return Actor(user.username, user.grants, known.scopes)
        return None
