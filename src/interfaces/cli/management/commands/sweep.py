"""`manage.py sweep`"""

from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management import call_command
from django.core.management.base import BaseCommand
from typing_extensions import override

from application.shared.attempts import Throttle
from application.shared.clock import Clock
from application.shared.receipts import ForgetReceipts


class Command(BaseCommand):
    """Removes what is kept for a time only. To be run once a day."""

    help = (
        "Remove the answers to requests with an Idempotency-Key that are older than 30 days, attempts of passwords "
        "that count no more, and sessions that are over."
    )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        for kind, removed in swept().items():
            self.stdout.write(f"{kind} removed: {removed}")
        call_command("clearsessions")


@inject
def swept(
    forget_receipts: ForgetReceipts = Provide["access.forget_receipts"],
    throttle: Throttle = Provide["access.throttle"],
    clock: Clock = Provide["system.clock"],
) -> dict[str, int]:
    """How many of each kind were removed."""
    at = clock.now()
    return {"receipts": forget_receipts(at), "attempts": throttle.sweep(at)}
