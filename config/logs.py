"""How logs are written: lines to read in development, JSON for machines in production, to standard error.

What a request carries is in none of them: no variable of a traceback, no query of an address, no row of the database.
"""

import sys
from traceback import TracebackException
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from application.shared.errors import Unavailable
from infrastructure.persistence.shared.refusals import meaning
from interfaces.shared.failures import cause_of

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

STACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)

ROW = "DETAIL:"
"""Where PostgreSQL's message goes on with the values of a row, a password's hash perhaps."""


def logging_settings(*, level: str, readable: bool) -> dict[str, Any]:
    """Describe Django's LOGGING, which structlog's loggers and all others share, and bind structlog to it."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # Without a formatter of its own it takes rich's where that is installed, which prints every variable.
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_write_traceback)]
        if readable
        else [structlog.processors.ExceptionRenderer(_stacks), structlog.processors.JSONRenderer()]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _without_request,
                    _without_traceback,
                    *last,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would write a line twice, or mail it.
            **{name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
            # At DEBUG it writes statements with their parameters.
            "django.db.backends": {"level": "INFO"},
        },
    }


def _without_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out the request that Django adds: its representation has the query, with the codes of OpenID Connect."""
    event.pop("request", None)
    return event


def _without_traceback(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write one line where the database can't be reached, or can't do it now: a traceback would tell nothing more."""
    error = event["exc_info"][1] if isinstance(event.get("exc_info"), tuple) else None
    lost = error if isinstance(error, Unavailable) else meaning(cause_of(error))
    if isinstance(lost, Unavailable):
        del event["exc_info"]
        event["reason"] = " ".join(str(lost).split())
    return event


def _write_traceback(file: TextIO, exc_info: ExcInfo) -> None:
    """Write a traceback without variables and rows."""
    traceback = TracebackException(*exc_info)
    text = "".join(traceback.format())
    for said in _messages(traceback):
        text = text.replace(said, _without_row(said))
    file.write("\n" + text.rstrip("\n"))


def _messages(traceback: TracebackException | None) -> list[str]:
    """Join the messages of an error and of its causes."""
    if traceback is None:
        return []
    others = (traceback.__cause__, traceback.__context__, *(traceback.exceptions or ()))
    return [str(traceback), *(said for other in others for said in _messages(other))]


def _stacks(exc_info: ExcInfo) -> Any:
    """The stacks of a traceback without variables and rows, for machines."""
    return [{**stack, "exc_value": _without_row(stack["exc_value"])} for stack in STACKS(exc_info)]


def _without_row(said: str) -> str:
    return said.partition(ROW)[0].rstrip()
