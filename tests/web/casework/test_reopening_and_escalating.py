"""What a case that is opened again leaves behind, by either way; and what an escalation may not do."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.deadlines import run_deadlines, run_retention
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.clocks import anew
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.foundation.casework.types.register import case_type

pytestmark = pytest.mark.django_db
Open = Callable[..., Case]


@pytest.fixture
def opened(stage: Stage, cast: object, now: dt.datetime) -> Open:
    def make(kind: str, **given: Any) -> Case:
        category = case_type(kind).categories[0].id
        values = {"category": category, "title": "一件事", "place": stage.place.code, **given}
        return perform(OpenCase(kind=kind, **values), SYSTEM, now)

    return make


def by_its_reporter(opened: Open, now: dt.datetime) -> Case:
    case = opened("request")
    turned_down = {"note": "重复", "answer": "已登记", "result": "withdrawn"}
    perform(Move(case_id=case.pk, step="reject", **turned_down), SYSTEM, now)  # type: ignore[arg-type]
    passed(case, now)
    return perform(GiveFeedback(case_id=case.pk, solved=False, reopen=True), SYSTEM, now)


def by_a_step_of_its_type(opened: Open, now: dt.datetime) -> Case:
    case = opened("problem_place", data={"signs": "灯光不足"})
    perform(Move(case_id=case.pk, step="dismiss", note="不属实", result="not_confirmed"), SYSTEM, now)
    passed(case, now)
    return perform(Move(case_id=case.pk, step="reopen", note="问题反弹"), SYSTEM, now)


def passed(case: Case, now: dt.datetime) -> None:
    """It was escalated twice, and what is personal in it has its day."""
    Case.objects.filter(pk=case.pk).update(case_step=2, state_step=1)
    PersonalValue.objects.create(
        case=case, role="reporter", field="reporter_name", value="张某", keep_days=1, keep_until=now
    )


# Guard E
@pytest.mark.parametrize("reopen", [by_its_reporter, by_a_step_of_its_type])
def test_a_reopened_case_keeps_neither_its_days_nor_its_steps(
    reopen: Callable[[Open, dt.datetime], Case], opened: Open, now: dt.datetime
) -> None:
    case = reopen(opened, now)
    case.refresh_from_db()
    assert (case.closed_at, case.result, case.shred_at) == (None, "", None)
    assert (case.state_step, case.case_step) == (0, 0)
    run_retention(now + dt.timedelta(days=4000))
    assert Case.objects.filter(pk=case.pk).exists()
    value = case.personal_values.get(field="reporter_name")
    assert (value.value, value.erased_at, value.keep_until) == ("张某", None, None)


# Guard E
def test_an_escalation_never_lowers_a_priority(opened: Open, now: dt.datetime) -> None:
    case = opened("request")
    Case.objects.filter(pk=case.pk).update(priority=Case.Priority.URGENT)
    # Late for its state and not yet for itself: the step that is due raises others to "high".
    run_deadlines(now + dt.timedelta(days=2))
    case.refresh_from_db()
    assert case.events.filter(kind="escalated").count() == 2
    assert case.priority == Case.Priority.URGENT


# Guard E
def test_a_state_with_a_calendar_of_its_own_is_due_by_that(now: dt.datetime) -> None:
    spec = case_type("request")
    friday = dt.datetime(2026, 3, 13, 9, 0, tzinfo=dt.UTC)
    state = spec.initial.model_copy(update={"due_hours": 4.0})
    by_hours = state.model_copy(update={"calendar": "calendar"})
    # 17:00 in Shanghai: half an hour of work is left that week, and any four hours end in the evening.
    assert anew(spec, "noise", by_hours, friday).state_due == friday + dt.timedelta(hours=4)
    due = anew(spec, "noise", state, friday).state_due
    assert due is not None
    assert due > friday + dt.timedelta(days=2)
