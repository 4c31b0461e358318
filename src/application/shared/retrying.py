"""Trying again when another transaction got there first."""

from collections.abc import Callable
from typing import Generic, TypeVar

from attrs import frozen

from application.shared.errors import Overtaken

Command = TypeVar("Command")
Result = TypeVar("Result")

ATTEMPTS = 5
"""Each attempt sees what the one before ran into, so that the second nearly always succeeds."""


@frozen
class Retrying(Generic[Command, Result]):
    """A handler that is called again, from the start, when it was overtaken."""

    handler: Callable[[Command], Result]

    def __call__(self, command: Command) -> Result:
        """The handler's answer; the last `Overtaken` when there was no getting through."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self.handler(command)
            except Overtaken:
                continue
        return self.handler(command)
