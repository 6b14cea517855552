"""Wherever a deadline stands that may still move, it says so: to staff, residents and programs."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.calendar import calendar_of
from linli.web.foundation.exchange.tokens import MakeToken
from linli.web.intake.submitting import Request, submit
from linli.web.ops.requests.draining import drain

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEFORE_THE_FESTIVAL = dt.datetime(2027, 2, 4, 9, 0, tzinfo=SHANGHAI)
ZH, EN = "国务院尚未公布2027年放假安排", "calendar for 2027 is not in yet"
Sent = Callable[[dt.datetime], tuple[Case, str]]


@pytest.fixture
def sent(stage: Stage, cast: object) -> Sent:
    """A resident's request and the code it is followed by."""

    def send(at: dt.datetime) -> tuple[Case, str]:
        given = Request(service="request-streetlight", title="路灯不亮", place=stage.place.code)
        entry = submit(given, at=at, sender="203.0.113.7")
        drain(at)
        return Case.objects.get(tracking_hash=entry.code_hash), entry.code

    return send


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: BEFORE_THE_FESTIVAL)


# Mend 9
def test_a_deadline_over_spring_festival_of_2027_is_reckoned_by_the_law(sent: Sent) -> None:
    case, _ = sent(BEFORE_THE_FESTIVAL)
    # 40 working hours: Thursday 4 February; 5 to 8 are the festival; then four days and 5.5 hours.
    assert case.case_due_at == dt.datetime(2027, 2, 15, 16, 0, tzinfo=SHANGHAI)


# Mend 9
@pytest.mark.parametrize(("language", "said"), [("zh-hans", ZH), ("en", EN)])
def test_pages_of_staff_say_that_a_deadline_may_move(
    language: str, said: str, sent: Sent, signed_in: Callable[..., Client]
) -> None:
    case, _ = sent(BEFORE_THE_FESTIVAL)
    client = signed_in("minjing", language)
    for path in (f"/cases/{case.number}/", "/cases/", "/requests/", f"/requests/{case.number}/receipt/"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert said in page.content.decode(), path
    export = b"".join(client.get("/cases/export.csv"))  # type: ignore[arg-type]
    assert said in export.decode()


# Mend 9
@pytest.mark.parametrize(("language", "said"), [("zh-hans", ZH), ("en", EN)])
def test_residents_are_told_where_they_follow_their_request(language: str, said: str, sent: Sent) -> None:
    _, code = sent(BEFORE_THE_FESTIVAL)
    client = Client(headers={"accept-language": language})
    page = client.get(f"/residents/track/{code}/")
    assert page.status_code == 200
    assert said in page.content.decode()
    row = client.get("/open311/v2/requests.json").json()[0]
    assert said in row["service_notice"]


# Mend 9
def test_programs_and_calendars_are_told(sent: Sent, actor: Callable[[str], Actor]) -> None:
    case, _ = sent(BEFORE_THE_FESTIVAL)
    _, token = perform(MakeToken(title="试验", days=30), actor("minjing"), BEFORE_THE_FESTIVAL)
    client = Client(headers={"authorization": f"Bearer {token}"})
    assert ZH in client.get(f"/api/v1/cases/{case.number}").json()["due_caution"]
    Case.objects.filter(pk=case.pk).update(assignee=actor("minjing").user_id)
    unfolded = calendar_of(actor("minjing"), BEFORE_THE_FESTIVAL).replace(b"\r\n ", b"")
    assert ZH in unfolded.decode()


# Mend 9
def test_a_date_that_is_settled_or_not_of_working_days_says_nothing(
    sent: Sent, stage: Stage, signed_in: Callable[..., Client]
) -> None:
    settled, code = sent(dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    opened = OpenCase(kind="incident", category="home_robbery", title="一件事", place=stage.place.code)
    as_it_passes = perform(opened, SYSTEM, BEFORE_THE_FESTIVAL)
    client = signed_in("suozhang")
    for case in (settled, as_it_passes):
        page = client.get(f"/cases/{case.number}/")
        assert page.status_code == 200
        assert "尚未公布" not in page.content.decode()
    assert "尚未公布" not in Client().get(f"/residents/track/{code}/").content.decode()
