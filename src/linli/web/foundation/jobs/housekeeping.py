"""Rows that have served their time: ended tasks, ended sessions, workers long gone, forms long taken in."""

import datetime as dt
from typing import Final

from django_tasks_db.models import DBTaskResult

from linli.web.foundation.accounts.models import Session
from linli.web.foundation.audit.models import Submission
from linli.web.foundation.jobs.models import Worker

__all__ = ["KEEP", "run_housekeeping"]

KEEP: Final = dt.timedelta(days=30)


def run_housekeeping(at: dt.datetime) -> int:
    """Delete what nobody asks for any more; how many rows."""
    return sum(
        (
            DBTaskResult.objects.finished().filter(finished_at__lt=at - KEEP).delete()[0],
            Submission.objects.filter(at__lt=at - KEEP).delete()[0],
            Session.objects.filter(expire_date__lt=at).delete()[0],
            Worker.objects.filter(seen_at__lt=at - dt.timedelta(days=1)).delete()[0],
        )
    )
