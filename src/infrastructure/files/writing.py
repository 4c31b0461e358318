"""How figures and times are written for people: to the last digit, and the same in every file."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from application.shared.language import Language
from domain.shared.exact import canonical

# Spaces that don't break a line; the last two are as wide as a digit and as a point.
NARROW_SPACE, DIGIT_SPACE, POINT_SPACE = "\u202f", "\u2007", "\u2008"
# What embeds, overrides and isolates directions: one of these in a text could show a figure backwards.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
NOTHING = "\N{EN DASH}"
MARKS = {Language.ENGLISH: ".", Language.FRENCH: ","}


def written_number(number: Decimal, language: Language) -> str:
    """The number with its thousands apart, to its last digit."""
    whole, _, decimals = canonical(number).partition(".")
    grouped = f"{int(whole):,}".replace(",", NARROW_SPACE)
    if whole.startswith("-") and not grouped.startswith("-"):
        grouped = f"-{grouped}"
    return grouped + (MARKS[language] + decimals if decimals else "")


def written_column(numbers: Sequence[Decimal | None], language: Language) -> list[str]:
    """Numbers that stand below each other, filled up with spaces so that their decimal marks do too; none is a dash."""
    mark = MARKS[language]
    written = [NOTHING if number is None else written_number(number, language) for number in numbers]
    most = max((len(text.partition(mark)[2]) for text in written), default=0)
    return [_filled(text, mark, most) for text in written]


def _filled(text: str, mark: str, most: int) -> str:
    _, point, decimals = text.partition(mark)
    if not most:
        return text
    return text + ("" if point else POINT_SPACE) + DIGIT_SPACE * (most - len(decimals))


def printable(text: str) -> str:
    """The text with what can't be seen, or would turn what follows it round, named by its code point instead."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return "".join(f"[U+{ord(letter):04X}]" if _is_hidden(letter) else letter for letter in lines)


def _is_hidden(letter: str) -> bool:
    return letter in TURNING or (letter != "\n" and unicodedata.category(letter) in {"Cc", "Cn", "Co", "Cs"})


def written_time(at: datetime) -> str:
    """Date and time to the minute, in UTC and saying so."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def written_minute(at: datetime) -> str:
    """Date and time to the minute, in UTC, where a heading says so."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def written_date(at: datetime) -> str:
    """The date in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def written_span(span: timedelta) -> str:
    """A length of time in days, hours and whole minutes."""
    minutes = span // timedelta(minutes=1)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} d"] if days else []
    parts += [f"{hours} h"] if days or hours else []
    return " ".join([*parts, f"{minutes} min"])
