"""Handing a case over: owner, sight, notices and escalation are one thing, whatever the organisation is."""

import datetime as dt
from dataclasses import replace

import pytest

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Invalid, Missing
from linli.web.foundation.casework.actions.deadlines import run_deadlines
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.actions.working import AddNote, Assign
from linli.web.foundation.casework.models import Case, Notice, Share
from linli.web.foundation.casework.neighbours import shares_with
from linli.web.foundation.casework.routing import route
from linli.web.foundation.casework.selectors import (
    Filters,
    case_for,
    case_page,
    notices_of,
    search_cases,
    visible,
)
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.model import Route, RouteWhen
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.places.locating import Located

GIVEN = {"kind": "request", "category": "streetlight", "title": "边界路灯不亮"}
TAKERS = {
    "other_station": "linsuozhang",
    "other_post": "linsuo",
    "station": "suozhang",
    "post": "fujing",
    "far_committee": "wangge2",
    "court": "fating",
}
"""Whom a request can be given to, and somebody who works there."""

NAMES = (
    "other_station", "other_post", "station", "post", "court", "unit", "residents", "bureau", "committee"
)  # fmt: skip


@pytest.fixture
def case(stage, now) -> Case:
    return perform(OpenCase(place=stage.place.code, **GIVEN), SYSTEM, now)


@pytest.fixture
def offices(stage, cast) -> dict[str, Organisation]:
    """The organisations by name; a committee far away has a grid worker."""
    far = Organisation.objects.get(code=f"committee:{stage.other_place.code}")
    worker = User.objects.create_user("wangge2", None, display_name="远村网格员")
    Grant.objects.create(user=worker, role="grid_worker", organisation=far, starts=dt.date(2026, 1, 1))
    return {
        "far_committee": far,
        **{name: stage.of(name) for name in NAMES},
    }


def _who(username: str, now):
    return actor_of(User.objects.get(username=username), now)


def _sees(who, case: Case, at) -> bool:
    """Page, list, list by due day, search, map and counts agree."""
    try:
        case_for(who, case.number or "", at=at)
        opened = True
    except Missing:
        opened = False
    ways = {
        "list": case.pk in {one.pk for one in case_page(who, Filters(), at=at).cases},
        "due": case.pk in {one.pk for one in case_page(who, Filters(), at=at, order="due").cases},
        "map": case.pk in {one.pk for one in case_page(who, Filters(), at=at, only=("number",)).cases},
        "words": case.pk in {one.pk for one in search_cases(who, "路灯", at=at)},
        "number": case.pk in {one.pk for one in search_cases(who, case.number or "", at=at)},
        "counts": visible(who).filter(pk=case.pk).exists(),
    }
    assert {way for way, shown in ways.items() if shown is not opened} == set()
    return opened


# Guard 2
@pytest.mark.parametrize(("office", "username"), TAKERS.items())
def test_the_people_of_the_new_owner_see_it_work_on_it_and_are_told(
    office, username, case, offices, actor, now
) -> None:
    owner, who = offices[office], _who(username, now)
    Notice.objects.all().delete()
    perform(Assign(case_id=case.pk, organisation_id=owner.pk), actor("suozhang"), now)
    assert _sees(who, case, now)
    assert may_case(who, "work", Case.objects.get(pk=case.pk), now)
    perform(AddNote(case_id=case.pk, text="已收到"), who, now)
    if username != "suozhang":
        assert notices_of(who, now).filter(case=case, kind="assigned").exists()
    assert _sees(actor("suozhang"), case, now)


# Guard 2
@pytest.mark.parametrize("office", ["other_station", "other_post", "far_committee", "court"])
def test_who_owns_it_no_longer_and_has_no_other_way_sees_it_no_longer(
    office, case, offices, actor, now
) -> None:
    who = _who(TAKERS[office], now)
    assert not _sees(who, case, now)
    perform(Assign(case_id=case.pk, organisation_id=offices[office].pk), actor("suozhang"), now)
    perform(Assign(case_id=case.pk, organisation_id=offices["post"].pk), actor("suozhang"), now)
    assert not _sees(who, case, now)
    assert not notices_of(who, now).exists()


# Guard 2
@pytest.mark.parametrize("office", ["residents", "unit", "bureau"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_office_where_nobody_could_work_on_it_is_refused_with_a_sentence(
    office, language, case, offices, actor, now
) -> None:
    with pytest.raises(Invalid) as refused:
        perform(Assign(case_id=case.pk, organisation_id=offices[office].pk), actor("suozhang"), now)
    sentence = refused.value.fields["organisation"]
    assert offices[office].name in getattr(sentence, language)
    case.refresh_from_db()
    assert case.organisation_id != offices[office].pk


# Guard 2
def test_it_is_offered_to_whom_it_can_be_given_and_to_nobody_else(case, offices, signed_in, now) -> None:
    page = signed_in("suozhang").get(f"/cases/{case.number}/")
    takers = {one.pk for one in page.context["takers"]}
    watchers = {one.pk for one in page.context["watchers"]}
    assert {offices[name].pk for name in ("other_station", "station", "post", "court", "committee")} <= takers
    for name in ("residents", "unit", "bureau"):
        assert offices[name].pk not in takers, name
    assert offices["residents"].pk not in watchers
    assert {grant.role for grant in page.context["colleagues"]} <= {
        "chief", "officer", "auxiliary", "grid_worker", "assistant"
    }  # fmt: skip
    # What is offered is accepted.
    for pk in sorted(takers):
        perform(Assign(case_id=case.pk, organisation_id=pk), SYSTEM, now)


# Guard 2
def test_when_the_last_who_works_there_leaves_it_is_given_there_no_more(case, offices, actor, now) -> None:
    Grant.objects.filter(organisation=offices["court"]).update(ends=now.date() - dt.timedelta(days=1))
    with pytest.raises(Invalid):
        perform(Assign(case_id=case.pk, organisation_id=offices["court"].pk), actor("suozhang"), now)
    User.objects.filter(username="linsuo").update(is_active=False)
    with pytest.raises(Invalid):
        perform(Assign(case_id=case.pk, organisation_id=offices["other_post"].pk), actor("suozhang"), now)


# Guard 2
def test_it_is_given_to_no_person_whose_role_there_has_no_work_with_it(
    case, offices, cast, actor, now
) -> None:
    for office, username in (("residents", "jumin"), ("unit", "danwei"), ("station", "tiaojie")):
        with pytest.raises(Invalid) as refused:
            perform(
                Assign(
                    case_id=case.pk,
                    organisation_id=offices[office].pk,
                    assignee_id=cast[username].pk,
                ),
                actor("suozhang"),
                now,
            )
        assert "assignee" in refused.value.fields


# Guard 2
def test_a_resident_sees_nothing_by_organisation_or_share_or_territory(
    case, offices, cast, actor, now
) -> None:
    who = actor("jumin")
    Case.objects.filter(pk=case.pk).update(organisation=offices["residents"])
    assert not _sees(who, case, now)
    share = ShareCase(case_id=case.pk, organisation_id=offices["residents"].pk, reason="告知")
    with pytest.raises(Invalid):
        perform(share, actor("suozhang"), now)
    Share.objects.create(
        case=case, organisation=offices["residents"], kind="case", reason="x", opened_at=now, since=now
    )
    assert not _sees(who, case, now)
    assert not shares_with(who, now).exists()
    wide = replace(who, held=tuple(replace(held, level="county") for held in who.held))
    assert not _sees(wide, case, now)
    Case.objects.filter(pk=case.pk).update(opened_by=cast["jumin"])
    case.refresh_from_db()
    assert may_case(who, "view", case, now)
    assert case.pk in {one.pk for one in case_page(who, Filters(), at=now).cases}


# Guard 2
@pytest.mark.parametrize(
    ("office", "told"), [("other_post", "linsuozhang"), ("other_station", "linsuozhang")]
)
def test_escalations_go_to_the_chief_of_the_owner_and_up_to_the_owners_station(
    office, told, case, offices, actor, now
) -> None:
    perform(Assign(case_id=case.pk, organisation_id=offices[office].pk), actor("suozhang"), now)
    Notice.objects.all().delete()
    run_deadlines(now + dt.timedelta(days=60))
    late = Notice.objects.filter(kind="late").values_list("user__username", flat=True)
    assert told in late
    assert "suozhang" not in late
    case.refresh_from_db()
    assert case.organisation == offices["other_station"]
    assert _sees(_who("linsuozhang", now), case, now)


# Guard 2
def test_an_owner_outside_the_police_has_no_chief_and_the_territorys_is_told(
    case, offices, actor, now
) -> None:
    perform(Assign(case_id=case.pk, organisation_id=offices["court"].pk), actor("suozhang"), now)
    Notice.objects.all().delete()
    run_deadlines(now + dt.timedelta(days=60))
    assert "suozhang" in Notice.objects.filter(kind="late").values_list("user__username", flat=True)


# Guard 2
def test_a_rule_sends_to_a_far_office_what_somebody_there_works_on_and_tells_it(offices, stage, now) -> None:
    def routed(code: str) -> Organisation | None:
        rule = Route(when=RouteWhen(), to=f"org:{code}")
        spec = case_type("request").model_copy(update={"routes": (rule,)})

        where = Located(place=stage.place.code, beat=stage.place.beat_code, station=stage.place.station_code)
        return route(spec, category="streetlight", where=where, at=now).organisation

    assert routed("court:demo") == offices["court"]
    # Nobody of these could work on it: the beat's post has it.
    assert routed("residents") == offices["post"]
    assert routed("unit:demo") == offices["post"]


# Guard 2
def test_a_case_that_is_opened_for_a_far_office_is_seen_and_told_there(offices, stage, now, actor) -> None:
    opening = OpenCase(place=stage.place.code, organisation_id=offices["other_station"].pk, **GIVEN)
    case = perform(opening, actor("minjing"), now)
    assert _sees(actor("linsuozhang"), case, now)
    assert notices_of(actor("linsuozhang"), now).filter(case=case, kind="assigned").exists()
    with pytest.raises(Invalid):
        perform(replace(opening, organisation_id=offices["residents"].pk), actor("minjing"), now)


# Guard 2
def test_the_pages_of_the_new_owner_open_and_list_it(case, offices, signed_in, actor, now) -> None:
    perform(Assign(case_id=case.pk, organisation_id=offices["other_station"].pk), actor("suozhang"), now)
    client = signed_in("linsuozhang")
    assert client.get(f"/cases/{case.number}/").status_code == 200
    assert case.number in client.get("/cases/").content.decode()
    assert case.number in client.get("/notices/").content.decode()
    assert case.title in client.get("/").content.decode()
