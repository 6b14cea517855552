"""A year's notice is looked at before it counts, and entered by who answers for the county's settings."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from linli.web.foundation.audit.models import Entry
from linli.web.foundation.calendars.models import OfficeHours, YearNotice
from linli.web.foundation.calendars.reading import calendar_of
from web.calendars.conftest import NOTICE
from web.conftest import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("autumn")]
SPRING = dt.date(2027, 2, 10)


# Mend 9
@pytest.mark.parametrize("role", ["planner", "administrator"])
def test_a_notice_is_pasted_looked_at_and_saved(role: str, signed_in: Callable[..., Client]) -> None:
    client = signed_in(ROLES[role])
    assert calendar_of().is_workday(SPRING)
    looked = client.post("/calendar/notice/", {"year": 2027, "text": NOTICE})
    assert looked.status_code == 200
    assert "尚未保存" in looked.content.decode()
    assert not YearNotice.objects.exists()
    given = {name: looked.context["form"].initial[name] for name in ("year", "rest", "worked", "submission")}
    saved = client.post("/calendar/notice/", {**given, "save": "1"})
    assert saved["Location"] == "/calendar/?year=2027"
    assert not calendar_of().is_workday(SPRING)
    assert calendar_of().is_workday(dt.date(2027, 2, 20))
    assert calendar_of().caution(SPRING) is None
    assert Entry.objects.filter(action="calendar.enter_notice", actor_name__gt="").exists()


# Mend 9
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"year": 2019, "rest": "2019-01-01"}, "year"),
        ({"year": 2027, "rest": "2月5日至11日"}, "rest"),
        ({"year": 2027, "text": NOTICE.replace("2月5日", "2月6日")}, None),
        ({"year": 2027, "text": NOTICE.replace("2月20日", "2月19日")}, "worked"),
        ({"year": 2027, "text": "明年照旧"}, "text"),
        ({"year": 2027, "rest": "除夕起七天"}, "rest"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_with_what_is_wrong(
    given: dict[str, object], field: str | None, signed_in: Callable[..., Client]
) -> None:
    page = signed_in("guihua").post("/calendar/notice/", {**given, "save": "1"})
    assert page.status_code == 422
    assert field is None or field in page.context["form"].errors
    assert not YearNotice.objects.exists()


# Mend 9
def test_a_corrected_notice_keeps_the_one_before_and_a_withdrawn_one_counts_no_more(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in("guihua")
    for text in (NOTICE, NOTICE.replace("至11日", "至12日")):
        client.post("/calendar/notice/", {"year": 2027, "text": text, "save": "1"})
    assert YearNotice.objects.filter(replaced_at__isnull=False).count() == 1
    assert not calendar_of().is_workday(dt.date(2027, 2, 12))
    assert "2027-02-05 至 2027-02-12" in client.get("/calendar/?year=2027").context["form"].initial["rest"]
    client.post("/calendar/withdraw/", {"year": 2027})
    assert calendar_of().is_workday(dt.date(2027, 2, 12))
    assert YearNotice.objects.count() == 2


# Mend 9
def test_a_station_has_hours_of_its_own_until_it_keeps_the_countys_again(
    signed_in: Callable[..., Client], stage, autumn: dt.datetime
) -> None:
    client, code = signed_in("guihua"), stage.place.station_code
    day = dt.date(2026, 12, 1)
    county = {"station": "", "since": "2026-12-01", "periods": "9:00-12:00、14:00-18:00"}
    own = {"station": code, "since": "2026-12-02", "periods": "8:00-20:00"}
    again = {"station": code, "since": "2026-12-03", "periods": ""}
    for given in (county, own, again):
        assert client.post("/calendar/hours/", given).status_code == 302
    opens = [calendar_of(code).hours_on(day + dt.timedelta(days=n))[0][0].hour for n in range(-1, 3)]
    assert opens == [8, 9, 8, 9]
    assert calendar_of().hours_on(dt.date(2026, 12, 2))[0][0].hour == 9
    past = client.post("/calendar/hours/", {**own, "since": "2026-11-19"})
    assert (past.status_code, "since" in past.context["hours_form"].errors) == (422, True)
    assert OfficeHours.objects.count() == 3


# Mend 9
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_others_look_and_do_not_enter(language: str, signed_in: Callable[..., Client]) -> None:
    assert signed_in("wangge", language).get("/calendar/").status_code == 403
    chief = signed_in("suozhang", language)
    page = chief.get("/calendar/?year=2027")
    assert page.status_code == 200
    assert "/calendar/notice/" not in page.content.decode()
    assert chief.post("/calendar/notice/", {"year": 2027, "text": NOTICE, "save": "1"}).status_code == 403
    assert not YearNotice.objects.exists()
    assert signed_in("guihua", language).get("/calendar/").status_code == 200
