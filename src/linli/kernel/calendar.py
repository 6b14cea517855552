"""Time that counts towards a deadline: working time with China's holidays, or time as it passes.

Which days are worked comes from the kept library ``chinese_calendar``: the State Council's notices with
their make-up workdays, 2004 to 2026. A later year is worked out from the days that the law
fixes (``statutory``), and ``caution`` says so; its notice, once it is out, is given as an ``Announced``.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import chinese_calendar

from linli.kernel.errors import LinliError
from linli.kernel.statutory import statutory_days
from linli.kernel.texts import Text, catalogue

__all__ = [
    "LAST_KNOWN",
    "LIBRARY_SETTLES",
    "OFFICE_HOURS",
    "Announced",
    "CalendarTime",
    "Clock",
    "Hours",
    "WorkingCalendar",
    "WorkingTime",
    "add_working",
    "working_between",
]

Hours = tuple[tuple[dt.time, dt.time], ...]

OFFICE_HOURS: Final[Hours] = ((dt.time(8, 30), dt.time(12, 0)), (dt.time(14, 0), dt.time(17, 30)))

FIRST_KNOWN: Final = min(chinese_calendar.holidays).year
LAST_KNOWN: Final = max(chinese_calendar.holidays).year
SETTLED: Final = (12, 27)
"""The notice for a year may move the last days of the year before: never, so far, one before 29 December."""
LIBRARY_SETTLES: Final = dt.date(LAST_KNOWN, *SETTLED)
"""The last day that is certain whatever has been entered by hand."""
EARLIEST, LATEST = 2, 9998
MICROSECOND: Final = dt.timedelta(microseconds=1)
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Clock(Protocol):
    """A way of counting time."""

    def after(self, start: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """The moment when a duration has passed since a start, in UTC; a negative one looks back."""
        ...

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """The time that counts between two moments; negative where the end comes first."""
        ...


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A year's notice, entered by hand: weekdays that are not worked, weekend days that are.

    It may name days at the end of the year before too, such as a New Year's holiday that begins in December.
    """

    year: int
    rest: frozenset[dt.date]
    worked: frozenset[dt.date]

    def is_workday(self, day: dt.date) -> bool:
        """Whether the notice leaves the day a workday."""
        return day in self.worked or (day.weekday() < 5 and day not in self.rest)

    def names(self, day: dt.date) -> bool:
        """Whether the notice says something of the day."""
        return day in self.worked or day in self.rest


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """The working days and hours of an office.

    Parameters
    ----------
    zone : ZoneInfo
        Where the office's wall clock stands.
    hours : Hours
        Opening and closing times of each working day, in order, within the day and apart.
    announced : tuple of Announced
        Notices that the library does not have yet; they go before the library.
    changes : tuple of date and Hours
        Other hours from a day on, in order of days: what was worked before is not reckoned anew.
    """

    zone: ZoneInfo
    hours: Hours = OFFICE_HOURS
    announced: tuple[Announced, ...] = ()
    changes: tuple[tuple[dt.date, Hours], ...] = ()

    def __post_init__(self) -> None:
        for hours in (self.hours, *(later for _, later in self.changes)):
            _refuse_disordered(hours)

    def hours_on(self, day: dt.date) -> Hours:
        """The opening and closing times that a working day has."""
        return next((hours for since, hours in reversed(self.changes) if since <= day), self.hours)

    def is_workday(self, day: dt.date) -> bool:
        """Whether the office works on a day."""
        after = self._notice(day.year + 1)
        notice = after if after is not None and after.names(day) else self._notice(day.year)
        if notice is not None:
            return notice.is_workday(day)
        if FIRST_KNOWN <= day.year <= LAST_KNOWN:
            # The library's own is_workday looks for its first and last year anew each time.
            made_up, rest = chinese_calendar.workdays, chinese_calendar.holidays
            return day in made_up or (day.weekday() < 5 and day not in rest)
        return day.weekday() < 5 and day not in statutory_days(day.year)

    def is_certain(self, day: dt.date) -> bool:
        """Whether the day's being worked or not is known, not worked out from the law alone."""
        return self._knows(day.year) and (
            (day.month, day.day) <= SETTLED or self.is_certain(dt.date(day.year + 1, 1, 1))
        )

    @property
    def known_until(self) -> dt.date:
        """The last day before the first that is not certain."""
        year = LAST_KNOWN
        while self._knows(year + 1):
            year += 1
        return dt.date(year, *SETTLED)

    def caution(self, day: dt.date) -> Text | None:
        """What a screen says beside a date that may still move; ``None`` where it will not.

        A date behind a year that is not known may move though its own year is: the days before it count too.
        """
        settled = self.known_until
        if day <= settled and (day.year >= FIRST_KNOWN or self.is_certain(day)):
            return None
        year = settled.year + 1 if day > settled else day.year
        return catalogue(__package__)("calendar.not_announced", year=year)

    def _knows(self, year: int) -> bool:
        return FIRST_KNOWN <= year <= LAST_KNOWN or self._notice(year) is not None

    def _notice(self, year: int) -> Announced | None:
        return next((notice for notice in self.announced if notice.year == year), None)


@dataclass(frozen=True)
class CalendarTime:
    """Time as it passes, day and night."""

    def after(self, start: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """The moment a duration after a start, in UTC."""
        return _utc(start) + duration

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """The time between two moments."""
        return _utc(end) - _utc(start)


@dataclass(frozen=True)
class WorkingTime:
    """Only the hours in which the office works."""

    calendar: WorkingCalendar

    def after(self, start: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """The moment when so much working time has passed; see ``add_working``."""
        return add_working(start, duration, self.calendar)

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """The working time between two moments; see ``working_between``."""
        return working_between(start, end, self.calendar)


def _refuse_disordered(hours: Hours) -> None:
    times = [time for pair in hours for time in pair]
    local = all(time.tzinfo is None for time in times)
    if not times or not local or any(a >= b for a, b in pairwise(times)):
        given = "、".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in hours)
        raise LinliError(catalogue(__package__)("calendar.hours", given=given))


def add_working(start: dt.datetime, duration: dt.timedelta, calendar: WorkingCalendar) -> dt.datetime:
    """The first moment, in UTC, when ``duration`` of working time has passed since ``start``.

    A deadline that falls on the end of a day is that day's closing time, not the next morning. A negative
    duration gives the last moment from which so much working time is left until ``start``. Nothing added
    gives ``start`` itself, even outside working hours.

    Raises
    ------
    ValueError
        ``start`` has no time zone.
    LinliError
        The moment lies outside the years 2 to 9998.
    """
    moment = _utc(start)
    if not duration:
        return moment
    year = moment.astimezone(calendar.zone).year
    target = _year(calendar, year).worked_before(_stamp(moment)) + duration // MICROSECOND
    if duration > dt.timedelta(0):
        while target > (total := _year(calendar, year).total):
            target, year = target - total, year + 1
        stamp = _year(calendar, year).first_with(target)
    else:
        while target < 0:
            year -= 1
            target += _year(calendar, year).total
        stamp = _year(calendar, year).last_with(target)
    return EPOCH + stamp * MICROSECOND


def working_between(start: dt.datetime, end: dt.datetime, calendar: WorkingCalendar) -> dt.timedelta:
    """The working time between two moments; negative where ``end`` comes first.

    Raises
    ------
    ValueError
        A moment has no time zone.
    """
    a, b = _utc(start), _utc(end)
    if a > b:
        return -working_between(b, a, calendar)
    first, last = a.astimezone(calendar.zone).year, b.astimezone(calendar.zone).year
    worked = sum(_year(calendar, year).total for year in range(first, last))
    worked += _year(calendar, last).worked_before(_stamp(b)) - _year(calendar, first).worked_before(_stamp(a))
    return worked * MICROSECOND


@dataclass(frozen=True)
class _Year:
    """The spells of work of one year, in microseconds since 1970, and how much is done by each end."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    done: tuple[int, ...]

    @property
    def total(self) -> int:
        """All that is worked in the year."""
        return self.done[-1] if self.done else 0

    def worked_before(self, stamp: int) -> int:
        """What is worked of the year by a moment."""
        at = bisect_right(self.starts, stamp) - 1
        return 0 if at < 0 else self.done[at] - max(0, self.ends[at] - stamp)

    def first_with(self, worked: int) -> int:
        """The first moment when so much is worked, which is more than nothing."""
        at = bisect_left(self.done, worked)
        return self.ends[at] - (self.done[at] - worked)

    def last_with(self, worked: int) -> int:
        """The last moment when so much is worked, which is less than all."""
        at = bisect_right(self.done, worked)
        return self.ends[at] - (self.done[at] - worked)


@lru_cache(maxsize=512)
def _year(calendar: WorkingCalendar, year: int) -> _Year:
    if not EARLIEST <= year <= LATEST:
        raise LinliError(catalogue(__package__)("calendar.too_far", first=EARLIEST, last=LATEST))
    spells: list[tuple[int, int]] = []
    day, latest = dt.date(year, 1, 1), -(2**63)
    while day.year == year:
        for opens, closes in calendar.hours_on(day) if calendar.is_workday(day) else ():
            # Where clocks are put forward, two spells may meet on the same moment: it counts once.
            start, end = max(latest, _at(calendar, day, opens)), _at(calendar, day, closes)
            if start < end:
                spells.append((start, end))
                latest = end
        day += dt.timedelta(days=1)
    starts, ends = tuple(s for s, _ in spells), tuple(e for _, e in spells)
    return _Year(starts, ends, tuple(accumulate(e - s for s, e in spells)))


def _at(calendar: WorkingCalendar, day: dt.date, time: dt.time) -> int:
    return _stamp(dt.datetime.combine(day, time, tzinfo=calendar.zone).astimezone(dt.UTC))


def _stamp(moment: dt.datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError(f"expected a moment with a time zone, given {moment.isoformat()}")
    return moment.astimezone(dt.UTC)
