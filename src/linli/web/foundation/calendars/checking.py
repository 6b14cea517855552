"""What a year's notice and office hours can say, checked before they are kept."""

import datetime as dt
from collections.abc import Collection, Iterable

from linli.kernel.calendar import Hours, WorkingCalendar
from linli.kernel.errors import LinliError
from linli.kernel.statutory import statutory_days
from linli.kernel.texts import Text, catalogue
from linli.web.foundation.calendars.reading import zone

__all__ = ["listed_days", "wrong_hours", "wrong_notice"]

say = catalogue("linli.web.foundation.calendars")

SATURDAY = 5
MOST_NAMED = 12


def listed_days(days: Iterable[dt.date]) -> str:
    """Some days for a sentence, the first dozen of them."""
    named = sorted(set(days))
    return "、".join(day.isoformat() for day in named[:MOST_NAMED]) + ("…" if len(named) > MOST_NAMED else "")


def wrong_notice(
    year: int, rest: Collection[dt.date], worked: Collection[dt.date], *, today: dt.date
) -> dict[str, Text]:
    """What keeps a notice from being taken, by field; empty where nothing does."""
    wrong: dict[str, Text] = {}
    if not today.year <= year <= today.year + 2:
        wrong["year"] = say("notice.year", given=year, first=today.year, last=today.year + 2)
        return wrong
    fixed = set(statutory_days(year))
    wrong |= _wrong_rest(year, set(rest), fixed)
    wrong |= _wrong_worked(year, set(worked), set(rest) | fixed)
    return wrong


def _outside(year: int, days: set[dt.date]) -> set[dt.date]:
    """Days of other years; the last days of December before belong to a New Year's holiday."""
    return {day for day in days if day.year != year and (day.year, day.month) != (year - 1, 12)}


def _wrong_rest(year: int, rest: set[dt.date], fixed: set[dt.date]) -> dict[str, Text]:
    if not rest:
        return {"rest": say("notice.no_rest")}
    if outside := _outside(year, rest):
        return {"rest": say("notice.other_year", days=listed_days(outside), year=year)}
    if missing := fixed - rest:
        return {"rest": say("notice.law_missing", days=listed_days(missing))}
    return {}


def _wrong_worked(year: int, worked: set[dt.date], rest: set[dt.date]) -> dict[str, Text]:
    if outside := _outside(year, worked):
        return {"worked": say("notice.other_year", days=listed_days(outside), year=year)}
    if both := worked & rest:
        return {"worked": say("notice.both", days=listed_days(both))}
    if weekdays := {day for day in worked if day.weekday() < SATURDAY}:
        return {"worked": say("notice.weekday", days=listed_days(weekdays))}
    return {}


def wrong_hours(periods: Hours, *, may_be_empty: bool) -> Text | None:
    """What keeps office hours from being taken."""
    if not periods and may_be_empty:
        return None
    try:
        WorkingCalendar(zone=zone(), hours=periods)
    except LinliError as refused:
        return refused.text
    return None
