"""`manage.py store_schema FILE`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from application.history.ports import DatabaseSchema, Schemas
from application.history.schema import schema_text


class Command(BaseCommand):
    """Stores what `verify_audit` compares schemas with, from a database that was migrated just now."""

    help = "Store the description of a freshly migrated database, which verify_audit compares others with."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    @override
    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        schema = found()
        if schema.rights is None:
            raise CommandError("Its tables have to be owned by another role than the application's.")
        file.write_text(schema_text(schema))
        self.stdout.write(f"{file} is up to date.")


@inject
def found(schemas: Schemas = Provide["history.schemas"]) -> DatabaseSchema:
    """The schema of this database."""
    return schemas.found()
