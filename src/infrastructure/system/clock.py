"""The clock of the machine."""

from datetime import UTC, datetime

from typing_extensions import override

from application.shared.clock import Clock


class SystemClock(Clock):
    """Tells the time of the machine, which its operator keeps right (NTP)."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)
