"""Rows that have served their time go; the others stay."""

import datetime as dt
import uuid

import pytest
from django_tasks_db.models import DBTaskResult

from linli.web.foundation.accounts.models import Pace
from linli.web.foundation.audit.models import Submission
from linli.web.foundation.exchange.models import Delivery, Subscription
from linli.web.foundation.jobs.housekeeping import KEEP, run_housekeeping
from linli.web.foundation.jobs.models import Worker
from web.running import chores


@pytest.mark.django_db
def test_what_ended_long_ago_goes_and_what_waits_stays(now: dt.datetime) -> None:
    for status, ended in (("SUCCESSFUL", now - 2 * KEEP), ("FAILED", now - KEEP / 2), ("READY", None)):
        row = chores.break_down.enqueue()
        DBTaskResult.objects.filter(pk=row.id).update(status=status, finished_at=ended)
    Submission.objects.create(key="old", at=now - 2 * KEEP)
    Submission.objects.create(key="new", at=now)
    Worker.objects.create(id="gone", started_at=now - KEEP, seen_at=now - KEEP)
    assert run_housekeeping(now) == 3
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]
    assert [row.key for row in Submission.objects.all()] == ["new"]


# Guard 12
def test_the_outbox_is_emptied_of_what_was_sent_and_given_up(now: dt.datetime, cast) -> None:
    one = Subscription.objects.create(user=cast["minjing"], url="https://hooks.example.org/x", made_at=now)
    for status in Delivery.Status.values:
        for made in (now - 2 * KEEP, now):
            given = {"body": "{}", "made_at": made, "next_at": made, "status": status}
            Delivery.objects.create(subscription=one, message_id=uuid.uuid4(), **given)
    Pace.objects.create(account=1, hour=now - KEEP)
    assert run_housekeeping(now) == 3
    kept = sorted(Delivery.objects.values_list("status", "made_at"))
    assert kept == [
        ("delivered", now), ("given_up", now), ("waiting", now - 2 * KEEP), ("waiting", now),
    ]  # fmt: skip
