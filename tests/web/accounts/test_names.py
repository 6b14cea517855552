"""The name that is shown is who somebody is to colleagues: nobody puts it on or takes it off unseen."""

import datetime as dt
import re

import pytest

from linli.web.foundation.accounts.actions.base import AccountAction
from linli.web.foundation.accounts.actions.entry import EndSessions, Unlock
from linli.web.foundation.accounts.actions.people import ChangeAccount, Deactivate, MakeAccount, Reactivate
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.names import alike, is_plain, seen_as
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.models import Notice

DAY = dt.timedelta(days=1)
SECRET = "k7mq-x2vn-p9dw-h4tz"  # noqa: S105 - of made-up accounts
UNSEEN = (
    "\ufe0f",
    "\u180b",
    "\u180f",
    "\u200d",
    "\u3164",
    "\U000e0100",
    "\u0301",
    "\u2062",
    "\u034f",
    "\u2800",
)
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
@pytest.mark.any_database
@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_nobody_sees_makes_no_other_name(unseen) -> None:
    assert seen_as(f"所长 赵{unseen}") == seen_as(f"所{unseen}长{unseen} 赵") == "所长赵"
    assert not is_plain(f"所长 赵{unseen}")
    assert seen_as("Élise") == seen_as("E\u0301lise") == seen_as("elise")
    assert all(is_plain(one) for one in ("所长 赵", "Élise", "E\u0301lise", "ئۇيغۇر", "བོད་", "巴特尔·ᠪᠠᠲᠤ"))


# Guard 6
@pytest.mark.parametrize("unseen", ["\ufe0f", "\u180b", "\U000e0100", "\u0301"])
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "姓名"), ("en", "bears this name|characters that nob")]
)
def test_on_screen_no_name_hides_behind_what_nobody_sees(signed_in, cast, language, words, unseen) -> None:
    form = {"username": "kuilei", "display_name": f"民警 王{unseen}", "language": "zh"}
    answer = signed_in("guanli", language).post("/people/new/", form)
    assert answer.status_code == 422
    assert re.search(words, answer.content.decode())
    assert not User.objects.filter(username="kuilei").exists()


# Guard 6
def test_a_name_with_characters_that_nobody_sees_is_refused_though_nobody_bears_it(admin, cast, now) -> None:
    for action in (
        _rename(cast["linsuo"], "民警 新\U000e0100"),
        MakeAccount(username="kuilei", display_name="民警 新\ufe0f", password=SECRET),
    ):
        with pytest.raises(Invalid) as refused:
            perform(action, admin, now)
        assert "看不见" in refused.value.fields["display_name"].zh
        assert "nobody sees" in refused.value.fields["display_name"].en


# Guard 6
def test_names_from_before_the_rule_that_look_alike_are_named(cast) -> None:
    assert alike() == []
    User.objects.filter(pk=cast["linsuo"].pk).update(display_name="民警 王\ufe0f")
    User.objects.filter(pk=cast["danwei"].pk).update(display_name="经理\u3164")
    assert alike() == ["danwei", "linsuo", "minjing"]


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
