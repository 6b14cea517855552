"""Tasks of django-tasks taken with a lease, given back when their worker is gone, and ended once."""

import datetime as dt
import logging
import traceback
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from linli.kernel.errors import LinliError
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.jobs.models import Lease

__all__ = ["MOST_ATTEMPTS", "backoff", "call", "end", "fail", "reap", "take"]

log = logging.getLogger("linli.jobs")

MOST_ATTEMPTS: Final = 5
"""A task that fails as often, or takes its worker with it as often, is given up."""


def take(worker: str, at: dt.datetime, lease: dt.timedelta) -> DBTaskResult | None:
    """Take the next task that is ready, for as long as the lease lasts."""
    # One that waits to be tried again waits no longer than that, whatever the clock showed when it failed.
    parked = Q(run_after__gt=at + 2 * backoff(MOST_ATTEMPTS)) & ~Q(exception_class_path="")
    ready = DBTaskResult.objects.filter(
        Q(run_after=get_date_max()) | Q(run_after__lte=at) | parked, status=TaskResultStatus.READY
    )
    # Asked without a lock first: an idle worker should not make others wait.
    if not ready.exists():
        return None
    with transaction.atomic():
        found: DBTaskResult | None = ready.select_for_update(skip_locked=True).first()
        if found is None:
            return None
        Lease.objects.update_or_create(task_id=found.pk, defaults={"worker_id": worker, "until": at + lease})
        found.status, found.started_at = TaskResultStatus.RUNNING, at
        found.worker_ids = [*found.worker_ids, worker]
        found.save(update_fields=["status", "started_at", "worker_ids"])
    return found


def call(row: DBTaskResult) -> Any:
    """Do what the task says. A task that was done already, by its key, is done.

    Tasks that change something use ``context.task_result.id`` as the key of their action.
    """
    task, result = row.task, row.task_result
    try:
        if task.takes_context:
            context = TaskContext(task_result=result)  # type: ignore[arg-type]  # the library's own row
            return task.call(context, *result.args, **result.kwargs)
        return task.call(*result.args, **result.kwargs)
    except AlreadyDone as done:
        return done.reference


def end(row: DBTaskResult, worker: str, at: dt.datetime, value: Any) -> bool:
    """Write down that a task is done; ``False`` where it had gone to another worker meanwhile."""
    return _release(
        row,
        worker,
        status=TaskResultStatus.SUCCESSFUL,
        finished_at=at,
        return_value=value,
        exception_class_path="",
        traceback="",
    )


def fail(row: DBTaskResult, worker: str, at: dt.datetime, error: BaseException) -> bool:
    """Write down that a task failed: again later, or given up where that is of no use.

    Where it failed is kept, not what the error said: it may quote a record.
    """
    said: dict[str, Any] = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(traceback.format_tb(error.__traceback__)),
    }
    attempts = len(row.worker_ids)
    if isinstance(error, LinliError) or attempts >= MOST_ATTEMPTS:
        return _release(row, worker, status=TaskResultStatus.FAILED, finished_at=at, **said)
    return _release(
        row, worker, status=TaskResultStatus.READY, run_after=at + backoff(attempts), started_at=None, **said
    )


def backoff(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: 10 s, 20 s, 40 s, …"""
    return dt.timedelta(seconds=5 * 2**attempts)


def _release(row: DBTaskResult, worker: str, **fields: Any) -> bool:
    with transaction.atomic():
        # Only who still holds the lease may say how the task ended.
        held, _ = Lease.objects.filter(task_id=row.pk, worker_id=worker).delete()
        if not held:
            log.warning("Task %s had gone to another worker; what %s made of it is not kept.", row.pk, worker)
            return False
        DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING).update(**fields)
    return True


def reap(at: dt.datetime, lease: dt.timedelta) -> int:
    """Give the tasks of workers that are gone back to those that are there; how many."""
    # A lease that ends later than any is given for was written by a clock that had leapt.
    leases = Lease.objects.filter(Q(until__lt=at) | Q(until__gt=at + 10 * lease))
    count = sum(_give_back(task_id, at, lease) for task_id in list(leases.values_list("task_id", flat=True)))
    # Nothing of ours leaves a running task without a lease; a restored backup of a half-written day may.
    lost = _running().exclude(pk__in=Lease.objects.values("task_id")).filter(started_at__lt=at - lease)
    return count + sum(_give_back(task_id, at, lease) for task_id in list(lost.values_list("pk", flat=True)))


def _running() -> "QuerySet[DBTaskResult]":
    return DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)


def _give_back(task_id: Any, at: dt.datetime, lease: dt.timedelta) -> int:
    with transaction.atomic():
        row = _running().select_for_update().filter(pk=task_id).first()
        if Lease.objects.filter(task_id=task_id, until__range=(at, at + 10 * lease)).exists():
            return 0
        Lease.objects.filter(task_id=task_id).delete()
        if row is None:
            return 0
        given_up = len(row.worker_ids) >= MOST_ATTEMPTS
        row.status = TaskResultStatus.FAILED if given_up else TaskResultStatus.READY
        row.finished_at = at if given_up else None
        row.exception_class_path = "linli.web.foundation.jobs.WorkerGone" if given_up else ""
        row.save(update_fields=["status", "finished_at", "exception_class_path"])
    log.warning(
        "Task %s was with a worker that is gone; %s.", task_id, "given up" if given_up else "ready again"
    )
    return 1
