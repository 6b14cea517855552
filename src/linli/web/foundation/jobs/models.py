"""Who works, on what, and what is due when: the rows by which workers keep out of each other's way.

A worker that is killed says nothing any more. What it had taken carries a lease; when the lease has run
out, the work goes back to whoever is next (``reaping``). So work is done at least once, and whatever is
done must bear being done again: actions with a key, conditional updates.
"""

import datetime as dt
from typing import ClassVar

from django.db import models

__all__ = ["ClockReading", "FileToDelete", "Lease", "MissingFile", "Schedule", "Worker"]


class Worker(models.Model):
    """A worker that has shown itself; one that was not seen for a minute counts as gone."""

    id = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.id


class Lease(models.Model):
    """A task that a worker has taken, and until when it is the worker's."""

    task_id = models.UUIDField(primary_key=True)
    worker_id = models.CharField(max_length=64, db_index=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.task_id} {self.worker_id}"


class Schedule(models.Model):
    """Work that is done again and again: when it is due, and who is at it now."""

    name = models.CharField(max_length=40, primary_key=True)
    next_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    """What the last run did."""
    failures = models.PositiveIntegerField(default=0)
    """Runs in a row that ended in an error."""
    error = models.CharField(max_length=200, blank=True)
    """The kind of the last error; never what a record said."""

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ClockReading(models.Model):
    """What workers have seen of the clock: one row, moved on by every pulse."""

    seen_at = models.DateTimeField()
    """The latest moment that a worker saw."""
    steady_since = models.DateTimeField()
    """Since when the clock has gone on as clocks do; moved on by whatever is unexplained."""
    leapt_from = models.DateTimeField(null=True)
    """Where it leapt from, the last time that it did; ``seen_at`` of the reading before."""
    unexplained = models.DurationField(default=dt.timedelta)
    """What it came ahead by, since somebody confirmed it, while no worker felt time go by."""
    must_be_confirmed = models.BooleanField(default=False)
    """That is so much that only a person can say whether the clock is right."""

    def __str__(self) -> str:
        return self.seen_at.isoformat()


class FileToDelete(models.Model):
    """A file whose row is gone: deleted after the transaction, or, where the process died, by a job."""

    path = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.path


class MissingFile(models.Model):
    """A row names a file that is not there; found by the sweep, gone when the file is there again."""

    model = models.CharField(max_length=80)
    row = models.BigIntegerField()
    path = models.CharField(max_length=200)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["model", "row"], name="one_missing_a_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"
