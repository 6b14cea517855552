"""Stored deadlines follow the calendar: after each change a job works them out anew, kind by kind.

Whoever stores deadlines registers a ``Follower``. Each remembers by which calendar all of its deadlines
stand, and how far it has come with the one in use, so that a run that was cut short goes on where it was. A
platform that comes to another way of reckoning with an update finds another calendar too.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from linli.web.foundation.calendars.models import Reworked
from linli.web.foundation.calendars.reading import fingerprint
from linli.web.foundation.jobs.batches import PartlyFailed, for_each

__all__ = ["BATCH", "Follower", "in_step", "register_follower", "run_reworking"]

BATCH: Final = 500


@dataclass(frozen=True, kw_only=True)
class Follower:
    """One kind of stored deadlines."""

    name: str
    after: Callable[[int, int], list[int]]
    """Numbers of those that still run, beyond a number, in order, so many at most."""
    rework: Callable[[int, dt.datetime], object]
    """Work one out anew."""


_FOLLOWERS: dict[str, Follower] = {}


def register_follower(follower: Follower) -> None:
    """Add one; called by an app's ``ready``."""
    _FOLLOWERS[follower.name] = follower


def in_step() -> bool:
    """Whether all stored deadlines stand by the calendar in use."""
    done = set(Reworked.objects.filter(done=fingerprint()).values_list("name", flat=True))
    return done >= set(_FOLLOWERS)


def run_reworking(at: dt.datetime, *, most: int = BATCH) -> int:
    """Work out anew what stands by another calendar; how many were looked at."""
    wanted, count = fingerprint(), 0
    for follower in _FOLLOWERS.values():
        if count < most:
            count += _follow(follower, wanted, at, most - count)
    return count


def _follow(follower: Follower, wanted: str, at: dt.datetime, most: int) -> int:
    row, _ = Reworked.objects.get_or_create(name=follower.name)
    if row.done == wanted:
        return 0
    if row.doing != wanted:
        row.doing, row.cursor = wanted, 0
    ids = follower.after(row.cursor, most)
    failed: PartlyFailed | None = None
    try:
        for_each(ids, lambda pk: follower.rework(pk, at))
    except PartlyFailed as partly:
        # One that cannot be reckoned does not hold up the others for ever; the run says so.
        failed = partly
    row.cursor = ids[-1] if ids else row.cursor
    if len(ids) < most:
        row.done = wanted
    row.save()
    if failed is not None:
        raise failed
    return len(ids)
