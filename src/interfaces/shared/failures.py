"""What went wrong, in the application's words, wherever it was raised."""

from collections.abc import Callable

from dependency_injector.wiring import Provide, inject
from django.contrib.sessions.exceptions import SessionInterrupted

Meaning = Callable[[BaseException | None], Exception | None]


@inject
def understood(error: BaseException | None, meaning: Meaning = Provide["system.meaning"]) -> BaseException | None:
    """The application's own error for one of the database's, which sessions and readers raise; others as they are."""
    return meaning(cause_of(error)) or error


def cause_of(error: BaseException | None) -> BaseException | None:
    """What made a session impossible to save, which Django takes for one that was deleted; other errors themselves."""
    if isinstance(error, SessionInterrupted) and error.__context__:
        return error.__context__.__context__
    return error
