"""Days and moments from outside: one reader, one least and one most.

People write of what happened since the People's Republic was founded and plan at most twenty years ahead.
Year 1 or 9999 is a slip of the hand or an attack, and breaks every page that shows it in local time: it is
read as no day at all. The database refuses moments too (``foundation/database``), within wider bounds.
"""

import datetime as dt
from typing import Final

from django.utils import timezone

from linli.web.foundation import clock

__all__ = [
    "EARLIEST",
    "YEARS_AHEAD",
    "clock_of",
    "day_of",
    "latest",
    "midnight",
    "moment_of",
    "month_of",
    "sensible",
]

EARLIEST: Final = dt.date(1949, 1, 1)
YEARS_AHEAD: Final = 20
_LONGEST: Final = 40


def latest() -> dt.date:
    """The last day that can be given: the end of the year twenty years from now."""
    return dt.date(clock.now().year + YEARS_AHEAD, 12, 31)


def sensible(moment: dt.date) -> bool:
    """Whether a day, or the day of a moment, lies within the bounds.

    A moment's own day counts, in whatever zone it was written: a day more or less breaks nothing.
    """
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    return EARLIEST <= day <= latest()


def day_of(text: str) -> dt.date | None:
    """The day that a text writes in ISO form (2026-03-10); ``None`` for anything else or out of bounds."""
    try:
        day = dt.date.fromisoformat(text.strip()[:_LONGEST])
    except ValueError:
        return None
    return day if sensible(day) else None


def month_of(text: str) -> dt.date | None:
    """The first day of the month that a text writes (2026-03); ``None`` for anything else."""
    return day_of(f"{text.strip()}-01")


def moment_of(text: str) -> dt.datetime | None:
    """The moment that a text writes in ISO form, as written, with or without a zone; else ``None``."""
    try:
        moment = dt.datetime.fromisoformat(text.strip()[:_LONGEST])
    except ValueError:
        return None
    return moment if sensible(moment) else None


def clock_of(text: str) -> dt.time | None:
    """The time of day that a text writes (09:30), without a zone; ``None`` for anything else."""
    try:
        return dt.time.fromisoformat(text.strip()[:_LONGEST]).replace(tzinfo=None)
    except ValueError:
        return None


def midnight(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    """When a day begins in the territory's zone, or the day so many days later."""
    if day is None:
        return None
    start = day + dt.timedelta(days=days)
    return dt.datetime.combine(start, dt.time(), timezone.get_default_timezone())
