"""`manage.py add_user USERNAME --role ROLE [--site SITE] [--name NAME]`"""

from argparse import ArgumentParser
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from application.access.add_user import AddUser, AddUserHandler
from application.shared.actor import at_the_server
from application.shared.clock import Clock
from domain.access.rights import Grant, Role
from domain.access.user import User
from domain.shared.errors import DomainError


class Command(BaseCommand):
    """Adds somebody with a role; `set_password` lets them sign in."""

    help = "Add a user with a role. Let them sign in with `set_password`, or give them a token with `create_token`."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=list(Role), required=True)
        parser.add_argument("--site", help="where the role is; at every site, unless named")
        parser.add_argument("--name", default="", help="what people call them")

    @override
    def handle(self, *args: Any, username: str, role: str, site: str | None, name: str, **options: Any) -> None:
        try:
            add(User(username, name, grants=frozenset({Grant(Role(role), site)})))
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{username} is {role} at {site or 'every site'}.")


@inject
def add(
    user: User, handler: AddUserHandler = Provide["access.add_user"], clock: Clock = Provide["system.clock"]
) -> None:
    """Add this user."""
    handler(AddUser(user, at_the_server("add_user"), clock.now()))
