"""An inspection from plan to end: sheet, notice, evidence, re-check, handing up."""

import datetime as dt

import pytest

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.chain import verify
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case, Notice
from linli.web.foundation.casework.subjects import may_case
from linli.web.ops.premises.actions.notices import Escalate, GiveEvidence, Recheck, ServeNotice
from linli.web.ops.premises.actions.planning import PlanInspection, plan_due
from linli.web.ops.premises.actions.register import ClosePremises
from linli.web.ops.premises.actions.sheets import Given, SaveSheet
from linli.web.ops.premises.checklists import shipped_checklist
from linli.web.ops.premises.models import Answer, Inspection, Premises, Rectification

from .conftest import Works

pytestmark = pytest.mark.django_db


def test_a_clean_sheet_closes_the_inspection_and_starts_the_schedule_anew(works: Works) -> None:
    premises = works.premises()
    case = works.finished(works.on_site(premises))
    premises.refresh_from_db()
    assert (case.state, case.result) == ("closed", "passed")
    assert case.data["checked"] == len(shipped_checklist("shop"))
    assert premises.inspected_on == works.day()
    assert premises.due_on == dt.date(2026, 9, 10)


def test_a_finding_brings_a_notice_that_the_unit_sees_and_answers(works: Works, photo) -> None:  # type: ignore[no-untyped-def]
    premises = works.premises()
    case = works.on_site(premises)
    assert not may_case(works.by("danwei"), "view", case, works.now)
    case = works.finished(case, "exits")
    notice = Rectification.objects.get()
    assert case.state == "rectifying"
    assert case.data["notice_number"] == notice.number
    assert [one["item"] for one in notice.findings] == ["exits"]
    assert may_case(works.by("danwei"), "view", case, works.now)
    assert Notice.objects.filter(user=works.cast["danwei"], kind="shared", case=case).exists()
    case = works.answered(case, files=(photo(),))
    assert case.state == "recheck"
    assert case.attachments.count() == 1
    assert Notice.objects.filter(user=works.cast["minjing"], kind="moved", case=case).exists()
    case = works.rechecked(case)
    assert (case.state, case.result) == ("closed", "mended")
    notice.refresh_from_db()
    assert notice.outcome == "fixed"
    assert list(verify()) == []


def test_the_day_to_mend_by_is_the_cases_deadline_and_the_clock_stands_still(works: Works) -> None:
    case = works.noticed(works.premises())
    assert case.due_at is None or case.due_at == Case.objects.get(pk=case.pk).due_at
    case.refresh_from_db()
    assert case.due_at == dt.datetime(2026, 3, 17, 15, 59, 59, tzinfo=dt.UTC)
    assert case.remaining_seconds is not None
    assert case.next_check_at is not None


def test_what_is_not_mended_brings_the_next_notice_over_what_is_left(works: Works) -> None:
    case = works.answered(works.noticed(works.premises(), "exits", "wiring"))
    case = works.rechecked(case, exits=True, wiring=False)
    assert case.state == "rectifying"
    first, second = Rectification.objects.order_by("round")
    assert (first.outcome, second.outcome) == ("repeated", "")
    assert [one["item"] for one in second.findings] == ["wiring"]
    case = works.rechecked(works.answered(case), wiring=True)
    assert (case.state, case.result) == ("closed", "mended")


def test_a_recheck_answers_every_finding(works: Works) -> None:
    case = works.answered(works.noticed(works.premises(), "exits", "wiring"))
    with pytest.raises(Invalid) as refusal:
        works.rechecked(case, exits=True)
    assert set(refusal.value.fields) == {"wiring"}


# Guard 1
@pytest.mark.parametrize("who", ["suozhang", "fating"])
def test_what_is_not_mended_is_handed_to_the_partner_who_settles_it(works: Works, who: str) -> None:
    case = works.answered(works.noticed(works.premises()))
    partner = works.stage.court
    partner.kind = "partner"
    partner.save()
    escalate = Escalate(case_id=case.pk, organisation_id=partner.pk, reason="拒不整改")
    case = perform(escalate, works.by("minjing"), works.now)
    assert case.state == "escalated"
    assert case.data["handed_to"] == partner.name
    assert case.shares.filter(organisation=partner, ended_at=None).exists()
    settle = Move(case_id=case.pk, step="settle", result="handled", note="消防救援机构已立案")
    case = perform(settle, works.by(who), works.now)
    assert (case.state, case.result) == ("closed", "handled")


def test_handed_up_to_the_station_it_is_the_stations(works: Works) -> None:
    case = works.noticed(works.premises())
    escalate = Escalate(case_id=case.pk, organisation_id=works.stage.station.pk, reason="拒不整改")
    case = perform(escalate, works.by("minjing"), works.now)
    assert case.organisation == works.stage.station
    assert Notice.objects.filter(user=works.cast["suozhang"], kind="assigned", case=case).exists()


@pytest.mark.parametrize("step", ["pass", "find", "mend", "clear", "repeat", "escalate"])
def test_steps_that_follow_from_rows_cannot_be_taken_by_hand(works: Works, step: str) -> None:
    premises = works.premises()
    case = works.on_site(premises)
    if step == "mend":
        case = works.finished(case, "exits")
    elif step in ("clear", "repeat", "escalate"):
        case = works.answered(works.finished(case, "exits"))
    given = {"notice_number": "x", "fix_by": "2026-04-01", "handed_to": "x"}
    move = Move(case_id=case.pk, step=step, result="passed", note="x", data=given)
    with pytest.raises(Forbidden):
        perform(move, works.by("minjing"), works.now)


def test_a_sheet_is_finished_only_when_every_item_is_answered_and_each_finding_described(
    works: Works,
) -> None:
    case = works.on_site(works.premises())
    sheet = SaveSheet(case_id=case.pk, answers={"exits": Given("no")}, finish=True)
    with pytest.raises(Invalid) as refusal:
        perform(sheet, works.by("minjing"), works.now)
    assert {"exits", "wiring", "fix_by"} <= set(refusal.value.fields)
    assert not Answer.objects.exists()


def test_a_sheet_is_kept_half_done_and_goes_on(works: Works, photo) -> None:  # type: ignore[no-untyped-def]
    case = works.on_site(works.premises())
    half = SaveSheet(
        case_id=case.pk,
        answers={"exits": Given("no", "堆物")},
        photos=(("exits", photo()),),
        revision=case.revision,
    )
    case = perform(half, works.by("fujing"), works.now)
    case.refresh_from_db()
    assert case.state == "on_site"
    answer = Answer.objects.get(item="exits")
    assert answer.photos.count() == 1
    rest = {item.id: Given("yes") for item in shipped_checklist("shop") if item.id != "exits"}
    whole = SaveSheet(case_id=case.pk, answers=rest, finish=True, fix_by=works.day(3))
    assert perform(whole, works.by("minjing"), works.now).state == "rectifying"


def test_two_who_fill_in_one_sheet_are_told(works: Works) -> None:
    case = works.on_site(works.premises())
    first = SaveSheet(case_id=case.pk, answers={"exits": Given("yes")}, revision=case.revision)
    perform(first, works.by("minjing"), works.now)
    second = SaveSheet(case_id=case.pk, answers={"exits": Given("no", "x")}, revision=case.revision)
    with pytest.raises(Conflict):
        perform(second, works.by("fujing"), works.now)
    assert Answer.objects.get().value == "yes"


@pytest.mark.parametrize("username", ["danwei", "wangge", "linsuo", "jumin", "shenji", "guihua", "fating"])
def test_a_sheet_is_not_for_everybody(works: Works, username: str) -> None:
    case = works.finished(works.on_site(works.premises()), "exits")
    Case.objects.filter(pk=case.pk).update(state="on_site")
    sheet = SaveSheet(case_id=case.pk, answers={"exits": Given("yes")})
    with pytest.raises((Forbidden, Missing)):
        perform(sheet, works.by(username), works.now)


def test_an_auxiliary_inspects_but_neither_rechecks_nor_hands_up(works: Works) -> None:
    case = works.answered(works.finished(works.on_site(works.premises(), by="fujing"), "exits", by="fujing"))
    with pytest.raises(Forbidden):
        works.rechecked(case, by="fujing")
    escalate = Escalate(case_id=case.pk, organisation_id=works.stage.station.pk, reason="x")
    with pytest.raises(Forbidden):
        perform(escalate, works.by("fujing"), works.now)


def test_a_manager_answers_for_the_own_unit_alone(works: Works) -> None:
    case = works.noticed(works.premises())
    Premises.objects.update(organisation=works.stage.court)
    with pytest.raises(Forbidden):
        works.answered(case)


def test_a_notice_is_served_once(works: Works) -> None:
    case = works.noticed(works.premises())
    serve = ServeNotice(case_id=case.pk, served_on=works.day(), how="in_person")
    perform(serve, works.by("fujing"), works.now)
    assert Rectification.objects.get().served_on == works.day()
    with pytest.raises(Conflict):
        perform(
            ServeNotice(case_id=case.pk, served_on=works.day(), how="left"), works.by("minjing"), works.now
        )


def test_an_unanswered_notice_is_rechecked_all_the_same(works: Works) -> None:
    case = works.noticed(works.premises())
    case = perform(Move(case_id=case.pk, step="visit"), works.by("minjing"), works.now)
    assert works.rechecked(case).result == "mended"
    assert Rectification.objects.get().answered_at is None


def test_one_inspection_of_premises_at_a_time(works: Works) -> None:
    premises = works.premises()
    works.planned(premises)
    with pytest.raises(Conflict):
        works.planned(premises)
    with pytest.raises(Conflict):
        perform(ClosePremises(premises_id=premises.pk, reason="停业"), works.by("minjing"), works.now)


def test_only_new_housing_is_accepted_and_passing_says_when(works: Works) -> None:
    with pytest.raises(Invalid):
        works.planned(works.premises(), occasion="acceptance")
    housing = works.premises(kind="housing", name="合成新苑")
    case = works.planned(housing, occasion="acceptance")
    case = perform(Move(case_id=case.pk, step="begin"), works.by("minjing"), works.now)
    works.finished(case, kind="housing")
    housing.refresh_from_db()
    assert housing.accepted_on == works.day()


def test_the_schedule_plans_what_is_due_once(works: Works) -> None:
    premises = works.premises(at=works.now - dt.timedelta(days=200))
    works.premises(name="新店")
    assert plan_due(works.now) == 1
    assert plan_due(works.now) == 0
    inspection = Inspection.objects.get()
    assert (inspection.premises, inspection.case.category) == (premises, "scheduled")
    assert inspection.case.organisation == works.stage.post


def test_the_same_sending_is_done_once(works: Works) -> None:
    premises = works.premises()
    plan = PlanInspection(premises_id=premises.pk, occasion="special", planned_for=works.day(1))
    perform(plan, works.by("minjing"), works.now, key="k")
    from linli.web.foundation.actions.action import AlreadyDone

    again = PlanInspection(premises_id=premises.pk, occasion="special", planned_for=works.day(1))
    with pytest.raises(AlreadyDone):
        perform(again, works.by("minjing"), works.now, key="k")
    assert Inspection.objects.count() == 1


def test_a_refused_recheck_leaves_nothing_behind(works: Works) -> None:
    case = works.answered(works.noticed(works.premises()))
    before = Entry.objects.count()
    bad = Recheck(case_id=case.pk, fixed={"exits": False}, fix_by=works.day(-1))
    with pytest.raises(Invalid):
        perform(bad, works.by("minjing"), works.now)
    assert Entry.objects.count() == before
    assert Rectification.objects.get().ended_at is None


def test_evidence_says_something(works: Works) -> None:
    case = works.noticed(works.premises())
    with pytest.raises(Invalid):
        perform(GiveEvidence(case_id=case.pk, text="  "), works.by("danwei"), works.now)
