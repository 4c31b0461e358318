"""`manage.py make_reference_plant`"""

import sys
from argparse import ArgumentParser
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from typing_extensions import override

from application.traceability.reference_plant import MakeReferencePlant, MakeReferencePlantHandler
from domain.shared.errors import DomainError


class Command(BaseCommand):
    """Makes a plant to measure on."""

    help = "Make a plant to measure traces on: hubs, a deep heel, rework in circles. Not for a database in use."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lots", type=int, default=1_000_000)
        parser.add_argument("--edges", type=int, default=10_000_000, help="Links between lots, some for each lot.")

    @override
    def handle(self, *args: Any, lots: int, edges: int, **options: Any) -> None:
        try:
            made = make_with_progress(MakeReferencePlant(lots, edges))
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made} lots made")


@inject
def make_with_progress(
    command: MakeReferencePlant,
    handler: MakeReferencePlantHandler = Provide["traceability.make_reference_plant"],
) -> int:
    """Make it, with a progress bar where somebody watches; how many lots it has."""
    with tqdm(total=command.lots, unit=" lots", file=sys.stderr, disable=None, leave=False) as bar:
        done = 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            bar.update(more)

        handler(command, progress)
    return done
