"""`manage.py revoke_token`, with the token asked for or on the standard input"""

import sys
from getpass import getpass
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from application.access.ports import Tokens
from application.access.revoke_token import RevokeToken, RevokeTokenHandler
from application.shared.actor import at_the_server
from application.shared.clock import Clock
from application.shared.errors import NotFound
from domain.shared.errors import DomainError


class Command(BaseCommand):
    """Revokes a token by the token itself, as of one that was found where it shouldn't be."""

    help = "Revoke an access token: asked for, or the first line of the standard input."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        shown = getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()
        try:
            user = revoke(shown.strip())
        except (DomainError, NotFound) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"This token of {user} doesn't let in any more.")


@inject
def revoke(
    secret: str,
    tokens: Tokens = Provide["access.tokens"],
    handler: RevokeTokenHandler = Provide["access.revoke_token"],
    clock: Clock = Provide["system.clock"],
) -> str:
    """Revoke the token that was shown as this secret. Return its user's name."""
    command = RevokeToken(tokens.find(secret).id, at_the_server("revoke_token"), clock.now())
    return handler(command).user
