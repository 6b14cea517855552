"""The name that is shown is who somebody is to colleagues: nobody puts it on or takes it off unseen."""

import datetime as dt

import pytest

from linli.web.foundation.accounts.actions.base import AccountAction
from linli.web.foundation.accounts.actions.entry import EndSessions, Unlock
from linli.web.foundation.accounts.actions.people import ChangeAccount, Deactivate, MakeAccount, Reactivate
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.names import seen_as
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.models import Notice

DAY = dt.timedelta(days=1)
SECRET = "k7mq-x2vn-p9dw-h4tz"  # noqa: S105 - of made-up accounts
SAME = ("所长 赵", "所长赵", "  所长\u3000赵 ", "所\u200b长 赵", "所长\u00a0赵")


@pytest.fixture
def admin(actor):
    return actor("guanli")


def _rename(user, name) -> ChangeAccount:
    return ChangeAccount(account_id=user.pk, display_name=name, language="zh")


# Guard 6
@pytest.mark.parametrize("name", SAME)
def test_a_name_that_another_bears_is_taken_by_nobody(admin, cast, now, name) -> None:
    for action in (
        _rename(cast["linsuo"], name),
        MakeAccount(username="kuilei", display_name=name, password=SECRET),
    ):
        with pytest.raises(Invalid) as refused:
            perform(action, admin, now)
        assert set(refused.value.fields) == {"display_name"}


# Guard 6
@pytest.mark.any_database
def test_names_differ_as_a_reader_sees_them() -> None:
    assert {seen_as(one) for one in SAME} == {"所长赵"}
    assert seen_as("ＷＡＮＧ Wei") == seen_as("wang wei")
    assert seen_as("所长 赵") != seen_as("所长 赵二")


# Guard 6
def test_whoever_was_stopped_is_followed_by_nobody_under_the_same_name(admin, cast, now) -> None:
    perform(Deactivate(account_id=cast["suozhang"].pk, reason="调离"), admin, now)
    with pytest.raises(Invalid):
        perform(_rename(cast["linsuo"], "所长 赵"), admin, now)
    Grant.objects.filter(user=cast["suozhang"]).update(ends=now.date() - 91 * DAY)
    perform(_rename(cast["linsuo"], "所长 赵"), admin, now)
    with pytest.raises(Conflict):
        perform(Reactivate(account_id=cast["suozhang"].pk), SYSTEM, now)


# Guard 6
def test_nobody_changes_the_name_of_their_own_account(admin, cast, now) -> None:
    with pytest.raises(Forbidden):
        perform(_rename(cast["guanli"], "审计员 何"), admin, now)
    assert User.objects.get(pk=cast["guanli"].pk).display_name == "管理员 沈"


# Guard 6
def test_a_change_of_name_is_told_and_the_log_has_both(admin, cast, now) -> None:
    perform(_rename(cast["suozhang"], "所长 赵一"), admin, now)
    detail = Entry.objects.get(action="account.change").detail
    assert (detail["former_name"], detail["name"]) == ("所长 赵", "所长 赵一")
    told = Notice.objects.filter(kind="account_changed").values_list("user__username", flat=True)
    assert set(told) == {"suozhang", "shenji", "anquan"}


# Guard 6
def test_the_language_of_two_who_always_had_one_name_is_still_corrected(admin, cast, now) -> None:
    User.objects.filter(pk=cast["linsuo"].pk).update(display_name="民警 王")
    perform(ChangeAccount(account_id=cast["linsuo"].pk, display_name="民警 王", language="en"), admin, now)
    assert User.objects.get(pk=cast["linsuo"].pk).language == "en"


# Guard 6
@pytest.mark.parametrize(("action", "kind"), [(Unlock, "unlocked"), (EndSessions, "signed_out")])
def test_who_is_unlocked_or_signed_out_is_told_and_so_are_the_auditors(
    admin, cast, signed_in, now, action, kind
) -> None:
    perform(action(account_id=cast["minjing"].pk), admin, now)
    told = Notice.objects.filter(kind=f"account_{kind}").values_list("user__username", flat=True)
    assert set(told) == {"minjing", "shenji"}
    for language in ("zh-hans", "en"):
        cast["minjing"].refresh_from_db()
        page = signed_in("minjing", language).get("/notices/").content.decode()
        assert {"unlocked": ("解除锁定", "unlocked"), "signed_out": ("强制退出", "signed out")}[kind][
            language == "en"
        ] in page


# Guard 6
@pytest.mark.any_database
def test_no_change_to_an_account_is_told_to_nobody() -> None:
    found = AccountAction.__subclasses__()
    assert len(found) >= 10
    silent = {one.__name__ for one in found if not one.told}
    # These tell more than a kind: who may confirm, and what was ended.
    assert silent == {"ProposeChange", "EndProgram"}
