"""`manage.py changepassword`, which Django has and we don't"""

from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.core.management.base import CommandError
from typing_extensions import override

INSTEAD = "Passwords enter the history: set one by `set_password NAME`."


class Command(changepassword.Command):
    """Refuses: a password would change without a history."""

    help = INSTEAD

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(INSTEAD)
