"""The worker: what has come round, then the next task, then a moment's rest; and a pulse beside it."""

import datetime as dt
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection, transaction
from django_tasks_db.models import DBTaskResult

from linli.web.foundation.casework.types.versions import Kept
from linli.web.foundation.clock import now
from linli.web.foundation.jobs import schedule, tasks
from linli.web.foundation.jobs.models import Lease, Worker
from linli.web.foundation.jobs.timekeeping import Interval, elapsed, read_clock

__all__ = ["Labourer", "lease", "new_id", "start_thread"]

log = logging.getLogger("linli.jobs")

BEATS: Final = 4
"""How often the pulse beats within a lease."""


def lease() -> dt.timedelta:
    """How long a worker may be silent before its work goes to others."""
    return dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)


def new_id() -> str:
    """A name that no other worker has."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass
class Labourer:
    """One worker. ``run`` works until ``stopping`` is set."""

    id: str = field(default_factory=new_id)
    clock: Callable[[], dt.datetime] = now
    elapsed: Callable[[], dt.timedelta] = elapsed
    stopping: threading.Event = field(default_factory=threading.Event)
    lease: dt.timedelta = field(default_factory=lease)
    idle_seconds: float = 1.0
    _reaped: dt.datetime | None = field(default=None, init=False)
    _read: tuple[dt.datetime, dt.timedelta] | None = field(default=None, init=False)
    """The latest reading of the clock, and the counter beside it."""

    def run(self) -> None:
        """Work until told to stop; a database that is away is waited for."""
        pulse = threading.Thread(target=self._pulse, name="linli-pulse", daemon=True)
        pulse.start()
        cut_off = False
        while not self.stopping.is_set():
            try:
                close_old_connections()
                if cut_off:
                    self._let_go()
                    cut_off = False
                Kept.once()
                self._look_after()
                if not self.step():
                    self.stopping.wait(self.idle_seconds)
            except (OperationalError, InterfaceError) as error:
                log.warning("The database does not answer (%s); trying again.", type(error).__name__)
                connection.close()
                cut_off = True
                self.stopping.wait(2 * self.idle_seconds)
            except Exception:
                # A mistake of ours must not end a worker whose pulse goes on.
                log.exception("The worker stumbled; it goes on.")
                connection.close()
                cut_off = True
                self.stopping.wait(2 * self.idle_seconds)
        pulse.join(timeout=5)
        self._leave()

    def _look_after(self) -> None:
        """Now and then: what came new onto the schedule, and the tasks of workers that are gone."""
        at = self.clock()
        if self._reaped is None or at - self._reaped >= self.lease / BEATS:
            self._read_clock(at)
            schedule.set_up(at)
            tasks.reap(at, self.lease)
            self._reaped = at

    def _read_clock(self, at: dt.datetime) -> None:
        # Both threads of a worker come here; each pair was taken together, so any may follow any.
        counter, before = self.elapsed(), self._read
        read_clock(at, None if before is None else Interval(before[0], counter - before[1]))
        self._read = at, counter

    def _let_go(self) -> None:
        """Give back what was in hand when the database went away: the pulse would hold it for ever."""
        schedule.let_go(self.id)
        Lease.objects.filter(worker_id=self.id).update(until=self.clock() - self.lease)
        self._reaped = None

    def step(self) -> bool:
        """Do one piece of work; ``False`` where there is none."""
        at = self.clock()
        work = schedule.claim(self.id, at, self.lease)
        if work is not None:
            self._come_round(work, at)
        task = tasks.take(self.id, self.clock(), self.lease)
        if task is not None:
            self._carry_out(task)
        return work is not None or task is not None

    def _come_round(self, work: schedule.Periodic, at: dt.datetime) -> None:
        try:
            # At the moment for which the clock was looked at, not at one that it leapt to since.
            count = work.run(at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("The work that comes round as “%s” ended in an error.", work.name)
            schedule.failed(work, self.id, self.clock(), type(error).__qualname__)
        else:
            schedule.finished(work, self.id, self.clock(), count)

    def _carry_out(self, task: DBTaskResult) -> None:
        try:
            value = tasks.call(task)
            tasks.end(task, self.id, self.clock(), value)
        except (OperationalError, InterfaceError) as error:
            # If the database is away this fails too, and the lease gives the task back in a minute.
            connection.close()
            tasks.fail(task, self.id, self.clock(), error)
        except Exception as error:
            log.warning("Task %s failed: %s.", task.pk, type(error).__qualname__)
            tasks.fail(task, self.id, self.clock(), error)

    def beat(self) -> None:
        """Show that this worker lives, read the clock, and keep what it is at."""
        at = self.clock()
        self._read_clock(at)
        with transaction.atomic():
            if not Worker.objects.filter(pk=self.id).update(seen_at=at):
                Worker.objects.bulk_create(
                    [Worker(id=self.id, started_at=at, seen_at=at)], ignore_conflicts=True
                )
            Lease.objects.filter(worker_id=self.id).update(until=at + self.lease)
            schedule.extend(self.id, at + self.lease)

    def _pulse(self) -> None:
        while True:
            try:
                self.beat()
            except Error as error:
                log.warning("The pulse does not reach the database (%s).", type(error).__name__)
                connection.close()
            if self.stopping.wait(self.lease.total_seconds() / BEATS):
                break
        connection.close()

    def _leave(self) -> None:
        try:
            Worker.objects.filter(pk=self.id).delete()
        except Error:
            log.info("The database is away; the worker's row goes by itself.")
        finally:
            connection.close()


def start_thread(labourer: Labourer) -> threading.Thread:
    """Let a worker work beside whatever this process does."""
    thread = threading.Thread(target=labourer.run, name="linli-worker", daemon=True)
    thread.start()
    return thread
