"""From November on a missing notice is asked for: at home, of whoever may enter it, and by the check."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.calendars.actions import EnterNotice
from linli.web.foundation.calendars.parsing import notice_of
from linli.web.foundation.calendars.reading import missing_year
from linli.web.foundation.operations.checking import _calendar
from web.calendars.conftest import NOTICE

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=SHANGHAI)


# Mend 9
@pytest.mark.parametrize(
    ("at", "year"),
    [
        (local(2026, 3, 10, 9), None),
        (local(2026, 10, 31, 23, 59), None),
        (local(2026, 11, 1, 0, 1), 2027),
        (local(2027, 5, 1, 9), 2027),
        (local(2027, 12, 1, 9), 2027),
    ],
)
def test_a_notice_is_missing_from_november_of_the_year_before(at: dt.datetime, year: int | None) -> None:
    assert missing_year(at) == year
    (found,) = _calendar(at)
    assert found.level == ("right" if year is None else "note")
    assert year is None or str(year) in found.text.zh


# Mend 9
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "请录入 2027 年放假安排"), ("en", "Enter the holidays of 2027")]
)
def test_the_home_of_who_may_enter_it_asks_for_it_until_it_is_there(
    language: str,
    words: str,
    signed_in: Callable[..., Client],
    actor: Callable[[str], Actor],
    autumn: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planner, officer = signed_in("guihua", language), signed_in("minjing", language)
    assert words in planner.get("/?cards=1").content.decode()
    assert words not in officer.get("/?cards=1").content.decode()
    monkeypatch.setattr(clock, "now", lambda: local(2026, 10, 31, 12))
    assert words not in planner.get("/?cards=1").content.decode()
    monkeypatch.setattr(clock, "now", lambda: autumn)
    rest, worked = notice_of(NOTICE, 2027)
    entered = EnterNotice(year=2027, rest=tuple(rest.days), worked=tuple(worked.days))
    perform(entered, actor("guihua"), autumn)
    assert words not in planner.get("/?cards=1").content.decode()


# Mend 9
def test_a_file_is_named_by_the_day_that_it_is_here(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = local(2026, 12, 1, 0, 30).astimezone(dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    response = signed_in("suozhang").get("/cases/export.csv")
    response.close()
    assert "cases-20261201-0030.csv" in response["Content-Disposition"]
