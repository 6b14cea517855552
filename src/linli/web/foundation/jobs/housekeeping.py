"""Rows that have served their time: ended tasks, sessions, sent messages, wrong passwords, old workers."""

import datetime as dt
from typing import Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django_tasks_db.models import DBTaskResult

from linli.web.foundation.accounts.models import CacheEntry, Pace, Session
from linli.web.foundation.audit.models import Submission
from linli.web.foundation.exchange.models import Delivery
from linli.web.foundation.jobs.models import Worker

__all__ = ["KEEP", "run_housekeeping"]

KEEP: Final = dt.timedelta(days=30)
ATTEMPTS: Final = dt.timedelta(days=1)
"""How long wrong passwords are kept; they count for a quarter of an hour."""


def run_housekeeping(at: dt.datetime) -> int:
    """Delete what nobody asks for any more; how many rows."""
    return sum(
        (
            DBTaskResult.objects.finished().filter(finished_at__lt=at - KEEP).delete()[0],
            Submission.objects.filter(at__lt=at - KEEP).delete()[0],
            # What still waits stays, however old: a clock that leapt loses no message.
            Delivery.objects.filter(made_at__lt=at - KEEP)
            .exclude(status=Delivery.Status.WAITING)
            .delete()[0],
            Pace.objects.filter(hour__lt=at - ATTEMPTS).delete()[0],
            Session.objects.filter(expire_date__lt=at).delete()[0],
            CacheEntry.objects.filter(expires__lt=at).delete()[0],
            AccessAttempt.objects.filter(attempt_time__lt=at - ATTEMPTS).delete()[0],
            AccessFailureLog.objects.filter(attempt_time__lt=at - ATTEMPTS).delete()[0],
            AccessLog.objects.filter(attempt_time__lt=at - ATTEMPTS).delete()[0],
            Worker.objects.filter(seen_at__lt=at - dt.timedelta(days=1)).delete()[0],
        )
    )
