"""A clock that leaps parks nothing and destroys nothing; whoever watches is told."""

import datetime as dt
import inspect
from pathlib import Path

import pytest
from click.testing import CliRunner
from django_tasks_db.models import DBTaskResult

from linli.cli.main import linli
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, Tombstone
from linli.web.foundation.jobs import schedule, tasks
from linli.web.foundation.jobs.models import ClockReading, Lease, Schedule, Worker
from linli.web.foundation.jobs.timekeeping import ConfirmClock, Interval, clock_state, read_clock, trusted
from linli.web.foundation.jobs.worker import Labourer
from linli.web.foundation.operations.checking import checked
from linli.web.foundation.operations.exposition import exposition
from linli.web.foundation.operations.health import health, workers_seen
from web.running import chores

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
YEARS = dt.timedelta(days=5 * 365)


def watched(start: dt.datetime, length: dt.timedelta, step: dt.timedelta = HOUR) -> dt.datetime:
    """A clock that goes on, and is read by one worker as it goes."""
    at = start
    while at < start + length:
        at += step
        read_clock(at, Interval(at - step, step))
    return at


def leaping(start: dt.datetime, steps: list[dt.timedelta], length: dt.timedelta) -> list[dt.datetime]:
    """When a clock was trusted that goes on by some steps, again and again, read by new workers."""
    at, taken = start, []
    while at < start + length:
        for step in steps:
            at += step
            read_clock(at)
            if trusted(at):
                taken.append(at)
    return taken


@pytest.mark.django_db
class TestReading:
    # Guard 17
    def test_a_new_platform_and_one_at_work_are_trusted(self, now: dt.datetime) -> None:
        assert trusted(now)
        read_clock(now)
        assert trusted(now)
        assert trusted(watched(now, 3 * DAY))

    # Guard 17
    def test_a_leap_of_three_days_is_waited_out_for_a_day(self, now: dt.datetime) -> None:
        read_clock(now)
        leapt = now + 3 * DAY
        assert clock_state(leapt).state == "far"
        read_clock(leapt)
        assert clock_state(leapt).state == "leapt"
        assert not trusted(watched(leapt, 23 * HOUR))
        assert trusted(watched(leapt + 23 * HOUR, HOUR))

    # Guard 17
    def test_a_clock_that_goes_back_has_to_be_steady_again(self, now: dt.datetime) -> None:
        read_clock(now)
        read_clock(now + 3 * DAY)
        back = now + MINUTE
        assert not trusted(back)
        read_clock(back)
        assert clock_state(back).state == "leapt"
        assert trusted(watched(back, DAY))

    # Guard 17
    def test_a_leap_of_years_is_never_believed_unless_somebody_says_so(self, now: dt.datetime) -> None:
        read_clock(now)
        later = watched(now + YEARS, 10 * DAY)
        assert clock_state(later).state == "unconfirmed"
        # Nor after a holiday in the wrong year.
        assert clock_state(watched(later + 4 * DAY, 2 * DAY)).state == "unconfirmed"
        at = later + 6 * DAY
        perform(ConfirmClock(), SYSTEM, at)
        assert trusted(at)
        assert Entry.objects.filter(action="platform.confirm_clock").count() == 1

    # Guard 17
    def test_a_leap_of_years_that_is_set_right_needs_nobody(self, now: dt.datetime) -> None:
        read_clock(now)
        read_clock(now + YEARS)
        read_clock(now + MINUTE)
        assert trusted(watched(now + MINUTE, DAY))

    # Guard 17
    def test_clocks_of_two_machines_may_differ_by_minutes_but_not_by_days(self, now: dt.datetime) -> None:
        read_clock(now)
        for number in range(1, 30):
            read_clock(now + number * HOUR)
            read_clock(now + number * HOUR - 3 * MINUTE)
        assert trusted(now + 29 * HOUR)
        for number in range(30, 60):
            read_clock(now + number * HOUR)
            read_clock(now + number * HOUR + 3 * DAY)
        assert not trusted(now + 59 * HOUR)

    # Guard 17
    def test_the_first_reading_is_held_against_the_newest_entry(self, now: dt.datetime) -> None:
        append(Record(action="case.open", subject_kind="case", subject_id="1"), SYSTEM, now)
        read_clock(now + YEARS)
        assert clock_state(now + YEARS).state == "unconfirmed"
        ClockReading.objects.all().delete()
        read_clock(now + HOUR)
        assert trusted(now + HOUR)

    # Guard 17
    def test_a_leap_in_steps_is_one_leap(self, now: dt.datetime) -> None:
        read_clock(now)
        read_clock(now + 29 * DAY)
        read_clock(now + 29 * DAY + 25 * HOUR)
        assert not trusted(now + 29 * DAY + 25 * HOUR)
        ClockReading.objects.all().delete()
        read_clock(now)
        assert leaping(now, [29 * DAY, 25 * HOUR], YEARS) == []
        assert ClockReading.objects.get().unexplained > YEARS - DAY

    # Guard 17
    def test_steps_of_less_than_two_days_add_up_although_workers_are_started_anew(
        self, now: dt.datetime
    ) -> None:
        read_clock(now)
        assert max(leaping(now, [47 * HOUR], 365 * DAY)) <= now + 30 * DAY
        at = now + 367 * DAY
        perform(ConfirmClock(), SYSTEM, at)
        assert trusted(at)
        assert ClockReading.objects.get().unexplained == dt.timedelta()

    # Guard 17
    def test_a_step_of_less_than_two_days_under_a_worker_is_a_leap(self, now: dt.datetime) -> None:
        at = watched(now, DAY)
        read_clock(at + 47 * HOUR, Interval(at, 15 * SECOND))
        assert clock_state(at + 47 * HOUR).state == "leapt"
        assert not trusted(watched(at + 47 * HOUR, 23 * HOUR))

    # Guard 17
    def test_a_worker_that_has_just_started_does_not_hide_the_leap_from_the_others(
        self, now: dt.datetime
    ) -> None:
        at = watched(now, DAY)
        read_clock(at + 47 * HOUR)
        later = at + 47 * HOUR + 15 * SECOND
        read_clock(later, Interval(at, 15 * SECOND))
        assert clock_state(later).leapt_from == at + 15 * SECOND
        assert not trusted(later)

    # Guard 17
    def test_a_day_of_steadiness_is_not_measured_by_the_clock(self, now: dt.datetime) -> None:
        read_clock(now)
        read_clock(now + 3 * DAY)
        at = now + 3 * DAY
        while at < now + 5 * DAY:
            # Each too small for a leap, and a worker was there for a quarter of a minute.
            read_clock(at + 5 * MINUTE, Interval(at, 15 * SECOND))
            at += 5 * MINUTE
        assert clock_state(at).state == "leapt"

    # Guard 17
    def test_an_office_that_is_off_for_weekends_or_a_month_only_waits(self, now: dt.datetime) -> None:
        at = watched(now, 5 * DAY)
        for _ in range(4):
            at += 62 * HOUR
            read_clock(at)
            assert clock_state(at).state == "leapt"
            at = watched(at, 4 * DAY + 10 * HOUR)
            assert trusted(at)
        perform(ConfirmClock(), SYSTEM, at)
        at += 29 * DAY
        read_clock(at)
        assert trusted(watched(at, DAY))

    # Guard 17
    def test_workers_on_two_machines_that_are_minutes_apart_leap_nowhere(self, now: dt.datetime) -> None:
        at, ahead = now, now + 3 * MINUTE
        for _ in range(300):
            read_clock(at, Interval(at - 15 * SECOND, 15 * SECOND))
            read_clock(ahead, Interval(ahead - 15 * SECOND, 15 * SECOND))
            assert ClockReading.objects.get().leapt_from is None
            at, ahead = at + 15 * SECOND, ahead + 15 * SECOND
        assert trusted(at)
        assert trusted(ahead)
        assert ClockReading.objects.get().unexplained <= 3 * MINUTE

    # Guard 17
    def test_nothing_is_destroyed_between_a_leap_and_the_pulse_that_sees_it(self, now: dt.datetime) -> None:
        read_clock(now)
        assert trusted(now + MINUTE)
        assert not trusted(now + 47 * HOUR)

    # Guard 17
    def test_nobody_confirms_the_clock_from_a_page(self, now: dt.datetime) -> None:
        with pytest.raises(Forbidden):
            perform(ConfirmClock(), Actor(user_id=1, name="x", via="web"), now)


@pytest.fixture
def old_case(county: object, now: dt.datetime) -> Case:
    """A case whose days are over in a year."""
    made = perform(OpenCase(kind="request", category="other", title="旧事"), SYSTEM, now)
    Case.objects.filter(pk=made.pk).update(closed_at=now, shred_at=now + 365 * DAY, next_check_at=None)
    return made


def work_through(worker: Labourer) -> None:
    worker._look_after()
    while worker.step():
        pass


# Guard 17
def test_a_worker_five_years_ahead_shreds_nothing(old_case: Case, now: dt.datetime) -> None:
    read_clock(now)
    ahead = Labourer(clock=lambda: now + YEARS)
    ahead.beat()
    work_through(ahead)
    assert Case.objects.filter(pk=old_case.pk).exists()
    assert not Tombstone.objects.exists()
    # What can be undone goes on.
    assert Schedule.objects.get(name="deadlines").finished_at == now + YEARS
    assert Schedule.objects.get(name="retention").finished_at is None


# Guard 17
def test_a_worker_tells_a_leap_from_the_time_that_it_felt_go_by(old_case: Case, now: dt.datetime) -> None:
    at, counter = now, dt.timedelta(hours=5)
    worker = Labourer(clock=lambda: at, elapsed=lambda: counter)
    worker.beat()
    at, counter = now + 40 * HOUR, counter + 40 * HOUR
    worker.beat()
    assert trusted(at)
    at, counter = at + 47 * HOUR, counter + 15 * SECOND
    work_through(worker)
    assert clock_state(at).leapt_from == now + 40 * HOUR + 15 * SECOND
    assert Schedule.objects.get(name="retention").finished_at is None


# Guard 17
def test_what_waited_is_done_when_the_clock_is_confirmed(old_case: Case, now: dt.datetime) -> None:
    read_clock(now)
    ahead = Labourer(clock=lambda: now + YEARS)
    work_through(ahead)
    perform(ConfirmClock(), SYSTEM, now + YEARS)
    work_through(ahead)
    assert Tombstone.objects.count() == 1


# Guard 17
def test_a_leap_of_three_days_and_back_parks_no_work(county: object, now: dt.datetime) -> None:
    at = now
    worker = Labourer(clock=lambda: at)
    work_through(worker)
    at = now + 3 * DAY
    work_through(worker)
    parked = Schedule.objects.get(name="deadlines")
    assert parked.next_at > now + 2 * DAY
    at = now + 2 * MINUTE
    work_through(worker)
    assert Schedule.objects.get(name="deadlines").finished_at == at


@pytest.mark.django_db
# Guard 17
def test_what_a_worker_took_in_the_wrong_time_is_not_its_own_for_days(now: dt.datetime) -> None:
    schedule.set_up(now)
    taken = schedule.claim("killed", now + 3 * DAY, MINUTE)
    assert taken is not None
    assert schedule.claim("two", now, MINUTE) is taken
    row = chores.break_down.enqueue()
    assert tasks.take("killed", now + 3 * DAY, MINUTE) is not None
    assert Lease.objects.count() == 1
    assert tasks.reap(now, MINUTE) == 1
    again = tasks.take("two", now, MINUTE)
    assert again is not None
    assert str(again.pk) == row.id


@pytest.mark.django_db
# Guard 17
def test_a_task_that_failed_in_the_wrong_time_is_tried_again_now(now: dt.datetime) -> None:
    chores.break_down.enqueue()
    row = tasks.take("one", now + 3 * DAY, MINUTE)
    assert row is not None
    tasks.fail(row, "one", now + 3 * DAY, ValueError())
    assert DBTaskResult.objects.get().status == "READY"
    assert tasks.take("one", now, MINUTE) is not None


@pytest.mark.django_db
# Guard 17
def test_a_worker_that_was_seen_in_the_future_counts_as_gone(now: dt.datetime) -> None:
    Worker.objects.create(id="ahead", started_at=now, seen_at=now + 3 * DAY)
    assert workers_seen(now) == 0


# Guard 17
def test_health_metrics_and_check_say_that_the_clock_leapt(cast: dict[str, User], now: dt.datetime) -> None:
    read_clock(now)
    assert health(now).clock
    read_clock(now + 3 * DAY)
    at = now + 3 * DAY + MINUTE
    assert health(at).as_dict()["status"] == "degraded"
    assert health(at).ready
    assert "linli_clock_trusted 0" in exposition({}, at)
    said = [one.text for one in checked(at) if one.level == "wrong"]
    assert any("the clock leapt away from" in text.en and "时钟曾从" in text.zh for text in said)
    assert any("the clock shows" in one.text.en for one in checked(now + YEARS) if one.level == "wrong")
    read_clock(now + YEARS)
    assert any("by more than 30 days" in one.text.en for one in checked(now + YEARS))


# Guard 17
def test_check_says_what_is_put_off(cast: dict[str, User], now: dt.datetime) -> None:
    Schedule.objects.create(name="retention", next_at=now + 3 * DAY)
    assert any("retention is put off" in one.text.en for one in checked(now) if one.level == "wrong")


@pytest.mark.django_db
# Guard 17
def test_the_command_confirms_the_clock_and_is_in_the_log() -> None:
    said = CliRunner().invoke(
        linli, ["--language", "en", "platform", "confirm-clock"], catch_exceptions=False
    )
    assert said.exit_code == 0
    assert "The clock is confirmed" in said.output
    assert Entry.objects.get().via == "command"


@pytest.mark.any_database
# Guard 17
def test_all_work_that_comes_round_and_destroys_asks_for_the_clock() -> None:
    careless = []
    for work in schedule.registered().values():
        source = Path(inspect.getfile(work.run)).read_text(encoding="utf-8")
        destroys = ".delete()" in source or "erased_at" in source
        if destroys and not work.destroys and "trusted(at)" not in source:
            careless.append(work.name)
    # Attachments delete the upload whose cleaned copy stands, whenever that is. Deadlines stand beside
    # retention in one module and destroy nothing themselves; files wait to be deleted by what was decided
    # when their rows went; refused tries go into the log's own entry, which keeps them.
    assert careless == ["attachments", "audit_refused", "deadlines", "file_deletions"]
    assert {work.name for work in schedule.registered().values() if work.destroys} >= {
        "retention",
        "housekeeping",
        "handover_forgetting",
        "file_sweep",
    }
