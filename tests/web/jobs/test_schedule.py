"""Work that comes round is taken by one worker at a time, and comes round again."""

import datetime as dt

import pytest
from django.db import OperationalError

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.deadlines import run_deadlines
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, Event
from linli.web.foundation.jobs import schedule
from linli.web.foundation.jobs.batches import PartlyFailed, for_each
from linli.web.foundation.jobs.models import Schedule
from linli.web.foundation.jobs.schedule import Periodic

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def watering(monkeypatch: pytest.MonkeyPatch) -> Periodic:
    """The only work there is."""
    work = Periodic("watering", 5 * MINUTE, lambda at: 3, batch=10)
    monkeypatch.setattr(schedule, "_REGISTERED", {work.name: work})
    return work


@pytest.mark.django_db
class TestTaking:
    def test_what_is_registered_is_due_at_once(self, watering: Periodic, now: dt.datetime) -> None:
        schedule.set_up(now)
        assert schedule.claim("one", now, MINUTE) is watering

    def test_two_workers_never_do_the_same_at_once(self, watering: Periodic, now: dt.datetime) -> None:
        schedule.set_up(now)
        schedule.claim("one", now, MINUTE)
        assert schedule.claim("two", now, MINUTE) is None

    def test_what_a_killed_worker_was_at_goes_to_another_when_its_claim_ends(
        self, watering: Periodic, now: dt.datetime
    ) -> None:
        schedule.set_up(now)
        schedule.claim("killed", now, MINUTE)
        assert schedule.claim("two", now + MINUTE, MINUTE) is None
        assert schedule.claim("two", now + 2 * MINUTE, MINUTE) is watering

    def test_a_worker_that_lives_keeps_what_it_is_at(self, watering: Periodic, now: dt.datetime) -> None:
        schedule.set_up(now)
        schedule.claim("slow", now, MINUTE)
        schedule.extend("slow", now + 10 * MINUTE)
        assert schedule.claim("two", now + 2 * MINUTE, MINUTE) is None

    def test_setting_up_again_changes_nothing(self, watering: Periodic, now: dt.datetime) -> None:
        schedule.set_up(now)
        schedule.set_up(now + MINUTE)
        assert Schedule.objects.get().next_at == now


@pytest.mark.django_db
class TestEnding:
    def test_it_comes_round_after_its_time(self, watering: Periodic, now: dt.datetime) -> None:
        schedule.set_up(now)
        schedule.claim("one", now, MINUTE)
        assert schedule.finished(watering, "one", now + MINUTE, 3)
        assert schedule.claim("one", now + 5 * MINUTE, MINUTE) is None
        assert schedule.claim("one", now + 6 * MINUTE, MINUTE) is watering

    def test_a_run_that_reached_its_limit_is_followed_by_another_at_once(
        self, watering: Periodic, now: dt.datetime
    ) -> None:
        schedule.set_up(now)
        schedule.claim("one", now, MINUTE)
        schedule.finished(watering, "one", now, 10)
        assert schedule.claim("two", now, MINUTE) is watering

    def test_whoever_was_overtaken_does_not_write_over_the_other(
        self, watering: Periodic, now: dt.datetime
    ) -> None:
        schedule.set_up(now)
        schedule.claim("slept", now, MINUTE)
        schedule.claim("two", now + 2 * MINUTE, MINUTE)
        assert not schedule.finished(watering, "slept", now + 3 * MINUTE, 3)
        assert Schedule.objects.get().claimed_by == "two"

    def test_errors_are_counted_and_do_not_stop_it_from_coming_round(
        self, watering: Periodic, now: dt.datetime
    ) -> None:
        schedule.set_up(now)
        schedule.claim("one", now, MINUTE)
        schedule.failed(watering, "one", now, "ValueError")
        row = Schedule.objects.get()
        assert (row.failures, row.error, row.next_at) == (1, "ValueError", now + 5 * MINUTE)
        schedule.claim("one", row.next_at, MINUTE)
        schedule.finished(watering, "one", row.next_at, 0)
        assert Schedule.objects.get().failures == 0


def test_deadlines_and_retention_come_round() -> None:
    every = {name: work.every for name, work in schedule.registered().items()}
    assert every["deadlines"] == dt.timedelta(seconds=30)
    assert every["retention"] == dt.timedelta(hours=1)


class TestManyAtOnce:
    def test_one_that_cannot_be_done_does_not_keep_the_others(self) -> None:
        seen: list[int] = []

        def act(number: int) -> None:
            if number == 2:
                raise ValueError
            seen.append(number)

        with pytest.raises(PartlyFailed) as told:
            for_each([1, 2, 3], act)
        assert seen == [1, 3]
        assert (told.value.done, told.value.failed) == (2, 1)

    def test_nothing_is_nothing(self) -> None:
        assert for_each([], lambda number: None) == 0

    def test_a_database_that_is_away_ends_the_run(self) -> None:
        def act(number: int) -> None:
            raise OperationalError

        with pytest.raises(OperationalError):
            for_each([1, 2], act)


@pytest.mark.django_db
def test_a_case_whose_type_is_gone_does_not_stop_the_clocks_of_the_others(
    county: object, now: dt.datetime
) -> None:
    long_ago = now - dt.timedelta(days=60)
    cases = [
        perform(OpenCase(kind="request", category="other", title=f"{n}"), SYSTEM, long_ago) for n in range(3)
    ]
    # Nor is a version of it kept.
    Case.objects.filter(pk=cases[0].pk).update(case_type="gone", type_hash="")
    with pytest.raises(PartlyFailed):
        run_deadlines(now)
    assert set(Event.objects.filter(kind="escalated").values_list("case_id", flat=True)) == {
        cases[1].pk,
        cases[2].pk,
    }
