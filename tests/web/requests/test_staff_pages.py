"""Requests taken down by telephone or at the counter, listed, exported, and the queue looked after."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation.audit.models import Entry as AuditEntry
from linli.web.foundation.casework.models import Case
from linli.web.intake.models import Entry
from linli.web.intake.submitting import Request, submit
from linli.web.ops.requests import draining

pytestmark = pytest.mark.django_db
Signs = Callable[..., Client]
Sends = Callable[..., Case]
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture
def filled(stage: Stage) -> dict[str, str]:
    return {
        "channel": "counter",
        "category": "streetlight",
        "title": "村口路灯不亮",
        "place": stage.place.code,
        "data-reporter_name": "张某",
        "data-reporter_phone": "13800001234",
        "submission": "s1",
    }


@LANGUAGES
# Guard 7
def test_a_request_at_the_counter_ends_with_a_receipt_that_holds_the_number_and_no_code(
    signed_in: Signs, filled: dict[str, str], language: str
) -> None:
    client = signed_in("fujing", language)
    form = client.get("/requests/open/").content.decode()
    assert ("登记诉求" if language != "en" else "Take down a request") in form
    answer = client.post("/requests/open/", filled, follow=True)
    case = Case.objects.get()
    page = answer.content.decode()
    assert case.tracking_hash is None
    assert not re.search(r"\b[2-9A-HJ-NP-Z]{5} ?[2-9A-HJ-NP-Z]{5}\b", page)
    assert case.number in page
    assert (case.channel, case.opened_by.display_name) == ("counter", "辅警 李")
    assert "13800001234" not in page
    assert ("180 天" if language != "en" else "180 days") in page
    assert answer["Cache-Control"] == "no-store"


def test_a_receipt_is_for_whoever_took_it_down_or_works_on_it(
    signed_in: Signs, filled: dict[str, str]
) -> None:
    signed_in("fujing").post("/requests/open/", filled)
    url = f"/requests/{Case.objects.get().number}/receipt/"
    assert signed_in("minjing").get(url).status_code == 200
    assert signed_in("linsuo").get(url).status_code == 404
    assert signed_in("jiejing").get(url).status_code == 403
    assert signed_in("shenji").get(url).status_code == 404


@LANGUAGES
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    signed_in: Signs, filled: dict[str, str], language: str
) -> None:
    client = signed_in("fujing", language)
    answer = client.post("/requests/open/", {**filled, "data-reporter_phone": "call me"})
    assert answer.status_code == 422
    assert "村口路灯不亮" in answer.content.decode()
    assert client.post("/requests/open/", {"channel": "pigeon"}).status_code == 422
    assert not Case.objects.exists()


def test_the_form_sent_twice_is_one_request(signed_in: Signs, filled: dict[str, str]) -> None:
    client = signed_in("fujing")
    urls = [client.post("/requests/open/", filled).headers["Location"] for _ in range(2)]
    assert urls[0] == urls[1]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("username", ["tiaojie", "shenji", "guanli", "fating"])
def test_roles_that_open_no_requests_are_refused(
    signed_in: Signs, filled: dict[str, str], username: str
) -> None:
    assert signed_in(username).post("/requests/open/", filled).status_code == 403
    assert not Case.objects.exists()


def test_similar_requests_nearby_are_suggested_while_one_is_taken_down(
    signed_in: Signs, sent: Sends, stage: Stage
) -> None:
    case = sent(longitude=stage.place.longitude, latitude=stage.place.latitude, place="")
    client = signed_in("fujing")
    near = {
        "category": "streetlight",
        "longitude": f"{stage.place.longitude + 0.0003:.6f}",
        "latitude": f"{stage.place.latitude:.6f}",
    }
    assert case.number in client.post("/requests/open/near/", near).content.decode()
    assert (
        case.number
        in client.post(
            "/requests/open/near/", {"category": "streetlight", "place": stage.place.code}
        ).content.decode()
    )
    for other in (
        {**near, "category": "road"},
        {**near, "longitude": "0"},
        {},
        {"category": "x", "longitude": "y"},
    ):
        assert case.number not in client.post("/requests/open/near/", other).content.decode()
    assert case.number not in signed_in("linsuo").post("/requests/open/near/", near).content.decode()


@LANGUAGES
def test_the_list_shows_channel_and_what_was_not_in_time(
    signed_in: Signs,
    sent: Sends,
    now: dt.datetime,
    moved_clock: Callable[[dt.datetime], None],
    language: str,
) -> None:
    case = sent()
    moved_clock(now + dt.timedelta(hours=8))
    page = signed_in("minjing", language).get("/requests/?status=late").content.decode()
    assert case.number in page
    assert ("受理 · 已超时" if language != "en" else "Accepted · Overdue") in page
    assert ("居民网上提交" if language != "en" else "Residents" in page) or language == "en"
    assert case.number not in signed_in("linsuo", language).get("/requests/").content.decode()
    assert signed_in("shenji", language).get("/requests/").status_code == 403


def test_pages_of_the_list_follow_each_other_and_filters_narrow_it(
    signed_in: Signs, sent: Sends, now: dt.datetime
) -> None:
    numbers = [sent(at=now + dt.timedelta(minutes=i * 10)).number for i in range(11)]
    other = sent(service="request-road", title="路面塌陷", at=now + dt.timedelta(hours=3))
    client = signed_in("minjing")
    page = client.get("/requests/?category=road").content.decode()
    assert other.number in page
    assert numbers[0] not in page
    assert client.get("/requests/?after=nonsense&from=x&status=y").status_code == 200


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_export_holds_the_five_moments_and_is_logged(
    signed_in: Signs, sent: Sends, step: Callable[..., Case], now: dt.datetime, form: str
) -> None:
    case = step(sent(title="=1+1"), "accept", now)
    answer = signed_in("minjing").get(f"/requests/export.{form}?status=open")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    if form == "csv":
        text = content.decode("utf-8-sig")
        assert "受理是否及时" in text.splitlines()[0]
        assert case.number in text
        assert "'=1+1" in text
        assert "13800001234" not in text
    else:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert "xl/worksheets/sheet1.xml" in names
    assert AuditEntry.objects.get(action="export").subject_id == "request"
    assert signed_in("fujing").get(f"/requests/export.{form}").status_code == 403
    assert signed_in("minjing").get("/requests/export.exe").status_code == 403


@LANGUAGES
def test_the_page_of_a_case_shows_the_five_and_warns_where_others_read_the_answer(
    signed_in: Signs, sent: Sends, step: Callable[..., Case], now: dt.datetime, language: str
) -> None:
    from linli.web.foundation.accounts.actor import SYSTEM
    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.casework.actions.merging import Merge

    first, second = sent(), sent()
    perform(Merge(case_id=second.pk, into_id=first.pk), SYSTEM, now)
    step(first, "accept", now)
    page = signed_in("minjing", language).get(f"/cases/{first.number}/").content.decode()
    assert ("五个及时" if language != "en" else "Five in time") in page
    assert ("1 件相同诉求并入" if language != "en" else "1 requests about the same") in page
    assert f"/requests/{first.number}/receipt/" in page


@LANGUAGES
def test_figures_are_shown_with_what_they_are_a_share_of_and_exported(
    signed_in: Signs, sent: Sends, step: Callable[..., Case], now: dt.datetime, language: str
) -> None:
    step(sent(), "accept", now)
    sent()
    client = signed_in("suozhang", language)
    page = client.get("/requests/five-in-time/").content.decode()
    assert "100.0%" in page
    assert "1/1" in page
    assert ("合计" if language != "en" else "Total") in page
    assert client.get("/requests/five-in-time/?month=2025-01").status_code == 200
    assert client.get("/requests/five-in-time/?month=nonsense").status_code == 200
    answer = client.get("/requests/five-in-time/export.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert lines[1].split(",")[1:7] == ["2", "1", "0", "0", "1", "1"]
    assert signed_in("shenji", language).get("/requests/five-in-time/").status_code == 403


@LANGUAGES
def test_the_queue_shows_what_waits_and_tries_it_again_without_showing_what_it_says(
    signed_in: Signs, stage: Stage, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    given = Request(service="request-streetlight", title="秘密的路灯", place=stage.place.code)
    entry = submit(given, at=now, sender="203.0.113.7")
    real = draining._open

    def fail(_: Entry) -> Any:
        raise RuntimeError("no")

    monkeypatch.setattr(draining, "_open", fail)
    draining.drain(now)
    client = signed_in("suozhang", language)
    page = client.get("/requests/queue/").content.decode()
    assert ("路灯照明" if language != "en" else "Street light") in page
    assert "秘密的路灯" not in page
    again = client.post(f"/requests/queue/{entry.pk}/retry/", follow=True).content.decode()
    assert ("仍未成功" if language != "en" else "failed again") in again
    monkeypatch.setattr(draining, "_open", real)
    client.post(f"/requests/queue/{entry.pk}/retry/")
    assert Case.objects.get().title == "秘密的路灯"
    assert client.post(f"/requests/queue/{entry.pk}/retry/").status_code == 409
    assert signed_in("fujing", language).get("/requests/queue/").status_code == 403
    assert signed_in("fujing", language).post(f"/requests/queue/{entry.pk}/retry/").status_code == 403


@LANGUAGES
def test_the_home_page_counts_what_is_open_and_late(signed_in: Signs, sent: Sends, language: str) -> None:
    sent()
    page = signed_in("minjing", language).get("/?cards=1").content.decode()
    assert ("未办结 1 件" if language != "en" else "1 open") in page
    assert ("超时 0 件" if language != "en" else "0 late") in page


def test_the_number_of_queries_of_the_list_does_not_grow_with_it(
    signed_in: Signs, sent: Sends, now: dt.datetime, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("minjing")
    sent()
    client.get("/requests/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get("/requests/")
    for number in range(8):
        sent(at=now + dt.timedelta(hours=number))
    with django_assert_max_num_queries(len(few)):
        client.get("/requests/")
