"""`manage.py migrate`, which looks at the database before it changes anything in it"""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from typing_extensions import override

from config.console import CannotRunError
from config.database_check import check_before_migrating


class Command(migrate.Command):
    """Django's migrate, on a PostgreSQL that is new enough, as a role that may."""

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            warning = check_before_migrating(connections[options["database"]])
        except CannotRunError as error:
            raise CommandError(str(error)) from error
        if warning:
            self.stderr.write(warning)
        super().handle(*args, **options)
