"""What time it is, for those who start a use case; a use case itself is given its time."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The server's clock."""

    @abstractmethod
    def now(self) -> datetime:
        """Tell the time, aware and in UTC."""
