"""What went wrong, in the application's words, wherever it was raised."""

from collections.abc import Callable

from dependency_injector.wiring import Provide, inject

Meaning = Callable[[BaseException | None], Exception | None]


@inject
def understood(error: BaseException | None, meaning: Meaning = Provide["system.meaning"]) -> BaseException | None:
    """The application's own error for one of the database's, which sessions and readers raise; others as they are."""
    return meaning(error) or error
