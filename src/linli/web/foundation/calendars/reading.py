"""The calendar in use: the law, the notices that the library has, those entered, and the office's hours.

A process keeps what it read for as long as the token of the one row says that nothing has changed: the row
is asked at most once a request, and every time outside one. Nothing else of the platform is needed here, so
that the residents' pages can say of a date that it may still move.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from threading import Lock
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.kernel.calendar import LAST_KNOWN, LIBRARY_SETTLES, OFFICE_HOURS, Announced, Hours, WorkingCalendar
from linli.kernel.texts import Text
from linli.web.foundation.calendars.models import CalendarState, OfficeHours, YearNotice
from linli.web.foundation.once import once

__all__ = [
    "METHOD",
    "Changes",
    "announced",
    "calendar_of",
    "caution",
    "fingerprint",
    "hours_of",
    "missing_year",
    "zone",
]

Changes = tuple[tuple[dt.date, Hours], ...]

METHOD: Final = "law2"
"""How what nobody entered is worked out. Under another name all stored deadlines are reckoned anew."""
ROW: Final = 1


@cache
def zone() -> ZoneInfo:
    """The territory's zone."""
    return ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True)
class _Entered:
    """All that has been entered, as one token stands for it."""

    announced: tuple[Announced, ...] = ()
    county: Changes = ()
    stations: tuple[tuple[str, tuple[tuple[dt.date, Hours | None], ...]], ...] = ()


_KEPT: dict[str, _Entered] = {"": _Entered()}
_LOCK: Final = Lock()
_MOST: Final = 8


def fingerprint() -> str:
    """A name of everything that working days and hours come from: another one, where anything has changed."""
    return f"{METHOD}-{LAST_KNOWN}-{_token()}"


def calendar_of(station: str = "") -> WorkingCalendar:
    """The working days and hours of a station; the county's where it has none of its own."""
    return _calendar(_entered(), station, zone())


def caution(moment: dt.datetime | None, station: str = "") -> Text | None:
    """What is said beside a date that comes of working days and may still move; else ``None``."""
    day = None if moment is None else moment.astimezone(zone()).date()
    # The library alone settles most dates: then nobody asks the database.
    return None if day is None or day <= LIBRARY_SETTLES else calendar_of(station).caution(day)


def missing_year(at: dt.datetime) -> int | None:
    """The year whose notice should be there: this one's, and from November on the next one's."""
    today = at.astimezone(zone()).date()
    wanted = today.year + (today.month >= 11)
    first = calendar_of().known_until.year + 1
    return first if first <= wanted else None


def announced() -> tuple[Announced, ...]:
    """The notices that have been entered, by year."""
    return _entered().announced


def hours_of(station: str = "") -> Changes:
    """The hours that a station, or the county, changes to, each from its day on."""
    return _calendar(_entered(), station, zone()).changes


def _token() -> str:
    ask = CalendarState.objects.filter(pk=ROW).values_list("token", flat=True)
    return once("calendar token", lambda: ask.first() or "")


def _entered() -> _Entered:
    token = _token()
    found = _KEPT.get(token)
    if found is None:
        found = _read()
        with _LOCK:
            while len(_KEPT) >= _MOST:
                del _KEPT[next(iter(_KEPT))]
            # Tokens are never used twice, not even after a change that was undone.
            _KEPT[token] = found
    return found


def _read() -> _Entered:
    notices = [_announced(row) for row in YearNotice.objects.filter(replaced_at=None).order_by("year")]
    by_station: dict[str, list[tuple[dt.date, Hours | None]]] = {}
    for row in OfficeHours.objects.filter(replaced_at=None).order_by("valid_from"):
        by_station.setdefault(row.station_code, []).append((row.valid_from, _hours(row.periods)))
    county = tuple((day, hours or OFFICE_HOURS) for day, hours in by_station.pop("", []))
    stations = tuple((code, tuple(changes)) for code, changes in sorted(by_station.items()))
    return _Entered(tuple(notices), county, stations)


def _announced(row: YearNotice) -> Announced:
    rest, worked = (frozenset(map(dt.date.fromisoformat, days)) for days in (row.rest, row.worked))
    return Announced(year=row.year, rest=rest, worked=worked)


def _hours(periods: Iterable[Iterable[str]]) -> Hours | None:
    found = tuple((dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)) for opens, closes in periods)
    return found or None


@lru_cache(maxsize=256)
def _calendar(entered: _Entered, station: str, zone: ZoneInfo) -> WorkingCalendar:
    own = dict(entered.stations).get(station, ())
    return WorkingCalendar(zone=zone, announced=entered.announced, changes=_changes(entered.county, own))


def _changes(county: Changes, own: tuple[tuple[dt.date, Hours | None], ...]) -> Changes:
    """A station's hours: its own since the day it has them, else the county's."""
    found: list[tuple[dt.date, Hours]] = []
    for day in sorted({day for day, _ in chain(county, own)}):
        mine = _latest(own, day)
        found.append((day, mine if mine is not None else _latest(county, day) or OFFICE_HOURS))
    return tuple(found)


def _latest(changes: Iterable[tuple[dt.date, Any]], day: dt.date) -> Any:
    return next((hours for since, hours in reversed(tuple(changes)) if since <= day), None)
