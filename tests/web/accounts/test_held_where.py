"""A role is held where it makes sense, weighs by how far it reaches, and is given under a chief's eyes."""

import datetime as dt

import pytest

from linli.web.foundation.accounts.actions.entry import ResetPassword
from linli.web.foundation.accounts.actions.people import Deactivate, MakeAccount, Reactivate
from linli.web.foundation.accounts.actions.roles import GiveRole, TakeRole
from linli.web.foundation.accounts.actions.seconding import ConfirmProposal, ProposeChange, may_confirm
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.forms import RoleForm
from linli.web.foundation.accounts.models import Grant, Organisation, Proposal, User
from linli.web.foundation.accounts.roles import KEEPERS, fits, roles
from linli.web.foundation.accounts.selectors import actor_of, has_privileged_role, holders, misplaced
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.operations.checking import checked

DAY = dt.timedelta(days=1)
SINCE = dt.date(2026, 1, 1)
KNOWN = "k7mq-x2vn-p9dw-h4tz"


@pytest.fixture
def admin(actor):
    return actor("guanli")


@pytest.fixture
def puppet(admin, now) -> User:
    return perform(MakeAccount(username="kuilei", display_name="辅警 假", password=KNOWN), admin, now)


def _give(account, role, organisation, now) -> GiveRole:
    return GiveRole(account_id=account.pk, role=role, organisation_id=organisation.pk, starts=now.date())


def _holds(user, role, organisation, *, starts=SINCE, ends=None) -> Grant:
    return Grant.objects.create(user=user, role=role, organisation=organisation, starts=starts, ends=ends)


# Guard 6
@pytest.mark.parametrize("role", ["auxiliary", "officer", "mediator", "dispatcher"])
def test_nobody_alone_makes_a_puppet_that_sees_the_whole_county(admin, puppet, stage, now, role) -> None:
    with pytest.raises(Conflict):
        perform(_give(puppet, role, stage.bureau, now), admin, now)
    assert not actor_of(puppet, now).held


# Guard 6
def test_nobody_alone_makes_a_puppet_for_two_stations(admin, puppet, stage, now) -> None:
    perform(_give(puppet, "auxiliary", stage.post, now), admin, now)
    with pytest.raises(Conflict):
        perform(_give(puppet, "auxiliary", stage.other_post, now), admin, now)
    assert len(actor_of(puppet, now).held) == 1


# Guard 6
@pytest.mark.parametrize(
    ("role", "office"),
    [
        ("officer", "court"),
        ("officer", "committee"),
        ("auxiliary", "unit"),
        ("partner", "bureau"),
        ("partner", "station"),
        ("chief", "residents"),
        ("chief", "bureau"),
        ("unit_manager", "station"),
        ("administrator", "committee"),
        ("security_administrator", "station"),
        ("auditor", "court"),
        ("resident", "station"),
    ],
)
def test_a_role_is_given_only_where_it_can_be_held(puppet, stage, now, role, office) -> None:
    with pytest.raises(Invalid) as refused:
        perform(_give(puppet, role, stage.of(office), now), SYSTEM, now)
    said = refused.value.fields["organisation"]
    assert roles()[role].name.zh in said.zh
    assert roles()[role].name.en in said.en
    assert not Grant.objects.filter(user=puppet).exists()


# Guard 6
@pytest.mark.any_database
def test_every_role_can_be_held_somewhere_and_a_keepers_at_county_level_alone() -> None:
    kinds = Organisation.Kind.values
    for id_, role in roles().items():
        assert role.at, id_
        assert set(role.at) <= set(kinds), id_
        assert any(fits(id_, kind, "county") for kind in kinds)
        assert any(fits(id_, kind, "own") for kind in kinds) == (id_ not in KEEPERS)
    assert not fits("emperor", "bureau", "county")


# Guard 6
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "“派出所所长”只能在以下单位担任：派出所"),
        ("en", "“Station chief” is held in: police stations"),
    ],
)
def test_on_screen_the_organisations_follow_the_role_and_another_is_refused_with_a_sentence(
    signed_in, puppet, stage, now, language, words
) -> None:
    client, page = signed_in("guanli", language), f"/people/{puppet.pk}/"
    form = client.get(page, {"role": "chief"}).context["role_form"]
    offered = {int(pk) for pk, _ in form.fields["organisation"].widget.choices if pk}
    assert offered == set(Organisation.objects.filter(kind="station").values_list("pk", flat=True))
    assert form["role"].value() == "chief"
    everywhere = {pk for pk, _ in RoleForm().fields["organisation"].widget.choices}
    assert len(everywhere) > len(offered) + 2
    given = {
        "role": "chief",
        "organisation": stage.residents.pk,
        "starts": now.date().isoformat(),
        "ends": "",
    }
    answer = client.post(f"{page}roles/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Proposal.objects.exists()


# Guard 6
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "辅警，{}，自 2026-03-10 起，由管理员 沈授予"),
        ("en", "Auxiliary, {}, from 2026-03-10, given by 管理员 沈"),
    ],
)
def test_the_chiefs_of_a_station_and_the_auditors_are_told_at_once_who_works_on_its_cases(
    admin, puppet, signed_in, cast, stage, now, language, words
) -> None:
    perform(_give(puppet, "auxiliary", stage.post, now), admin, now)
    told = Notice.objects.filter(kind="account_role_given").values_list("user__username", flat=True)
    assert set(told) == {"kuilei", "suozhang", "shenji"}
    place = stage.post.named("en" if language == "en" else "zh")
    for name in ("suozhang", "shenji"):
        page = signed_in(name, language).get("/notices/").content.decode()
        assert words.format(place) in page
        assert "辅警 假" in page
    assert signed_in("suozhang", language).get(f"/people/{puppet.pk}/").status_code == 200


# Guard 6
def test_chiefs_are_told_of_whoever_comes_back_and_of_no_resident(admin, puppet, stage, now) -> None:
    def told(kind) -> set[str]:
        return set(Notice.objects.filter(kind=f"account_{kind}").values_list("user__username", flat=True))

    perform(_give(puppet, "resident", stage.committee, now), admin, now)
    assert "suozhang" not in told("role_given")
    perform(_give(puppet, "unit_manager", stage.unit, now), admin, now)
    assert {"suozhang", "shenji"} <= told("role_given")
    assert "linsuozhang" not in told("role_given")
    perform(Deactivate(account_id=puppet.pk, reason="离职"), admin, now)
    perform(Reactivate(account_id=puppet.pk), admin, now)
    assert told("opened") == {"kuilei", "suozhang", "shenji"}


# Guard 6
@pytest.mark.parametrize("name", ["guanli", "anquan", "shenji"])
def test_a_keeper_without_reach_is_not_the_one_who_stays(cast, puppet, stage, now, name) -> None:
    role = {"guanli": "administrator", "anquan": "security_administrator", "shenji": "auditor"}[name]
    _holds(puppet, role, stage.committee)
    assert puppet.pk not in holders({role}, now)
    with pytest.raises(Conflict):
        perform(Deactivate(account_id=cast[name].pk, reason="调离", seconded=True), SYSTEM, now)
    Grant.objects.filter(user=puppet).update(organisation=stage.bureau)
    perform(Deactivate(account_id=cast[name].pk, reason="调离", seconded=True), SYSTEM, now)


# Guard 6
def test_whoever_is_told_that_they_may_confirm_can_confirm(admin, actor, cast, puppet, stage, now) -> None:
    grant = _holds(puppet, "security_administrator", stage.committee)
    change = ProposeChange(account_id=cast["suozhang"].pk, what="reset_password", values={})
    perform(change, admin, now)
    proposal = Proposal.objects.get()
    confirm = ConfirmProposal(account_id=proposal.account_id, proposal_id=proposal.pk, password=KNOWN)
    assert not may_confirm(actor_of(puppet, now), proposal, now)
    told = Notice.objects.filter(kind="account_proposed").values_list("user__username", flat=True)
    assert "kuilei" not in told
    Grant.objects.filter(role="security_administrator").exclude(pk=grant.pk).update(ends=now.date() - DAY)
    watching = User.objects.create_user("cunshen", None, display_name="村审")
    _holds(watching, "auditor", stage.committee)
    for one in (puppet, watching):
        assert not may_confirm(actor_of(one, now), proposal, now)
        with pytest.raises((Forbidden, Missing)):
            perform(confirm, actor_of(one, now), now)
    assert may_confirm(actor("shenji"), proposal, now)
    perform(confirm, actor("shenji"), now)


# Guard 6
def test_roles_from_before_that_are_held_where_nobody_holds_them_are_named(puppet, stage, now) -> None:
    assert misplaced(now) == []
    _holds(puppet, "administrator", stage.committee)
    _holds(puppet, "chief", stage.residents, ends=now.date() - DAY)
    assert misplaced(now) == [f"kuilei (administrator @ {stage.committee.code})"]
    said = [one.text for one in checked(now)]
    assert any("kuilei (administrator @" in one.zh and "kuilei (administrator @" in one.en for one in said)


# Guard 6
def test_a_chief_of_this_morning_is_not_forgotten_in_the_afternoon(admin, actor, stage, cast, now) -> None:
    user = cast["jumin"]
    perform(_give(user, "chief", stage.station, now), SYSTEM, now)
    grant = Grant.objects.get(user=user, role="chief")
    perform(TakeRole(account_id=user.pk, grant_id=grant.pk), admin, now)
    grant.refresh_from_db()
    assert not grant.holds_on(now.date())
    assert actor_of(user, now).roles == {"resident"}
    assert has_privileged_role(user, now + 89 * DAY)
    with pytest.raises(Conflict):
        perform(ResetPassword(account_id=user.pk, password=KNOWN), admin, now)
    with pytest.raises(Conflict):
        perform(TakeRole(account_id=user.pk, grant_id=grant.pk), admin, now)
    perform(_give(user, "chief", stage.station, now), SYSTEM, now)
    assert actor_of(user, now).roles == {"resident", "chief"}
    assert Grant.objects.filter(user=user, role="chief").count() == 1


# Guard 6
@pytest.mark.parametrize("same_day", [True, False])
def test_who_lately_worked_in_two_stations_at_once_is_not_reset_by_one(
    admin, puppet, stage, now, same_day
) -> None:
    _holds(puppet, "officer", stage.post)
    other = _holds(puppet, "officer", stage.other_post, starts=now.date() if same_day else SINCE)
    perform(TakeRole(account_id=puppet.pk, grant_id=other.pk), admin, now)
    with pytest.raises(Conflict):
        perform(ResetPassword(account_id=puppet.pk, password=KNOWN), admin, now + 80 * DAY)
    perform(ResetPassword(account_id=puppet.pk, password=KNOWN), admin, now + 92 * DAY)


# Guard 6
def test_who_goes_from_one_station_to_the_next_is_moved_by_one(admin, puppet, stage, now) -> None:
    first = _holds(puppet, "officer", stage.post)
    perform(TakeRole(account_id=puppet.pk, grant_id=first.pk), admin, now)
    perform(_give(puppet, "officer", stage.other_post, now), admin, now)
    assert not has_privileged_role(puppet, now)
    told = Notice.objects.filter(kind="account_role_given").values_list("user__username", flat=True)
    assert "linsuozhang" in told
