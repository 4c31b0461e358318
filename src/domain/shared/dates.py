"""Which days and moments may be stated."""

from datetime import date, datetime, timedelta

from domain.shared.errors import Fault

FIRST_YEAR, LAST_YEAR = 1900, 2999

FURTHEST_OFFSET = timedelta(hours=14)
"""No clock on Earth is further from UTC (Kiribati's Line Islands, in the IANA time zone database)."""


def day_fault(day: date, *path: str | int) -> Fault | None:
    """What is wrong with a day: a year that no plant means."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return Fault("out_of_range", f"The year is between {FIRST_YEAR} and {LAST_YEAR}.", path)


def moment_fault(moment: datetime, *path: str | int) -> Fault | None:
    """What is wrong with a moment: no offset from UTC, one that no clock has, or a year that no plant means."""
    offset = moment.utcoffset()
    if offset is None:
        return Fault("no_offset", "A time has an offset, such as 2026-03-01T06:00:00+01:00.", path)
    if abs(offset) > FURTHEST_OFFSET:
        return Fault("out_of_range", "A time's offset from UTC is at most 14 hours.", path)
    return day_fault(moment, *path)
