"""Two clocks for each case: the state's and the case's, in working or calendar time, with pauses.

While a state that pauses lasts, the case's clock stands still: what was left when it began is kept, and
the deadline is worked out anew from it when the state ends. So a pause moves the deadline by exactly as
long as it lasted, in the time that the clock counts.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.kernel.calendar import CalendarTime, WorkingCalendar, WorkingTime
from linli.web.foundation.casework.types.model import Calendar, Escalation, State, TypeSpec

__all__ = [
    "Deadlines",
    "Running",
    "anew",
    "enter",
    "next_check",
    "opening",
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


@cache
def zone() -> ZoneInfo:
    """The territory's zone."""
    return ZoneInfo(settings.TIME_ZONE)


@cache
def time_of(calendar: Calendar) -> Running:
    """Working time of the territory, or time as it passes."""
    return CalendarTime() if calendar == "calendar" else WorkingTime(WorkingCalendar(zone=zone()))


@dataclass(frozen=True)
class Deadlines:
    """Both deadlines of a case; ``remaining`` is what the case's clock has left while it stands still."""

    state_due: dt.datetime | None = None
    case_due: dt.datetime | None = None
    remaining: dt.timedelta | None = None

    @property
    def first(self) -> dt.datetime | None:
        """The earlier of the two."""
        return min((due for due in (self.state_due, self.case_due) if due is not None), default=None)


def opening(spec: TypeSpec, category: str, at: dt.datetime) -> Deadlines:
    """The deadlines of a case that is opened now."""
    return anew(spec, category, spec.initial, at)


def anew(spec: TypeSpec, category: str, state: State, at: dt.datetime) -> Deadlines:
    """The deadlines of a case that comes into a state with all its time before it: opened or reopened."""
    known = spec.category_by_id.get(category)
    hours = (known.due_hours if known is not None else None) or spec.due_hours
    duration = None if hours is None else dt.timedelta(hours=hours)
    case_due = None if duration is None else time_of(spec.calendar).after(at, duration)
    return enter(spec, state, Deadlines(case_due=case_due), at)


def enter(spec: TypeSpec, state: State, before: Deadlines, at: dt.datetime) -> Deadlines:
    """The deadlines after a case has come into a state."""
    state_due = None
    if state.due_hours is not None:
        state_due = time_of(state.calendar or spec.calendar).after(at, dt.timedelta(hours=state.due_hours))
    if state.kind == "closed":
        return Deadlines(remaining=_left(spec, before, at))
    if state.pauses:
        return Deadlines(state_due=state_due, remaining=_left(spec, before, at))
    if before.remaining is not None:
        return Deadlines(state_due=state_due, case_due=time_of(spec.calendar).after(at, before.remaining))
    return Deadlines(state_due=state_due, case_due=before.case_due)


def stricter(spec: TypeSpec, own: Deadlines, given: Deadlines, at: dt.datetime) -> Deadlines:
    """The deadlines of a case that answers for another from now on: each the earlier of both."""
    state_due = _earlier(own.state_due, given.state_due)
    if own.remaining is not None:
        left = _left(spec, given, at)
        return Deadlines(state_due, own.case_due, own.remaining if left is None else min(own.remaining, left))
    due = given.case_due
    if given.remaining is not None:
        due = time_of(spec.calendar).after(at, given.remaining)
    return Deadlines(state_due, _earlier(own.case_due, due))


def _earlier(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return min((due for due in (one, other) if due is not None), default=None)


def _left(spec: TypeSpec, before: Deadlines, at: dt.datetime) -> dt.timedelta | None:
    """What the case's clock has left; nothing is left of a deadline that has passed."""
    if before.remaining is not None or before.case_due is None:
        return before.remaining
    if before.case_due <= at:
        return dt.timedelta(0)
    return time_of(spec.calendar).between(at, before.case_due)


def next_check(
    spec: TypeSpec, deadlines: Deadlines, *, state_step: int, case_step: int
) -> dt.datetime | None:
    """When the next escalation of either clock is due; ``None`` where there is none left."""
    moments = [
        _moment(spec, deadlines.state_due, steps(spec, "state")[state_step:]),
        _moment(spec, deadlines.case_due, steps(spec, "case")[case_step:]),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def steps(spec: TypeSpec, clock: str) -> tuple[Escalation, ...]:
    """The escalations of one clock, in order of time."""
    return tuple(sorted((e for e in spec.escalations if e.clock == clock), key=lambda e: e.after_hours))


def _moment(spec: TypeSpec, due: dt.datetime | None, left: Iterable[Escalation]) -> dt.datetime | None:
    first = next(iter(left), None)
    if due is None or first is None:
        return None
    return time_of(spec.calendar).after(due, dt.timedelta(hours=first.after_hours))
