"""`manage.py createsuperuser`, which Django has and we don't"""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandError
from typing_extensions import override

INSTEAD = (
    "Users enter the history: add one by `add_user NAME --role administrator`, let them in by `set_password NAME`."
)


class Command(createsuperuser.Command):
    """Refuses: a superuser would be a user without a history."""

    help = INSTEAD

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(INSTEAD)
