"""Real workers whose clock is wrong for a while: nothing is shredded, and nothing stays parked."""

import datetime as dt
from typing import Any

import pytest

from web.running.installation import Installation, kill, until

WRONG = """
import datetime as dt
from django.utils import timezone
from linli.web.foundation.jobs.worker import Labourer
Labourer(clock=lambda: timezone.now() + dt.timedelta(days={days})).run()
"""

OLD = """
import datetime as dt
from django.utils import timezone
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.jobs.timekeeping import read_clock
at = timezone.now()
case = perform(OpenCase(kind="request", category="other", title="旧事"), SYSTEM, at)
Case.objects.filter(pk=case.pk).update(closed_at=at, shred_at=at + dt.timedelta(days=1), next_check_at=None)
read_clock(at)
"""


def ended(installation: Installation, name: str) -> dt.datetime | None:
    """When work that comes round last ended."""
    rows = installation.ask(f"SELECT finished_at FROM jobs_schedule WHERE name = '{name}'")  # noqa: S608
    return None if not rows or rows[0][0] is None else _moment(rows[0][0])


def _moment(value: Any) -> dt.datetime:
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found


# Guard 17
@pytest.mark.parametrize("days", [pytest.param(3, marks=pytest.mark.any_database), 5 * 365])
def test_a_worker_in_the_wrong_time_shreds_nothing_and_parks_nothing(
    county_at_work: Installation, days: int
) -> None:
    county_at_work.python(OLD)
    ahead = county_at_work.start_python(WRONG.format(days=days))
    until(lambda: ended(county_at_work, "deadlines"), seconds=60)
    future = ended(county_at_work, "deadlines")
    assert future is not None
    assert future > dt.datetime.now(dt.UTC) + dt.timedelta(days=days - 1)
    kill(ahead)
    assert county_at_work.one("SELECT COUNT(*) FROM casework_case") == 1
    county_at_work.start_worker()
    until(lambda: (ended(county_at_work, "deadlines") or future) < future, seconds=60)
    assert county_at_work.one("SELECT COUNT(*) FROM casework_case") == 1
    assert "the clock leapt" in county_at_work.linli("--language", "en", "platform", "check", code=2)
