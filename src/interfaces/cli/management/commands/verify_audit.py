"""`manage.py verify_audit [--against FILE] [--publish FILE]`"""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from application.history.checkpoints import Checkpoints, Published, ReadCheckpoints
from application.processes.verify_history import Tell, Verified, VerifyHistoryHandler
from application.shared.clock import Clock
from domain.history.chain import Finding, Head


class Command(BaseCommand):
    """Says what is wrong with the history and with what it tells of."""

    help = "Verify the history, and operations, lots, balances and reports by it. Fails if anything is wrong."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--against", type=Path, metavar="FILE", help="Checkpoints that were published before.")
        parser.add_argument("--publish", type=Path, metavar="FILE", help="Where to add one if nothing is wrong.")

    @override
    def handle(self, *args: Any, against: Path | None, publish: Path | None, **options: Any) -> None:
        with files():
            known = read_checkpoints(against) if against else ReadCheckpoints()
        for finding in known.findings:
            self._tell(finding)
        verified = verify(known.published, self._tell)
        self.stdout.write(
            f"{len(verified.heads)} chains of {verified.entries} entries, {verified.operations} operations and "
            f"{verified.documents} balances and reports were looked at."
        )
        if number := len(known.findings) + verified.findings:
            raise CommandError(f"Findings: {number}.{' Nothing was published.' if publish else ''}")
        if publish:
            with files(), publish.open("a", encoding="utf-8") as file:
                file.write(f"{checkpoint(verified.heads)}\n")

    def _tell(self, finding: Finding) -> None:
        where = f"{finding.chain}, no. {finding.number}" if finding.number else finding.chain
        self.stdout.write(f"{where}: {finding.code}: {finding.detail}")


@contextmanager
def files() -> Iterator[None]:
    """Say which file can't be read or written, and why."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}.") from error


@inject
def read_checkpoints(file: Path, checkpoints: Checkpoints = Provide["history.checkpoints"]) -> ReadCheckpoints:
    """What the lines of a file published."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        return checkpoints.read(lines)


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
