"""Tokens that let programs in."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from attrs import frozen

from application.shared.actor import Actor
from application.shared.unit_of_work import UnitOfWork
from domain.access.events import RoleGranted, TokenIssued
from domain.shared.errors import Fault, Invalid
from domain.shared.identity import code_fault

ROLES = ("operator", "quality", "production_manager", "auditor", "integration", "administrator")


class Tokens(Protocol):
    """Keeps access tokens, as digests: nobody can read one back."""

    @abstractmethod
    def issue(self, username: str, role: str | None, at: datetime) -> str:
        """A new token of this user, who is made when missing and given the role; shown this once."""

    @abstractmethod
    def actor(self, token: str, at: datetime) -> Actor | None:
        """Whose token it is; None when nobody's, revoked or expired."""


@frozen
class IssueToken:
    """Give a user a token, and a role."""

    username: str
    role: str | None
    actor: Actor
    at: datetime


@frozen
class IssueTokenHandler:
    """Makes the user when there is none of that name."""

    unit_of_work: UnitOfWork
    tokens: Tokens

    def __call__(self, command: IssueToken) -> str:
        """The token in clear, this once. `Invalid` for an unknown role or a bad name."""
        if fault := code_fault(command.username, "username"):
            raise Invalid(fault)
        if command.role is not None and command.role not in ROLES:
            raise Invalid(Fault("unknown_role", f"Roles are {', '.join(ROLES)}.", ("role",)))
        with self.unit_of_work as work:
            token = self.tokens.issue(command.username, command.role, command.at)
            granted = [RoleGranted(command.username, command.role)] if command.role else []
            work.commit(*granted, TokenIssued(command.username), by=command.actor, at=command.at)
        return token
