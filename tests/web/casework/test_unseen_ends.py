"""What somebody would let disappear is seen by another first: verdicts, merged requests, who watches."""

import datetime as dt

import pytest

from linli.web.foundation.accounts.actions.people import Deactivate
from linli.web.foundation.accounts.actions.roles import WATCHED_FOR, GiveRole, TakeRole
from linli.web.foundation.accounts.actions.seconding import ConfirmProposal, ProposeChange
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, Proposal
from linli.web.foundation.accounts.passwords import new_temporary_password
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Invalid
from linli.web.foundation.audit.actions import ReviewEmergency
from linli.web.foundation.casework.actions.deadlines import Shred, run_retention
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import BreakGlass, ShareCase
from linli.web.foundation.casework.models import Case, EmergencyAccess, Notice, SharingRule
from linli.web.ops.requests.showing import panel

DAY = dt.timedelta(days=1)


def _opened(stage, now, *, place=None, by=SYSTEM, **more) -> Case:
    where = stage.place if place is None else place
    opening = OpenCase(kind="request", category="other", title="无人答复", place=where.code, **more)
    return perform(opening, by, now)


def _told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


# Guard 1
def test_a_case_whose_broken_glass_nobody_has_judged_waits_for_the_verdict(stage, cast, actor, now) -> None:
    case = _opened(stage, now)
    refuse = Move(case_id=case.pk, step="reject", result="not_ours", answer="不归我们", note="转")
    perform(refuse, actor("minjing"), now)
    last = now + dt.timedelta(days=364)
    perform(BreakGlass(case_id=case.pk, reason="现场有人受伤，需要立即联系"), actor("linsuo"), last)
    over = now + dt.timedelta(days=400)
    run_retention(over)
    waiting = EmergencyAccess.objects.get()
    assert waiting.reason
    assert Notice.objects.filter(user=cast["shenji"], kind="emergency", case=case).exists()
    with pytest.raises(Conflict):
        perform(Shred(case_id=case.pk), SYSTEM, over)
    verdict = ReviewEmergency(emergency_id=waiting.pk, justified=False, verdict="没有必要")
    perform(verdict, actor("shenji"), over)
    run_retention(over)
    assert not Case.objects.filter(pk=case.pk).exists()


# Guard 7
def test_the_chief_hears_of_a_request_that_goes_into_another(stage, cast, actor, now) -> None:
    complaint = _opened(stage, now)
    decoy = _opened(stage, now, by=actor("minjing"))
    perform(Merge(case_id=complaint.pk, into_id=decoy.pk), actor("minjing"), now)
    assert _told("merged_away") == {"suozhang"}
    assert Notice.objects.get(kind="merged_away").case_id == complaint.pk
    other = _opened(stage, now)
    perform(Merge(case_id=other.pk, into_id=decoy.pk), actor("suozhang"), now)
    assert Notice.objects.filter(kind="merged_away").count() == 1


# Guard 4
def test_how_many_were_merged_is_told_of_those_alone_that_one_sees(stage, cast, actor, now) -> None:
    goes_on, here = _opened(stage, now), _opened(stage, now)
    there = _opened(stage, now, place=stage.other_place)
    Case.objects.filter(pk__in=[here.pk, there.pk]).update(merged_into=goes_on)
    assert panel(goes_on, actor("minjing"), now)["merged_here"] == 1
    assert panel(goes_on, SYSTEM, now)["merged_here"] in (0, 2)


# Guard 6
def test_a_role_begins_today_at_the_earliest_and_a_proposal_when_it_is_confirmed(
    stage, cast, actor, now
) -> None:
    given = {"account_id": cast["jumin"].pk, "role": "auxiliary", "organisation_id": stage.post.pk}
    with pytest.raises(Invalid) as refused:
        perform(GiveRole(**given, starts=now.date() - DAY), actor("guanli"), now)
    assert "starts" in refused.value.fields
    perform(GiveRole(**given, starts=now.date()), actor("guanli"), now)
    values = {"role": "chief", "organisation_id": stage.station.pk, "ends": ""}
    for day in (now.date() - DAY, now.date()):
        change = ProposeChange(
            account_id=cast["zhuli"].pk, what="give_role", values={**values, "starts": day.isoformat()}
        )
        if day < now.date():
            with pytest.raises(Invalid):
                perform(change, actor("guanli"), now)
        else:
            perform(change, actor("guanli"), now)
    confirm = ConfirmProposal(
        account_id=cast["zhuli"].pk, proposal_id=Proposal.objects.get().pk, password=new_temporary_password()
    )
    perform(confirm, actor("anquan"), now + 2 * DAY)
    assert Grant.objects.get(user=cast["zhuli"], role="chief").starts == now.date() + 2 * DAY


# Guard 6
@pytest.mark.parametrize("way", ["shared", "owned", "by a rule", "by a rule of the county"])
def test_the_chiefs_hear_of_whoever_comes_to_see_their_cases_at_an_office_without_a_territory(
    way, stage, cast, actor, now
) -> None:
    case = _opened(stage, now)
    if way == "shared":
        share = ShareCase(case_id=case.pk, organisation_id=stage.court.pk, reason="诉调对接")
        perform(share, actor("suozhang"), now)
    elif way == "owned":
        Case.objects.filter(pk=case.pk).update(organisation=stage.court)
    else:
        code = case.station_code if way == "by a rule" else ""
        SharingRule.objects.create(
            case_type="request", station_code=code, organisation=stage.court, reason="诉调对接"
        )
    give = GiveRole(
        account_id=cast["jumin"].pk, role="partner", organisation_id=stage.court.pk, starts=now.date()
    )
    perform(give, actor("guanli"), now)
    assert "suozhang" in _told("account_role_given")


# Guard 6
def test_two_keepers_change_who_watches_under_the_eyes_of_the_watched_and_of_others(
    stage, cast, actor, now
) -> None:
    values = {
        "role": "auditor",
        "organisation_id": stage.bureau.pk,
        "starts": now.date().isoformat(),
        "ends": "",
    }
    perform(ProposeChange(account_id=cast["jumin"].pk, what="give_role", values=values), actor("guanli"), now)
    confirm = ConfirmProposal(
        account_id=cast["jumin"].pk, proposal_id=Proposal.objects.get().pk, password=new_temporary_password()
    )
    perform(confirm, actor("anquan"), now)
    assert holders({"auditor"}, now) == [cast["shenji"].pk]
    assert holders({"auditor"}, now + WATCHED_FOR) == sorted([cast["shenji"].pk, cast["jumin"].pk])
    assert {"shenji", "suozhang", "guihua"} <= _told("account_role_given")
    stop = Deactivate(account_id=cast["shenji"].pk, reason="休假")
    with pytest.raises(Conflict):
        perform(stop, actor("guanli"), now)
    perform(stop, actor("guanli"), now + WATCHED_FOR)
    assert {"suozhang", "guihua"} <= _told("account_stopped")


# Guard 6
def test_the_first_auditor_watches_at_once_and_one_who_goes_is_known_to_the_leadership(
    stage, cast, actor, now
) -> None:
    second = {"role": "auditor", "organisation_id": stage.bureau.pk, "starts": now.date()}
    perform(GiveRole(account_id=cast["jumin"].pk, **second), SYSTEM, now)
    assert cast["jumin"].pk in holders({"auditor"}, now)
    old = Grant.objects.get(user=cast["shenji"])
    perform(TakeRole(account_id=cast["shenji"].pk, grant_id=old.pk), actor("guanli"), now)
    assert {"suozhang", "guihua"} <= _told("account_role_taken")
