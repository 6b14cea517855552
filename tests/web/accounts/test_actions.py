"""Accounts and roles: who may make, change and stop them, and what is refused."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.utils import timezone

from linli.web.foundation.accounts.actions.entry import EndSessions, ResetPassword, ResetSecondFactor, Unlock
from linli.web.foundation.accounts.actions.people import ChangeAccount, Deactivate, MakeAccount, Reactivate
from linli.web.foundation.accounts.actions.roles import GiveRole, TakeRole
from linli.web.foundation.accounts.actions.seconding import ConfirmProposal, ProposeChange
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, Proposal, Session, User
from linli.web.foundation.accounts.passwords import new_temporary_password
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry

DAY = dt.timedelta(days=1)
SECRET = "k7mq-x2vn-p9dw-h4tz"  # noqa: S105 - of made-up accounts


@pytest.fixture
def admin(actor):
    return actor("guanli")


def _make(admin, now, username="xinren"):
    return perform(
        MakeAccount(username=username, display_name=f"新人 {username}", password=new_temporary_password()),
        admin,
        now,
    )


def _agreed(what, account, admin, second, now, **values):
    """One administrator proposes, a second person confirms."""
    perform(ProposeChange(account_id=account.pk, what=what, values=values), admin, now)
    proposal = Proposal.objects.get(account=account, decided_at__isnull=True)
    perform(ConfirmProposal(account_id=account.pk, proposal_id=proposal.pk, password=SECRET), second, now)


def _role(role, organisation, now):
    return {
        "role": role,
        "organisation_id": organisation.pk,
        "starts": now.date().isoformat(),
        "ends": "",
    }


def test_a_new_account_can_do_nothing_and_must_change_its_password(admin, now) -> None:
    made = _make(admin, now)
    assert actor_of(made, now).held == ()
    assert made.temporary_until == now + 3 * DAY
    entry = Entry.objects.get(action="account.make")
    assert entry.detail == {"username": "xinren"}
    assert entry.actor_id == admin.user_id


@pytest.mark.parametrize("username", ["", "ab", "Wang", "1wang", "王", "a b c", "x" * 33, "wang;--"])
def test_a_user_name_is_plain(admin, now, username) -> None:
    with pytest.raises(Invalid) as refused:
        _make(admin, now, username)
    assert "username" in refused.value.fields


def test_a_user_name_is_taken_once(admin, now) -> None:
    with pytest.raises(Invalid) as refused:
        _make(admin, now, "minjing")
    assert "username" in refused.value.fields


def test_a_name_and_a_language_are_needed(admin, cast, now) -> None:
    change = ChangeAccount(account_id=cast["minjing"].pk, display_name=" ", language="fr")
    with pytest.raises(Invalid) as refused:
        perform(change, admin, now)
    assert set(refused.value.fields) == {"display_name", "language"}


def test_a_name_is_corrected(admin, cast, now) -> None:
    perform(ChangeAccount(account_id=cast["minjing"].pk, display_name="民警 王一", language="en"), admin, now)
    cast["minjing"].refresh_from_db()
    assert (cast["minjing"].display_name, cast["minjing"].language) == ("民警 王一", "en")


def test_a_role_is_given_until_a_day_and_then_ends_by_itself(admin, stage, now) -> None:
    made = _make(admin, now)
    give = GiveRole(
        account_id=made.pk,
        role="officer",
        organisation_id=stage.post.pk,
        starts=now.date(),
        ends=now.date() + 7 * DAY,
    )
    perform(give, admin, now)
    assert actor_of(made, now).roles == {"officer"}
    assert actor_of(made, now + 7 * DAY).roles == {"officer"}
    assert actor_of(made, now + 8 * DAY).roles == set()


def test_nobody_gives_or_takes_a_role_of_their_own(admin, cast, stage, now) -> None:
    give = GiveRole(
        account_id=admin.user_id, role="chief", organisation_id=stage.station.pk, starts=now.date()
    )
    with pytest.raises(Forbidden):
        perform(give, admin, now)
    own = Grant.objects.get(user=cast["guanli"])
    with pytest.raises(Forbidden):
        perform(TakeRole(account_id=admin.user_id, grant_id=own.pk), admin, now)


def test_a_role_must_be_known_its_organisation_active_and_its_days_in_order(admin, cast, stage, now) -> None:
    stage.court.active = False
    stage.court.save()
    give = GiveRole(
        account_id=cast["jumin"].pk,
        role="emperor",
        organisation_id=stage.court.pk,
        starts=now.date(),
        ends=now.date() - DAY,
    )
    with pytest.raises(Invalid) as refused:
        perform(give, admin, now)
    assert set(refused.value.fields) == {"role", "organisation", "ends"}


def test_a_role_is_not_held_twice_at_once_but_again_later(admin, cast, stage, now) -> None:
    def give(starts):
        action = GiveRole(
            account_id=cast["minjing"].pk, role="officer", organisation_id=stage.post.pk, starts=starts
        )
        return perform(action, admin, now)

    with pytest.raises(Conflict):
        give(now.date())
    Grant.objects.filter(user=cast["minjing"]).update(ends=now.date())
    with pytest.raises(Conflict):
        give(now.date())
    give(now.date() + DAY)


def test_a_role_taken_away_ends_at_once_and_stays_on_record(admin, cast, now) -> None:
    grant = Grant.objects.get(user=cast["minjing"])
    perform(TakeRole(account_id=cast["minjing"].pk, grant_id=grant.pk), admin, now)
    assert actor_of(cast["minjing"], now).roles == set()
    grant.refresh_from_db()
    assert grant.ends == now.date() - DAY
    with pytest.raises(Conflict):
        perform(TakeRole(account_id=cast["minjing"].pk, grant_id=grant.pk), admin, now)


def test_the_last_administrator_stays(admin, cast, stage, actor, now) -> None:
    made = _make(admin, now)
    _agreed("give_role", made, admin, actor("anquan"), now, **_role("administrator", stage.bureau, now))
    second = actor_of(made, now)
    perform(Deactivate(account_id=cast["guanli"].pk, reason="调离"), second, now)
    third = _make(second, now, "disan")
    _agreed("give_role", third, second, actor("anquan"), now, **_role("planner", stage.bureau, now))
    with pytest.raises(Conflict):
        perform(Deactivate(account_id=made.pk, reason="调离"), SYSTEM, now)
    with pytest.raises(Conflict):
        perform(TakeRole(account_id=made.pk, grant_id=Grant.objects.get(user=made).pk), SYSTEM, now)


def test_a_stopped_account_is_signed_out_at_once_and_can_be_opened_again(admin, cast, signed_in, now) -> None:
    client = signed_in("minjing")
    assert client.get("/").status_code == 200
    perform(Deactivate(account_id=cast["minjing"].pk, reason="调离"), admin, now)
    assert not Session.objects.filter(account_id=cast["minjing"].pk).exists()
    assert client.get("/").status_code == 302
    with pytest.raises(Conflict):
        perform(Deactivate(account_id=cast["minjing"].pk, reason="调离"), admin, now)
    perform(Reactivate(account_id=cast["minjing"].pk), admin, now)
    cast["minjing"].refresh_from_db()
    assert cast["minjing"].is_active


def test_stopping_needs_a_reason_and_is_not_for_oneself(admin, cast, now) -> None:
    with pytest.raises(Invalid):
        perform(Deactivate(account_id=cast["minjing"].pk, reason=" "), admin, now)
    with pytest.raises(Forbidden):
        perform(Deactivate(account_id=admin.user_id, reason="调离"), admin, now)


def test_a_password_is_reset_for_others_and_signs_them_out(admin, cast, signed_in, now) -> None:
    client = signed_in("minjing")
    perform(ResetPassword(account_id=cast["minjing"].pk, password=SECRET), admin, now)
    assert client.get("/").status_code == 302
    cast["minjing"].refresh_from_db()
    assert cast["minjing"].check_password(SECRET)
    assert cast["minjing"].temporary_until is not None
    assert "k7mq" not in str(Entry.objects.get(action="account.reset_password").detail)
    with pytest.raises(Forbidden):
        perform(ResetPassword(account_id=admin.user_id, password=SECRET), admin, now)


def test_second_factors_are_taken_from_others_who_have_lost_them(admin, cast, actor, now) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    with pytest.raises(Conflict):
        perform(ResetSecondFactor(account_id=cast["minjing"].pk), admin, now)
    for name in ("minjing", "suozhang"):
        TOTP.activate(cast[name], "JBSWY3DPEHPK3PXP")
    perform(ResetSecondFactor(account_id=cast["minjing"].pk), admin, now)
    assert not cast["minjing"].authenticator_set.exists()
    _agreed("reset_factor", cast["suozhang"], admin, actor("anquan"), now)
    assert not cast["suozhang"].authenticator_set.exists()
    with pytest.raises(Forbidden):
        perform(ResetSecondFactor(account_id=admin.user_id), admin, now)


def test_an_administrator_unlocks_and_signs_out(admin, cast, signed_in, now) -> None:
    AccessAttempt.objects.create(
        username="minjing", ip_address="10.0.0.1", failures_since_start=5, attempt_time=timezone.now()
    )
    perform(Unlock(account_id=cast["minjing"].pk), admin, now)
    assert not AccessAttempt.objects.exists()
    signed_in("minjing")
    perform(EndSessions(account_id=cast["minjing"].pk), admin, now)
    assert not Session.objects.filter(account_id=cast["minjing"].pk).exists()


ACTIONS = (
    lambda pk, stage, now: MakeAccount(username="newone", display_name="新", password="x" * 20),
    lambda pk, stage, now: ChangeAccount(account_id=pk, display_name="新", language="zh"),
    lambda pk, stage, now: GiveRole(
        account_id=pk, role="officer", organisation_id=stage.other_post.pk, starts=now.date()
    ),
    lambda pk, stage, now: TakeRole(account_id=pk, grant_id=Grant.objects.get(user_id=pk).pk),
    lambda pk, stage, now: Deactivate(account_id=pk, reason="调离"),
    lambda pk, stage, now: Reactivate(account_id=pk),
    lambda pk, stage, now: ResetPassword(account_id=pk, password="x" * 20),
    lambda pk, stage, now: ResetSecondFactor(account_id=pk),
    lambda pk, stage, now: ProposeChange(account_id=pk, what="reset_password"),
    lambda pk, stage, now: EndSessions(account_id=pk),
    lambda pk, stage, now: Unlock(account_id=pk),
)


@pytest.mark.parametrize("build", ACTIONS)
def test_only_an_administrator_changes_accounts(build, actor, cast, stage, now) -> None:
    for username in cast:
        if username == "guanli":
            continue
        before = list(User.objects.values_list("pk", "is_active", "password"))
        with pytest.raises((Forbidden, Missing)):
            perform(build(cast["jumin"].pk, stage, now), actor(username), now)
        assert list(User.objects.values_list("pk", "is_active", "password")) == before


def test_temporary_passwords_differ_and_pass_the_checks_of_passwords() -> None:
    from django.contrib.auth.password_validation import validate_password

    made = {new_temporary_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        validate_password(password)


# Guard D
def test_a_reset_password_takes_no_second_factor_away(admin, cast, actor, now) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(cast["fujing"], "JBSWY3DPEHPK3PXP")
    perform(ResetPassword(account_id=cast["fujing"].pk, password=SECRET), admin, now)
    assert Authenticator.objects.filter(user=cast["fujing"]).count() == 1
