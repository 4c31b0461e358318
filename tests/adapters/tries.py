"""Tries on memory."""

from datetime import datetime, timedelta

from attrs import define, field
from typing_extensions import override

from application.shared.tries import Tries
from domain.access.tries import Limit


@define
class MemoryTries(Tries):
    """Keeps in a dictionary who hasn't got all their tries."""

    empty_at: dict[str, datetime] = field(factory=dict)

    @override
    def take(self, who: str, limit: Limit, at: datetime) -> timedelta:
        wait = self.wait(who, limit, at)
        if not wait:
            self.empty_at[who] = limit.after(self.empty_at.get(who, at), at)
        return wait

    @override
    def wait(self, who: str, limit: Limit, at: datetime) -> timedelta:
        return limit.wait(self.empty_at.get(who, at), at)

    @override
    def forget(self, who: str) -> None:
        self.empty_at.pop(who, None)

    @override
    def sweep(self, at: datetime) -> int:
        over = [who for who, empty_at in self.empty_at.items() if empty_at <= at]
        for who in over:
            del self.empty_at[who]
        return len(over)
