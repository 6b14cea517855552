"""The job that computes a version; the worker of the platform runs it."""

from typing import Any

from django.utils import timezone
from django_tasks import task

from linli.web.workbench.assessment.computing import compute_version

__all__ = ["compute_later"]


@task(takes_context=True)
def compute_later(context: Any, version_id: int) -> str:
    """Compute a version; the task's own id is the key, so that it is stored once."""
    version = compute_version(version_id, timezone.now(), key=f"task:{context.task_result.id}")
    return f"{version.pk} {version.status}"
