"""Whoever has left is told nothing in vain: an assignee who cannot work on the case counts as none."""

import datetime as dt

import pytest

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.deadlines import run_deadlines
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import BreakGlass
from linli.web.foundation.casework.models import Case, Notice

REASON = "现场有人受伤，需要立即联系报警人"
WAYS = {
    "account stopped": lambda user, day: User.objects.filter(pk=user.pk).update(is_active=False),
    "role over": lambda user, day: Grant.objects.filter(user=user).update(ends=day - dt.timedelta(days=1)),
    "another role": lambda user, day: Grant.objects.filter(user=user).update(role="administrator"),
}


@pytest.fixture
def case(actor, cast, stage, now) -> Case:
    opening = OpenCase(kind="request", category="streetlight", title="路灯不亮", place=stage.place.code)
    made = perform(opening, SYSTEM, now)
    Case.objects.filter(pk=made.pk).update(assignee=cast["minjing"])
    return Case.objects.get(pk=made.pk)


def _told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


# Guard 2
@pytest.mark.parametrize("way", WAYS)
def test_the_chief_hears_of_the_broken_glass_where_the_assignee_has_left(way, case, actor, cast, now) -> None:
    WAYS[way](cast["minjing"], now.date())
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuo"), now)
    assert _told("emergency_here") == {"suozhang"}


# Guard 2
@pytest.mark.parametrize("way", WAYS)
def test_steps_feedback_and_deadlines_tell_nobody_who_has_left(way, case, cast, now) -> None:
    WAYS[way](cast["minjing"], now.date())
    turned_down = {"note": "重复", "answer": "已登记", "result": "withdrawn"}
    perform(Move(case_id=case.pk, step="reject", **turned_down), SYSTEM, now)
    perform(GiveFeedback(case_id=case.pk, solved=False, reopen=True), SYSTEM, now)
    run_deadlines(now + dt.timedelta(days=60))
    assert not Notice.objects.filter(user=cast["minjing"]).exists()
    assert _told("reopened") == {"suozhang"}
    assert _told("late") >= {"suozhang"}


# Guard 2
def test_an_assignee_who_is_there_is_told_as_ever(case, actor, now) -> None:
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuo"), now)
    perform(Move(case_id=case.pk, step="accept"), SYSTEM, now)
    assert _told("emergency_here") == {"minjing"}
    assert _told("moved") == {"minjing"}
