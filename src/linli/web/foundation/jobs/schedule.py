"""Work that comes round: features register it, and of all workers one at a time does it.

A run is taken by a conditional update, so two workers never do the same at once; the claim ends by
itself when its worker is killed. A run may therefore be cut short and come again: it must bear that.

A clock that leapt ahead for a moment leaves times behind that nothing planned: what is due later than one
round from now is due at once, and a claim that would last longer than any does is none. What cannot be
undone waits while the clock cannot be trusted (``timekeeping``).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from linli.web.foundation.jobs.models import Schedule
from linli.web.foundation.jobs.timekeeping import BACK, trusted

__all__ = [
    "Periodic",
    "claim",
    "extend",
    "failed",
    "finished",
    "is_parked",
    "let_go",
    "register",
    "registered",
    "set_up",
]


@dataclass(frozen=True)
class Periodic:
    """Some work and how often it comes round; ``run`` is given the moment and says how much it did."""

    name: str
    every: dt.timedelta
    run: Callable[[dt.datetime], int]
    batch: int | None = None
    """Most that one run does: a run that did as much is followed by another at once."""
    destroys: bool = False
    """It does what cannot be undone: not while the clock cannot be trusted."""
    hour: int | None = None
    """The hour of the territory's day that it waits for, where it is for the night."""

    def after(self, at: dt.datetime) -> dt.datetime:
        """When it comes round after a run that ended at some moment."""
        if self.hour is None:
            return at + self.every
        local = timezone.localtime(at)
        tonight = local.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        return tonight if tonight > local else tonight + dt.timedelta(days=1)


_REGISTERED: dict[str, Periodic] = {}


def register(work: Periodic) -> None:
    """Add work that comes round; called by an app's ``ready``."""
    _REGISTERED[work.name] = work


def registered() -> Mapping[str, Periodic]:
    """Everything that comes round, by name."""
    return dict(sorted(_REGISTERED.items()))


def set_up(at: dt.datetime) -> None:
    """Put rows for what is registered and has none; it is due at once, or in the night that it waits for."""
    known = set(Schedule.objects.values_list("name", flat=True))
    fresh = [
        Schedule(name=name, next_at=at if work.hour is None else work.after(at))
        for name, work in registered().items()
        if name not in known
    ]
    if fresh:
        Schedule.objects.bulk_create(fresh, ignore_conflicts=True)


def claim(worker: str, at: dt.datetime, lease: dt.timedelta) -> Periodic | None:
    """Take what has been due for longest and nobody is at; ``None`` where there is nothing."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at) | Q(claimed_until__gt=at + 10 * lease)
    rows = Schedule.objects.filter(free, name__in=_REGISTERED).order_by("next_at", "name")
    waiting = [(name, next_at) for name, next_at in rows.values_list("name", "next_at")]
    due = [(name, next_at) for name, next_at in waiting if _is_due(_REGISTERED[name], next_at, at)]
    may_destroy = any(_REGISTERED[name].destroys for name, _ in due) and trusted(at)
    for name, next_at in due:
        if _REGISTERED[name].destroys and not may_destroy:
            continue
        taken = Schedule.objects.filter(free, name=name, next_at=next_at).update(
            claimed_by=worker, claimed_until=at + lease, started_at=at
        )
        if taken:
            return _REGISTERED[name]
    return None


def _is_due(work: Periodic, next_at: dt.datetime, at: dt.datetime) -> bool:
    """Its time has come, or lies where no run of it can have put it."""
    return next_at <= at or is_parked(work, next_at, at)


def is_parked(work: Periodic, next_at: dt.datetime, at: dt.datetime) -> bool:
    """Whether work is due later than a round from now: a clock that had leapt put it there."""
    # Workers on several machines may be some minutes apart.
    return next_at > at + work.every + BACK


def extend(worker: str, until: dt.datetime) -> None:
    """A worker that lives keeps what it is at."""
    Schedule.objects.filter(claimed_by=worker).update(claimed_until=until)


def let_go(worker: str) -> None:
    """Give back whatever a worker had taken."""
    Schedule.objects.filter(claimed_by=worker).update(claimed_by="", claimed_until=None)


def finished(work: Periodic, worker: str, at: dt.datetime, count: int) -> bool:
    """Write down a run that went well; ``False`` where somebody else had taken it over meanwhile."""
    again = work.batch is not None and count >= work.batch
    return bool(
        _own(work, worker).update(
            claimed_by="",
            claimed_until=None,
            finished_at=at,
            count=count,
            failures=0,
            error="",
            next_at=at if again else work.after(at),
        )
    )


def failed(work: Periodic, worker: str, at: dt.datetime, error: str) -> None:
    """Write down a run that ended in an error; it comes round as usual."""
    _own(work, worker).update(
        claimed_by="",
        claimed_until=None,
        finished_at=at,
        failures=F("failures") + 1,
        error=error[:200],
        next_at=work.after(at),
    )


def _own(work: Periodic, worker: str) -> QuerySet[Schedule]:
    return Schedule.objects.filter(name=work.name, claimed_by=worker)
