"""Work that comes round: features register it, and of all workers one at a time does it.

A run is taken by a conditional update, so two workers never do the same at once; the claim ends by
itself when its worker is killed. A run may therefore be cut short and come again: it must bear that.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from linli.web.foundation.jobs.models import Schedule

__all__ = ["Periodic", "claim", "extend", "failed", "finished", "let_go", "register", "registered", "set_up"]


@dataclass(frozen=True)
class Periodic:
    """Some work and how often it comes round; ``run`` is given the moment and says how much it did."""

    name: str
    every: dt.timedelta
    run: Callable[[dt.datetime], int]
    batch: int | None = None
    """Most that one run does: a run that did as much is followed by another at once."""


_REGISTERED: dict[str, Periodic] = {}


def register(work: Periodic) -> None:
    """Add work that comes round; called by an app's ``ready``."""
    _REGISTERED[work.name] = work


def registered() -> Mapping[str, Periodic]:
    """Everything that comes round, by name."""
    return dict(sorted(_REGISTERED.items()))


def set_up(at: dt.datetime) -> None:
    """Put rows for what is registered and has none; it is due at once."""
    known = set(Schedule.objects.values_list("name", flat=True))
    fresh = [Schedule(name=name, next_at=at) for name in registered() if name not in known]
    if fresh:
        Schedule.objects.bulk_create(fresh, ignore_conflicts=True)


def claim(worker: str, at: dt.datetime, lease: dt.timedelta) -> Periodic | None:
    """Take what has been due for longest and nobody is at; ``None`` where there is nothing."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    due = Schedule.objects.filter(free, next_at__lte=at, name__in=_REGISTERED).order_by("next_at", "name")
    for name in due.values_list("name", flat=True):
        taken = Schedule.objects.filter(free, name=name, next_at__lte=at).update(
            claimed_by=worker, claimed_until=at + lease, started_at=at
        )
        if taken:
            return _REGISTERED[name]
    return None


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
            next_at=at if again else at + work.every,
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
        next_at=at + work.every,
    )


def _own(work: Periodic, worker: str) -> QuerySet[Schedule]:
    return Schedule.objects.filter(name=work.name, claimed_by=worker)
