"""Approved versions come into force on their day."""

import datetime as dt

from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.places.actions import PutInForce
from linli.web.foundation.places.models import Deployment

__all__ = ["run_schedule"]


def run_schedule(at: dt.datetime) -> int:
    """Put every approved version in force whose day has come, the earliest first."""
    day = local_day(at)
    due = Deployment.objects.filter(status=Deployment.Status.APPROVED, valid_from__lte=day)
    rows = list(due.order_by("valid_from", "pk").values_list("pk", "valid_from"))
    for pk, start in rows:
        if start is not None:
            perform(PutInForce(pk, start), SYSTEM, at)
    return len(rows)
