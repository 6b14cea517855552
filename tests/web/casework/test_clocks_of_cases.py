"""Both clocks of a case, in working and calendar time, over holidays, make-up workdays and pauses."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.web.foundation.casework import clocks
from linli.web.foundation.casework.clocks import Deadlines, anew, enter, next_check
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.register import case_type

pytestmark = pytest.mark.django_db  # the calendar in use is asked of the database

SHANGHAI = ZoneInfo("Asia/Shanghai")
moments = st.integers(0, 600 * 1440).map(
    lambda minutes: dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)


def request() -> TypeSpec:
    return case_type("request")


def local(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=SHANGHAI)


def test_a_request_over_spring_festival_is_due_after_it() -> None:
    # 2026-02-13 is the last workday but one: Saturday 14 February is worked, the holiday lasts from 15 to 23.
    due = anew(request(), "noise", request().initial, local(2026, 2, 13, 16, 0)).case_due
    # 16 working hours: 1.5 on Friday, 7 on the worked Saturday, 7 on the 24th, half an hour on the 25th.
    assert due == local(2026, 2, 25, 9, 0)


def test_incidents_count_the_night_too() -> None:
    spec = case_type("incident")
    due = anew(spec, "home_robbery", spec.initial, local(2026, 2, 16, 23, 0)).case_due
    assert due == local(2026, 2, 17, 23, 0)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=moments, first=st.integers(0, 40), pause=st.integers(0, 400))
def test_what_is_left_on_the_clock_is_the_same_after_a_pause_as_before_it(
    at: dt.datetime, first: int, pause: int
) -> None:
    spec = request()
    before = anew(spec, "road", spec.state_by_id["handling"], at)
    begun = at + dt.timedelta(hours=first)
    paused = enter(spec, spec.state_by_id["waiting"], before, begun)
    ended = begun + dt.timedelta(hours=pause)
    after = enter(spec, spec.state_by_id["handling"], paused, ended)
    assert paused.case_due is None
    assert paused.remaining is not None
    assert after.case_due is not None
    assert after.remaining is None
    left = clocks.time_of("working").between(ended, max(after.case_due, ended))
    assert left == paused.remaining
    assert before.case_due is None or after.case_due >= before.case_due or before.case_due <= begun


def test_a_pause_after_the_deadline_does_not_wipe_out_that_it_was_missed() -> None:
    spec = request()
    late = Deadlines(case_due=local(2026, 3, 10, 10, 0))
    paused = enter(spec, spec.state_by_id["waiting"], late, local(2026, 3, 12, 10, 0))
    assert paused.remaining == dt.timedelta(0)


@pytest.mark.parametrize(("done", "hour"), [(0, 16), (1, 17)])
def test_the_next_look_is_at_the_next_step_that_is_left(done: int, hour: int) -> None:
    spec = request()
    deadlines = Deadlines(state_due=local(2026, 3, 10, 16, 0))
    when = next_check(spec, deadlines, state_step=done, case_step=0)
    # The second step comes eight working hours after the first: 1.5 h on the 10th, 6.5 h on the 11th.
    assert when == (local(2026, 3, 10, 16, 0) if done == 0 else local(2026, 3, 11, 17, 0))
    assert when.astimezone(SHANGHAI).hour == hour


def test_when_all_steps_are_done_nobody_looks_again() -> None:
    spec = request()
    deadlines = Deadlines(state_due=local(2026, 3, 10, 16, 0), case_due=local(2026, 3, 17, 17, 0))
    assert next_check(spec, deadlines, state_step=2, case_step=2) is None
