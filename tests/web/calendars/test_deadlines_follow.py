"""After a change of the calendar stored deadlines are worked out anew, on record, the old promise beside."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.calendars.actions import EnterNotice, SetHours, WithdrawNotice
from linli.web.foundation.calendars.models import Reworked
from linli.web.foundation.calendars.parsing import notice_of
from linli.web.foundation.calendars.reading import calendar_of
from linli.web.foundation.calendars.reworking import in_step, run_reworking
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, Event, Notice
from linli.web.intake.models import Track
from linli.web.ops.disputes.models import Handover
from linli.web.ops.premises.actions.steps import end_of, set_state_due
from linli.web.ops.requests.models import Five
from web.calendars.conftest import NOTICE

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=SHANGHAI)


BEFORE = local(2027, 2, 4, 9, 0)
BY_LAW, BY_NOTICE = local(2027, 2, 15, 16, 0), local(2027, 2, 18, 16, 0)


def enter(actor: Actor, text: str = NOTICE, at: dt.datetime = BEFORE) -> None:
    rest, worked = notice_of(text, 2027)
    perform(EnterNotice(year=2027, rest=tuple(rest.days), worked=tuple(worked.days)), actor, at)


@pytest.fixture
def case(stage: Stage, cast: object, actor: Callable[[str], Actor]) -> Case:
    run_reworking(BEFORE)
    opened = OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code)
    found = perform(opened, SYSTEM, BEFORE)
    assert found.case_due_at == BY_LAW
    Case.objects.filter(pk=found.pk).update(assignee=actor("minjing").user_id)
    return found


# Mend 9
def test_a_deadline_follows_the_notice_and_the_old_promise_stays_beside_it(
    case: Case, actor: Callable[[str], Actor], signed_in: Callable[..., Client]
) -> None:
    enter(actor("guihua"))
    assert not in_step()
    run_reworking(BEFORE)
    assert in_step()
    case.refresh_from_db()
    assert (case.case_due_at, case.promised_at) == (BY_NOTICE, BY_LAW)
    assert case.next_check_at is not None
    event = Event.objects.get(case=case, kind="reckoned")
    assert event.detail["case"] == [moment.astimezone(dt.UTC).isoformat() for moment in (BY_LAW, BY_NOTICE)]
    track = Track.objects.get(number=case.number)
    assert (track.promised_at, track.first_promised_at) == (BY_NOTICE, BY_LAW)
    assert Five.objects.get(case=case).resolved_due == BY_NOTICE
    page = signed_in("minjing").get(f"/cases/{case.number}/").content.decode()
    assert "办理时限由 2027-02-15 16:00 改为 2027-02-18 16:00" in page
    assert "尚未公布" not in page
    english = signed_in("minjing", "en").get(f"/cases/{case.number}/").content.decode()
    assert "due by 2027-02-18 16:00, before by 2027-02-15 16:00" in english


# Mend 9
def test_whoever_has_it_in_hand_is_told_once(case: Case, actor: Callable[[str], Actor]) -> None:
    for text in (NOTICE, NOTICE.replace("至11日", "至12日")):
        enter(actor("guihua"), text)
        run_reworking(BEFORE)
        run_reworking(BEFORE)
    told = Notice.objects.filter(kind="reckoned", case=case).values_list("user_id", flat=True)
    assert list(told) == [actor("minjing").user_id]
    assert Event.objects.filter(case=case, kind="reckoned").count() == 2


# Mend 9
def test_a_notice_that_is_withdrawn_gives_the_deadline_of_the_law_again(
    case: Case, actor: Callable[[str], Actor]
) -> None:
    enter(actor("guihua"))
    run_reworking(BEFORE)
    perform(WithdrawNotice(year=2027), actor("guihua"), BEFORE)
    run_reworking(BEFORE)
    case.refresh_from_db()
    assert case.case_due_at == BY_LAW


# Mend 9
def test_what_was_left_when_a_clock_stood_still_follows_a_notice_that_came_late(
    case: Case, actor: Callable[[str], Actor]
) -> None:
    stopped = local(2027, 2, 10, 9, 0)
    perform(Move(case_id=case.pk, step="accept"), SYSTEM, stopped)
    perform(Move(case_id=case.pk, step="pause", data={"waiting_for": "供电所"}), SYSTEM, stopped)
    case.refresh_from_db()
    hour = 3600
    # By the law 9 and 10 February are worked: 6.5 + 7 + 0.5 hours are used. By the notice neither is.
    assert case.remaining_seconds == 26 * hour
    enter(actor("guihua"), at=stopped)
    run_reworking(stopped)
    case.refresh_from_db()
    assert case.remaining_seconds == int(33.5 * hour)


# Mend 9
def test_a_stations_own_hours_move_its_deadlines_and_no_others(
    case: Case, stage: Stage, actor: Callable[[str], Actor]
) -> None:
    other = OpenCase(kind="request", category="streetlight", title="路灯", place=stage.other_place.code)
    there = perform(other, SYSTEM, BEFORE)
    day = dt.date(2027, 2, 9)
    long = ((dt.time(8, 0), dt.time(20, 0)),)
    hours = SetHours(station=case.station_code, since=day, periods=long)
    perform(hours, actor("guihua"), BEFORE)
    run_reworking(BEFORE)
    case.refresh_from_db()
    there.refresh_from_db()
    assert there.case_due_at == BY_LAW
    # 6.5 hours on 4 February, then 12 a day: 9, 10 and 9.5 hours on 11 February.
    assert case.case_due_at == local(2027, 2, 11, 17, 30)


# Mend 9
def test_deadlines_stored_before_lunar_holidays_were_known_are_put_right(case: Case) -> None:
    old = {"case_from": None, "case_for": None, "state_from": None, "state_for": None}
    Case.objects.filter(pk=case.pk).update(
        case_due_at=local(2027, 2, 11, 16, 0), promised_at=local(2027, 2, 11, 16, 0), **old
    )
    set_as_a_date = perform(
        OpenCase(kind="request", category="noise", title="噪声", place=case.place_code), SYSTEM, BEFORE
    )
    Case.objects.filter(pk=set_as_a_date.pk).update(
        state_due_at=local(2027, 2, 20, 23, 59), state_from=None, state_for=None
    )
    Reworked.objects.update(done="")
    run_reworking(BEFORE)
    case.refresh_from_db()
    set_as_a_date.refresh_from_db()
    assert (case.case_due_at, case.case_from) == (BY_LAW, BEFORE)
    assert case.promised_at == local(2027, 2, 11, 16, 0)
    assert set_as_a_date.state_due_at == local(2027, 2, 20, 23, 59)


# Mend 9
def test_a_deadline_that_was_set_as_a_day_stays(case: Case, actor: Callable[[str], Actor]) -> None:
    day = end_of(dt.date(2027, 2, 12))
    set_state_due(case, day)
    enter(actor("guihua"))
    run_reworking(BEFORE)
    case.refresh_from_db()
    assert (case.state_due_at, case.case_due_at) == (day, BY_NOTICE)


# Mend 9
def test_a_run_that_is_cut_short_goes_on_where_it_was(case: Case, actor: Callable[[str], Actor]) -> None:
    opened = OpenCase(kind="request", category="streetlight", title="路灯", place=case.place_code)
    more = [perform(opened, SYSTEM, BEFORE) for _ in range(2)]
    enter(actor("guihua"))
    assert [run_reworking(BEFORE, most=1) for _ in range(4)] == [1, 1, 1, 0]
    assert in_step()
    assert Event.objects.filter(case__in=[case, *more], kind="reckoned").count() == 3


# Mend 9
def test_a_hand_over_is_to_be_acknowledged_by_the_new_calendar(
    stage: Stage, cast: object, actor: Callable[[str], Actor]
) -> None:
    run_reworking(BEFORE)
    data = {"level": "village", "how_found": "asked"}
    opened = OpenCase(kind="dispute", category="wages", title="工资", place=stage.place.code, data=data)
    dispute = perform(opened, SYSTEM, BEFORE)
    row = Handover.objects.create(
        case=dispute, direction="out", organisation=stage.court, reason="移送", handed_at=BEFORE,
        acknowledge_by=local(2027, 2, 10, 9, 30),
    )  # fmt: skip
    enter(actor("guihua"))
    run_reworking(BEFORE)
    row.refresh_from_db()
    # 6.5 hours on 4 February, then 12 to 15: 7 on the 12th, 7 on Monday the 15th, half an hour on the 16th.
    assert row.acknowledge_by == local(2027, 2, 16, 9, 0)
    assert Event.objects.filter(case=dispute, kind="reckoned", detail__has_key="handover").exists()
    assert Notice.objects.filter(case=dispute, kind="reckoned").exists()


# Mend 9
def test_a_change_that_is_undone_is_not_remembered(case: Case, actor: Callable[[str], Actor]) -> None:
    day = dt.date(2027, 2, 10)
    with transaction.atomic():
        enter(actor("guihua"))
        assert not calendar_of().is_workday(day)
        transaction.set_rollback(True)
    assert calendar_of().is_workday(day)
    enter(actor("guihua"), NOTICE.replace("2月5日", "2月4日"))
    assert not calendar_of().is_workday(dt.date(2027, 2, 4))
