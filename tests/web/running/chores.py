"""Tasks for tests: each changes something that can be counted afterwards."""

import time
from typing import Any

from django.utils import timezone
from django_tasks import task

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase

__all__ = ["break_down", "open_case", "open_cases_without_end", "take_the_worker_along"]


@task(takes_context=True)
def open_case(context: Any, number: int, seconds: float = 0.0) -> str:
    """Open one case; the task's own id is the key, so that it is opened once."""
    time.sleep(seconds)
    action = OpenCase(kind="request", category="other", title=f"任务 {number}", channel="web")
    case = perform(action, SYSTEM, timezone.now(), key=f"task:{context.task_result.id}")
    time.sleep(seconds)
    return str(case.number)


@task()
def open_cases_without_end(number: int = 0) -> None:
    """Open a case and order the next one: a worker has something to write for as long as it lives."""
    perform(OpenCase(kind="request", category="other", title=f"任务 {number}"), SYSTEM, timezone.now())
    open_cases_without_end.enqueue(number + 1)


@task()
def break_down(words: str = "") -> None:
    """Always fails, with something in its message that must not be kept."""
    raise RuntimeError(words)


@task()
def take_the_worker_along() -> None:
    """Ends the process it runs in, as running out of memory does."""
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
