"""Hand-over to and from court, police and petition office, and who may see what on the way."""

import pytest

from linli.web.demonstration.cast import CAST
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.casework.selectors import Filters, case_for, case_page
from linli.web.ops.disputes.actions.handing import Acknowledge, GiveBack, HandOver, TakeIn
from linli.web.ops.disputes.actions.opening import OpenDispute
from linli.web.ops.disputes.models import Handover
from linli.web.ops.disputes.reminders import remind
from linli.web.ops.disputes.selectors import waiting_here
from web.disputes.telling import Teller

pytestmark = pytest.mark.django_db


def handed(teller: Teller, case_id: int, office: Organisation, purpose: str = "whole") -> Handover:
    over = HandOver(case_id=case_id, organisation_id=office.pk, purpose=purpose, reason="申请司法确认")
    teller.does("tiaojie", over)
    return Handover.objects.get(case_id=case_id, organisation=office, returned_at=None)


def sees(teller: Teller, who: str, number: str) -> bool:
    actor = teller.actor(who)
    listed = any(c.number == number for c in case_page(actor, Filters(), at=teller.at).cases)
    try:
        case_for(actor, number, at=teller.at)
    except Missing:
        assert not listed
        return False
    assert listed
    return True


SEES_AT_HOME = {"tiaojie", "minjing", "suozhang"}


def test_a_dispute_is_seen_by_those_who_mediate_in_its_area_and_by_nobody_else(teller: Teller) -> None:
    case = teller.found()
    everybody = [member.username for member in CAST]
    assert {who for who in everybody if sees(teller, who, case.number or "")} == SEES_AT_HOME


@pytest.mark.parametrize("who", ["fujing", "wangge", "zhuli"])
def test_helpers_may_take_a_dispute_down_but_not_see_it_again(teller: Teller, who: str) -> None:
    case = teller.found(who)
    assert not sees(teller, who, case.number or "")


@pytest.mark.parametrize("who", ["danwei", "jumin", "fating", "shenji", "guanli", "guihua", "jiejing"])
def test_others_may_not_even_take_one_down(teller: Teller, who: str) -> None:
    with pytest.raises(Forbidden):
        teller.found(who)


def test_the_court_sees_what_is_handed_to_it_acknowledges_and_gives_back(teller: Teller) -> None:
    case = teller.mediating()
    court = teller.stage.court
    assert not sees(teller, "fating", case.number or "")
    over = handed(teller, case.pk, court)
    case.refresh_from_db()
    assert (case.state, case.result) == ("handed_over", "to_court")
    assert sees(teller, "fating", case.number or "")
    assert waiting_here(teller.actor("fating"), teller.at) == [over]
    with pytest.raises(Forbidden):
        teller.does("tiaojie", Acknowledge(case_id=case.pk, handover_id=over.pk))
    teller.does("fating", Acknowledge(case_id=case.pk, handover_id=over.pk, reference="（2026）诉前调 12 号"))
    over.refresh_from_db()
    assert over.acknowledged_at == teller.at
    assert Notice.objects.filter(user_id=over.handed_by_id, case=case, kind="moved").exists()
    with pytest.raises(Conflict):
        teller.does("fating", Acknowledge(case_id=case.pk, handover_id=over.pk))
    with pytest.raises(Invalid):
        teller.does("fating", GiveBack(case_id=case.pk, handover_id=over.pk, note=" "))
    teller.does("fating", GiveBack(case_id=case.pk, handover_id=over.pk, note="双方愿意再调"))
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("accepted", None)
    assert not sees(teller, "fating", case.number or "")


# Guard 2
@pytest.mark.parametrize("kind", ["consent", "rule", "case"])
def test_an_office_that_gave_a_dispute_back_sees_it_by_no_share_whatever_its_kind(
    kind: str, teller: Teller
) -> None:
    case = teller.accepted()
    over = handed(teller, case.pk, teller.stage.court)
    case.shares.filter(organisation=teller.stage.court).update(kind=kind)
    teller.does("fating", GiveBack(case_id=case.pk, handover_id=over.pk, note="双方愿意再调"))
    assert not case.shares.filter(organisation=teller.stage.court, ended_at=None).exists()
    assert not sees(teller, "fating", case.number or "")


# Guard 2
def test_what_is_given_back_is_told_to_whoever_has_it_now_where_the_giver_has_left(teller: Teller) -> None:
    case = teller.accepted()
    over = handed(teller, case.pk, teller.stage.court)
    Handover.objects.filter(pk=over.pk).update(handed_by=teller.actor("shenji").user_id)
    Notice.objects.all().delete()
    teller.does("fating", GiveBack(case_id=case.pk, handover_id=over.pk, note="双方愿意再调"))
    told = set(Notice.objects.filter(kind="moved").values_list("user__username", flat=True))
    assert "tiaojie" in told or "suozhang" in told
    assert "shenji" not in told


def test_a_question_to_an_office_leaves_the_dispute_in_mediation(teller: Teller) -> None:
    case = teller.mediating()
    over = handed(teller, case.pk, teller.stage.court, "question")
    case.refresh_from_db()
    assert case.state == "mediating"
    with pytest.raises(Conflict):
        handed(teller, case.pk, teller.stage.court, "question")
    teller.does("fating", GiveBack(case_id=case.pk, handover_id=over.pk, note="可以申请司法确认"))
    case.refresh_from_db()
    assert case.state == "mediating"
    handed(teller, case.pk, teller.stage.court, "question")


def test_another_station_sees_a_dispute_only_once_it_is_handed_over(teller: Teller) -> None:
    case = teller.accepted()
    assert not sees(teller, "linsuozhang", case.number or "")
    handed(teller, case.pk, teller.stage.other_station)
    case.refresh_from_db()
    assert case.result == "to_police"
    assert sees(teller, "linsuozhang", case.number or "")
    assert not sees(teller, "linsuo", case.number or "")


def test_a_hand_over_needs_an_office_a_purpose_and_a_reason(teller: Teller) -> None:
    case = teller.accepted()
    wrong = HandOver(case_id=case.pk, organisation_id=teller.stage.unit.pk, purpose="rid", reason="")
    with pytest.raises(Invalid) as refused:
        teller.does("tiaojie", wrong)
    assert set(refused.value.fields) == {"organisation", "purpose", "reason"}


def test_an_office_that_does_not_acknowledge_is_reminded_every_three_days(teller: Teller) -> None:
    case = teller.accepted()
    over = handed(teller, case.pk, teller.stage.court)
    assert remind(teller.at) == 0
    teller.at = over.acknowledge_by
    assert remind(teller.at) == 1
    clerk = teller.actor("fating").user_id
    assert Notice.objects.filter(user_id=clerk, kind="reminder").count() == 1
    assert remind(teller.at) == 0
    teller.waits(days=3)
    assert remind(teller.at) == 1
    teller.does("fating", Acknowledge(case_id=case.pk, handover_id=over.pk))
    teller.waits(days=3)
    assert remind(teller.at) == 0


def test_a_dispute_comes_from_the_court_with_its_number(teller: Teller) -> None:
    opening = OpenCase(
        kind="dispute", category="family", title="析产", place=teller.stage.place.code,
        data={"level": "township", "how_found": "referred"},
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        teller.does("tiaojie", OpenDispute(opening=opening))
    assert set(refused.value.fields) == {"from_office"}
    case = teller.does(
        "tiaojie", OpenDispute(opening=opening, from_id=teller.stage.court.pk, reference="民初 3 号")
    )
    over = Handover.objects.get(case=case)
    assert (over.direction, over.acknowledged_at, over.reference) == ("in", teller.at, "民初 3 号")
    with pytest.raises(Conflict):
        teller.does("tiaojie", TakeIn(case_id=case.pk, organisation_id=teller.stage.court.pk, reason="再次"))
