"""Giving a user a password."""

from datetime import datetime

from attrs import frozen

from application.access.ports import Passwords, Users
from application.shared.actor import Actor
from application.shared.permissions import require_everywhere
from application.shared.unit_of_work import UnitOfWork
from domain.access.events import PasswordSet
from domain.access.rights import Right


@frozen
class SetPassword:
    """Let this user sign in with this password."""

    username: str
    password: str
    actor: Actor
    at: datetime


@frozen
class SetPasswordHandler:
    """Sets passwords: one's own, or with the right to change access everybody's."""

    unit_of_work: UnitOfWork
    users: Users
    passwords: Passwords

    def __call__(self, command: SetPassword) -> None:
        """`NotFound`, `Forbidden`; `Invalid` for a password that is too weak."""
        if command.username != command.actor.name or command.actor.scopes is not None:
            require_everywhere(command.actor, Right.ACCESS)
        with self.unit_of_work as work:
            user = self.users.for_update(command.username)
            sha256 = self.passwords.set(user.username, command.password)
            work.commit(PasswordSet(user.username, sha256), by=command.actor, at=command.at)
