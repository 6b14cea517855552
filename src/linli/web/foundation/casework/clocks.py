"""Two clocks for each case: the state's and the case's, in working or calendar time, with pauses.

While a state that pauses lasts, the case's clock stands still: what was left when it began is kept, and
the deadline is worked out anew from it when the state ends. So a pause moves the deadline by exactly as
long as it lasted, in the time that the clock counts.

Each deadline keeps what it was reckoned from (``Stretch``), so that it can be reckoned again when the
calendar changes. One that was set as a date has nothing to be reckoned from, and stays.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from linli.kernel.calendar import CalendarTime, WorkingTime
from linli.web.foundation.calendars.reading import calendar_of, zone
from linli.web.foundation.casework.types.model import Calendar, Escalation, State, TypeSpec

__all__ = [
    "Deadlines",
    "Running",
    "Stretch",
    "anew",
    "enter",
    "next_check",
    "opening",
    "reckoned_again",
    "steps",
    "stricter",
    "time_of",
    "zone",
]


class Running(Protocol):
    """A way of counting time."""

    def after(self, start: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """The moment when a duration has passed since a start."""
        ...

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """The time that passes between two moments."""
        ...


_AS_IT_PASSES: Final = CalendarTime()


def time_of(calendar: Calendar, station: str = "") -> Running:
    """Working time by the calendar in use now, of a station or the county; or time as it passes."""
    return _AS_IT_PASSES if calendar == "calendar" else WorkingTime(calendar_of(station))


@dataclass(frozen=True)
class Stretch:
    """What a deadline is reckoned from: a moment, and how much time it gives."""

    start: dt.datetime
    length: dt.timedelta


@dataclass(frozen=True)
class Deadlines:
    """Both deadlines of a case; ``remaining`` is what the case's clock has left while it stands still."""

    state_due: dt.datetime | None = None
    case_due: dt.datetime | None = None
    remaining: dt.timedelta | None = None
    state_stretch: Stretch | None = None
    case_stretch: Stretch | None = None
    stopped: dt.datetime | None = None
    """Since when the case's clock stands still."""

    @property
    def first(self) -> dt.datetime | None:
        """The earlier of the two."""
        return min((due for due in (self.state_due, self.case_due) if due is not None), default=None)


def opening(spec: TypeSpec, category: str, at: dt.datetime, *, station: str = "") -> Deadlines:
    """The deadlines of a case that is opened now."""
    return anew(spec, category, spec.initial, at, station=station)


def anew(spec: TypeSpec, category: str, state: State, at: dt.datetime, *, station: str = "") -> Deadlines:
    """The deadlines of a case that comes into a state with all its time before it: opened or reopened."""
    known = spec.category_by_id.get(category)
    hours = (known.due_hours if known is not None else None) or spec.due_hours
    stretch = None if hours is None else Stretch(at, dt.timedelta(hours=hours))
    whole = Deadlines(case_due=_end(stretch, spec.calendar, station), case_stretch=stretch)
    return enter(spec, state, whole, at, station=station)


def enter(
    spec: TypeSpec, state: State, before: Deadlines, at: dt.datetime, *, station: str = ""
) -> Deadlines:
    """The deadlines after a case has come into a state."""
    if state.kind == "closed":
        return Deadlines(remaining=_left(spec, before, at, station))
    stretch = None if state.due_hours is None else Stretch(at, dt.timedelta(hours=state.due_hours))
    due = _end(stretch, state.calendar or spec.calendar, station)
    found = replace(before, state_due=due, state_stretch=stretch)
    if state.pauses:
        stopped = at if before.remaining is None else before.stopped
        left = _left(spec, before, at, station)
        return replace(found, case_due=None, remaining=left, stopped=None if left is None else stopped)
    if before.remaining is not None:
        rest = Stretch(at, before.remaining)
        case_due = _end(rest, spec.calendar, station)
        return replace(found, case_due=case_due, case_stretch=rest, remaining=None, stopped=None)
    return found


def _end(stretch: Stretch | None, calendar: Calendar, station: str) -> dt.datetime | None:
    return None if stretch is None else time_of(calendar, station).after(stretch.start, stretch.length)


def stricter(
    spec: TypeSpec, own: Deadlines, given: Deadlines, at: dt.datetime, *, station: str = ""
) -> Deadlines:
    """The deadlines of a case that answers for another from now on: each the earlier of both."""
    if _is_earlier(given.state_due, own.state_due):
        own = replace(own, state_due=given.state_due, state_stretch=given.state_stretch)
    if own.remaining is not None:
        left = _left(spec, given, at, station)
        if left is None or left >= own.remaining:
            return own
        stopped = given.stopped or at
        return replace(own, remaining=left, case_stretch=given.case_stretch, stopped=stopped)
    due, stretch = given.case_due, given.case_stretch
    if given.remaining is not None:
        stretch = Stretch(at, given.remaining)
        due = _end(stretch, spec.calendar, station)
    return replace(own, case_due=due, case_stretch=stretch) if _is_earlier(due, own.case_due) else own


def _is_earlier(one: dt.datetime | None, other: dt.datetime | None) -> bool:
    return one is not None and (other is None or one < other)


def _left(spec: TypeSpec, before: Deadlines, at: dt.datetime, station: str) -> dt.timedelta | None:
    """What the case's clock has left; nothing is left of a deadline that has passed."""
    if before.remaining is not None or before.case_due is None:
        return before.remaining
    if before.case_due <= at:
        return dt.timedelta(0)
    return time_of(spec.calendar, station).between(at, before.case_due)


def reckoned_again(spec: TypeSpec, state: State, found: Deadlines, *, station: str = "") -> Deadlines:
    """The same deadlines by the calendar in use now; those that were set as dates stay."""
    if found.state_due is not None and found.state_stretch is not None:
        due = _end(found.state_stretch, state.calendar or spec.calendar, station)
        found = replace(found, state_due=due)
    stretch = found.case_stretch
    if stretch is None:
        return found
    if found.case_due is not None:
        return replace(found, case_due=_end(stretch, spec.calendar, station))
    if found.remaining is None or found.stopped is None:
        return found
    used = time_of(spec.calendar, station).between(stretch.start, found.stopped)
    return replace(found, remaining=max(dt.timedelta(0), stretch.length - used))


def next_check(
    spec: TypeSpec, deadlines: Deadlines, *, state_step: int, case_step: int, station: str = ""
) -> dt.datetime | None:
    """When the next escalation of either clock is due; ``None`` where there is none left."""
    moments = [
        _moment(spec, deadlines.state_due, steps(spec, "state")[state_step:], station),
        _moment(spec, deadlines.case_due, steps(spec, "case")[case_step:], station),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def steps(spec: TypeSpec, clock: str) -> tuple[Escalation, ...]:
    """The escalations of one clock, in order of time."""
    return tuple(sorted((e for e in spec.escalations if e.clock == clock), key=lambda e: e.after_hours))


def _moment(
    spec: TypeSpec, due: dt.datetime | None, left: Iterable[Escalation], station: str
) -> dt.datetime | None:
    first = next(iter(left), None)
    if due is None or first is None:
        return None
    return time_of(spec.calendar, station).after(due, dt.timedelta(hours=first.after_hours))
