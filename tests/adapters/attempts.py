"""Attempts in memory."""

from datetime import datetime, timedelta

from attrs import define, field
from typing_extensions import override

from application.shared.attempts import LoginAttempts
from domain.access.attempts import Limit


@define
class MemoryLoginAttempts(LoginAttempts):
    """Keeps in a dictionary which key hasn't all its attempts, or is remembered."""

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
    def remember(self, who: str, until: datetime) -> None:
        self.empty_at[who] = until

    @override
    def remembers(self, who: str, at: datetime) -> bool:
        return self.empty_at.get(who, at) > at

    @override
    def sweep(self, at: datetime) -> int:
        over = [who for who, empty_at in self.empty_at.items() if empty_at <= at]
        for who in over:
            del self.empty_at[who]
        return len(over)
