"""One administrator alone makes and takes over no privileged account, and nothing happens unseen."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from linli.web.foundation.accounts.actions import base
from linli.web.foundation.accounts.actions.entry import ResetPassword, ResetSecondFactor
from linli.web.foundation.accounts.actions.people import Deactivate, MakeAccount, Reactivate
from linli.web.foundation.accounts.actions.roles import WATCHED_FOR, GiveRole, TakeRole
from linli.web.foundation.accounts.actions.seconding import (
    OPEN_FOR,
    ConfirmProposal,
    ProposeChange,
    RefuseProposal,
)
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import Grant, Proposal, User
from linli.web.foundation.accounts.selectors import actor_of, holders
from linli.web.foundation.accounts.telling import leaders
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Missing, Refusal
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.places.models import Deployment

SECRET = "k7mq-x2vn-p9dw-h4tz"  # noqa: S105 - of made-up accounts


@pytest.fixture(autouse=True)
def _without_security_administrator(request, cast) -> None:
    """Most installations begin without one; the tests of the three roles keep theirs."""
    if "three" not in request.node.name:
        Grant.objects.filter(role="security_administrator").delete()


@pytest.fixture
def admin(actor):
    return actor("guanli")


@pytest.fixture
def other(cast, stage) -> Actor:
    """A second administrator."""
    return _second_administrator(stage)


def _second_administrator(stage) -> Actor:
    made = User.objects.create_user("guanli2", None, display_name="管理员 何")
    Grant.objects.create(
        user=made, role="administrator", organisation=stage.bureau, starts=dt.date(2026, 1, 1)
    )
    return actor_of(made, dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC))


def _role(role, organisation, now) -> dict[str, object]:
    return {
        "role": role,
        "organisation_id": organisation.pk,
        "starts": now.date().isoformat(),
        "ends": "",
    }


def _propose(account, what, by, at, **values) -> Proposal:
    perform(ProposeChange(account_id=account.pk, what=what, values=values), by, at)
    return Proposal.objects.get(account=account, decided_at__isnull=True)


def _confirm(proposal, by, at) -> None:
    perform(ConfirmProposal(account_id=proposal.account_id, proposal_id=proposal.pk, password=SECRET), by, at)


# Guard 6
@pytest.mark.parametrize("name", ["suozhang", "guihua", "shenji"])
def test_nobody_alone_takes_over_a_privileged_account(admin, cast, now, name) -> None:
    user, before = cast[name], cast[name].password
    for action in (
        ResetPassword(account_id=user.pk, password=SECRET),
        ResetSecondFactor(account_id=user.pk),
    ):
        with pytest.raises(Conflict):
            perform(action, admin, now)
    user.refresh_from_db()
    assert user.password == before


# Guard 6
@pytest.mark.parametrize("role", ["administrator", "planner", "chief", "auditor"])
def test_nobody_alone_gives_a_privileged_role(admin, cast, stage, now, role) -> None:
    office = stage.station if role == "chief" else stage.bureau
    give = GiveRole(account_id=cast["jumin"].pk, role=role, organisation_id=office.pk, starts=now.date())
    with pytest.raises(Conflict):
        perform(give, admin, now)
    assert actor_of(cast["jumin"], now).roles == {"resident"}


# Guard 6
def test_an_account_whose_privileged_role_begins_later_is_privileged_now(admin, cast, stage, now) -> None:
    Grant.objects.create(
        user=cast["jumin"],
        role="chief",
        organisation=stage.station,
        starts=now.date() + dt.timedelta(days=30),
    )
    with pytest.raises(Conflict):
        perform(ResetPassword(account_id=cast["jumin"].pk, password=SECRET), admin, now)


# Guard 6
def test_a_second_administrator_confirms_and_both_are_on_record(admin, other, cast, now) -> None:
    chief = cast["suozhang"]
    proposal = _propose(chief, "reset_password", admin, now)
    chief.refresh_from_db()
    assert not chief.check_password(SECRET)
    with pytest.raises(Forbidden):
        _confirm(proposal, admin, now)
    _confirm(proposal, other, now)
    chief.refresh_from_db()
    assert chief.check_password(SECRET)
    done = Entry.objects.filter(subject_id=str(chief.pk), action__startswith="account.").order_by("pk")
    assert [(one.action, one.actor_id) for one in done] == [
        ("account.propose", admin.user_id),
        ("account.reset_password", other.user_id),
        ("account.confirm", other.user_id),
    ]
    with pytest.raises(Missing):
        _confirm(proposal, other, now)


# Guard 6
def test_a_privileged_role_is_given_by_two(admin, other, cast, stage, now) -> None:
    proposal = _propose(cast["jumin"], "give_role", admin, now, **_role("chief", stage.station, now))
    assert actor_of(cast["jumin"], now).roles == {"resident"}
    with pytest.raises(Conflict):
        _propose(cast["jumin"], "give_role", other, now, **_role("chief", stage.station, now))
    _confirm(proposal, other, now)
    assert actor_of(cast["jumin"], now).roles == {"resident", "chief"}


# Guard 6
def test_nobody_confirms_what_is_about_their_own_account(admin, other, now) -> None:
    user = User.objects.get(pk=other.user_id)
    proposal = _propose(user, "reset_password", admin, now)
    with pytest.raises(Forbidden):
        _confirm(proposal, other, now)


# Guard 6
def test_the_auditor_confirms_where_there_is_no_other_administrator_and_only_there(
    admin, cast, actor, stage, now
) -> None:
    proposal = _propose(cast["suozhang"], "reset_password", admin, now)
    for name in ("suozhang", "guihua", "linsuozhang", "minjing", "jumin"):
        with pytest.raises((Forbidden, Missing)):
            _confirm(proposal, actor(name), now)
    made = _second_administrator(stage)
    with pytest.raises(Forbidden):
        _confirm(proposal, actor("shenji"), now)
    User.objects.filter(pk=made.user_id).update(is_active=False)
    _confirm(proposal, actor("shenji"), now)
    proposal.refresh_from_db()
    assert (proposal.accepted, proposal.decided_by_id) == (True, cast["shenji"].pk)


# Guard 6
def test_a_proposal_ends_by_itself_and_with_the_rights_of_who_made_it(admin, other, cast, now) -> None:
    proposal = _propose(cast["suozhang"], "reset_password", admin, now)
    with pytest.raises(Missing):
        _confirm(proposal, other, now + OPEN_FOR)
    Grant.objects.filter(user_id=admin.user_id).delete()
    with pytest.raises(Conflict):
        _confirm(proposal, other, now)
    assert not User.objects.get(pk=cast["suozhang"].pk).check_password(SECRET)


# Guard 6
def test_a_proposal_is_withdrawn_by_who_made_it_or_refused_by_the_second(
    admin, other, actor, cast, now
) -> None:
    first = _propose(cast["suozhang"], "reset_password", admin, now)
    refuse = RefuseProposal(account_id=first.account_id, proposal_id=first.pk)
    with pytest.raises(Forbidden):
        perform(refuse, actor("shenji"), now)
    perform(RefuseProposal(account_id=first.account_id, proposal_id=first.pk), admin, now)
    second = _propose(cast["suozhang"], "reset_password", admin, now)
    perform(RefuseProposal(account_id=second.account_id, proposal_id=second.pk), other, now)
    assert Notice.objects.filter(kind="account_refused").values_list("user_id", flat=True)[0] == admin.user_id
    with pytest.raises(Missing):
        _confirm(second, other, now)


TELLING = {
    "role_given": lambda pk, stage, now: GiveRole(
        account_id=pk, role="mediator", organisation_id=stage.station.pk, starts=now.date()
    ),
    "role_taken": lambda pk, stage, now: TakeRole(
        account_id=pk, grant_id=Grant.objects.get(user_id=pk).pk
    ),
    "password_reset": lambda pk, stage, now: ResetPassword(account_id=pk, password=SECRET),
    "stopped": lambda pk, stage, now: Deactivate(account_id=pk, reason="调离"),
    "proposed": lambda pk, stage, now: ProposeChange(
        account_id=pk, what="give_role", values=_role("chief", stage.station, now)
    ),
}  # fmt: skip


# Guard 6
@pytest.mark.parametrize("kind", TELLING)
def test_the_person_and_the_auditors_are_told_of_every_change(admin, cast, stage, now, kind) -> None:
    perform(TELLING[kind](cast["minjing"].pk, stage, now), admin, now)
    told = Notice.objects.filter(kind=f"account_{kind}")
    expected = {"minjing", "shenji"} | ({"suozhang"} if kind == "role_given" else set())
    assert set(told.values_list("user__username", flat=True)) == expected


# Guard 6
def test_the_auditors_are_told_of_puppets_and_of_what_is_done_on_the_server(admin, cast, now) -> None:
    from linli.web.foundation.accounts.actor import SYSTEM

    made = perform(MakeAccount(username="kuilei", display_name="何", password=SECRET), admin, now)
    perform(ResetPassword(account_id=cast["suozhang"].pk, password=SECRET), SYSTEM, now)
    perform(Deactivate(account_id=made.pk, reason="调离"), admin, now)
    perform(Reactivate(account_id=made.pk), admin, now)
    told = set(Notice.objects.filter(user=cast["shenji"]).values_list("kind", flat=True))
    assert told == {"account_made", "account_password_reset", "account_stopped", "account_opened"}
    assert Notice.objects.filter(user=cast["suozhang"], kind="account_password_reset").exists()


# Guard 6
@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", ("待第二人确认", "确认")), ("en", ("Waiting for a second person", "Confirm"))],
)
def test_on_screen_one_proposes_and_the_second_confirms_and_reads_the_password(
    signed_in, cast, language, words
) -> None:
    chief = cast["suozhang"]
    page = f"/people/{chief.pk}/"
    first, second = signed_in("guanli", language), signed_in("shenji", language)
    assert first.post(f"{page}password/")["Location"] == page
    proposal = Proposal.objects.get()
    seen = second.get(page).content.decode()
    assert all(word in seen for word in words)
    assert f"{page}proposals/{proposal.pk}/confirm/" in seen
    assert f"{page}proposals/{proposal.pk}/confirm/" not in first.get(page).content.decode()
    first.post(f"{page}proposals/{proposal.pk}/confirm/")
    assert Proposal.objects.filter(decided_at__isnull=True).exists()
    answer = second.post(f"{page}proposals/{proposal.pk}/confirm/")
    chief.refresh_from_db()
    assert chief.check_password(answer.context["password"])
    assert signed_in("shenji", language).get("/notices/").status_code == 200


# Guard 6
def test_on_screen_a_privileged_role_is_proposed_and_another_given_at_once(signed_in, cast, stage) -> None:
    client, page = signed_in("guanli"), f"/people/{cast['jumin'].pk}/"
    for role in ("chief", "mediator"):
        form = {"role": role, "organisation": stage.station.pk, "starts": timezone.localdate(), "ends": ""}
        assert client.post(f"{page}roles/", form).status_code == 302
    assert set(Grant.objects.filter(user=cast["jumin"]).values_list("role", flat=True)) == {
        "resident",
        "mediator",
    }
    proposal = Proposal.objects.get()
    client.post(f"{page}proposals/{proposal.pk}/refuse/")
    proposal.refresh_from_db()
    assert proposal.accepted is False


# Guard 6
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_stop_each_other_at_once(
    cast, county: Deployment, now, monkeypatch
) -> None:
    from linli.web.demonstration.cast import stage_of

    pair = [
        actor_of(cast["guanli"], now),
        _second_administrator(stage_of(county)),
    ]
    both = threading.Barrier(2)
    answers: list[str] = []

    def stop(actor: Actor, whom: Actor) -> None:
        try:
            both.wait(timeout=30)
            perform(Deactivate(account_id=whom.account, reason="调离"), actor, now)
            answers.append("done")
        except Refusal:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=stop, args=args) for args in (pair, pair[::-1])]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert sorted(answers) == ["done", "refused"]
    assert len(holders({"administrator"}, now)) == 1


# Guard 6
def test_the_last_auditor_stays_so_that_somebody_is_told(admin, other, cast, stage, now) -> None:
    auditor = cast["shenji"]
    grant = Grant.objects.get(user=auditor)
    with pytest.raises(Conflict):
        perform(Deactivate(account_id=auditor.pk, reason="调离"), admin, now)
    with pytest.raises(Conflict):
        perform(TakeRole(account_id=auditor.pk, grant_id=grant.pk), admin, now)
    proposal = _propose(cast["jumin"], "give_role", admin, now, **_role("auditor", stage.bureau, now))
    _confirm(proposal, other, now)
    # The new one watches from the day after tomorrow; until then there is nobody else.
    with pytest.raises(Conflict):
        perform(Deactivate(account_id=auditor.pk, reason="调离"), admin, now)
    later = now + WATCHED_FOR
    perform(Deactivate(account_id=auditor.pk, reason="调离"), admin, later)
    told = Notice.objects.filter(kind="account_stopped").values_list("user_id", flat=True)
    assert set(told) == {auditor.pk, cast["jumin"].pk} | leaders(later)


# Guard 6
def test_who_was_stopped_while_waiting_does_nothing_any_more(admin, other, cast, now) -> None:
    User.objects.filter(pk=other.user_id).update(is_active=False)
    with pytest.raises(Forbidden):
        perform(Deactivate(account_id=cast["minjing"].pk, reason="调离"), other, now)
    assert base.AccountAction.among_administrators is False


# Guard D
def test_of_the_three_roles_the_security_administrator_alone_confirms(admin, other, actor, cast, now) -> None:
    proposal = _propose(cast["suozhang"], "reset_password", admin, now)
    for one in (admin, other, actor("shenji"), actor("suozhang")):
        with pytest.raises((Forbidden, Missing)):
            _confirm(proposal, one, now)
    _confirm(proposal, actor("anquan"), now)
    assert User.objects.get(pk=cast["suozhang"].pk).check_password(SECRET)


# Guard D
def test_of_the_three_roles_none_does_what_another_does(admin, actor, cast, stage, now) -> None:
    security, auditor = actor("anquan"), actor("shenji")
    make = MakeAccount(username="xinren", display_name="新人", password=SECRET)
    for one in (security, auditor):
        with pytest.raises(Forbidden):
            perform(make, one, now)
        with pytest.raises(Forbidden):
            perform(ResetPassword(account_id=cast["fujing"].pk, password=SECRET), one, now)
    client = Client()
    for name in ("guanli", "anquan"):
        client.force_login(cast[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get("/audit/").status_code in (403, 404), name


# Guard D
@pytest.mark.parametrize("held", ["guanli", "anquan", "shenji"])
def test_nobody_holds_two_of_the_three_roles(held, admin, actor, cast, stage, now) -> None:
    mine = {"guanli": "administrator", "anquan": "security_administrator", "shenji": "auditor"}[held]
    for role in {"administrator", "security_administrator", "auditor"} - {mine}:
        give = GiveRole(
            account_id=cast[held].pk,
            role=role,
            organisation_id=stage.bureau.pk,
            starts=now.date(),
            seconded=True,
        )
        with pytest.raises((Conflict, Forbidden)):
            perform(give, SYSTEM, now)
    assert Grant.objects.filter(user=cast[held]).count() == 1
