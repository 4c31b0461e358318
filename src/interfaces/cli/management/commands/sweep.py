"""`manage.py sweep`"""

from typing import Any

from dependency_injector.wiring import Provide, inject
from django.core.management.base import BaseCommand
from typing_extensions import override

from application.shared.clock import Clock
from application.shared.receipts import ForgetReceipts


class Command(BaseCommand):
    """Removes what is kept for a time only. To be run once a day."""

    help = "Remove the answers to requests with an Idempotency-Key that are older than 30 days."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"receipts removed: {swept()}")


@inject
def swept(
    forget_receipts: ForgetReceipts = Provide["access.forget_receipts"], clock: Clock = Provide["system.clock"]
) -> int:
    """How many receipts were removed."""
    return forget_receipts(clock.now())
