"""What a cell says: strict readers of text, which raise `Invalid` for what isn't exactly as expected."""

import re
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from domain.shared.dates import moment_fault
from domain.shared.errors import Fault, Invalid

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)


def optional(parse: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """A reader of cells that may be empty: then there is none."""
    return lambda text: parse(text) if text else None


def one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    """A reader of one of these words."""
    by_word = {choice.value: choice for choice in choices}

    def parse(text: str) -> Choice:
        try:
            return by_word[text]
        except KeyError:
            raise Invalid(Fault("unknown_word", f"{text!r} isn't one of {', '.join(by_word)}.")) from None

    return parse


def day(text: str) -> date:
    """A day of ISO 8601, such as 2026-03-01."""
    try:
        return date.fromisoformat(_exactly(_DAY, text))
    except ValueError:
        raise Invalid(Fault("not_a_date", "A date is expected, such as 2026-03-01.")) from None


def moment(text: str) -> datetime:
    """A time of ISO 8601 with its offset, such as 2026-03-01T06:00:00+01:00."""
    try:
        told = datetime.fromisoformat(_exactly(_MOMENT, text))
    except ValueError:
        detail = "A time with its offset is expected, such as 2026-03-01T06:00:00+01:00."
        raise Invalid(Fault("not_a_time", detail)) from None
    if fault := moment_fault(told):
        raise Invalid(fault)
    return told


def _exactly(pattern: re.Pattern[str], text: str) -> str:
    """`fromisoformat` takes more forms than one."""
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text
