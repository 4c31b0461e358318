"""Storing a password anew, as passwords are hashed now."""

from datetime import datetime

from attrs import frozen

from application.access.ports import Passwords, Users
from application.shared.actor import Actor
from application.shared.unit_of_work import UnitOfWork
from domain.access.events import PasswordRehashed


@frozen
class RehashPassword:
    """Store the password that the actor has just given, and that was right, by the hash of today."""

    password: str
    actor: Actor
    at: datetime


@frozen
class RehashPasswordHandler:
    """Stores passwords anew and enters that in the history, which keeps a hash of what is stored."""

    unit_of_work: UnitOfWork
    users: Users
    passwords: Passwords

    def __call__(self, command: RehashPassword) -> None:
        """Nothing is done where it is stored so already, or isn't their password any more."""
        with self.unit_of_work as work:
            user = self.users.for_update(command.actor.name)
            if sha256 := self.passwords.rehash(user.username, command.password):
                work.commit(PasswordRehashed(user.username, sha256), by=command.actor, at=command.at)
