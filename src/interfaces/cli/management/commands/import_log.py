"""`manage.py import_log DIRECTORY`"""

import gc
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import asdict
from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from typing_extensions import override

from application.production.import_log import ImportLogHandler, LogImported
from application.shared.actor import at_the_server
from application.shared.clock import Clock
from application.shared.errors import Overtaken, Unavailable
from interfaces.imports.csv_table import BadLog
from interfaces.imports.plant_log import PlantLog, read_log


class Command(BaseCommand):
    """Imports a plant's log through the use case."""

    help = "Import a plant's log: a directory with products.csv, partners.csv, campaigns.csv and movements.csv."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)

    @override
    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        try:
            with uncollected():
                imported = import_with_progress(read_log(directory))
        except BadLog as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        except Overtaken as error:
            detail = "Another transaction recorded the same meanwhile. Nothing was imported: try again."
            raise CommandError(detail) from error
        except Unavailable as error:
            raise CommandError(f"{error}. Import the log again: what is there already is left as it is.") from error
        for name, tally in asdict(imported).items():
            self.stdout.write(f"{name}: {tally['created']} created, {tally['there']} there already")


@contextmanager
def uncollected() -> Iterator[None]:
    """Don't look for circles of objects: a log has none, and looking through its rows takes a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@inject
def import_with_progress(
    log: PlantLog,
    handler: ImportLogHandler = Provide["production.import_log"],
    clock: Clock = Provide["system.clock"],
) -> LogImported:
    """Import the log, with a progress bar where somebody watches."""
    with tqdm(total=len(log.operations), unit=" operations", file=sys.stderr, disable=None, leave=False) as bar:

        def progress(done: int) -> None:
            bar.update(done)
            if bar.n >= len(log.operations):
                bar.set_description("Committing")

        return log.imported(handler, at_the_server("import_log"), clock.now(), progress)
