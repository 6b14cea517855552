"""The pages of casework: list, detail, opening, steps, in both languages, with constant queries."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.actions.working import AddNote, GiveAnswer
from linli.web.foundation.casework.models import Case

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


def open_requests(stage: Stage, now: dt.datetime, count: int) -> list[Case]:
    where = {"longitude": stage.place.longitude, "latitude": stage.place.latitude}
    return [
        perform(
            OpenCase(kind="request", category="road", title=f"路面破损 {n}", **where),
            SYSTEM,
            now - dt.timedelta(minutes=n),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "路灯不亮"), ("en", "Street light")])
def test_a_case_is_opened_shown_and_moved_on_screen(
    signed_in: SignIn, stage: Stage, language: str, word: str
) -> None:
    client = signed_in("minjing", language)
    form = client.get("/cases/open/request/")
    assert form.status_code == 200
    sent = client.post(
        "/cases/open/request/",
        {
            "category": "streetlight",
            "title": "路灯不亮",
            "longitude": stage.place.longitude,
            "latitude": stage.place.latitude,
            "data-reporter_name": "张某",
            "data-reporter_phone": "13800001234",
            "submission": "once",
        },
    )
    case = Case.objects.get()
    assert sent["Location"] == f"/cases/{case.number}/"
    page = client.get(sent["Location"]).content.decode()
    assert word in page
    assert "13800001234" not in page
    shown = client.post(f"/cases/{case.number}/personal/", {})
    assert "13800001234" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    moved = client.post(
        f"/cases/{case.number}/step/accept/", {"revision": case.revision, "submission": "two"}
    )
    assert moved.status_code == 302
    case.refresh_from_db()
    assert case.state == "accepted"


def test_a_refused_step_keeps_what_was_written(signed_in: SignIn, stage: Stage, now: dt.datetime) -> None:
    case = open_requests(stage, now, 1)[0]
    client = signed_in("minjing")
    client.post(f"/cases/{case.number}/step/start/", {"revision": case.revision})
    answer = client.post(f"/cases/{case.number}/step/resolve/", {"revision": 2, "answer": "已经修好了"})
    assert answer.status_code == 422
    assert "已经修好了" in answer.content.decode()


def test_two_people_at_one_case_the_second_is_told_and_loses_nothing(
    signed_in: SignIn, stage: Stage, now: dt.datetime
) -> None:
    case = open_requests(stage, now, 1)[0]
    signed_in("fujing").post(f"/cases/{case.number}/note/", {"text": "已到现场"})
    answer = signed_in("minjing").post(
        f"/cases/{case.number}/step/reject/",
        {"revision": 1, "note": "不在辖区", "answer": "请拨打 12345", "result": "not_ours"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "辅警 李" in page
    assert "请拨打 12345" in page
    assert 'name="revision" value="2"' in page


@pytest.mark.parametrize(
    "url", ["/cases/", "/cases/?status=late&order=due", "/", "/cases/map.geojson", "/search/?q=路面"]
)
def test_the_number_of_queries_does_not_grow_with_the_list(
    signed_in: SignIn, stage: Stage, now: dt.datetime, url: str
) -> None:
    client = signed_in("suozhang")
    open_requests(stage, now, 3)
    client.get(url)
    counts = []
    for more in (0, 20):
        open_requests(stage, now, more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_of_a_list_follow_each_other_without_gap_or_repeat(
    signed_in: SignIn, stage: Stage, now: dt.datetime
) -> None:
    cases = open_requests(stage, now, 65)
    client, url, seen = signed_in("suozhang"), "/cases/", []
    while url:
        answer = client.get(url)
        seen += [row.number for row in answer.context["rows"]]
        url = answer.context["next_url"] and f"/cases/{answer.context['next_url']}"
    assert seen == [case.number for case in cases]


def test_the_export_holds_the_whole_list_and_is_logged(
    signed_in: SignIn, stage: Stage, now: dt.datetime
) -> None:
    open_requests(stage, now, 40)
    answer = signed_in("suozhang").get("/cases/export.csv?kind=request")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 41
    assert signed_in("fujing").get("/cases/export.csv").status_code == 403


def test_another_station_sees_nothing_and_gets_the_same_answer_as_for_no_case(
    signed_in: SignIn, stage: Stage, now: dt.datetime
) -> None:
    case = open_requests(stage, now, 1)[0]
    client = signed_in("linsuo")
    assert client.get("/cases/").context["rows"] == []
    # An officer may break the glass: the page says so instead of showing the case.
    locked = client.get(f"/cases/{case.number}/")
    assert locked.status_code == 403
    assert case.title not in locked.content.decode()
    assert signed_in("wangge").get("/cases/SQ260310-99999/").status_code == 404


def test_breaking_the_glass_opens_the_case_for_an_hour_and_tells_the_auditor(
    signed_in: SignIn,
    stage: Stage,
    now: dt.datetime,
    actor: Callable[[str], Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = open_requests(stage, now, 1)[0]
    client = signed_in("linsuo")
    assert client.post(f"/cases/{case.number}/emergency/", {"reason": "急"}).status_code == 422
    client.post(f"/cases/{case.number}/emergency/", {"reason": "嫌疑人正向本辖区逃窜，需要了解现场"})
    assert case.title in client.get(f"/cases/{case.number}/").content.decode()
    assert case.number in signed_in("shenji").get("/notices/").content.decode()
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now + dt.timedelta(minutes=61))
    later = signed_in("linsuo")
    assert later.get(f"/cases/{case.number}/").status_code == 403


def test_somebody_who_works_elsewhere_reads_no_notes_of_colleagues(
    signed_in: SignIn, stage: Stage, now: dt.datetime, actor: Callable[[str], Actor]
) -> None:
    case = open_requests(stage, now, 1)[0]
    perform(AddNote(case_id=case.pk, text="内部研判意见"), actor("minjing"), now)
    perform(GiveAnswer(case_id=case.pk, text="正在处理"), actor("minjing"), now)
    share = ShareCase(case_id=case.pk, organisation_id=stage.court.pk, reason="请协助")
    perform(share, actor("minjing"), now)
    clerk = signed_in("fating")
    page = clerk.get(f"/cases/{case.number}/").content.decode()
    assert "正在处理" in page
    assert "内部研判意见" not in page
    clerk.post(f"/cases/{case.number}/note/", {"text": "法庭已收悉"})
    assert "法庭已收悉" in clerk.get(f"/cases/{case.number}/").content.decode()
    assert "内部研判意见" in signed_in("suozhang").get(f"/cases/{case.number}/").content.decode()
