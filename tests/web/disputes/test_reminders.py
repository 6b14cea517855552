"""Mediators are reminded of sessions, terms and checks: once each, in their own language."""

import datetime as dt

import pytest

from linli.web.foundation.accounts.models import User
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.jobs.schedule import registered
from linli.web.ops.disputes.actions.mediating import PlanSession
from linli.web.ops.disputes.reminders import remind
from linli.web.ops.disputes.selectors import docket, next_dates
from web.disputes.telling import Teller

pytestmark = pytest.mark.django_db


def reminders(teller: Teller) -> list[str]:
    found = Notice.objects.filter(user_id=teller.actor("tiaojie").user_id, kind="reminder").order_by("pk")
    return [notice.detail["who"] for notice in found]


def test_a_session_is_recalled_within_a_day_of_it_and_once(teller: Teller) -> None:
    case = teller.mediating()
    at = teller.at + dt.timedelta(days=2)
    teller.does("tiaojie", PlanSession(case_id=case.pk, at=at, place="村委会"))
    assert remind(teller.at) == 0
    teller.waits(days=1)
    assert remind(teller.at) == 1
    assert remind(teller.at) == 0
    assert reminders(teller) == ["24 小时内有第 1 次调解"]
    teller.at = at
    assert remind(teller.at) == 0


def test_a_reminder_speaks_the_language_of_its_reader(teller: Teller) -> None:
    case = teller.mediating()
    User.objects.filter(pk=case.assignee_id).update(language="en")
    teller.does("tiaojie", PlanSession(case_id=case.pk, at=teller.at + dt.timedelta(hours=5), place="村委会"))
    remind(teller.at)
    assert reminders(teller) == ["session 1 is within 24 hours"]


def test_terms_are_recalled_before_and_after_their_day_and_the_check_after_ninety(teller: Teller) -> None:
    case = teller.agreed(days=10)
    assert remind(teller.at) == 1
    teller.waits(days=3)
    assert remind(teller.at) == 1
    teller.waits(days=5)
    assert remind(teller.at) == 1
    assert remind(teller.at) == 0
    assert len(reminders(teller)) == 3
    due = docket(teller.actor("tiaojie"), teller.at)
    assert [(one.what, one.late) for one, _ in due] == [("term", True), ("term", False)]
    assert next_dates([case], teller.at)[case.pk].late


def test_the_check_is_recalled_when_its_day_has_come(teller: Teller) -> None:
    case = teller.fulfilled(days=5)
    (one, found), *rest = docket(teller.actor("tiaojie"), teller.at)
    assert (one.what, found, rest) == ("check", case, [])
    teller.waits(days=94)
    assert remind(teller.at) == 0
    teller.waits(days=1)
    assert remind(teller.at) == 1


def test_the_job_is_registered() -> None:
    assert registered()["disputes"].run is remind
