"""Three ways of sharing a case, and breaking the glass: who sees it, for how long, and who is told."""

import datetime as dt

import pytest

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.actions.sharing import BreakGlass, EndShare, ShareCase
from linli.web.foundation.casework.actions.working import AddNote, Assign
from linli.web.foundation.casework.models import Case, EmergencyAccess, Notice, Share, SharingRule
from linli.web.foundation.casework.selectors import Filters, case_for, case_page, search_cases

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
REASON = "现场有人受伤，需要立即联系报警人"


def _open(actor, stage, now, **more) -> Case:
    given = {"kind": "request", "category": "streetlight", "title": "边界路灯不亮", "place": stage.place.code}
    return perform(OpenCase(**{**given, **more}), actor("minjing"), now)


def _sees(who, case, at) -> bool:
    listed = case.pk in {one.pk for one in case_page(who, Filters(), at=at).cases}
    found = case.pk in {one.pk for one in search_cases(who, case.number, at=at)}
    try:
        case_for(who, case.number, at=at)
        opened = True
    except Missing:
        opened = False
    assert listed == found == opened
    return opened


def test_a_standing_rule_shares_from_the_start_what_it_names_and_nothing_else(actor, stage, now) -> None:
    SharingRule.objects.create(
        case_type="request",
        station_code=stage.place.station_code,
        place_codes=[stage.place.code],
        organisation=stage.other_station,
        reason="边界协作",
    )
    case = _open(actor, stage, now)
    assert Share.objects.get(case=case).kind == "rule"
    assert _sees(actor("linsuozhang"), case, now)
    # Only to the station that the rule names, only the village, only the type.
    assert not _sees(actor("linsuo"), case, now)
    assert not _sees(actor("linsuozhang"), _open(actor, stage, now, place=""), now)
    incident = perform(
        OpenCase(kind="incident", category="fight", title="打架", place=stage.place.code),
        actor("jiejing"),
        now,
    )
    assert not _sees(actor("linsuozhang"), incident, now)
    SharingRule.objects.update(active=False)
    assert not _sees(actor("linsuozhang"), _open(actor, stage, now), now)


def test_one_case_is_shared_until_it_is_ended(actor, stage, now) -> None:
    case = _open(actor, stage, now)
    assert not _sees(actor("linsuo"), case, now)
    perform(
        ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="同办"), actor("minjing"), now
    )
    assert _sees(actor("linsuo"), case, now)
    assert not _sees(actor("linsuozhang"), case, now)
    assert Notice.objects.filter(user__username="linsuo", kind="shared").exists()
    perform(AddNote(case_id=case.pk, text="已到现场"), actor("linsuo"), now)
    with pytest.raises(Conflict):
        perform(
            ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="再"),
            actor("minjing"),
            now,
        )
    with pytest.raises(Forbidden):
        perform(ShareCase(case_id=case.pk, organisation_id=stage.court.pk, reason="转"), actor("linsuo"), now)
    with pytest.raises(Forbidden):
        perform(Assign(case_id=case.pk, organisation_id=stage.court.pk), actor("linsuo"), now)
    perform(EndShare(case_id=case.pk, organisation_id=stage.other_post.pk), actor("minjing"), now)
    assert not _sees(actor("linsuo"), case, now)
    with pytest.raises(Missing):
        perform(AddNote(case_id=case.pk, text="还想写"), actor("linsuo"), now)
    with pytest.raises(Conflict):
        perform(EndShare(case_id=case.pk, organisation_id=stage.other_post.pk), actor("minjing"), now)
    # Shared again, it is there again.
    perform(
        ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="再办"), actor("minjing"), now
    )
    assert _sees(actor("linsuo"), case, now)
    assert list(
        Entry.objects.filter(action__in=("case.share", "case.unshare"))
        .order_by("pk")
        .values_list("action", flat=True)
    ) == ["case.share", "case.unshare", "case.share"]


def test_with_consent_a_case_is_shared_for_a_time_that_passes_by_itself(actor, stage, now) -> None:
    case = _open(actor, stage, now)

    def share(**more):
        given = {
            "case_id": case.pk,
            "organisation_id": stage.court.pk,
            "reason": "司法确认",
            "kind": "consent",
        }
        return perform(ShareCase(**{**given, **more}), actor("minjing"), now)

    with pytest.raises(Invalid) as refused:
        share()
    assert set(refused.value.fields) == {"consent", "until"}
    for until in (now - DAY, now + 91 * DAY):
        with pytest.raises(Invalid) as refused:
            share(consent="当事人书面同意", until=until)
        assert set(refused.value.fields) == {"until"}
    share(consent="当事人书面同意", until=now + 7 * DAY)
    assert _sees(actor("fating"), case, now + 6 * DAY)
    assert not _sees(actor("fating"), case, now + 7 * DAY)
    assert not _sees(actor("fating"), case, now + 8 * DAY)
    # A share that has run out does not stand in the way of another.
    later = now + 10 * DAY
    perform(
        ShareCase(
            case_id=case.pk,
            organisation_id=stage.court.pk,
            reason="续",
            kind="consent",
            consent="同意",
            until=later + DAY,
        ),
        actor("minjing"),
        later,
    )
    assert _sees(actor("fating"), case, later)


def test_a_share_needs_a_reason_and_an_active_organisation(actor, stage, now) -> None:
    case = _open(actor, stage, now)
    stage.court.active = False
    stage.court.save()
    with pytest.raises(Invalid) as refused:
        perform(ShareCase(case_id=case.pk, organisation_id=stage.court.pk, reason=" "), actor("minjing"), now)
    assert set(refused.value.fields) == {"reason", "organisation"}


def test_somebody_whose_role_has_no_use_for_such_cases_does_not_see_them_by_a_share(
    actor, cast, stage, now
) -> None:
    case = _open(actor, stage, now)
    perform(ShareCase(case_id=case.pk, organisation_id=stage.bureau.pk, reason="督办"), actor("minjing"), now)
    assert not _sees(actor("guanli"), case, now)
    assert not _sees(actor("shenji"), case, now)


def test_breaking_the_glass_opens_one_case_for_one_person_for_an_hour(actor, stage, now) -> None:
    case, other = _open(actor, stage, now), _open(actor, stage, now)
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuo"), now)

    def opens(username, which, at) -> bool:
        try:
            case_for(actor(username), which.number, at=at)
        except Missing:
            return False
        return True

    assert opens("linsuo", case, now + HOUR - dt.timedelta(seconds=1))
    assert not opens("linsuo", case, now + HOUR)
    assert not opens("linsuo", other, now)
    assert not opens("linsuozhang", case, now)
    perform(ReadPersonal(case_id=case.pk), actor("linsuo"), now)
    with pytest.raises(Forbidden):
        perform(Assign(case_id=case.pk, organisation_id=stage.court.pk), actor("linsuo"), now)
    with pytest.raises(Missing):
        perform(ReadPersonal(case_id=case.pk), actor("linsuo"), now + HOUR)


def test_every_auditor_is_told_at_once_and_the_case_shows_it(actor, cast, stage, now) -> None:
    from linli.web.foundation.accounts.models import Grant, User

    second = User.objects.create_user("shenji2", None, display_name="审计员 二")
    Grant.objects.create(user=second, role="auditor", organisation=stage.bureau, starts=now.date())
    former = User.objects.create_user("shenji3", None, display_name="审计员 三")
    Grant.objects.create(
        user=former,
        role="auditor",
        organisation=stage.bureau,
        starts=now.date() - 9 * DAY,
        ends=now.date() - DAY,
    )
    case = _open(actor, stage, now)
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuo"), now)
    told = Notice.objects.filter(kind="emergency").values_list("user__username", flat=True)
    assert sorted(told) == ["shenji", "shenji2"]
    assert case.events.filter(kind="emergency", actor_name="邻所民警 韩").exists()
    entry = Entry.objects.get(action="case.emergency")
    assert (entry.actor_name, entry.station_code) == ("邻所民警 韩", case.station_code)
    access = EmergencyAccess.objects.get()
    assert (access.reason, access.until - access.since) == (REASON, HOUR)


@pytest.mark.parametrize("reason", ["", "急", "         x        "])
def test_breaking_the_glass_needs_a_reason(reason, actor, stage, now) -> None:
    case = _open(actor, stage, now)
    with pytest.raises(Invalid):
        perform(BreakGlass(case_id=case.pk, reason=reason), actor("linsuo"), now)
    assert not EmergencyAccess.objects.exists()
    assert not Notice.objects.filter(kind="emergency").exists()


@pytest.mark.parametrize(
    "username", ["fujing", "wangge", "jumin", "danwei", "fating", "shenji", "guanli", "guihua", "tiaojie"]
)
def test_most_roles_cannot_break_the_glass(username, actor, stage, now) -> None:
    case = perform(
        OpenCase(kind="incident", category="fight", title="打架", place=stage.other_place.code),
        actor("jiejing"),
        now,
    )
    with pytest.raises((Forbidden, Missing)):
        perform(BreakGlass(case_id=case.pk, reason=REASON), actor(username), now)
    assert not EmergencyAccess.objects.exists()
