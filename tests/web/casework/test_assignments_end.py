"""An assignment lasts as long as the role that it hangs on: whoever works elsewhere has nothing in hand."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.web.foundation.accounts.actions.people import Deactivate
from linli.web.foundation.accounts.actions.roles import GiveRole, TakeRole
from linli.web.foundation.accounts.actor import SYSTEM, Actor, Held
from linli.web.foundation.accounts.models import Grant, Organisation
from linli.web.foundation.accounts.roles import roles
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.actions.releasing import Release, run_releases
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.actions.working import AddNote, Assign
from linli.web.foundation.casework.models import Case, Notice
from linli.web.foundation.casework.receivers import assignee_of
from linli.web.foundation.casework.selectors import Filters, case_page
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_types
from web.disputes.telling import Teller

ELSEWHERE = {
    "nowhere": ("", ""),
    "an officer of the next station": ("officer", "other_post"),
    "a mediator there": ("mediator", "other_station"),
    "a court's clerk": ("partner", "court"),
    "a unit's manager": ("unit_manager", "unit"),
    "a resident": ("resident", "residents"),
}


@pytest.fixture(autouse=True)
def _at(monkeypatch, now) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


@pytest.fixture
def case(stage, cast, actor, now) -> Case:
    """A request that the post's officer has in hand."""
    opening = OpenCase(kind="request", category="streetlight", title="路灯不亮", place=stage.place.code)
    made = perform(opening, SYSTEM, now)
    give = Assign(case_id=made.pk, organisation_id=stage.post.pk, assignee_id=cast["minjing"].pk)
    perform(give, actor("suozhang"), now)
    Notice.objects.all().delete()
    return Case.objects.get(pk=made.pk)


def _moves(way: str, stage, cast, actor, now) -> Actor:
    """The officer goes elsewhere; as the actor of afterwards."""
    user = cast["minjing"]
    perform(TakeRole(account_id=user.pk, grant_id=user.grants.get().pk), actor("guanli"), now)
    role, office = ELSEWHERE[way]
    if role:
        there = getattr(stage, office)
        give = GiveRole(account_id=user.pk, role=role, organisation_id=there.pk, starts=now.date())
        perform(give, actor("guanli"), now)
    return actor_of(user, now)


# Guard 2
@pytest.mark.parametrize("way", ELSEWHERE)
def test_whoever_works_elsewhere_has_nothing_more_to_do_with_what_was_given_here(
    way, case, stage, cast, actor, signed_in, now
) -> None:
    mediated = Teller(stage, actor, now).accepted()
    give = Assign(case_id=mediated.pk, organisation_id=stage.post.pk, assignee_id=cast["minjing"].pk)
    perform(give, actor("suozhang"), now)
    moved = _moves(way, stage, cast, actor, now)
    # As if nothing had been released: the right itself hangs on the role.
    Case.objects.filter(pk__in=[case.pk, mediated.pk]).update(assignee=cast["minjing"])
    for one in Case.objects.filter(pk__in=[case.pk, mediated.pk]):
        assert not may_case(moved, "view", one, now)
        assert assignee_of(one, now) is None
        for act in (ReadPersonal(case_id=one.pk), AddNote(case_id=one.pk, text="x")):
            with pytest.raises((Missing, Forbidden)):
                perform(act, moved, now)
        assert signed_in("minjing").get(f"/cases/{one.number}/").status_code in (403, 404)
    assert not case_page(moved, Filters(), at=now).cases
    assert not case_page(moved, Filters(mine=True), at=now).cases


# Guard 2
def test_the_chief_hears_at_once_of_what_nobody_has_in_hand_any_more(case, stage, cast, actor, now) -> None:
    _moves("an officer of the next station", stage, cast, actor, now)
    case.refresh_from_db()
    assert case.assignee_id is None
    assert case.organisation_id == stage.post.pk
    told = Notice.objects.filter(kind="released", case=case)
    assert set(told.values_list("user__username", flat=True)) == {"suozhang"}
    event = case.events.last()
    assert (event.kind, event.detail) == ("released", {"who": cast["minjing"].display_name})


# Guard 2
def test_a_stopped_account_keeps_nothing_in_hand(case, cast, actor, now) -> None:
    perform(Deactivate(account_id=cast["minjing"].pk, reason="离职"), actor("guanli"), now)
    case.refresh_from_db()
    assert case.assignee_id is None


# Guard 2
@pytest.mark.parametrize("way", ["its last day", "the office closed"])
def test_what_ends_by_itself_is_given_back_by_a_job(way, case, stage, cast, now) -> None:
    assert run_releases(now) == 0
    if way == "its last day":
        Grant.objects.filter(user=cast["minjing"]).update(ends=now.date())
    else:
        Organisation.objects.filter(pk=stage.post.pk).update(active=False)
    assert run_releases(now + dt.timedelta(days=1)) == 1
    case.refresh_from_db()
    assert case.assignee_id is None
    assert Notice.objects.filter(kind="released", user=cast["suozhang"]).count() == 1
    assert run_releases(now + dt.timedelta(days=1)) == 0


# Guard 2
def test_another_role_in_the_same_place_keeps_it_and_a_closed_case_keeps_the_name(
    case, stage, cast, actor, now
) -> None:
    user = cast["minjing"]
    closed = perform(
        OpenCase(kind="request", category="other", title="已结", place=stage.place.code), SYSTEM, now
    )
    Case.objects.filter(pk=closed.pk).update(assignee=user, closed_at=now)
    give = GiveRole(account_id=user.pk, role="auxiliary", organisation_id=stage.post.pk, starts=now.date())
    officer = user.grants.get()
    perform(give, actor("guanli"), now)
    perform(TakeRole(account_id=user.pk, grant_id=officer.pk), actor("guanli"), now)
    assert set(Case.objects.filter(assignee=user).values_list("pk", flat=True)) == {case.pk, closed.pk}
    # Nobody releases what somebody can work on, and nobody but Linli releases at all.
    perform(Release(case_id=case.pk), SYSTEM, now)
    with pytest.raises(Forbidden):
        perform(Release(case_id=case.pk), actor("suozhang"), now)
    case.refresh_from_db()
    assert case.assignee_id == user.pk


# Guard 2
def test_what_is_shared_with_the_new_place_is_no_more_than_shared(case, stage, cast, actor, now) -> None:
    share = ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="边界")
    perform(share, actor("suozhang"), now)
    moved = _moves("an officer of the next station", stage, cast, actor, now)
    Case.objects.filter(pk=case.pk).update(assignee=cast["minjing"])
    case.refresh_from_db()
    assert {
        verb for verb in ("view", "work", "assign", "share", "export") if may_case(moved, verb, case, now)
    } == {
        "view",
        "work",
    }


# Guard 2
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_list_of_what_is_given_to_somebody_holds_what_they_may_deal_with(data, stage, cast, now) -> None:
    user, places = cast["minjing"], (stage.place, stage.other_place)
    if not Case.objects.exists():
        for place in places:
            for kind in sorted(case_types()):
                opening = OpenCase(kind="request", category="other", title="一件事", place=place.code)
                made = perform(opening, SYSTEM, now)
                Case.objects.filter(pk=made.pk).update(
                    case_type=kind, assignee=user, confidentiality=2, organisation=stage.court
                )
    held = tuple(
        Held(
            role=data.draw(st.sampled_from(sorted(roles()))),
            organisation_id=data.draw(st.sampled_from([stage.court.pk, stage.post.pk])),
            organisation="",
            level=data.draw(st.sampled_from(["station", "own"])),
            codes=frozenset({data.draw(st.sampled_from(places)).station_code}),
        )
        for _ in range(data.draw(st.integers(0, 3)))
    )
    who = Actor(user_id=user.pk, name="某人", held=held)
    listed = case_page(who, Filters(), at=now, size=500).cases
    assert {one.pk for one in listed} == {
        one.pk for one in Case.objects.all() if may_case(who, "view", one, now)
    }
