"""Store what describes each version of the API, unless consumers would lose something."""

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from interfaces.api.compatibility import breaking_changes
from interfaces.api.documents import document_of
from interfaces.api.urls import VERSIONS
from interfaces.shared.files import opened


class Command(BaseCommand):
    """`manage.py store_api FOLDER`: FOLDER/v1.json and so on."""

    help = "Store the OpenAPI document of each version; refuse what takes something away from consumers."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    @override
    def handle(self, *_args: object, **options: Any) -> None:
        for version in VERSIONS:
            path: Path = options["folder"] / f"{version}.json"
            try:
                _store(path, version)
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}.") from error
            self.stdout.write(f"{path} is up to date.")


def _store(path: Path, version: str) -> None:
    document = document_of(version)
    if path.exists():
        with opened(path, "rb") as file:
            lost = breaking_changes(json.load(file), json.loads(document))
        if lost:
            detail = "\n".join(lost)
            raise CommandError(f"{path} stays as it is, for these would be lost in {version}:\n{detail}")
    with opened(path, "wb") as file:
        file.write(document + b"\n")
