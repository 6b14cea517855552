"""Whether the clock can be trusted with what cannot be undone.

A clock that leaps five years ahead for a minute would have every case shredded whose days are over by then.
So each pulse of a worker is a reading, and nothing is destroyed

- while the moment is more than ``FARTHEST`` after the latest reading, or before it;
- for ``STEADY`` after the clock has leapt, either way, or nobody has read it for that long;
- after a leap ahead of more than ``BELIEVABLE``, until somebody has confirmed the clock
  (``linli platform confirm-clock``), however long it goes on.

What is not destroyed is only late. Everything else (deadlines, reminders, deliveries) goes on meanwhile.
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

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
    "clock_state",
    "read_clock",
    "trusted",
]

say = catalogue("linli.web.foundation.jobs")

FARTHEST: Final = dt.timedelta(days=2)
"""Nobody worked for so long, or the clock leapt."""
BACK: Final = dt.timedelta(minutes=5)
"""Clocks of several machines may differ by as much."""
STEADY: Final = dt.timedelta(hours=24)
BELIEVABLE: Final = dt.timedelta(days=30)
"""No platform is switched off for longer and then on again without anybody looking."""

ROW: Final = 1


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
    """Whether what cannot be undone may be done at a moment."""
    return clock_state(at).trusted


def read_clock(at: dt.datetime) -> None:
    """Write down that a worker sees some moment, and whether the clock came to it as clocks do."""
    with transaction.atomic():
        row = ClockReading.objects.select_for_update().filter(pk=ROW).first()
        if row is None:
            _begin(at)
        elif _follows(row.seen_at, at):
            ClockReading.objects.filter(pk=ROW).update(seen_at=max(row.seen_at, at))
        else:
            # One that goes back undoes the leap ahead; it has to be steady again all the same.
            unconfirmed = row.must_be_confirmed and at - (row.leapt_from or at) > BELIEVABLE
            ClockReading.objects.filter(pk=ROW).update(
                seen_at=at,
                steady_since=at,
                leapt_from=row.leapt_from if unconfirmed else row.seen_at,
                must_be_confirmed=unconfirmed or at - row.seen_at > BELIEVABLE,
            )


def _follows(seen: dt.datetime, at: dt.datetime) -> bool:
    return -BACK <= at - seen <= FARTHEST


def _begin(at: dt.datetime) -> None:
    """The first reading of a database is held against the newest entry of its audit log."""
    newest = Entry.objects.order_by("-pk").values_list("at", flat=True).first()
    usual = newest is None or _follows(newest, at)
    far = newest is not None and at - newest > BELIEVABLE
    ClockReading.objects.bulk_create(
        [
            ClockReading(
                pk=ROW,
                seen_at=at,
                steady_since=at - STEADY if usual else at,
                leapt_from=None if usual else newest,
                must_be_confirmed=far,
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
                "steady_since": context.at - STEADY,
                "must_be_confirmed": False,
            },
        )
        return row

    def record(self, result: ClockReading) -> Record:
        """Which moment was confirmed."""
        detail = {"moment": result.seen_at.isoformat()}
        return Record(action=self.name, subject_kind="platform", subject_id="clock", detail=detail)
