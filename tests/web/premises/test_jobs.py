"""What comes round: reminders once, telephones erased, nothing doubled; and what retention leaves."""

import datetime as dt

import pytest

from linli.web.demonstration.fill import parts
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.deadlines import run_deadlines, run_retention
from linli.web.foundation.casework.models import Case, Notice
from linli.web.foundation.jobs.schedule import registered
from linli.web.ops.premises import jobs
from linli.web.ops.premises.actions.papers import FilePlan, IssueLetter, RecordDrill, SignLetter
from linli.web.ops.premises.actions.register import ClosePremises
from linli.web.ops.premises.models import (
    Answer,
    DutyTelephone,
    EmergencyPlan,
    Inspection,
    Letter,
    Photo,
    Premises,
    Rectification,
    Reminder,
)

from .conftest import Works

pytestmark = pytest.mark.django_db


def _on(works: Works, days: float) -> dt.datetime:
    return works.now + dt.timedelta(days=days)


def test_the_work_is_registered_and_found_by_the_demonstration() -> None:
    assert "premises" in registered()
    assert "linli.web.ops.premises.demonstration" in list(parts())


def test_a_notice_is_reminded_of_before_and_after_its_day_and_once_each(works: Works) -> None:
    case = works.noticed(works.premises())
    assert jobs.remind(_on(works, 1)) == 0
    assert jobs.remind(_on(works, 5)) == 1
    assert jobs.remind(_on(works, 6)) == 0
    assert jobs.remind(_on(works, 9)) == 1
    assert jobs.remind(_on(works, 10)) == 0
    assert list(Reminder.objects.order_by("pk").values_list("kind", flat=True)) == ["fix_by", "overdue"]
    for username in ("danwei", "minjing"):
        notices = Notice.objects.filter(user=works.cast[username], kind="reminder", case=case)
        assert notices.count() == 2


def test_a_mended_notice_is_not_reminded_of(works: Works) -> None:
    works.rechecked(works.answered(works.noticed(works.premises())))
    assert jobs.remind(_on(works, 30)) == 0


def test_a_letter_is_reminded_of_before_it_expires_unless_there_is_a_newer_one(works: Works, photo) -> None:  # type: ignore[no-untyped-def]
    premises, officer = works.premises(), works.by("minjing")

    def signed(days: int) -> None:
        perform(IssueLetter(premises_id=premises.pk), officer, works.now)
        letter = Letter.objects.get(signed_on=None)
        sign = SignLetter(
            premises_id=premises.pk, letter_id=letter.pk, signed_on=works.day(), expires_on=works.day(days),
            scan=photo(),
        )  # fmt: skip
        perform(sign, officer, works.now)

    signed(40)
    assert jobs.remind(_on(works, 5)) == 0
    assert jobs.remind(_on(works, 11)) == 1
    signed(400)
    Reminder.objects.all().delete()
    assert jobs.remind(_on(works, 12)) == 0


def test_a_key_unit_without_a_drill_for_a_year_is_reminded(works: Works, photo) -> None:  # type: ignore[no-untyped-def]
    key, plain = works.premises(key_clause="N13"), works.premises(name="一般店")
    for one in (key, plain):
        plan = FilePlan(premises_id=one.pk, dated=works.day(-370), file=photo())
        perform(plan, works.by("minjing"), works.now)
    assert jobs.remind(works.now) == 1
    assert Reminder.objects.get().premises == key
    Reminder.objects.all().delete()
    drill = RecordDrill(premises_id=key.pk, held_on=works.day(-2), participants=9)
    perform(drill, works.by("minjing"), works.now)
    assert jobs.remind(works.now) == 0
    assert EmergencyPlan.objects.count() == 2


def test_a_telephone_is_erased_when_its_time_is_over(works: Works) -> None:
    premises = works.premises()
    perform(ClosePremises(premises_id=premises.pk, reason="停业"), works.by("minjing"), works.now)
    jobs.run(_on(works, 89))
    assert DutyTelephone.objects.get().value
    jobs.run(_on(works, 91))
    kept = DutyTelephone.objects.get()
    assert kept.value == ""
    assert kept.erased_at is not None


def test_run_again_the_work_does_nothing_again(works: Works) -> None:
    works.premises(at=_on(works, -400))
    works.noticed(works.premises(name="第二家"))
    assert jobs.run(_on(works, 5)) == 2
    assert jobs.run(_on(works, 5)) == 0


def test_a_day_that_passes_escalates_by_the_cases_own_clock(works: Works) -> None:
    case = works.noticed(works.premises())
    run_deadlines(_on(works, 6))
    assert not case.events.filter(kind="escalated").exists()
    run_deadlines(_on(works, 8))
    assert case.events.filter(kind="escalated").exists()
    assert Notice.objects.filter(user=works.cast["minjing"], kind="late", case=case).exists()


def test_retention_takes_everything_of_an_inspection_and_leaves_the_premises(works: Works, photo) -> None:  # type: ignore[no-untyped-def]
    case = works.answered(works.noticed(works.premises()), files=(photo(),))
    works.rechecked(case)
    run_retention(_on(works, 365 * 6))
    for model in (Case, Inspection, Answer, Rectification, Photo):
        assert not model.objects.exists()
    assert Premises.objects.get().inspected_on == works.day()
