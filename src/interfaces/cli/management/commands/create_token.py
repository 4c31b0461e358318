"""`manage.py create_token USERNAME [--role ROLE]`"""

from argparse import ArgumentParser
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from application.shared.access import ROLES, IssueToken, IssueTokenHandler
from application.shared.actor import Actor
from application.shared.clock import Clock
from domain.shared.errors import DomainError


class Command(BaseCommand):
    """Gives a user a token, and prints it alone, for scripts."""

    help = "Give a user, who is made when missing, an access token, and print it: it is shown this once."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", help=f"one of {', '.join(ROLES)}")

    @override
    def handle(self, *args: Any, username: str, role: str | None, **options: Any) -> None:
        try:
            self.stdout.write(token_for(username, role))
        except DomainError as error:
            raise CommandError(str(error)) from error


@inject
def token_for(
    username: str,
    role: str | None,
    handler: IssueTokenHandler = Provide["access.issue_token"],
    clock: Clock = Provide["system.clock"],
) -> str:
    """A new token of this user."""
    return handler(IssueToken(username, role, Actor("create_token", channel="console"), clock.now()))
