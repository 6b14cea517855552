"""Tasks are taken with a lease, given back when it ends, tried again when they fail, and ended once."""

import datetime as dt
from unittest import mock

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from linli.kernel.texts import plain
from linli.web.foundation.actions.refusals import Conflict
from linli.web.foundation.casework.models import Case
from linli.web.foundation.jobs import tasks
from linli.web.foundation.jobs import worker as module
from linli.web.foundation.jobs.models import Lease, Schedule, Worker
from linli.web.foundation.jobs.schedule import registered
from linli.web.foundation.jobs.worker import Labourer
from web.running import chores

LEASE = dt.timedelta(minutes=1)


@pytest.fixture
def later() -> dt.datetime:
    """Tasks are queued at the machine's time, so their workers live after it."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)


@pytest.mark.django_db
class TestTaking:
    def test_a_task_is_taken_once(self, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        assert tasks.take("one", later, LEASE) is not None
        assert tasks.take("two", later, LEASE) is None

    def test_a_task_for_later_waits(self, later: dt.datetime) -> None:
        chores.open_case.using(run_after=later + LEASE).enqueue(1)
        assert tasks.take("one", later, LEASE) is None
        assert tasks.take("one", later + LEASE, LEASE) is not None

    def test_the_urgent_one_comes_first(self, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        urgent = chores.open_case.using(priority=50).enqueue(2)
        taken = tasks.take("one", later, LEASE)
        assert taken is not None
        assert str(taken.pk) == urgent.id

    def test_a_task_queued_in_a_transaction_that_fails_was_never_there(self, later: dt.datetime) -> None:
        with transaction.atomic():
            chores.open_case.enqueue(1)
            transaction.set_rollback(True)
        assert tasks.take("one", later, LEASE) is None


@pytest.mark.django_db
class TestReaping:
    def test_the_task_of_a_worker_that_is_gone_is_ready_again(self, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        tasks.take("killed", later, LEASE)
        assert tasks.reap(later + LEASE, LEASE) == 0
        assert tasks.reap(later + 2 * LEASE, LEASE) == 1
        assert tasks.take("two", later + 2 * LEASE, LEASE) is not None

    def test_a_running_task_without_a_lease_is_ready_again(self, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        tasks.take("killed", later, LEASE)
        Lease.objects.all().delete()
        assert tasks.reap(later + LEASE / 2, LEASE) == 0
        assert tasks.reap(later + 2 * LEASE, LEASE) == 1

    def test_whoever_was_overtaken_does_not_say_how_it_ended(self, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        slept = tasks.take("slept", later, LEASE)
        tasks.reap(later + 2 * LEASE, LEASE)
        other = tasks.take("two", later + 2 * LEASE, LEASE)
        assert slept is not None
        assert other is not None
        assert not tasks.end(slept, "slept", later + 3 * LEASE, "late")
        assert DBTaskResult.objects.get().status == "RUNNING"
        assert tasks.end(other, "two", later + 3 * LEASE, "done")
        assert DBTaskResult.objects.get().return_value == "done"

    def test_a_task_that_takes_its_workers_along_is_given_up(self, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        at = later
        for _ in range(tasks.MOST_ATTEMPTS):
            assert tasks.take("killed", at, LEASE) is not None
            at += 2 * LEASE
            tasks.reap(at, LEASE)
        assert DBTaskResult.objects.get().status == "FAILED"


@pytest.mark.django_db
class TestEnding:
    def test_a_task_done_twice_has_its_effect_once(self, county: object, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        first = tasks.take("killed", later, LEASE)
        assert first is not None
        tasks.call(first)
        tasks.reap(later + 2 * LEASE, LEASE)
        again = tasks.take("two", later + 2 * LEASE, LEASE)
        assert again is not None
        reference = tasks.call(again)
        case = Case.objects.get()
        assert reference == f"case:{case.pk}"

    def test_an_error_is_tried_again_later_and_given_up_in_the_end(self, later: dt.datetime) -> None:
        chores.break_down.enqueue()
        at, waits = later, []
        for attempt in range(1, tasks.MOST_ATTEMPTS + 1):
            task = tasks.take("one", at, LEASE)
            assert task is not None
            with pytest.raises(RuntimeError) as caught:
                tasks.call(task)
            assert tasks.fail(task, "one", at, caught.value)
            waits.append(tasks.backoff(attempt))
            at += waits[-1]
        assert waits == sorted(waits)
        assert DBTaskResult.objects.get().status == "FAILED"

    def test_what_an_error_said_is_not_kept(self, later: dt.datetime) -> None:
        chores.break_down.enqueue("电话 13800000000")
        task = tasks.take("one", later, LEASE)
        assert task is not None
        with pytest.raises(RuntimeError) as caught:
            tasks.call(task)
        tasks.fail(task, "one", later, caught.value)
        row = DBTaskResult.objects.get()
        assert row.exception_class_path == "builtins.RuntimeError"
        assert "break_down" in row.traceback
        assert "13800000000" not in row.traceback

    def test_a_refusal_is_not_tried_again(self, later: dt.datetime) -> None:
        chores.break_down.enqueue()
        task = tasks.take("one", later, LEASE)
        assert task is not None
        tasks.fail(task, "one", later, Conflict(plain("closed")))
        assert DBTaskResult.objects.get().status == "FAILED"


@pytest.mark.django_db
class TestWorker:
    def test_it_does_what_has_come_round_and_what_waits(self, county: object) -> None:
        chores.open_case.enqueue(1)
        worker = Labourer()
        worker._look_after()
        while worker.step():
            pass
        assert DBTaskResult.objects.get().status == "SUCCESSFUL"
        waits_for_night = [name for name, work in registered().items() if work.hour is not None]
        open_ones = Schedule.objects.filter(finished_at__isnull=True)
        assert sorted(open_ones.values_list("name", flat=True)) == waits_for_night
        assert not Schedule.objects.filter(failures__gt=0).exists()

    def test_its_pulse_shows_it_and_keeps_its_leases(self, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        tasks.take("me", later, LEASE)
        Labourer(id="me", clock=lambda: later + LEASE, lease=LEASE).beat()
        assert Worker.objects.get().seen_at == later + LEASE
        assert Lease.objects.get().until == later + 2 * LEASE

    def test_what_it_had_in_hand_when_the_database_went_away_is_given_back(self, later: dt.datetime) -> None:
        chores.open_case.enqueue(1)
        tasks.take("me", later, LEASE)
        worker = Labourer(id="me", clock=lambda: later, lease=LEASE)
        worker._let_go()
        worker._look_after()
        assert DBTaskResult.objects.get().status == "READY"

    def test_a_mistake_of_ours_does_not_end_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        worker = Labourer(idle_seconds=0.0)
        steps = iter([ValueError("a mistake"), None])

        def step() -> bool:
            error = next(steps)
            if error is not None:
                raise error
            worker.stopping.set()
            return True

        monkeypatch.setattr(worker, "step", step)
        for name in ("_pulse", "_leave", "_look_after", "_let_go"):
            monkeypatch.setattr(worker, name, lambda: None)
        # The test's own connection must stay open.
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
        monkeypatch.setattr(module, "connection", mock.Mock())
        worker.run()
        assert worker.stopping.is_set()
        assert module.connection.close.called
