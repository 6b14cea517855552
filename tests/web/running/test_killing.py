"""Workers are killed at random under load: every task is done, and none has its effect twice."""

import json
import random
import time
from typing import Any

import pytest

from web.running.installation import Installation, kill, until

TASKS = 120
WORKERS = 3
KILLS = 5

FILL = """
from web.running.chores import open_case
for number in range({first}, {count}):
    open_case.enqueue(number, {seconds})
"""

OVERDUE = """
import datetime as dt
from django.utils import timezone
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
long_ago = timezone.now() - dt.timedelta(days=60)
for number in range({count}):
    perform(OpenCase(kind="request", category="other", title=f"逾期 {{number}}"), SYSTEM, long_ago)
"""


def statuses(installation: Installation) -> dict[str, int]:
    return dict(
        installation.ask("SELECT status, COUNT(*) FROM django_tasks_database_dbtaskresult GROUP BY status")
    )


def all_done(installation: Installation) -> bool:
    return statuses(installation) == {"SUCCESSFUL": TASKS}


@pytest.mark.parametrize("seed", [1])
def test_killed_workers_lose_nothing_and_double_nothing(county_at_work: Installation, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    county_at_work.python(FILL.format(first=1, count=TASKS, seconds=0.02) + OVERDUE.format(count=20))
    workers = [county_at_work.start_worker() for _ in range(WORKERS)]
    until(lambda: statuses(county_at_work).get("SUCCESSFUL", 0) > 0)
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.2, 1.2))
        unlucky = rng.randrange(WORKERS)
        kill(workers[unlucky])
        workers[unlucky] = county_at_work.start_worker()
    # And one for certain in the middle of its task.
    county_at_work.python(FILL.format(first=0, count=1, seconds=3.0))
    at_it = until(lambda: busy_worker(county_at_work))
    kill(next(process for process in workers if process.pid == at_it))
    until(lambda: all_done(county_at_work), seconds=120)
    tried = county_at_work.ask("SELECT worker_ids FROM django_tasks_database_dbtaskresult")
    assert max(len(as_json(row[0])) for row in tried) >= 2
    until(
        lambda: (
            not county_at_work.one(
                "SELECT COUNT(*) FROM casework_case WHERE next_check_at < CURRENT_TIMESTAMP"
            )
        )
    )
    titles = [
        row[0] for row in county_at_work.ask("SELECT title FROM casework_case WHERE title LIKE ?", "任务%")
    ]
    assert sorted(titles) == sorted(f"任务 {number}" for number in range(TASKS))
    opened = county_at_work.one("SELECT COUNT(*) FROM audit_entry WHERE action = 'case.open'")
    assert opened == TASKS + 20
    assert county_at_work.one("SELECT COUNT(*) FROM jobs_lease") == 0
    assert escalations_done_twice(county_at_work) == []
    county_at_work.linli("audit", "verify")


def busy_worker(installation: Installation) -> int | None:
    """The process that is at the task that takes long."""
    rows = installation.ask(
        "SELECT worker_ids, args_kwargs FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING'"
    )
    at_it = [as_json(workers)[-1] for workers, arguments in rows if as_json(arguments)["args"][0] == 0]
    return int(at_it[0].split(":")[1]) if at_it else None


def as_json(value: Any) -> Any:
    """PostgreSQL gives JSON as what it says, SQLite as text."""
    return json.loads(value) if isinstance(value, str) else value


def escalations_done_twice(installation: Installation) -> list[tuple[object, ...]]:
    seen: dict[tuple[object, ...], int] = {}
    for case_id, detail in installation.ask(
        "SELECT case_id, detail FROM casework_event WHERE kind = 'escalated'"
    ):
        step = as_json(detail)
        key = (case_id, step["clock"], step["after_hours"])
        seen[key] = seen.get(key, 0) + 1
    assert seen, "no case was late"
    return [key for key, count in seen.items() if count > 1]


def test_a_task_that_takes_its_worker_along_is_given_up_in_the_end(
    whatever_the_database: None, installation: Installation
) -> None:
    installation.python("from web.running.chores import take_the_worker_along as t; t.enqueue()")
    until(lambda: _hired_again(installation), seconds=120)
    assert statuses(installation) == {"FAILED": 1}


def _hired_again(installation: Installation) -> bool:
    """Whoever runs the workers starts a new one when one dies."""
    if all(process.poll() is not None for process in installation.processes):
        installation.start_worker()
    return statuses(installation).get("FAILED") == 1


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand(county_at_work: Installation) -> None:
    county_at_work.python(FILL.format(first=0, count=1, seconds=1.0))
    worker = county_at_work.start_worker()
    until(lambda: statuses(county_at_work) == {"RUNNING": 1})
    worker.terminate()
    assert worker.wait(timeout=20) == 0
    assert statuses(county_at_work) == {"SUCCESSFUL": 1}
    assert county_at_work.one("SELECT COUNT(*) FROM jobs_worker") == 0
