"""Problem places: surveyed, planned with owners and days, worked on visibly, checked, closed."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, Notice
from linli.web.foundation.casework.selectors import case_for
from linli.web.ops.problems.actions.measures import (
    DropMeasure,
    PlanMeasure,
    PostponeMeasure,
    ReportProgress,
    run_reminders,
)
from linli.web.ops.problems.models import Measure, Progress
from linli.web.ops.problems.selectors import nearby

pytestmark = pytest.mark.django_db
Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def corner(stage: Stage, actor: Cast, now: dt.datetime) -> Case:
    return open_place(stage, actor, now)


def open_place(stage: Stage, actor: Cast, at: dt.datetime, title: str = "后巷无照明") -> Case:
    return perform(
        OpenCase(
            kind="problem_place",
            category="dark_corner",
            title=title,
            data={"signs": "晚上看不清路面。"},
            longitude=stage.place.longitude,
            latitude=stage.place.latitude,
        ),
        actor("minjing"),
        at,
    )


def move(case: Case, who: Actor, at: dt.datetime, step: str, **given: str) -> None:
    data = {key: given.pop(key) for key in ("survey", "check_result") if key in given}
    perform(Move(case_id=case.pk, step=step, data=data, **given), who, at)  # type: ignore[arg-type]
    case.refresh_from_db()


def plan(case: Case, who: Actor, at: dt.datetime, owner: int, days: int = 7) -> Measure:
    due = at.date() + dt.timedelta(days=days)
    perform(PlanMeasure(case_id=case.pk, text="安装路灯", organisation_id=owner, due=due), who, at)
    return Measure.objects.filter(case=case).latest("pk")


def test_a_place_goes_from_found_to_closed_and_is_opened_again(
    corner: Case, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    officer, chief = actor("minjing"), actor("suozhang")
    with pytest.raises(Conflict):
        plan(corner, officer, now, stage.post.pk)
    move(corner, officer, now, "survey", survey="无路灯 80 米")
    with pytest.raises(Conflict, match="at least one measure"):
        move(corner, officer, now, "plan")
    measure = plan(corner, officer, now, stage.committee.pk)
    move(corner, officer, now, "plan")
    move(corner, officer, now, "start")
    perform(
        ReportProgress(case_id=corner.pk, measure_id=measure.pk, percent=40, text="已装两盏"),
        actor("wangge"),
        now,
    )
    with pytest.raises(Conflict, match="still open"):
        move(corner, officer, now, "submit")
    corner.refresh_from_db()
    assert corner.state == "in_progress"
    perform(
        ReportProgress(case_id=corner.pk, measure_id=measure.pk, percent=100, text="全部亮灯"), officer, now
    )
    move(corner, officer, now, "submit")
    with pytest.raises(Forbidden):
        move(corner, officer, now, "close", check_result="合格", result="put_right")
    move(corner, chief, now, "close", check_result="合格", result="put_right")
    assert corner.closed_at == now
    with pytest.raises(Conflict):
        plan(corner, officer, now, stage.post.pk)
    move(corner, officer, now + dt.timedelta(days=40), "reopen", note="灯又坏了")
    assert (corner.state, corner.closed_at) == ("in_progress", None)
    assert [one.percent for one in Progress.objects.order_by("pk")] == [40, 100]


def test_nothing_done_is_nothing_to_check(corner: Case, stage: Stage, actor: Cast, now: dt.datetime) -> None:
    officer = actor("minjing")
    move(corner, officer, now, "survey", survey="无路灯")
    measure = plan(corner, officer, now, stage.post.pk)
    move(corner, officer, now, "plan")
    move(corner, officer, now, "start")
    perform(DropMeasure(case_id=corner.pk, measure_id=measure.pk, reason="另有工程"), officer, now)
    with pytest.raises(Conflict, match="No measure has been done"):
        move(corner, officer, now, "submit")
    with pytest.raises(Conflict):
        perform(
            ReportProgress(case_id=corner.pk, measure_id=measure.pk, percent=10, text="又做了"), officer, now
        )


def test_an_owner_elsewhere_gets_the_file_shared_if_the_actor_may_share(
    corner: Case, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    move(corner, actor("minjing"), now, "survey", survey="无路灯")
    with pytest.raises(Missing):
        case_for(actor("linsuo"), corner.number or "", at=now)
    with pytest.raises(Forbidden):
        plan(corner, actor("wangge"), now, stage.other_post.pk)
    plan(corner, actor("minjing"), now, stage.other_post.pk)
    assert case_for(actor("linsuo"), corner.number or "", at=now, verb="work") == corner
    assert Notice.objects.filter(user_id=actor("linsuo").user_id, kind="assigned").count() == 1


def test_a_measure_needs_text_owner_and_a_day_to_come(
    corner: Case, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    move(corner, actor("minjing"), now, "survey", survey="无路灯")
    yesterday = now.date() - dt.timedelta(days=1)
    action = PlanMeasure(case_id=corner.pk, text="灯", organisation_id=None, due=yesterday)
    with pytest.raises(Invalid) as refused:
        perform(action, actor("minjing"), now)
    assert set(refused.value.fields) == {"organisation", "due"}
    with pytest.raises(Invalid):
        perform(
            PlanMeasure(case_id=corner.pk, text=" ", organisation_id=stage.post.pk, due=None),
            actor("minjing"),
            now,
        )


def test_late_measures_are_reminded_once_a_day_until_put_off(
    corner: Case, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    move(corner, actor("minjing"), now, "survey", survey="无路灯")
    measure = plan(corner, actor("minjing"), now, stage.post.pk, days=1)
    assert run_reminders(now + dt.timedelta(days=1)) == 0
    late = now + dt.timedelta(days=2)
    assert run_reminders(late) == 1
    assert run_reminders(late + dt.timedelta(hours=3)) == 0
    told = Notice.objects.filter(kind="reminder")
    assert {one.user_id for one in told} == {actor("minjing").user_id, actor("fujing").user_id}
    assert run_reminders(late + dt.timedelta(days=1)) == 1
    day = late.date() + dt.timedelta(days=9)
    action = PostponeMeasure(case_id=corner.pk, measure_id=measure.pk, due=day, reason="电缆未到")
    perform(action, actor("minjing"), late)
    assert run_reminders(late + dt.timedelta(days=2)) == 0
    assert measure.progress.get().text == f"2026-03-11 → {day} 电缆未到"


def test_incidents_around_are_counts_by_category_and_only_of_ones_own_territory(
    corner: Case, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    def incident(metres: float, category: str, days: float) -> None:
        latitude = stage.place.latitude + metres / 111_320
        where = {"longitude": stage.place.longitude, "latitude": latitude}
        perform(
            OpenCase(kind="incident", category=category, title="警情", **where),
            SYSTEM,
            now - dt.timedelta(days=days),
        )

    for _ in range(3):
        incident(80, "burglary", 20)
    incident(150, "theft", 5)
    incident(450, "theft", 5)
    incident(50, "burglary", 91)
    near = nearby(corner, actor("minjing"), now, 200)
    assert near is not None
    assert dict(near.counts) == {"入室盗窃": 3, "其他盗窃": 1}
    wider = nearby(corner, actor("minjing"), now, 500)
    assert wider is not None
    assert wider.total == 5
    for outsider in ("linsuo", "wangge"):
        found = nearby(corner, actor(outsider), now, 500)
        assert found is not None
        assert found.total == 0


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "整治方案"), ("en", "Due")])
def test_the_file_is_worked_on_and_read_on_screen(
    signed_in: SignIn, corner: Case, stage: Stage, actor: Cast, now: dt.datetime, language: str, word: str
) -> None:
    move(corner, actor("minjing"), now, "survey", survey="无路灯 80 米")
    client = signed_in("minjing", language)
    assert word in client.get(f"/cases/{corner.number}/").content.decode()
    sent = {"text": "安装路灯", "organisation": stage.committee.pk, "due": "2026-04-01", "submission": "a"}
    client.post(f"/problems/{corner.number}/measures/", sent)
    client.post(f"/problems/{corner.number}/measures/", sent)
    measure = Measure.objects.get()
    client.post(
        f"/problems/{corner.number}/measures/{measure.pk}/progress/", {"percent": 50, "text": "装了一半"}
    )
    page = client.get(f"/cases/{corner.number}/").content.decode()
    assert "安装路灯" in page
    assert "装了一半" in page
    file = client.get(f"/problems/{corner.number}/file/").content.decode()
    assert "无路灯 80 米" in file
    client.post(
        f"/problems/{corner.number}/measures/{measure.pk}/postpone/", {"due": "2026-05-01", "reason": "雨季"}
    )
    client.post(f"/problems/{corner.number}/measures/{measure.pk}/drop/", {"reason": "改由市政实施"})
    measure.refresh_from_db()
    assert (measure.due, measure.dropped_at) == (dt.date(2026, 5, 1), now)
    assert "安装路灯" not in client.get("/problems/").content.decode()
    assert client.get(f"/problems/{corner.number}/place.geojson").json()["features"][0]["properties"]["title"]
    assert "100" in client.get(f"/problems/{corner.number}/nearby/?metres=100").content.decode()


def test_the_list_is_the_same_number_of_queries_for_three_and_for_thirty(
    signed_in: SignIn, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    client, counts = signed_in("minjing"), []
    for wanted in (3, 30):
        while Case.objects.count() < wanted:
            case = open_place(stage, actor, now, f"点位 {Case.objects.count()}")
            move(case, actor("minjing"), now, "survey", survey="看过")
            plan(case, actor("minjing"), now, stage.post.pk)
        client.get("/problems/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/problems/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_leaves_as_a_workbook_and_as_csv_for_those_who_may(
    signed_in: SignIn, corner: Case, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    move(corner, actor("minjing"), now, "survey", survey="无路灯")
    plan(corner, actor("minjing"), now, stage.post.pk)
    client = signed_in("minjing")
    book = b"".join(client.get("/problems/export.xlsx").streaming_content)  # type: ignore[arg-type]
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet[2]][6] == "安装路灯"
    csv = b"".join(client.get("/problems/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    assert "安装路灯" in csv
    assert client.get("/problems/export.pdf").status_code == 404
    assert signed_in("wangge").get("/problems/export.csv").status_code == 403


@pytest.mark.parametrize("username", ["linsuo", "jiejing", "danwei", "jumin", "tiaojie", "shenji", "guanli"])
def test_people_without_a_part_in_it_neither_see_nor_plan(
    signed_in: SignIn, corner: Case, stage: Stage, actor: Cast, now: dt.datetime, username: str
) -> None:
    move(corner, actor("minjing"), now, "survey", survey="无路灯")
    client = signed_in(username)
    sent = {"text": "安装路灯", "organisation": stage.post.pk, "due": "2026-04-01"}
    assert client.post(f"/problems/{corner.number}/measures/", sent).status_code == 404
    assert client.get(f"/problems/{corner.number}/file/").status_code == 404
    assert (corner.number or "") not in client.get("/problems/").content.decode()
    assert not Measure.objects.exists()


def test_late_measures_of_ones_own_organisation_are_on_the_home_page(
    signed_in: SignIn, corner: Case, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    move(corner, actor("minjing"), now, "survey", survey="无路灯")
    plan(corner, actor("minjing"), now, stage.committee.pk, days=2)
    assert "安装路灯" in signed_in("wangge").get("/?cards=1").content.decode()
    assert "安装路灯" not in signed_in("fujing").get("/?cards=1").content.decode()
