"""Whether the clock can be trusted with what cannot be undone.

A clock that leapt five years ahead for a minute would have every case shredded whose days are over by then.
So each pulse of a worker is a reading, and with it goes what else the worker knows: how long it has really
been since its reading before, by a counter that nobody sets (``Interval``). What the clock came ahead by
beyond that is unexplained; it is a leap, or nobody worked. Nothing is destroyed

- while the moment is far from the latest reading;
- for ``STEADY`` of really elapsed time after a worker saw the clock leap, or nobody read it for ``FARTHEST``;
- once all that is unexplained since somebody confirmed the clock comes to more than ``BELIEVABLE``, until
  somebody has looked (``linli platform confirm-clock``), however long it goes on. Small leaps add up.

What is not destroyed is only late. Everything else (deadlines, reminders, deliveries) goes on meanwhile.
"""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from django.db import transaction

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.jobs.models import ClockReading

__all__ = [
    "BACK",
    "BELIEVABLE",
    "FARTHEST",
    "STEADY",
    "Clock",
    "ConfirmClock",
    "Interval",
    "clock_state",
    "elapsed",
    "read_clock",
    "trusted",
]

say = catalogue("linli.web.foundation.jobs")

FARTHEST: Final = dt.timedelta(days=2)
"""Nobody worked for so long, or the clock leapt."""
BACK: Final = dt.timedelta(minutes=5)
"""Clocks of several machines may differ by as much."""
STEADY: Final = dt.timedelta(hours=24)
"""Measured by what really elapsed, never by the clock in question."""
BELIEVABLE: Final = dt.timedelta(days=30)
"""No platform is switched off for longer, at once or bit by bit, without anybody looking."""
FRESH: Final = dt.timedelta(minutes=15)
"""Many pulses: where a worker works, the clock was read since."""

ROW: Final = 1


@dataclass(frozen=True)
class Interval:
    """Between a worker's reading before and this one: when it was by the clock, and how long ago really."""

    since: dt.datetime
    elapsed: dt.timedelta


def elapsed() -> dt.timedelta:
    """A moment of this machine that no setting of the clock moves; only differences mean something."""
    # It goes on while the machine sleeps, where the system has such a counter.
    return dt.timedelta(seconds=time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)))


@dataclass(frozen=True)
class Clock:
    """What is known of the clock at a moment."""

    state: Literal["unread", "steady", "far", "leapt", "unconfirmed"]
    seen_at: dt.datetime | None = None
    leapt_from: dt.datetime | None = None
    until: dt.datetime | None = None
    """When it will have been steady for long enough."""

    @property
    def trusted(self) -> bool:
        """What cannot be undone may be done."""
        return self.state in ("unread", "steady")


def clock_state(at: dt.datetime) -> Clock:
    """What is known of a clock that shows some moment; asks the database once, and changes nothing."""
    row = ClockReading.objects.filter(pk=ROW).first()
    if row is None:
        return Clock("unread")
    if not _follows(row.seen_at, at):
        return Clock("far", row.seen_at)
    if row.must_be_confirmed:
        return Clock("unconfirmed", row.seen_at, row.leapt_from)
    if at < row.steady_since + STEADY:
        return Clock("leapt", row.seen_at, row.leapt_from, row.steady_since + STEADY)
    return Clock("steady", row.seen_at)


def trusted(at: dt.datetime) -> bool:
    """Whether what cannot be undone may be done at a moment: by a worker, whose pulse reads the clock."""
    found = clock_state(at)
    return found.trusted and (found.seen_at is None or at - found.seen_at <= FRESH)


def read_clock(at: dt.datetime, interval: Interval | None = None) -> None:
    """Write down that a worker sees some moment, and whether the clock came to it as clocks do.

    Parameters
    ----------
    at : datetime
        What the clock shows.
    interval : Interval, optional
        Since the same worker's reading before; nothing for its first, when nobody knows what went before.
    """
    with transaction.atomic():
        row = ClockReading.objects.select_for_update().filter(pk=ROW).first()
        if row is None:
            _begin(at)
        else:
            ClockReading.objects.filter(pk=ROW).update(**_moved_on(row, at, interval))


def _moved_on(row: ClockReading, at: dt.datetime, interval: Interval | None) -> dict[str, Any]:
    follows = _follows(row.seen_at, at)
    unexplained = at - row.seen_at - (interval.elapsed if interval else dt.timedelta())
    if follows:
        # Clocks of several machines differ: one that is behind takes nothing back.
        unexplained = max(unexplained, dt.timedelta())
    # One that goes back undoes the leap ahead; it has to be steady again all the same.
    unexplained_in_all = row.unexplained + unexplained
    found = {"unexplained": unexplained_in_all, "must_be_confirmed": unexplained_in_all > BELIEVABLE}
    if follows and not _leapt(at, interval):
        later = {"seen_at": max(row.seen_at, at), "steady_since": row.steady_since + unexplained}
        return {**found, **later}
    came = interval.since + interval.elapsed if follows and interval else row.seen_at
    return {
        **found,
        "seen_at": max(row.seen_at, at) if follows else at,
        "steady_since": at,
        "leapt_from": came,
    }


def _leapt(at: dt.datetime, interval: Interval | None) -> bool:
    """Whether a worker that was there saw the clock leap ahead."""
    return interval is not None and at - interval.since - interval.elapsed > BACK


def _follows(seen: dt.datetime, at: dt.datetime) -> bool:
    return -BACK <= at - seen <= FARTHEST


def _begin(at: dt.datetime) -> None:
    """The first reading of a database is held against the newest entry of its audit log."""
    newest = Entry.objects.order_by("-pk").values_list("at", flat=True).first()
    usual = newest is None or _follows(newest, at)
    unexplained = dt.timedelta() if usual or newest is None else at - newest
    ClockReading.objects.bulk_create(
        [
            ClockReading(
                pk=ROW,
                seen_at=at,
                steady_since=at - STEADY - BACK if usual else at,
                leapt_from=None if usual else newest,
                unexplained=unexplained,
                must_be_confirmed=unexplained > BELIEVABLE,
            )
        ],
        ignore_conflicts=True,
    )


@dataclass(frozen=True, kw_only=True)
class ConfirmClock(Action[ClockReading]):
    """Somebody has looked: the clock is right. What waited is done from now on."""

    name: ClassVar[str] = "platform.confirm_clock"

    def check(self, context: Context) -> None:
        """Only whoever runs the server."""
        if not context.actor.is_system:
            raise Forbidden(say("clock.forbidden"))

    def change(self, context: Context) -> ClockReading:
        """The clock counts as steady."""
        row, _ = ClockReading.objects.update_or_create(
            pk=ROW,
            defaults={
                "seen_at": context.at,
                "steady_since": context.at - STEADY - BACK,
                "unexplained": dt.timedelta(),
                "must_be_confirmed": False,
            },
        )
        return row

    def record(self, result: ClockReading) -> Record:
        """Which moment was confirmed."""
        detail = {"moment": result.seen_at.isoformat()}
        return Record(action=self.name, subject_kind="platform", subject_id="clock", detail=detail)
