"""The metrics as Prometheus reads them (text format 0.0.4)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Sum
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from linli.web.foundation.audit.models import Lane
from linli.web.foundation.jobs.models import Schedule
from linli.web.foundation.jobs.schedule import registered
from linli.web.foundation.jobs.timekeeping import clock_state
from linli.web.foundation.operations.health import workers_seen
from linli.web.foundation.operations.meter import BOUNDS, Key, Tally

__all__ = ["exposition"]

Labels = Mapping[str, str]


def exposition(tallies: Mapping[Key, Tally], at: dt.datetime) -> str:
    """All metrics; those of the database are left out while it does not answer."""
    lines = list(_requests(tallies))
    try:
        lines += _database(at)
        up = 1
    except (DatabaseError, InterfaceError):
        connection.close()
        up = 0
    lines += _metric("linli_database_up", "gauge", "Whether the database answers.", [({}, up)])
    return "\n".join(lines) + "\n"


def _requests(tallies: Mapping[Key, Tally]) -> Iterator[str]:
    name = "linli_request_seconds"
    yield f"# HELP {name} Time until the answer begins, by method, route and class of answer."
    yield f"# TYPE {name} histogram"
    for (method, route, answer), tally in tallies.items():
        labels = {"method": method, "route": route, "answer": answer}
        below = 0
        for bound, count in zip([*map(str, BOUNDS), "+Inf"], tally.buckets, strict=True):
            below += count
            yield f"{name}_bucket{_labels({**labels, 'le': bound})} {below}"
        yield f"{name}_sum{_labels(labels)} {tally.seconds:.6f}"
        yield f"{name}_count{_labels(labels)} {tally.count}"


def _database(at: dt.datetime) -> list[str]:
    statuses = dict.fromkeys(TaskResultStatus.values, 0)
    counted = DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk"))
    statuses.update(counted)
    rows = list(Schedule.objects.filter(name__in=registered()))
    ended = [({"name": row.name}, row.finished_at.timestamp()) for row in rows if row.finished_at is not None]
    failures = [({"name": row.name}, row.failures) for row in rows]
    entries = Lane.objects.aggregate(total=Sum("count"))["total"] or 0
    tasks = [({"status": status.lower()}, count) for status, count in sorted(statuses.items())]
    return [
        *_metric(
            "linli_workers", "gauge", "Workers that showed themselves lately.", [({}, workers_seen(at))]
        ),
        *_metric("linli_tasks", "gauge", "Tasks by status; ended ones are kept for 30 days.", tasks),
        *_metric("linli_periodic_ended_seconds", "gauge", "When work that comes round last ended.", ended),
        *_metric("linli_periodic_failures", "gauge", "Its runs in a row that ended in an error.", failures),
        *_metric(
            "linli_clock_trusted",
            "gauge",
            "Whether the clock goes as clocks do; while it is 0 nothing is destroyed.",
            [({}, int(clock_state(at).trusted))],
        ),
        *_metric("linli_audit_entries_total", "counter", "Entries of the audit log.", [({}, entries)]),
    ]


def _metric(name: str, kind: str, about: str, values: Iterable[tuple[Labels, float]]) -> list[str]:
    lines = [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
    return lines + [f"{name}{_labels(labels)} {value}" for labels, value in values]


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
