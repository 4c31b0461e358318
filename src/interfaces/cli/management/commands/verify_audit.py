"""`manage.py verify_audit [--against PLACE] [--publish PLACE]`"""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from application.history.checkpoints import Checkpoints, Published, ReadCheckpoints
from application.processes.verify_history import Tell, Verified, VerifyHistoryHandler
from application.shared.clock import Clock
from domain.history.chain import Finding, Head
from interfaces.cli.checkpoint_places import NoPlace, Place, place_of


class Command(BaseCommand):
    """Says what is wrong with the history, with what it tells of, and with the schema of the database.

    It ends with "All in order.", or with the number of findings and exit code 1; with 2 if a place of checkpoints can't
    be read or written. Notes say what somebody should know, and aren't findings.
    """

    help = "Verify the history, all that it tells of, and the schema by the migrations. Fails if anything is wrong."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        place = "A file, or an https:// address (on this machine http:// will do)"
        parser.add_argument("--against", metavar="PLACE", help=f"{place} with checkpoints that were published before.")
        parser.add_argument("--publish", metavar="PLACE", help=f"{place} to add one to if nothing is wrong.")

    @override
    def handle(self, *args: Any, against: str | None, publish: str | None, **options: Any) -> None:
        with places():
            known = read_checkpoints(place_of(against)) if against else ReadCheckpoints()
            target = place_of(publish) if publish else None
        for finding in known.findings:
            self._tell(finding)
        verified = verify(known.published, self._tell)
        for note in verified.notes:
            self._tell(note, "note: ")
        self.stdout.write(
            f"{len(verified.heads)} chains of {verified.entries} entries, {verified.operations} operations and "
            f"{verified.documents} balances and reports were looked at."
        )
        if number := len(known.findings) + verified.findings:
            raise CommandError(f"Findings: {number}.{' Nothing was published.' if target else ''}")
        if target:
            with places():
                target.add(checkpoint(verified.heads))
        self.stdout.write("All in order.")

    def _tell(self, finding: Finding, mark: str = "") -> None:
        where = f"{finding.chain}, no. {finding.number}" if finding.number else finding.chain
        self.stdout.write(f"{mark}{where}: {finding.code}: {finding.detail}")


@contextmanager
def places() -> Iterator[None]:
    """Say which place can't be read or written, and why; with another exit code than for findings."""
    try:
        yield
    except NoPlace as error:
        raise CommandError(str(error), returncode=2) from error


@inject
def read_checkpoints(place: Place, checkpoints: Checkpoints = Provide["history.checkpoints"]) -> ReadCheckpoints:
    """What the lines in a place published."""
    return checkpoints.read(place.lines())


@inject
def verify(
    published: Published, tell: Tell, handler: VerifyHistoryHandler = Provide["history.verify_history"]
) -> Verified:
    """Look at everything."""
    return handler(published, tell)


@inject
def checkpoint(
    heads: tuple[Head, ...],
    checkpoints: Checkpoints = Provide["history.checkpoints"],
    clock: Clock = Provide["system.clock"],
) -> str:
    """These heads as they are to be published now."""
    return checkpoints.line(heads, clock.now())
