"""Boards, hand-over notes, who has read them, and what is carried from shift to shift."""

import datetime as dt
import random
from collections.abc import Callable

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
from linli.web.foundation.places.models import Deployment
from linli.web.ops.handover.actions import KEEP, CloseItem, ReadNote, WriteNote, run_forgetting
from linli.web.ops.handover.boards import boards
from linli.web.ops.handover.demonstration import fill
from linli.web.ops.handover.models import Note, OpenItem
from linli.web.ops.handover.selectors import note_for, open_items, receipts, unread

pytestmark = pytest.mark.django_db
Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]

TEAM = ("minjing", "fujing", "wangge", "zhuli")
OTHERS = (
    "linsuo",
    "linsuozhang",
    "danwei",
    "jumin",
    "shenji",
    "fating",
    "guihua",
    "jiejing",
    "guanli",
    "tiaojie",
)


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def hand_over(stage: Stage, who: Actor, at: dt.datetime, *items: str, done: tuple[int, ...] = ()) -> Note:
    return perform(
        WriteNote(
            board_id=stage.post.pk,
            kind="handover",
            shift="night",
            shift_on=at.date(),
            text="夜间巡逻两次",
            items=items,
            done=done,
        ),
        who,
        at,
    )


def test_officers_auxiliaries_grid_workers_and_assistants_have_one_place(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    note = hand_over(stage, actor("fujing"), now)
    for username in (*TEAM, "suozhang"):
        assert note_for(actor(username), note.pk) == note
        assert stage.post in boards(actor(username), "open")


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_reads_writes_or_confirms(
    signed_in: SignIn, stage: Stage, actor: Cast, now: dt.datetime, username: str
) -> None:
    note = hand_over(stage, actor("minjing"), now, "看路灯")
    outsider = actor(username)
    with pytest.raises(Missing):
        note_for(outsider, note.pk)
    for action in (
        WriteNote(board_id=stage.post.pk, text="您好"),
        ReadNote(note_id=note.pk),
        CloseItem(item_id=OpenItem.objects.get().pk),
    ):
        # A board is known to everybody; what hangs on it is not told of.
        with pytest.raises(Forbidden if isinstance(action, WriteNote) else Missing):
            perform(action, outsider, now)
    assert signed_in(username).get(f"/handover/{note.pk}/").status_code == 404


def test_who_has_read_a_note_is_seen_and_who_has_not(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    note = hand_over(stage, actor("fujing"), now)
    assert unread(actor("minjing"), now)[0] == 1
    assert unread(actor("fujing"), now)[0] == 0
    for _ in range(2):
        perform(ReadNote(note_id=note.pk), actor("minjing"), now)
    found = receipts(note, now)
    assert [one.user.username for one in found.read] == ["fujing", "minjing"]
    assert [user.username for user in found.unread] == ["wangge", "zhuli"]
    assert unread(actor("minjing"), now)[0] == 0


def test_what_is_open_is_carried_until_it_is_done(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    first = hand_over(stage, actor("fujing"), now, "看路灯", "回访诉求")
    lamp, visit = first.items.order_by("pk")
    second = hand_over(stage, actor("minjing"), now + dt.timedelta(hours=8), "查安全出口", done=(lamp.pk,))
    assert sorted(second.items.values_list("text", flat=True)) == ["回访诉求", "查安全出口"]
    perform(CloseItem(item_id=visit.pk, remark="满意"), actor("wangge"), now + dt.timedelta(hours=9))
    assert [one.text for one in open_items(stage.post)] == ["查安全出口"]
    with pytest.raises(Conflict):
        perform(CloseItem(item_id=visit.pk), actor("minjing"), now)


def test_notes_are_about_work_and_link_only_cases_that_the_author_sees(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    other = perform(
        OpenCase(kind="incident", category="theft", title="失窃", place=stage.other_place.code), SYSTEM, now
    )
    board = stage.post.pk
    for wrong, field in (
        (WriteNote(board_id=board, text="  "), "text"),
        (WriteNote(board_id=board, text="关注 110101199003070011"), "text"),
        (WriteNote(board_id=board, text="交班", kind="handover"), "shift"),
        (WriteNote(board_id=board, text="看看", cases=(other.number or "",)), "cases"),
        (WriteNote(board_id=board, text="看看", kind="poem"), "kind"),
    ):
        with pytest.raises(Invalid) as refused:
            perform(wrong, actor("minjing"), now)
        assert set(refused.value.fields) == {field}
    assert not Note.objects.exists()


def test_notes_of_a_year_ago_are_deleted_and_what_is_open_stays(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    hand_over(stage, actor("fujing"), now, "看路灯")
    assert run_forgetting(now + KEEP) == 0
    assert run_forgetting(now + KEEP + dt.timedelta(days=1)) == 1
    assert OpenItem.objects.count() == 1
    with pytest.raises(Missing):
        perform(CloseItem(item_id=OpenItem.objects.get().pk), actor("linsuo"), now)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "未阅（3）"), ("en", "Not yet (3)")])
def test_a_shift_is_handed_over_and_read_on_screen(
    signed_in: SignIn, stage: Stage, language: str, word: str
) -> None:
    client = signed_in("fujing", language)
    assert client.get("/handover/new/").status_code == 200
    sent = {
        "shift_on": "2026-03-10",
        "shift": "day",
        "text": "走访 12 家",
        "items": "看路灯\n\n回访",
        "submission": "x",
    }
    assert client.post("/handover/new/", sent).status_code == 302
    assert client.post("/handover/new/", sent).status_code == 302
    note = Note.objects.get()
    assert note.items.count() == 2
    assert word in client.get(f"/handover/{note.pk}/").content.decode()
    officer = signed_in("minjing", language)
    assert "走访 12 家" in officer.get("/?cards=1").content.decode()
    officer.post(f"/handover/{note.pk}/read/")
    assert "走访 12 家" not in officer.get("/?cards=1").content.decode()
    board = officer.post("/handover/", {"text": "明天开会"}, follow=True).content.decode()
    assert "明天开会" in board
    refused = officer.post("/handover/", {"text": "看看", "cases": "JQ999999-00001"})
    assert refused.status_code == 422
    assert "看看" in refused.content.decode()
    officer.post(f"/handover/items/{note.items.earliest('pk').pk}/close/", {"remark": "已修"})
    assert "已修" in officer.get(f"/handover/{note.pk}/").content.decode()


def test_a_board_is_paged_with_a_constant_number_of_queries(
    signed_in: SignIn, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    client, counts = signed_in("minjing"), []
    for wanted in (2, 45):
        while Note.objects.count() < wanted:
            hand_over(stage, actor("fujing"), now, f"事项 {Note.objects.count()}")
        client.get("/handover/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/handover/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    before = page.split("before=")[1].split('"')[0]
    assert client.get(f"/handover/?board={stage.post.pk}&before={before}").status_code == 200


def test_the_demonstration_shows_two_shifts_and_a_message(
    county: Deployment, stage: Stage, cast: dict[str, User], now: dt.datetime
) -> None:
    fill(Scene(version=county, stage=stage, cast=cast, rng=random.Random(1), now=now, addresses=()))  # noqa: S311
    assert list(Note.objects.values_list("kind", flat=True)) == ["message", "handover", "handover"]
    assert OpenItem.objects.filter(closed_at__isnull=True).count() == 2
