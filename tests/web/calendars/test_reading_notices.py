"""Days and hours are read as people write them; what is not understood is given back."""

import datetime as dt

import pytest

from linli.web.foundation.calendars.parsing import days_of, hours_in, notice_of
from web.calendars.conftest import NOTICE

pytestmark = pytest.mark.any_database


# Mend 9
def test_the_text_of_a_notice_gives_days_off_and_made_up_workdays() -> None:
    rest, worked = notice_of(NOTICE, 2027)
    assert (rest.unread, worked.unread) == ([], [])
    assert {day.isoformat() for day in worked.days} == {
        "2027-01-31", "2027-02-20", "2027-05-08", "2027-09-26", "2027-10-09",
    }  # fmt: skip
    assert len(rest.days) == 3 + 7 + 3 + 5 + 1 + 1 + 7
    assert dt.date(2027, 2, 11) in rest.days


# Mend 9
@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027-02-05 至 2027-02-11", "2027-02-05", "2027-02-11"),
        ("2月5日至11日", "2027-02-05", "2027-02-11"),
        ("２月５日—２月１１日（周四）", "2027-02-05", "2027-02-11"),
        ("2026年12月31日至2027年1月2日", "2026-12-31", "2027-01-02"),
        ("2027/6/9", "2027-06-09", "2027-06-09"),
    ],
)
def test_spans_of_days_are_read_in_their_usual_forms(text: str, first: str, last: str) -> None:
    found = days_of(text, 2027)
    assert found.unread == []
    assert (found.days[0].isoformat(), found.days[-1].isoformat()) == (first, last)


# Mend 9
@pytest.mark.parametrize("text", ["2月30日", "2月11日至5日", "除夕", "2027-13-01", "2月5日至1月3日"])
def test_what_is_no_day_is_given_back(text: str) -> None:
    assert days_of(text, 2027).unread != []


# Mend 9
def test_hours_are_read_in_either_width() -> None:
    assert hours_in("8:30–12:00、14：00至17：30") == (
        ((dt.time(8, 30), dt.time(12)), (dt.time(14), dt.time(17, 30))),
        "",
    )
    assert hours_in("上午九点")[1] == "上午九点"
    assert hours_in("8:30-25:00")[1] != ""
