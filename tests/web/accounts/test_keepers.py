"""Who keeps accounts, who agrees and who watches: none of them gets around another, whatever the order."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from linli.web.foundation.accounts.actions.entry import ResetPassword, ResetSecondFactor
from linli.web.foundation.accounts.actions.people import Deactivate, MakeAccount, Reactivate
from linli.web.foundation.accounts.actions.roles import GiveRole, TakeRole
from linli.web.foundation.accounts.actions.seconding import ConfirmProposal, ProposeChange, may_confirm
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, Organisation, Proposal, User
from linli.web.foundation.accounts.roles import KEEPERS, are_apart, roles, takes_two
from linli.web.foundation.accounts.selectors import actor_of, has_privileged_role
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Missing
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.exchange.tokens import MakeToken, actor_behind

DAY = dt.timedelta(days=1)
KNOWN = "k7mq-x2vn-p9dw-h4tz"
NEW = "t4rb-w8sc-m3ke-y6gd"
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of made-up accounts


@pytest.fixture
def admin(actor):
    return actor("guanli")


def _holder(role, organisation, *, ends=None, name="linshi") -> User:
    made = User.objects.create_user(name, None, display_name=f"{name} 何")
    Grant.objects.create(
        user=made, role=role, organisation=organisation, starts=dt.date(2026, 1, 1), ends=ends
    )
    return made


def _give(account, role, organisation, now) -> GiveRole:
    return GiveRole(account_id=account.pk, role=role, organisation_id=organisation.pk, starts=now.date())


def _proposed(account, what, by, at, **values) -> Proposal:
    perform(ProposeChange(account_id=account.pk, what=what, values=values), by, at)
    return Proposal.objects.get(account=account, decided_at__isnull=True)


def _confirm(proposal, by, at, password=NEW) -> None:
    perform(
        ConfirmProposal(account_id=proposal.account_id, proposal_id=proposal.pk, password=password), by, at
    )


def _role(role, organisation, now) -> dict[str, object]:
    return {"role": role, "organisation_id": organisation.pk, "starts": now.date().isoformat(), "ends": ""}


# Guard 6
def test_whoever_made_an_account_does_not_get_into_it_once_it_is_a_chiefs(admin, actor, stage, now) -> None:
    user = perform(MakeAccount(username="kuilei", display_name="副所长 钱", password=KNOWN), admin, now)
    TOTP.activate(user, SECRET)
    SocialAccount.objects.create(user=user, provider="p", uid="1")
    epoch = user.epoch
    _confirm(
        _proposed(user, "give_role", admin, now, **_role("chief", stage.station, now)), actor("anquan"), now
    )
    user.refresh_from_db()
    assert (user.check_password(KNOWN), user.check_password(NEW)) == (False, True)
    assert user.temporary_until == now + 3 * DAY
    assert user.epoch > epoch
    assert not Authenticator.objects.filter(user=user).exists()
    assert not SocialAccount.objects.filter(user=user).exists()
    assert actor_of(user, now).roles == {"chief"}


# Guard 6
@pytest.mark.parametrize("days", [1, 89])
def test_a_privileged_role_that_was_taken_away_protects_the_account_for_a_while(
    admin, cast, now, days
) -> None:
    chief, later = cast["suozhang"], now + days * DAY
    TOTP.activate(chief, SECRET)
    perform(TakeRole(account_id=chief.pk, grant_id=Grant.objects.get(user=chief).pk), admin, now)
    for action in (
        ResetPassword(account_id=chief.pk, password=KNOWN),
        ResetSecondFactor(account_id=chief.pk),
    ):
        with pytest.raises(Conflict):
            perform(action, admin, later)
    assert has_privileged_role(chief, now + 89 * DAY)
    assert not has_privileged_role(chief, now + 92 * DAY)


# Guard 6
def test_a_privileged_account_is_stopped_by_one_at_once_and_let_in_again_by_two(
    admin, actor, cast, now
) -> None:
    chief = cast["suozhang"]
    perform(Deactivate(account_id=chief.pk, reason="手机丢失"), admin, now)
    told = Notice.objects.filter(kind="account_stopped").values_list("user__username", flat=True)
    assert set(told) == {"suozhang", "shenji", "anquan"}
    with pytest.raises(Conflict):
        perform(Reactivate(account_id=chief.pk), admin, now)
    proposal = _proposed(chief, "reopen", admin, now)
    with pytest.raises(Forbidden):
        _confirm(proposal, admin, now)
    _confirm(proposal, actor("anquan"), now)
    chief.refresh_from_db()
    assert chief.is_active


# Guard 6
def test_the_role_of_a_chief_is_taken_by_one_at_once_and_given_back_by_two(admin, cast, stage, now) -> None:
    chief = cast["suozhang"]
    perform(TakeRole(account_id=chief.pk, grant_id=Grant.objects.get(user=chief).pk), admin, now)
    told = Notice.objects.filter(kind="account_role_taken").values_list("user__username", flat=True)
    assert set(told) == {"suozhang", "shenji", "anquan"}
    with pytest.raises(Conflict):
        perform(_give(chief, "chief", stage.station, now), admin, now)


# Guard 6
def test_no_administrator_removes_a_security_administrator_alone(admin, actor, cast, stage, now) -> None:
    security = _holder("security_administrator", stage.bureau)
    grant = Grant.objects.get(user=security)
    for action in (
        Deactivate(account_id=security.pk, reason="调离"),
        TakeRole(account_id=security.pk, grant_id=grant.pk),
    ):
        with pytest.raises(Conflict):
            perform(action, admin, now)
    second = actor_of(_holder("administrator", stage.bureau, name="guanli2"), now)
    for what, values in (("take_role", {"grant_id": grant.pk}), ("stop", {"reason": "调离"})):
        proposal = _proposed(security, what, admin, now, **values)
        for one in (admin, second, actor_of(security, now)):
            with pytest.raises((Forbidden, Missing)):
                _confirm(proposal, one, now)
        _confirm(proposal, actor("anquan"), now)
    security.refresh_from_db()
    assert not security.is_active
    assert actor_of(security, now).roles == set()


# Guard 6
@pytest.mark.parametrize("name", ["guanli", "anquan", "shenji"])
def test_of_administrator_security_administrator_and_auditor_the_last_stays(cast, name, now) -> None:
    grant = Grant.objects.get(user=cast[name])
    for action in (
        Deactivate(account_id=cast[name].pk, reason="调离", seconded=True),
        TakeRole(account_id=cast[name].pk, grant_id=grant.pk, seconded=True),
    ):
        with pytest.raises(Conflict):
            perform(action, SYSTEM, now)


# Guard 6
def test_where_there_was_a_security_administrator_no_administrator_stands_in(
    admin, actor, cast, stage, now
) -> None:
    Grant.objects.filter(role="security_administrator").update(ends=now.date() - DAY)
    second = actor_of(_holder("administrator", stage.bureau, name="guanli2"), now)
    proposal = _proposed(cast["suozhang"], "reset_password", admin, now)
    assert not may_confirm(second, proposal, now)
    told = set(Notice.objects.filter(kind="account_proposed").values_list("user__username", flat=True))
    assert told == {"suozhang", "shenji"}
    _confirm(proposal, actor("shenji"), now)
    assert User.objects.get(pk=cast["suozhang"].pk).check_password(NEW)


# Guard 6
@pytest.mark.parametrize("role", ["officer", "mediator", "dispatcher"])
def test_a_role_with_what_the_whole_county_said_is_given_by_two(admin, cast, stage, now, role) -> None:
    with pytest.raises(Conflict):
        perform(_give(cast["jumin"], role, stage.bureau, now), admin, now)
    assert actor_of(cast["jumin"], now).roles == {"resident"}
    if role != "dispatcher":
        perform(_give(cast["jumin"], role, stage.station, now), admin, now)


# Guard 6
def test_a_county_is_not_given_station_by_station_either(admin, cast, stage, now) -> None:
    user = cast["jumin"]
    perform(_give(user, "officer", stage.station, now), admin, now)
    perform(_give(user, "officer", stage.post, now), admin, now)
    with pytest.raises(Conflict):
        perform(_give(user, "mediator", stage.other_post, now), admin, now)
    Grant.objects.create(
        user=user, role="officer", organisation=stage.other_station, starts=now.date() + 5 * DAY
    )
    with pytest.raises(Conflict):
        perform(ResetPassword(account_id=user.pk, password=KNOWN), admin, now)


# Guard 6
def test_on_screen_a_county_officer_is_proposed_and_the_password_shown_to_who_confirms(
    signed_in, cast, stage
) -> None:
    page = f"/people/{cast['jumin'].pk}/"
    form = {"role": "officer", "organisation": stage.bureau.pk, "starts": timezone.localdate(), "ends": ""}
    signed_in("guanli").post(f"{page}roles/", form)
    proposal = Proposal.objects.get()
    answer = signed_in("anquan").post(f"{page}proposals/{proposal.pk}/confirm/")
    user = User.objects.get(pk=cast["jumin"].pk)
    assert user.check_password(answer.context["password"])
    assert answer.context["password"] in answer.content.decode()


# Guard 6
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("停用账号：调离", "收回角色：安全管理员")),
        ("en", ("Stop the account: 调离", "Security administrator (")),
    ],
)
def test_on_screen_the_removal_of_a_security_administrator_waits_for_another(
    signed_in, stage, language, words
) -> None:
    security = _holder("security_administrator", stage.bureau)
    page, client = f"/people/{security.pk}/", signed_in("guanli", language)
    client.post(f"{page}stop/", {"reason": "调离"})
    client.post(f"{page}roles/{Grant.objects.get(user=security).pk}/take/")
    assert set(Proposal.objects.values_list("what", flat=True)) == {"stop", "take_role"}
    seen = signed_in("anquan", language).get(page).content.decode()
    assert all(word in seen for word in words)


# Guard 6
@pytest.mark.any_database
def test_the_three_keepers_hold_no_role_with_cases() -> None:
    for keeper in KEEPERS:
        free = {id_ for id_ in roles() if not are_apart(keeper, id_)}
        assert free == {keeper, "resident"}
        assert {id_ for id_ in roles() if not are_apart(id_, keeper)} == free
    assert not are_apart("officer", "chief")


# Guard 6
@pytest.mark.any_database
def test_what_takes_two_is_role_and_reach() -> None:
    everywhere = {id_ for id_ in roles() if takes_two(id_, "station")}
    assert everywhere == {"administrator", "security_administrator", "auditor", "planner", "chief"}
    county = {id_ for id_ in roles() if takes_two(id_, "county")} - everywhere
    assert county == roles().keys() - everywhere - {"resident"}
    for level in ("place", "own"):
        assert {id_ for id_ in roles() if takes_two(id_, level)} == everywhere | {"officer"}
    assert {id_ for id_ in roles() if takes_two(id_, "beat")} == everywhere


# Guard 6
@pytest.mark.parametrize("name", ["guanli", "anquan", "shenji"])
def test_a_keeper_is_given_no_role_with_cases_and_an_officer_keeps_nothing(cast, stage, now, name) -> None:
    with pytest.raises(Conflict):
        perform(_give(cast[name], "officer", stage.post, now), SYSTEM, now)
    with pytest.raises(Conflict):
        perform(_give(cast["minjing"], "auditor", stage.bureau, now), SYSTEM, now)


# Guard 5
def test_a_privileged_role_ends_the_tokens_that_were_made_before_it(cast, stage, now) -> None:
    user = cast["jumin"]
    token = perform(MakeToken(title="t", days=30), actor_of(user, now), now)[1]
    assert actor_behind(token, now) is not None
    perform(_give(user, "chief", stage.station, now), SYSTEM, now)
    assert actor_behind(token, now) is None


# Guard 6
@pytest.mark.parametrize("role", ["administrator", "security_administrator", "auditor"])
def test_who_holds_a_role_until_soon_is_not_the_one_who_stays(cast, stage, now, role) -> None:
    name = {"administrator": "guanli", "security_administrator": "anquan", "auditor": "shenji"}[role]
    soon = _holder(role, stage.bureau, ends=now.date() + 29 * DAY)
    stop = Deactivate(account_id=cast[name].pk, reason="调离", seconded=True)
    with pytest.raises(Conflict):
        perform(stop, SYSTEM, now)
    Grant.objects.filter(user=soon).update(ends=now.date() + 30 * DAY)
    Organisation.objects.filter(pk=stage.bureau.pk).update(active=True)
    perform(stop, SYSTEM, now)
