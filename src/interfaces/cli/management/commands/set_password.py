"""`manage.py set_password USERNAME`, with the password asked for or on the standard input"""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from application.access.set_password import SetPassword, SetPasswordHandler
from application.shared.actor import at_the_server
from application.shared.clock import Clock
from application.shared.errors import NotFound
from domain.shared.errors import DomainError


class Command(BaseCommand):
    """Lets a user sign in with a password."""

    help = "Let a user sign in with a password: asked for twice, or the first line of the standard input."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    @override
    def handle(self, *args: Any, username: str, **options: Any) -> None:
        try:
            let_in(username, asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n"))
        except (DomainError, NotFound) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{username} signs in with this password from now on.")


def asked() -> str:
    """The password, typed twice."""
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise CommandError("These are two different passwords.")
    return password


@inject
def let_in(
    username: str,
    password: str,
    handler: SetPasswordHandler = Provide["access.set_password"],
    clock: Clock = Provide["system.clock"],
) -> None:
    """Set the password."""
    handler(SetPassword(username, password, at_the_server("set_password"), clock.now()))
