"""Meetings are planned, held and followed up; what was done is counted by month and post."""

import datetime as dt
import io
import random
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from linli.web.demonstration.cast import Stage
from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.models import Deployment
from linli.web.ops.meetings.actions import CancelMeeting, CountDeeds, FollowMeeting, HoldMeeting, PlanMeeting
from linli.web.ops.meetings.demonstration import fill
from linli.web.ops.meetings.models import Deeds, FollowUp, Meeting, Photo
from linli.web.ops.meetings.selectors import counts, meetings

pytestmark = pytest.mark.django_db
Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def plan(stage: Stage, who: Actor, at: dt.datetime, **given: object) -> Meeting:
    values: dict[str, object] = {
        "kind": "residents",
        "title": "居民议事会",
        "organisation_id": stage.post.pk,
        "starts_at": at,
        "place": stage.place.code,
        "where": "村委会",
        "topics": "路灯",
        **given,
    }
    return perform(PlanMeeting(**values), who, at)  # type: ignore[arg-type]


def hold(meeting: Meeting, who: Actor, at: dt.datetime, people: int = 30, opinions: str = "多巡一趟") -> None:
    perform(HoldMeeting(meeting_id=meeting.pk, attendance=people, topics="路灯", opinions=opinions), who, at)


def test_a_meeting_is_held_and_a_case_follows(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    made = plan(stage, actor("minjing"), now)
    follow = FollowMeeting(meeting_id=made.pk, kind="request", category="streetlight", title="路灯不亮")
    with pytest.raises(Conflict):
        perform(follow, actor("minjing"), now)
    hold(made, actor("minjing"), now)
    perform(follow, actor("minjing"), now)
    case = FollowUp.objects.get(meeting=made).case
    assert (case.channel, case.place_code, case.opened_by_id) == (
        "meeting",
        made.place_code,
        actor("minjing").user_id,
    )
    with pytest.raises(Conflict):
        hold(made, actor("minjing"), now)
    wrong = FollowMeeting(meeting_id=made.pk, kind="request", category="nothing", title="路灯不亮")
    with pytest.raises(Invalid):
        perform(wrong, actor("minjing"), now)
    assert Case.objects.count() == 1


def test_only_what_has_begun_was_held(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    made = plan(stage, actor("minjing"), now, starts_at=now + dt.timedelta(days=2))
    with pytest.raises(Conflict):
        hold(made, actor("minjing"), now)
    with pytest.raises(Invalid):
        perform(CancelMeeting(meeting_id=made.pk, remark=" "), actor("minjing"), now)
    perform(CancelMeeting(meeting_id=made.pk, remark="下大雨"), actor("minjing"), now)
    with pytest.raises(Conflict):
        perform(CancelMeeting(meeting_id=made.pk, remark="下大雨"), actor("minjing"), now)


def test_opinions_are_kept_without_telephones_and_identity_numbers(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    made = plan(stage, actor("minjing"), now)
    for text in ("请联系 13800001234", "身份证 11010119900307001X"):
        with pytest.raises(Invalid) as refused:
            hold(made, actor("minjing"), now, opinions=text)
        assert set(refused.value.fields) == {"opinions"}
    with pytest.raises(Invalid):
        hold(made, actor("minjing"), now, people=-1)


def test_a_meeting_is_planned_where_one_works_by_an_office_of_ones_own(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    with pytest.raises(Forbidden):
        plan(stage, actor("minjing"), now, place=stage.other_place.code)
    for given, field in (
        ({"place": "000"}, "place"),
        ({"kind": "party"}, "kind"),
        ({"organisation_id": stage.other_post.pk}, "organisation"),
        ({"starts_at": None}, "starts_at"),
        ({"title": ""}, "title"),
        ({"topics": "x" * 501}, "topics"),
    ):
        with pytest.raises(Invalid) as refused:
            plan(stage, actor("minjing"), now, **given)
        assert set(refused.value.fields) == {field}


def test_a_grid_worker_holds_what_they_planned_and_nothing_else(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    own = plan(stage, actor("wangge"), now, organisation_id=stage.committee.pk)
    other = plan(stage, actor("minjing"), now)
    hold(own, actor("wangge"), now)
    with pytest.raises(Forbidden):
        hold(other, actor("wangge"), now)
    for outsider in ("linsuo", "jumin", "danwei"):
        with pytest.raises(Missing):
            hold(other, actor(outsider), now)


@pytest.mark.parametrize("username", ["linsuo", "danwei", "jumin", "shenji", "guanli", "jiejing"])
def test_people_elsewhere_see_no_meeting(
    signed_in: SignIn, stage: Stage, actor: Cast, now: dt.datetime, username: str
) -> None:
    made = plan(stage, actor("minjing"), now)
    assert not meetings(actor(username)).exists()
    assert signed_in(username).get(f"/meetings/{made.pk}/").status_code == 404


def test_the_numbers_of_a_month_are_those_of_its_post(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    officer = actor("minjing")
    hold(plan(stage, officer, now), officer, now, people=30)
    hold(plan(stage, officer, now, kind="lecture"), officer, now, people=50)
    # 00:30 on 1 February in Shanghai is still January in UTC.
    early = dt.datetime(2026, 1, 31, 16, 30, tzinfo=dt.UTC)
    hold(plan(stage, officer, early), officer, early, people=7)
    plan(stage, officer, now)
    follow = FollowMeeting(
        meeting_id=Meeting.objects.earliest("pk").pk, kind="request", category="road", title="坑洼"
    )
    perform(follow, officer, now)
    case = Case.objects.get()
    perform(Move(case_id=case.pk, step="start"), officer, now)
    done = Move(case_id=case.pk, step="resolve", result="fixed", answer="已修", data={"measures": "补好"})
    perform(done, officer, now)
    month = dt.date(2026, 3, 1)
    for number in (3, 4):
        counted = CountDeeds(organisation_id=stage.post.pk, month=month, counts={"thanks": number})
        perform(counted, officer, now)
    rows = counts(officer, 2026)
    assert [(row.month.month, row.values["residents"], row.values["attendance"]) for row in rows] == [
        (2, 1, 7),
        (3, 1, 80),
    ]
    march = rows[1].values
    assert (march["lecture"], march["cases_helped"], march["thanks"]) == (1, 1, 4)
    assert counts(officer, 2025) == []
    assert counts(actor("linsuo"), 2026) == []
    assert counts(officer, 2026, beat="none") == []


def test_numbers_are_entered_by_ones_own_post(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    month = dt.date(2026, 3, 1)
    with pytest.raises(Forbidden):
        perform(
            CountDeeds(organisation_id=stage.other_post.pk, month=month, counts={"thanks": 1}),
            actor("minjing"),
            now,
        )
    with pytest.raises(Forbidden):
        perform(
            CountDeeds(organisation_id=stage.post.pk, month=month, counts={"thanks": 1}), actor("fujing"), now
        )
    for wrong_month, given in (
        (dt.date(2026, 4, 1), {"thanks": 1}),
        (month, {"arrests": 1}),
        (month, {"thanks": -1}),
    ):
        with pytest.raises(Invalid):
            perform(
                CountDeeds(organisation_id=stage.post.pk, month=wrong_month, counts=given),
                actor("minjing"),
                now,
            )
    assert not Deeds.objects.exists()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "已举办"), ("en", "Held")])
def test_a_meeting_is_planned_held_followed_and_illustrated_on_screen(
    signed_in: SignIn, stage: Stage, language: str, word: str
) -> None:
    client = signed_in("minjing", language)
    assert client.get("/meetings/new/").status_code == 200
    sent = {
        "kind": "residents",
        "title": "居民议事会",
        "organisation": stage.post.pk,
        "starts_at": "2026-03-09T19:00",
        "place": stage.place.code,
        "where": "村委会",
        "topics": "路灯",
    }
    assert client.post("/meetings/new/", {**sent, "title": ""}).status_code == 422
    assert client.post("/meetings/new/", {**sent, "submission": "two"}).status_code == 302
    made = Meeting.objects.get()
    url = f"/meetings/{made.pk}/"
    refused = client.post(f"{url}hold/", {"attendance": 20, "topics": "路灯", "opinions": "找 13800001234"})
    assert refused.status_code == 422
    assert "找 13800001234" in refused.content.decode()
    client.post(f"{url}hold/", {"attendance": 20, "topics": "路灯", "opinions": "多巡一趟"})
    assert word in client.get(url).content.decode()
    client.post(f"{url}follow/", {"about": "request:streetlight", "case_title": "村口路灯不亮"})
    client.post(f"{url}follow/", {"about": "problem_place:dark_corner", "case_title": "村口照明不足"})
    assert sorted(Case.objects.values_list("case_type", flat=True)) == ["problem_place", "request"]
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(picture, "PNG")
    client.post(f"{url}photos/", {"file": SimpleUploadedFile("a.png", picture.getvalue())})
    client.post(f"{url}photos/", {"file": SimpleUploadedFile("a.exe", b"MZ")})
    photo = Photo.objects.get()
    picture_back = client.get(f"{url}photos/{photo.pk}/")
    assert picture_back["Content-Type"] == "image/png"
    assert b"".join(picture_back.streaming_content).startswith(b"\x89PNG")  # type: ignore[arg-type]
    assert signed_in("linsuo").get(f"{url}photos/{photo.pk}/").status_code == 404
    assert "居民议事会" in client.get("/meetings/?kind=residents&status=held").content.decode()
    assert "居民议事会" not in client.get("/meetings/?status=planned").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_numbers_and_lists_are_shown_entered_and_taken_out(
    signed_in: SignIn, stage: Stage, actor: Cast, now: dt.datetime, language: str
) -> None:
    hold(plan(stage, actor("minjing"), now), actor("minjing"), now)
    client = signed_in("suozhang", language)
    sent = {
        "post": stage.post.pk,
        "month": "2026-03",
        "concern": 2,
        "certificate": 3,
        "good_deed": 0,
        "thanks": 1,
    }
    assert client.post("/meetings/counts/", {**sent, "month": "March"}).status_code == 422
    assert client.post("/meetings/counts/", sent).status_code == 302
    assert "2026-03" in client.get("/meetings/counts/").content.decode()
    book = b"".join(client.get("/meetings/counts/export.xlsx?year=2026").streaming_content)  # type: ignore[arg-type]
    assert openpyxl.load_workbook(io.BytesIO(book)).active["A2"].value == "2026-03"
    listed = b"".join(client.get("/meetings/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    assert "居民议事会" in listed
    assert signed_in("minjing").get("/meetings/export.csv").status_code == 403


def test_the_list_is_paged_with_a_constant_number_of_queries(
    signed_in: SignIn, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    client, found = signed_in("minjing"), []
    for wanted in (3, 65):
        while (n := Meeting.objects.count()) < wanted:
            plan(stage, actor("minjing"), now - dt.timedelta(hours=n // 2), title=f"会议 {n:02d}")
        client.get("/meetings/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/meetings/").content.decode()
        found.append(len(queries))
    assert found[0] == found[1]
    seen = [n for n in range(65) if f"会议 {n:02d}" in page]
    for _ in range(2):
        following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        page = client.get(f"/meetings/{following}").content.decode()
        seen += [n for n in range(65) if f"会议 {n:02d}" in page]
    assert sorted(seen) == list(range(65))


def test_the_demonstration_shows_meetings_and_numbers(
    county: Deployment, stage: Stage, cast: dict[str, User], actor: Cast, now: dt.datetime
) -> None:
    fill(Scene(version=county, stage=stage, cast=cast, rng=random.Random(1), now=now, addresses=()))  # noqa: S311
    assert Meeting.objects.filter(status="held").count() == 4
    assert sum(row.values["attendance"] for row in counts(actor("suozhang"), 2026)) == 247
