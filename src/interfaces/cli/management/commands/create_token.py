"""`manage.py create_token USERNAME [--role ROLE] [--site SITE] [--name NAME] [--scope SCOPE ...] [--days DAYS]
[--development]`"""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from application.access.issue_token import IssueToken, IssueTokenHandler
from application.access.ports import Users
from application.shared.actor import at_the_server
from application.shared.clock import Clock
from domain.access.rights import Grant, Right, Role
from domain.access.token import DEVELOPMENT_LIFETIME
from domain.shared.errors import DomainError

NEWCOMER = "There was no user {0}: now there is, with the role administrator at every site. --role gives another."


class Command(BaseCommand):
    """Gives a user a token, and prints it alone, for scripts."""

    help = "Give a user, who is made when missing, an access token, and print it: it is shown this once."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=list(Role), help="give the user this role first")
        parser.add_argument("--site", help="where the role is; at every site, unless named")
        parser.add_argument("--name", help="what the user knows the token by")
        parser.add_argument(
            "--scope", dest="scopes", action="append", choices=list(Right), help="what it is good for; again for more"
        )
        until = parser.add_mutually_exclusive_group()
        until.add_argument("--days", type=int, help="how long it is good; until revoked, unless stated")
        until.add_argument("--development", action="store_true", help="good for 12 hours, and never in production")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if options["site"] and not options["role"]:
            raise CommandError("--site says where a role is: name one with --role.")
        try:
            token, newcomer = token_for(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        if newcomer:
            self.stderr.write(NEWCOMER.format(options["username"]))
        self.stdout.write(token)


@inject
def token_for(
    stated: Mapping[str, Any],
    handler: IssueTokenHandler = Provide["access.issue_token"],
    users: Users = Provide["access.users"],
    clock: Clock = Provide["system.clock"],
) -> tuple[str, bool]:
    """A new token of this user, and whether they were made an administrator, as whoever is the first has to be one."""
    now = clock.now()
    newcomer = not stated["role"] and users.find(stated["username"]) is None
    role = Role.ADMINISTRATOR if newcomer else stated["role"]
    lifetime = None if stated["days"] is None else timedelta(days=stated["days"])
    if stated["development"]:
        lifetime = DEVELOPMENT_LIFETIME
    command = IssueToken(
        username=stated["username"],
        name=stated["name"] or ("development" if stated["development"] else "create_token"),
        actor=at_the_server("create_token"),
        at=now,
        scopes=frozenset(map(Right, stated["scopes"])) if stated["scopes"] else None,
        expires_at=None if lifetime is None else now + lifetime,
        grants=frozenset({Grant(Role(role), stated["site"])} if role else ()),
        admit=True,
        development=stated["development"],
    )
    return handler(command).secret, newcomer
