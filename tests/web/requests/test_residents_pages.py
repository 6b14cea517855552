"""Residents raise something, follow it, and say how it went; nobody signs in."""

import datetime as dt
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.cleaning import run_cleaning
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.models import Attachment, Case, Feedback, PersonalValue
from linli.web.intake import limits
from linli.web.intake.codes import hashed
from linli.web.intake.models import Entry, Track

Visits = Callable[..., Client]
Captures = Callable[..., AbstractContextManager[list[Any]]]
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture
def filled(stage: Stage) -> dict[str, str]:
    return {
        "title": "村口路灯不亮",
        "description": "老槐树旁第三盏",
        "place": stage.place.code,
        "field-reporter_name": "张某",
        "field-reporter_phone": "13800001234",
        "field-seen_on": "2026-03-09",
        "submission": "s1",
    }


@LANGUAGES
def test_the_first_page_lists_what_can_be_raised_and_how_soon_it_is_answered(
    visitor: Visits, language: str
) -> None:
    page = visitor(language).get("/residents/").content.decode()
    assert ("路灯照明" in page, "Street light" in page) == (language != "en", language == "en")
    assert ("40 个工作小时" if language != "en" else "40 working hours") in page
    assert "110" in page
    assert "入室盗窃" not in page


@LANGUAGES
def test_the_form_says_why_each_personal_field_is_asked_and_how_long_it_is_kept(
    visitor: Visits, language: str
) -> None:
    page = visitor(language).get("/residents/report/request-streetlight/").content.decode()
    assert ("保存 180 天" if language != "en" else "180 days") in page
    assert ("个人信息保护法" if language != "en" else "Personal Information Protection Law") in page
    assert visitor(language).get("/residents/report/incident-burglary/").status_code == 404


@LANGUAGES
def test_a_request_is_sent_and_followed_by_its_code(
    visitor: Visits,
    filled: dict[str, str],
    django_capture_on_commit_callbacks: Captures,
    language: str,
) -> None:
    client = visitor(language)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/residents/report/request-streetlight/", filled)
    case = Case.objects.get()
    code = answer.url.split("/")[-2]  # type: ignore[attr-defined]
    assert hashed(code) == case.tracking_hash
    assert answer.url == f"/residents/sent/{code}/"  # type: ignore[attr-defined]
    assert code[:5] in client.get(answer.url).content.decode()  # type: ignore[attr-defined]
    typed = f" {code[:5].lower()}-{code[5:]} "
    found = client.post("/residents/track/", {"code": typed}, follow=True)
    page = found.content.decode()
    assert case.number in page
    assert ("已收到" if language != "en" else "Received") in page
    assert found["Cache-Control"] == "no-store"
    for secret in ("张某", "13800001234", "老槐树"):
        assert secret not in page


def test_the_form_sent_twice_is_one_request_and_shows_the_same_code(
    visitor: Visits, filled: dict[str, str]
) -> None:
    client = visitor()
    first = client.post("/residents/report/request-streetlight/", filled)
    second = client.post("/residents/report/request-streetlight/", filled)
    assert first.url == second.url  # type: ignore[attr-defined]
    assert Entry.objects.count() == 1


@LANGUAGES
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    visitor: Visits, filled: dict[str, str], language: str
) -> None:
    wrong = {**filled, "title": "", "field-reporter_phone": "不告诉你"}
    answer = visitor(language).post("/residents/report/request-streetlight/", wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "老槐树旁第三盏" in page
    nowhere = visitor(language).post("/residents/report/request-streetlight/", {"title": "路灯"})
    assert ("请选择所在村" if language != "en" else "Choose the village") in nowhere.content.decode()
    assert not Entry.objects.exists()


def test_whoever_stays_anonymous_leaves_nothing_of_themselves(
    visitor: Visits, filled: dict[str, str], django_capture_on_commit_callbacks: Captures
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        visitor().post("/residents/report/request-streetlight/", {**filled, "anonymous": "on"})
    assert Case.objects.count() == 1
    assert not PersonalValue.objects.exists()
    assert Entry.objects.get().contact == {}


def test_a_machine_that_fills_in_what_nobody_sees_is_told_nothing(
    visitor: Visits, filled: dict[str, str]
) -> None:
    answer = visitor().post("/residents/report/request-streetlight/", {**filled, "website": "spam"})
    assert answer.status_code == 302
    assert not Entry.objects.exists()


def _picture() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    Image.new("RGB", (32, 32), "yellow").save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile("灯.jpg", buffer.getvalue(), content_type="image/jpeg")


def test_a_picture_comes_into_the_case_without_what_the_camera_hid_in_it(
    visitor: Visits, filled: dict[str, str], django_capture_on_commit_callbacks: Captures, settings: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        visitor().post("/residents/report/request-streetlight/", {**filled, "attachments": [_picture()]})
    run_cleaning(Entry.objects.get().received_at)
    kept = Attachment.objects.get()
    content = (settings.MEDIA_ROOT / kept.path).read_bytes()
    assert b"Camera of somebody" not in content
    assert kept.media_type == "image/jpeg"


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_sent(
    visitor: Visits, filled: dict[str, str]
) -> None:
    bad = SimpleUploadedFile("灯.jpg", b"MZ\x90 not a picture", content_type="image/jpeg")
    answer = visitor().post("/residents/report/request-streetlight/", {**filled, "attachments": [bad]})
    assert answer.status_code == 422
    assert not Entry.objects.exists()


def test_too_many_from_one_network_are_told_to_wait(
    visitor: Visits, filled: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.MOST, "request", 12)
    client = visitor()
    for number in range(12):
        client.post("/residents/report/request-streetlight/", {**filled, "submission": f"k{number}"})
    answer = client.post("/residents/report/request-streetlight/", {**filled, "submission": "k99"})
    assert answer.status_code == 422
    assert "请约 60 分钟后再试" in answer.content.decode()
    assert Entry.objects.count() == 12


def test_senders_behind_a_trusted_proxy_are_told_apart(
    visitor: Visits, filled: dict[str, str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROXY_COUNT = 1
    monkeypatch.setitem(limits.MOST, "request", 12)
    client, url = visitor(), "/residents/report/request-streetlight/"
    for number in range(12):
        given = {**filled, "submission": f"k{number}"}
        client.post(url, given, headers={"x-forwarded-for": f"192.0.2.{number}, 203.0.113.7"})
    more = {**filled, "submission": "k99"}
    assert client.post(url, more, headers={"x-forwarded-for": "203.0.113.7"}).status_code == 422
    assert client.post(url, more, headers={"x-forwarded-for": "198.51.100.9"}).status_code == 302


@LANGUAGES
def test_a_wrong_code_leads_nowhere_and_trying_many_is_stopped(
    visitor: Visits, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.MOST, "wrong_code", 20)
    client = visitor(language)
    answers = [client.post("/residents/track/", {"code": "ABCDEFGHJK"}).status_code for _ in range(21)]
    assert answers == [404] * 20 + [429]
    assert client.get("/residents/track/ABCDEFGHJK/").status_code == 429


@LANGUAGES
def test_the_answer_is_read_and_what_is_not_solved_is_opened_again(
    visitor: Visits,
    sent: Callable[..., Case],
    step: Callable[..., Case],
    now: dt.datetime,
    django_capture_on_commit_callbacks: Captures,
    language: str,
) -> None:
    case = sent()
    url = f"/residents/track/{case.code}/"
    client = visitor(language)
    assert "<textarea" not in client.get(url).content.decode()
    step(step(case, "start", now), "resolve", now, answer="第三盏已换灯泡")
    page = client.get(url).content.decode()
    assert "第三盏已换灯泡" in page
    assert ("已解决" if language != "en" else "Fixed") in page
    with django_capture_on_commit_callbacks(execute=True):
        given = {"solved": "no", "rating": "1", "comment": "又灭了", "reopen": "on", "submission": "f1"}
        answer = client.post(url, given, follow=True)
    assert ("已重新办理" if language != "en" else "opened again") in answer.content.decode()
    case.refresh_from_db()
    assert (case.state, Feedback.objects.get().comment) == ("received", "又灭了")
    assert Track.objects.get().is_open
    late = client.post(url, {**given, "submission": "f2"})
    assert late.status_code == 422


def test_solved_and_to_be_opened_again_is_refused_at_the_field(
    visitor: Visits, sent: Callable[..., Case], step: Callable[..., Case], now: dt.datetime
) -> None:
    case = sent()
    step(step(case, "start", now), "resolve", now)
    url = f"/residents/track/{case.code}/"
    answer = visitor().post(url, {"solved": "yes", "reopen": "on"})
    assert answer.status_code == 422
    assert "已解决的诉求不必重新办理" in answer.content.decode()
    assert visitor().post(url, {}).status_code == 422


def test_after_fifteen_days_the_page_asks_no_more(
    visitor: Visits,
    sent: Callable[..., Case],
    step: Callable[..., Case],
    now: dt.datetime,
    moved_clock: Callable[[dt.datetime], None],
) -> None:
    case = sent()
    step(step(case, "start", now), "resolve", now)
    moved_clock(now + dt.timedelta(days=16))
    assert 'id="feedback"' not in visitor().get(f"/residents/track/{case.code}/").content.decode()


def test_whoever_was_merged_sees_where_the_other_stands_and_its_answer_but_not_its_code(
    visitor: Visits, sent: Callable[..., Case], step: Callable[..., Case], now: dt.datetime
) -> None:
    first, second = sent(), sent(title="路灯又不亮")
    perform(Merge(case_id=second.pk, into_id=first.pk), SYSTEM, now)
    step(step(first, "start", now), "resolve", now, answer="两盏灯都已修好")
    page = visitor().get(f"/residents/track/{second.code}/").content.decode()
    assert first.number in page
    assert "两盏灯都已修好" in page
    assert "已办结" in page
    assert first.code not in page
    assert first.code[:5] + " " not in page


def test_what_is_told_goes_with_the_case_when_its_time_is_over(
    sent: Callable[..., Case], step: Callable[..., Case], now: dt.datetime
) -> None:
    from linli.web.foundation.casework.actions.deadlines import run_retention

    case = sent()
    step(step(case, "start", now), "resolve", now)
    run_retention(now + dt.timedelta(days=1100))
    assert not Track.objects.exists()
    assert not Case.objects.filter(pk=case.pk).exists()


def test_an_entry_that_was_refused_says_so_to_whoever_has_the_code(
    visitor: Visits, filled: dict[str, str]
) -> None:
    from linli.web.ops.requests.draining import drain

    answer = visitor().post("/residents/report/request-streetlight/", filled)
    entry = Entry.objects.get()
    url = answer.url.replace("sent", "track")  # type: ignore[attr-defined]
    assert "正在登记" in visitor().get(url).content.decode()
    Entry.objects.update(category="gone")
    drain(entry.received_at)
    assert "未能受理" in visitor().get(url).content.decode()


def test_no_page_holds_anything_inline(visitor: Visits) -> None:
    for url in ("/residents/", "/residents/report/request-streetlight/", "/residents/track/"):
        page = visitor().get(url).content.decode()
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page
