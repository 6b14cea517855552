"""Agreements across a boundary: signed by both sides they share cases, ended they stop."""

import datetime as dt
import io
import random
from collections.abc import Callable

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.web.demonstration.cast import Stage
from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import EndShare
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Case, Share, SharingRule
from linli.web.foundation.casework.neighbours import shared_page
from linli.web.foundation.casework.selectors import case_for
from linli.web.foundation.places.models import Deployment
from linli.web.ops.jointwork.actions.agreements import (
    DraftAgreement,
    EndAgreement,
    SignAgreement,
    shareable_types,
)
from linli.web.ops.jointwork.actions.meetings import Decision, FinishTask, RecordMeeting
from linli.web.ops.jointwork.demonstration import fill
from linli.web.ops.jointwork.models import Agreement, JointMeeting, Task
from linli.web.ops.jointwork.selectors import agreements
from linli.web.ops.jointwork.terms import run_terms

pytestmark = pytest.mark.django_db
Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def draft(stage: Stage, who: Actor, at: dt.datetime, **given: object) -> Agreement:
    start = at.date()
    values: dict[str, object] = {
        "title": "边界村联防协议",
        "purpose": "联合巡逻",
        "parties": (stage.station.pk, stage.other_station.pk),
        "places": (stage.place.code, stage.other_place.code),
        "case_types": ("problem_place", "request"),
        "valid_from": start,
        "valid_until": start + dt.timedelta(days=365),
        **given,
    }
    return perform(DraftAgreement(**values), who, at)  # type: ignore[arg-type]


def sign(agreement: Agreement, who: Actor, at: dt.datetime, organisation_id: int) -> None:
    party = agreement.parties.get(organisation_id=organisation_id)
    perform(SignAgreement(agreement_id=agreement.pk, party_id=party.pk, reference="扫描件 3 号"), who, at)
    agreement.refresh_from_db()


@pytest.fixture
def agreement(stage: Stage, actor: Cast, now: dt.datetime) -> Agreement:
    made = draft(stage, actor("suozhang"), now)
    sign(made, actor("suozhang"), now, stage.station.pk)
    sign(made, actor("linsuozhang"), now, stage.other_station.pk)
    return made


def open_request(place: str, at: dt.datetime, kind: str = "request", category: str = "road") -> Case:
    return perform(OpenCase(kind=kind, category=category, title="边界路面破损", place=place), SYSTEM, at)


def test_cases_at_the_boundary_are_shared_both_ways_once_both_have_signed(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    made = draft(stage, actor("suozhang"), now)
    sign(made, actor("suozhang"), now, stage.station.pk)
    early = open_request(stage.place.code, now)
    assert not early.shares.exists()
    sign(made, actor("linsuozhang"), now, stage.other_station.pk)
    assert made.state == "in_force"
    ours, theirs = open_request(stage.place.code, now), open_request(stage.other_place.code, now)
    for username in ("linsuo", "linsuozhang"):
        assert case_for(actor(username), ours.number or "", at=now, verb="work") == ours
        assert [one.case_id for one in shared_page(actor(username), now).shares] == [ours.pk]
    for username in ("minjing", "suozhang"):
        assert case_for(actor(username), theirs.number or "", at=now, verb="work") == theirs
    perform(AddNote(case_id=ours.pk, text="我所已派人查看"), actor("linsuo"), now)
    for verb in ("assign", "share", "answer"):
        with pytest.raises(Missing):
            case_for(actor("linsuo"), ours.number or "", at=now, verb=verb)


def test_only_the_agreed_places_and_types_are_shared(
    agreement: Agreement, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    inner = next(c for c in ("990000000001", "990000000002") if c != stage.place.code)
    for case in (open_request(inner, now), open_request(stage.place.code, now, "incident", "theft")):
        assert not case.shares.exists()
        with pytest.raises(Missing):
            case_for(actor("linsuo"), case.number or "", at=now)


def test_a_share_that_is_taken_back_is_gone_at_once(
    agreement: Agreement, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    case = open_request(stage.place.code, now)
    perform(EndShare(case_id=case.pk, organisation_id=stage.other_post.pk), actor("minjing"), now)
    with pytest.raises(Missing):
        case_for(actor("linsuo"), case.number or "", at=now)
    assert case_for(actor("linsuozhang"), case.number or "", at=now) == case


def test_an_ended_agreement_shares_nothing_more_and_takes_back_what_it_shared(
    agreement: Agreement, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    case = open_request(stage.place.code, now)
    with pytest.raises(Forbidden):
        perform(EndAgreement(agreement_id=agreement.pk, reason="不再需要"), actor("minjing"), now)
    perform(EndAgreement(agreement_id=agreement.pk, reason="区划调整"), actor("linsuozhang"), now)
    assert not SharingRule.objects.filter(active=True).exists()
    assert not Share.objects.filter(ended_at__isnull=True).exists()
    assert case.events.filter(kind="unshared").count() == 2
    assert not open_request(stage.place.code, now).shares.exists()
    with pytest.raises(Missing):
        case_for(actor("linsuo"), case.number or "", at=now)


def test_a_side_signs_for_itself_alone(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    made = draft(stage, actor("suozhang"), now)
    for username in ("suozhang", "minjing", "linsuo", "guihua"):
        with pytest.raises(Forbidden):
            sign(made, actor(username), now, stage.other_station.pk)
    sign(made, actor("suozhang"), now, stage.station.pk)
    with pytest.raises(Conflict):
        sign(made, actor("suozhang"), now, stage.station.pk)
    party = made.parties.get(organisation=stage.other_station)
    made.reference = ""
    made.save()
    with pytest.raises(Invalid):
        perform(SignAgreement(agreement_id=made.pk, party_id=party.pk), actor("linsuozhang"), now)


def test_a_draft_names_its_own_places_and_types_that_may_be_shared(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    assert {"request", "problem_place"} <= set(shareable_types())
    yesterday = now.date() - dt.timedelta(days=1)
    for given, field in (
        ({"title": " "}, "title"),
        ({"parties": (stage.station.pk,), "places": (stage.place.code,)}, "parties"),
        ({"parties": (stage.station.pk, stage.court.pk), "places": (stage.place.code,)}, "parties"),
        ({"places": ()}, "places"),
        ({"places": ("000000000000",)}, "places"),
        ({"case_types": ("gossip",)}, "case_types"),
        ({"valid_from": yesterday, "valid_until": yesterday}, "valid_until"),
        ({"valid_until": now.date() + dt.timedelta(days=4000)}, "valid_until"),
        ({"valid_until": None}, "valid_until"),
    ):
        with pytest.raises(Invalid) as refused:
            draft(stage, actor("suozhang"), now, **given)
        assert set(refused.value.fields) == {field}
    with pytest.raises(Forbidden):
        draft(stage, actor("minjing"), now)


def test_an_agreement_begins_on_its_day_and_ends_with_its_term(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    start = now.date() + dt.timedelta(days=3)
    made = draft(stage, actor("suozhang"), now, valid_from=start, valid_until=start + dt.timedelta(days=10))
    sign(made, actor("suozhang"), now, stage.station.pk)
    sign(made, actor("linsuozhang"), now, stage.other_station.pk)
    assert (made.state, run_terms(now)) == ("draft", 0)
    assert run_terms(now + dt.timedelta(days=3)) == 1
    made.refresh_from_db()
    assert made.state == "in_force"
    case = open_request(stage.place.code, now + dt.timedelta(days=4))
    assert case.shares.count() == 2
    assert run_terms(now + dt.timedelta(days=13)) == 0
    assert run_terms(now + dt.timedelta(days=14)) == 1
    made.refresh_from_db()
    assert made.state == "ended"
    assert not case.shares.filter(ended_at__isnull=True).exists()


def test_villages_and_posts_can_be_parties(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    parties = (stage.committee.pk, stage.other_post.pk)
    made = draft(stage, actor("minjing"), now, parties=parties)
    sign(made, actor("minjing"), now, stage.committee.pk)
    sign(made, actor("linsuo"), now, stage.other_post.pk)
    case = open_request(stage.place.code, now)
    assert [one.organisation_id for one in case.shares.all()] == [stage.other_post.pk]


def test_a_meeting_leaves_decisions_that_their_owner_finishes(
    agreement: Agreement, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    due = now.date() + dt.timedelta(days=5)
    given = {"place": "村委会", "topics": "联合巡逻", "minutes": "商定每周两次", "attendance": 8}
    decisions = (Decision("排班", stage.other_post.pk, due),)
    meeting = RecordMeeting(agreement_id=agreement.pk, held_at=now, decisions=decisions, **given)  # type: ignore[arg-type]
    perform(meeting, actor("minjing"), now)
    task = Task.objects.get()
    with pytest.raises(Forbidden):
        perform(FinishTask(task_id=task.pk, remark="已排"), actor("minjing"), now)
    perform(FinishTask(task_id=task.pk, remark="已排"), actor("linsuo"), now)
    with pytest.raises(Conflict):
        perform(FinishTask(task_id=task.pk, remark="已排"), actor("linsuozhang"), now)
    later = now + dt.timedelta(days=1)
    stranger = (Decision("排班", stage.court.pk, due),)
    for wrong in (
        {"held_at": later},
        {"held_at": now, "minutes": " "},
        {"held_at": now, "decisions": stranger},
    ):
        with pytest.raises(Invalid):
            perform(RecordMeeting(agreement_id=agreement.pk, **{**given, **wrong}), actor("minjing"), now)  # type: ignore[arg-type]
    with pytest.raises(Missing):
        perform(RecordMeeting(agreement_id=agreement.pk, held_at=now, **given), actor("tiaojie"), now)  # type: ignore[arg-type]


@pytest.mark.parametrize("username", ["danwei", "jumin", "tiaojie", "shenji", "guanli", "jiejing", "wangge"])
def test_people_without_a_part_in_it_see_no_agreement(
    signed_in: SignIn, agreement: Agreement, actor: Cast, username: str
) -> None:
    assert not agreements(actor(username)).exists()
    client = signed_in(username)
    assert client.get(f"/jointwork/{agreement.pk}/").status_code == 404
    assert client.get("/jointwork/").status_code == 403


def test_parties_posts_and_the_planner_see_it(agreement: Agreement, actor: Cast) -> None:
    for username in ("suozhang", "linsuozhang", "minjing", "linsuo", "fujing", "guihua"):
        assert list(agreements(actor(username))) == [agreement]
    assert list(agreements(actor("suozhang"), state="ended")) == []


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "生效中"), ("en", "In force")])
def test_an_agreement_is_drafted_signed_and_filled_on_screen(
    signed_in: SignIn, stage: Stage, now: dt.datetime, language: str, word: str
) -> None:
    ours, theirs = signed_in("suozhang", language), signed_in("linsuozhang", language)
    assert ours.get("/jointwork/new/").status_code == 200
    stations = f"?station={stage.station.station_code}&station={stage.other_station.station_code}"
    assert ours.get(f"/jointwork/new/{stations}").status_code == 200
    sent = {
        "title": "联防协议",
        "parties": [stage.station.pk, stage.other_station.pk],
        "places": [stage.place.code, stage.other_place.code],
        "case_types": ["request"],
        "valid_from": "2026-03-10",
        "valid_until": "2027-03-09",
        "submission": "one",
    }
    refused = ours.post(
        f"/jointwork/new/{stations}", {**sent, "valid_until": "2025-03-09", "submission": "no"}
    )
    assert refused.status_code == 422
    for _ in range(2):
        made = ours.post(f"/jointwork/new/{stations}", sent)
        assert made.status_code == 302
    agreement = Agreement.objects.get()
    for client, office in ((ours, stage.station), (theirs, stage.other_station)):
        party = agreement.parties.get(organisation=office)
        client.post(f"/jointwork/{agreement.pk}/sign/", {"party": party.pk, "reference": "扫描件 1"})
    assert word in theirs.get(f"/jointwork/{agreement.pk}/").content.decode()
    minutes = {
        "held_at": "2026-03-09T15:00",
        "place": "村委会",
        "attendance": 6,
        "topics": "巡逻",
        "minutes": "每周两次",
        "text_1": "排班", "owner_1": stage.other_post.pk, "due_1": "2026-04-01", "submission": "m",
    }  # fmt: skip
    assert (
        ours.post(f"/jointwork/{agreement.pk}/meetings/new/", {**minutes, "owner_1": ""}).status_code == 422
    )
    assert (
        ours.post(f"/jointwork/{agreement.pk}/meetings/new/", {**minutes, "submission": "m2"}).status_code
        == 302
    )
    assert JointMeeting.objects.count() == 1
    theirs.post(f"/jointwork/tasks/{Task.objects.get().pk}/done/", {"remark": "已排好"})
    assert "已排好" in ours.get(f"/jointwork/{agreement.pk}/").content.decode()
    case = open_request(stage.place.code, now)
    officer = signed_in("linsuo", language)
    assert (case.number or "") in officer.get("/jointwork/shared/").content.decode()
    assert "/jointwork/shared/" in officer.get("/?cards=1").content.decode()
    book = b"".join(ours.get("/jointwork/export.xlsx").streaming_content)  # type: ignore[arg-type]
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert sheet["B2"].value == "联防协议"
    ours.post(f"/jointwork/{agreement.pk}/end/", {"reason": "到期"})
    assert (case.number or "") not in officer.get("/jointwork/shared/").content.decode()


def test_lists_ask_a_constant_number_of_questions(
    signed_in: SignIn, agreement: Agreement, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    client = signed_in("linsuo")
    counts: list[list[int]] = []
    for wanted in (2, 25):
        while Case.objects.count() < wanted:
            open_request(stage.place.code, now)
        while Agreement.objects.count() < wanted:
            draft(stage, actor("suozhang"), now)
        found = []
        for url in ("/jointwork/", "/jointwork/shared/"):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_the_demonstration_shows_a_shared_case_and_a_meeting(
    county: Deployment, stage: Stage, cast: dict[str, User], actor: Cast, now: dt.datetime
) -> None:
    fill(Scene(version=county, stage=stage, cast=cast, rng=random.Random(1), now=now, addresses=()))  # noqa: S311
    kinds = {one.case.case_type for one in shared_page(actor("linsuo"), now).shares}
    assert kinds == {"request"}
    assert Task.objects.count() == 2
