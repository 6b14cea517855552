"""A year as the page shows it: month by month, what each day is, and what the notice comes to."""

import calendar
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from linli.kernel.calendar import Announced, WorkingCalendar
from linli.kernel.statutory import statutory_days
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["Day", "Month", "with_notice", "year_shown", "year_totals"]

SATURDAY = 5
_CLASSES = {
    "holiday": "bg-danger-lt text-body",
    "rest": "bg-warning-lt text-body",
    "made_up": "bg-primary-lt text-body",
}


@dataclass(frozen=True)
class Day:
    """One day of a month; ``word`` says what is special about it."""

    number: int
    css: str
    word: str


@dataclass(frozen=True)
class Month:
    """A month by weeks from Monday on; ``None`` where a week belongs to another month."""

    name: str
    weeks: tuple[tuple[Day | None, ...], ...]


def with_notice(days: WorkingCalendar, notice: Announced) -> WorkingCalendar:
    """The calendar as it would be with a notice."""
    others = tuple(one for one in days.announced if one.year != notice.year)
    return WorkingCalendar(
        zone=days.zone, hours=days.hours, announced=(*others, notice), changes=days.changes
    )


def year_shown(days: WorkingCalendar, year: int) -> list[Month]:
    """Twelve months, each day with what it is."""
    weeks = calendar.Calendar()
    return [
        Month(
            said(phrase("calendars:month", month=month)),
            tuple(
                tuple(_day(days, day) if day.month == month else None for day in week)
                for week in weeks.monthdatescalendar(year, month)
            ),
        )
        for month in range(1, 13)
    ]


def _day(days: WorkingCalendar, day: dt.date) -> Day:
    # A notice does not say which of its days are the law's; where none is out, the law is all there is.
    names = () if days.is_certain(day) else statutory_days(day.year).get(day, ())
    worked, weekend = days.is_workday(day), day.weekday() >= SATURDAY
    if names and not worked:
        return Day(day.day, _CLASSES["holiday"], "、".join(said(name) for name in names))
    if worked and weekend:
        return Day(day.day, _CLASSES["made_up"], said(phrase("calendars:made_up")))
    if not worked and not weekend:
        return Day(day.day, _CLASSES["rest"], said(phrase("calendars:rest")))
    return Day(day.day, "text-secondary" if weekend else "", "")


def year_totals(days: WorkingCalendar, year: int) -> dict[str, int]:
    """How many days are worked, weekdays that are not, weekend days that are."""
    first = dt.date(year, 1, 1)
    whole = [first + dt.timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365)]
    worked: Collection[dt.date] = [day for day in whole if days.is_workday(day)]
    made_up = sum(day.weekday() >= SATURDAY for day in worked)
    weekdays = sum(day.weekday() < SATURDAY for day in whole)
    return {"worked": len(worked), "made_up": made_up, "off": weekdays - (len(worked) - made_up)}
