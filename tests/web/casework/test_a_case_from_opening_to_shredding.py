"""One case after another taken through the kernel: opened, moved, paused, late, closed, reopened, deleted."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import AlreadyDone, perform
from linli.web.foundation.actions.numbers import numbers_from
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.deadlines import run_deadlines, run_retention
from linli.web.foundation.casework.actions.feedback import GiveFeedback
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.actions.working import AddNote, Assign, Describe, GiveAnswer
from linli.web.foundation.casework.models import Case, Feedback, Notice, Tombstone
from linli.web.foundation.casework.types.register import case_types
from web.drawn import Drawn

pytestmark = pytest.mark.django_db
Actors = Callable[[str], Actor]


@pytest.fixture
def opened(actor: Actors, stage: Stage, now: dt.datetime) -> Callable[..., Case]:
    def open_one(**given: Any) -> Case:
        values: dict[str, Any] = {
            "kind": "request",
            "category": "streetlight",
            "title": "村口路灯不亮",
            "longitude": stage.place.longitude,
            "latitude": stage.place.latitude,
            "data": {"reporter_name": "张某", "reporter_phone": "13800001234"},
        } | given
        return perform(OpenCase(**values), actor("fujing"), now)

    return open_one


def test_a_case_is_located_routed_numbered_and_given_its_deadlines(
    opened: Callable[..., Case], stage: Stage, now: dt.datetime
) -> None:
    with numbers_from(Drawn(417)):
        case = opened()
    assert (case.place_code, case.beat_code) == (stage.place.code, stage.place.beat_code)
    assert case.organisation == stage.post
    assert case.number == "SQ260310-000417"
    # Tuesday 10:00 in days of 8:30–12:00 and 14:00–17:30: 4 hours end at 16:00, and 40 at 17:00 a week later.
    assert case.state_due_at == dt.datetime(2026, 3, 10, 8, 0, tzinfo=dt.UTC)
    assert case.case_due_at == case.promised_at == dt.datetime(2026, 3, 17, 9, 0, tzinfo=dt.UTC)
    assert case.due_at == case.state_due_at


def test_what_is_personal_lies_apart_and_reading_it_is_logged(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    assert "reporter_phone" not in case.data
    action = ReadPersonal(case_id=case.pk)
    perform(action, actor("minjing"), now)
    assert {value.value for value in action.values()} == {"张某", "13800001234"}
    entry = Entry.objects.get(action="case.read_personal")
    assert entry.actor_name == "民警 王"
    assert "13800001234" not in str(entry.detail)
    with pytest.raises(Forbidden):
        perform(ReadPersonal(case_id=case.pk), actor("fujing"), now)


def test_a_case_takes_only_the_steps_of_its_type_by_the_roles_named_there(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    with pytest.raises(Conflict):
        perform(Move(case_id=case.pk, step="resume"), actor("minjing"), now)
    with pytest.raises(Forbidden):
        perform(
            Move(case_id=case.pk, step="reject", note="重复", answer="已登记", result="withdrawn"),
            actor("fujing"),
            now,
        )
    perform(Move(case_id=case.pk, step="accept"), actor("fujing"), now)
    with pytest.raises(Invalid) as refused:
        perform(Move(case_id=case.pk, step="resolve"), actor("minjing"), now)
    assert set(refused.value.fields) == {"answer", "result"}
    case.refresh_from_db()
    assert case.state == "accepted"


def test_a_pause_moves_the_deadline_by_as_long_as_it_lasted(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    perform(Move(case_id=case.pk, step="accept"), actor("minjing"), now)
    hour = dt.timedelta(hours=1)
    perform(Move(case_id=case.pk, step="pause", data={"waiting_for": "供电所"}), actor("minjing"), now + hour)
    case.refresh_from_db()
    assert case.case_due_at is None
    assert case.remaining_seconds == 39 * 3600
    assert case.promised_at is not None
    later = now + hour + dt.timedelta(days=7)
    perform(Move(case_id=case.pk, step="resume"), actor("minjing"), later)
    case.refresh_from_db()
    assert case.case_due_at == case.promised_at + dt.timedelta(days=7)
    assert case.remaining_seconds is None


def test_a_late_case_is_escalated_step_by_step_and_each_step_once(
    opened: Callable[..., Case], cast: dict[str, Any], now: dt.datetime
) -> None:
    case = opened()
    assert run_deadlines(now) == 0
    late = now + dt.timedelta(days=12)
    assert run_deadlines(late) == 1
    assert run_deadlines(late) == 0
    case.refresh_from_db()
    assert case.priority == Case.Priority.URGENT
    assert case.organisation is not None
    assert case.organisation.code.startswith("station:")
    kinds = [event.detail["clock"] for event in case.events.filter(kind="escalated")]
    assert kinds == ["state", "state", "case", "case"]
    assert Notice.objects.filter(user=cast["suozhang"], kind="late", case=case).exists()
    assert not Notice.objects.filter(user=cast["linsuozhang"]).exists()


def closed_case(case: Case, actor: Actors, at: dt.datetime) -> Case:
    perform(Move(case_id=case.pk, step="start"), actor("minjing"), at)
    done = Move(
        case_id=case.pk, step="resolve", data={"measures": "已更换灯泡"}, answer="已修好", result="fixed"
    )
    return perform(done, actor("minjing"), at)


def test_a_closed_case_is_reopened_by_the_one_who_raised_it_and_by_nobody_else(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = closed_case(opened(), actor, now)
    assert case.closed_at == now
    answer = GiveFeedback(case_id=case.pk, solved=False, rating=1, comment="还是不亮", reopen=True)
    with pytest.raises(Forbidden):
        perform(answer, actor("minjing"), now)
    perform(GiveFeedback(case_id=case.pk, solved=False, rating=1, reopen=True), SYSTEM, now)
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.result) == ("received", None, "")
    assert case.case_due_at is not None
    assert Feedback.objects.get(case=case).reopened


def test_who_took_a_call_down_and_worked_on_it_does_not_say_how_it_went(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    taken = opened()
    Case.objects.filter(pk=taken.pk).update(channel="phone", opened_by_id=actor("minjing").user_id)
    case = closed_case(taken, actor, now)
    with pytest.raises(Forbidden, match="yourself"):
        perform(GiveFeedback(case_id=case.pk, solved=True, rating=5), actor("minjing"), now)
    perform(GiveFeedback(case_id=case.pk, solved=True, rating=5), SYSTEM, now)


def test_reopening_ends_with_the_days_that_the_type_allows(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = closed_case(opened(), actor, now)
    with pytest.raises(Conflict):
        perform(GiveFeedback(case_id=case.pk, solved=False, reopen=True), SYSTEM, now + dt.timedelta(days=16))


def test_personal_values_go_first_and_the_case_later_and_a_tombstone_stays(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = closed_case(opened(), actor, now)
    assert run_retention(now + dt.timedelta(days=179)) == 0
    assert run_retention(now + dt.timedelta(days=181)) == 1
    assert all(value.value == "" and value.erased_at for value in case.personal_values.all())
    assert run_retention(now + dt.timedelta(days=1096)) == 1
    assert not Case.objects.filter(pk=case.pk).exists()
    stone = Tombstone.objects.get()
    assert (stone.number, stone.result, stone.keep_days) == (case.number, "fixed", 1095)


def test_the_same_form_sent_twice_opens_one_case(actor: Actors, stage: Stage, now: dt.datetime) -> None:
    action = OpenCase(kind="request", category="other", title="噪声")
    case = perform(action, actor("fujing"), now, key="form-1")
    with pytest.raises(AlreadyDone) as again:
        perform(action, actor("fujing"), now, key="form-1")
    assert again.value.reference == f"case:{case.pk}"
    assert Case.objects.count() == 1


def test_who_edits_an_older_revision_is_told_who_was_faster(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    perform(AddNote(case_id=case.pk, text="已到现场"), actor("fujing"), now)
    with pytest.raises(Conflict) as refused:
        perform(Move(case_id=case.pk, step="accept", revision=case.revision), actor("minjing"), now)
    assert "辅警 李" in refused.value.text.zh


def test_a_parent_waits_for_its_sub_cases(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    parent = opened()
    opened(parent_id=parent.pk, title="联系供电所")
    perform(Move(case_id=parent.pk, step="start"), actor("minjing"), now)
    with pytest.raises(Conflict):
        perform(
            Move(case_id=parent.pk, step="resolve", data={"measures": "无"}, answer="已修", result="fixed"),
            actor("minjing"),
            now,
        )


def test_assignment_goes_only_to_somebody_who_works_there(
    opened: Callable[..., Case], actor: Actors, cast: dict[str, Any], stage: Stage, now: dt.datetime
) -> None:
    case = opened()
    with pytest.raises(Invalid):
        perform(
            Assign(case_id=case.pk, organisation_id=stage.post.pk, assignee_id=cast["linsuo"].pk),
            actor("suozhang"),
            now,
        )
    perform(
        Assign(case_id=case.pk, organisation_id=stage.post.pk, assignee_id=cast["minjing"].pk),
        actor("suozhang"),
        now,
    )
    assert Notice.objects.filter(user=cast["minjing"], kind="assigned").count() == 1


def test_answers_are_public_and_corrections_keep_what_stood_there(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    perform(GiveAnswer(case_id=case.pk, text="正在处理"), actor("minjing"), now)
    perform(
        Describe(case_id=case.pk, title="路灯坏了三盏", category="road", priority=1), actor("minjing"), now
    )
    events = {event.kind: event for event in case.events.all()}
    assert events["answer"].public
    assert events["changed"].detail["before"]["title"] == "村口路灯不亮"


def test_another_stations_officer_cannot_even_learn_that_the_case_exists(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = opened()
    with pytest.raises(Missing):
        perform(AddNote(case_id=case.pk, text="看看"), actor("linsuo"), now)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"category": "nothing"}, "category"),
        ({"longitude": 181.0}, "position"),
        ({"latitude": None}, "position"),
        ({"occurred_at": dt.datetime(2026, 3, 11, tzinfo=dt.UTC)}, "occurred_at"),
        ({"data": {"reporter_phone": "call me"}}, "reporter_phone"),
        ({"data": {"religion": "x"}}, "religion"),
    ],
)
def test_a_case_with_something_wrong_is_not_opened_and_the_field_is_named(
    opened: Callable[..., Case], given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        opened(**given)
    assert field in refused.value.fields
    assert not Case.objects.exists()
    assert not Entry.objects.exists()


# Guard E
def test_a_reopened_case_is_not_shredded_by_the_days_of_its_first_end(
    opened: Callable[..., Case], actor: Actors, now: dt.datetime
) -> None:
    case = closed_case(opened(), actor, now)
    assert case.shred_at is not None
    perform(GiveFeedback(case_id=case.pk, solved=False, reopen=True), SYSTEM, now + dt.timedelta(days=1))
    case.refresh_from_db()
    assert (case.closed_at, case.shred_at) == (None, None)
    run_retention(now + dt.timedelta(days=4000))
    assert Case.objects.filter(pk=case.pk).exists()
    assert not Tombstone.objects.exists()


# Guard E
def test_a_step_out_of_a_closed_state_takes_its_day_of_shredding_away(
    actor: Actors, stage: Stage, now: dt.datetime
) -> None:
    case = perform(
        OpenCase(
            kind="problem_place",
            category=case_types()["problem_place"].categories[0].id,
            title="夜市周边",
            place=stage.place.code,
            data={"signs": "灯光不足"},
        ),
        SYSTEM,
        now,
    )
    Case.objects.filter(pk=case.pk).update(
        state="closed", closed_at=now, result="put_right", shred_at=now + dt.timedelta(days=1)
    )
    moved = perform(Move(case_id=case.pk, step="reopen", note="问题反弹"), SYSTEM, now)
    assert (moved.state, moved.closed_at, moved.result, moved.shred_at) == ("in_progress", None, "", None)
    run_retention(now + dt.timedelta(days=4000))
    assert Case.objects.filter(pk=case.pk).exists()
