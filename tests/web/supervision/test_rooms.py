"""Police rooms against their planned hours: from facts where there are any, else from what a post states."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessment.synthetic_facts import fact
from linli.assessment.facts import arrow_schema
from linli.io.facts import drafting
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.places.models import Post
from linli.web.ops.supervision.actions.keeping import StateHours
from linli.web.ops.supervision.models import Statement
from linli.web.ops.supervision.rooms import Hours, room_of, rooms_of, state_of
from linli.web.ops.supervision.selectors import rooms

Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]
MARCH = dt.date(2026, 3, 1)
HOURS = st.builds(Hours, st.none() | st.floats(0, 700), st.floats(0, 700))


@given(st.none() | HOURS, st.none() | HOURS)
def test_imported_hours_go_before_a_statement_and_nothing_is_made_up(facts, stated) -> None:
    room = room_of(("P", "室", "S", "B"), facts, stated)
    used = facts if facts is not None else stated
    assert room.state == state_of(used)
    assert (room.source == "none") == (used is None)
    assert (room.missing is None) == (used is None or used.planned is None)
    if room.state == "short":
        assert room.missing is not None
        assert room.missing > 0
    if room.differs:
        assert facts is not None
        assert stated is not None


def test_empty_rooms_come_first_then_the_most_hours_missing() -> None:
    post = ("P", "室", "S", "B")
    given = [
        room_of(post, Hours(80.0, 80.0), None),
        room_of(post, None, None),
        room_of(post, Hours(80.0, 70.0), None),
        room_of(post, Hours(80.0, 20.0), None),
        room_of(post, Hours(80.0, 0.0), None),
    ]
    assert [(one.state, one.missing) for one in rooms_of(given)] == [
        ("empty", 80.0),
        ("short", 60.0),
        ("short", 10.0),
        ("unknown", None),
        ("staffed", 0.0),
    ]


def write_facts(folder: Path, post: str, *, planned: float | None = 4.0, hours: float = 3.0) -> None:
    values = {"post": post, "role": "auxiliary", "planned_hours": planned, "hours": hours}
    rows = [fact("duty_hours", n, kind="room", **values) for n in range(20)]
    rows += [
        fact("duty_hours", 90, kind="station", **values),
        fact("duty_hours", 91, "2026-02", kind="room", **values),
    ]
    with drafting(folder, zone="Asia/Shanghai") as draft:
        draft.add("duty_hours", pa.Table.from_pylist(rows, schema=arrow_schema("duty_hours")))


def own_post(stage: Stage) -> Post:
    return next(one for one in Post.objects.order_by("code") if set(one.beat_codes) & set(stage.post.codes))


def state(post: str, who: Actor, now: dt.datetime, **given: object) -> Statement:
    values: dict[str, object] = {"month": MARCH, "planned_hours": Decimal(80), "hours": Decimal(80), **given}
    return perform(StateHours(post_code=post, **values), who, now)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_rooms_are_judged_by_imported_hours_and_a_statement_that_differs_is_marked(
    stage: Stage, actor: Cast, now: dt.datetime, settings
) -> None:
    post = own_post(stage)
    write_facts(Path(settings.DATA_DIR) / "facts", post.code)
    found = {one.code: one for one in rooms(actor("suozhang"), MARCH)}
    room = found[post.code]
    assert (room.state, room.planned, room.staffed, room.missing) == ("short", 80.0, 60.0, 20.0)
    assert (room.source, room.synthetic) == ("facts", True)
    state(post.code, actor("minjing"), now)
    room = next(one for one in rooms(actor("suozhang"), MARCH) if one.code == post.code)
    assert room.differs
    assert room.staffed == 60.0
    unknown = rooms(actor("suozhang"), dt.date(2026, 1, 1))
    assert {one.state for one in unknown} == {"unknown"}


@pytest.mark.django_db
def test_a_room_whose_plan_nobody_gave_is_not_known(stage: Stage, actor: Cast, settings) -> None:
    post = own_post(stage)
    write_facts(Path(settings.DATA_DIR) / "facts", post.code, planned=None, hours=0.0)
    room = next(one for one in rooms(actor("suozhang"), MARCH) if one.code == post.code)
    assert (room.state, room.missing) == ("unknown", None)


@pytest.mark.django_db
def test_hours_are_stated_for_rooms_of_the_own_area_alone(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    post = own_post(stage)
    other = next(
        one for one in Post.objects.order_by("code") if set(one.beat_codes) & set(stage.other_post.codes)
    )
    for who in ("suozhang", "minjing"):
        state(post.code, actor(who), now)
    assert Statement.objects.count() == 1
    for who, code in (
        ("suozhang", other.code),
        ("minjing", other.code),
        ("guihua", post.code),
        ("wangge", post.code),
        ("fujing", post.code),
        ("linsuo", post.code),
    ):
        with pytest.raises(Forbidden):
            state(code, actor(who), now)
    with pytest.raises(Missing):
        state("none", actor("suozhang"), now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"month": dt.date(2026, 4, 1)}, "month"),
        ({"hours": Decimal(800), "planned_hours": Decimal(800)}, "hours"),
        ({"hours": Decimal(10)}, "reason"),
        ({"hours": Decimal(10), "reason": "电话13800001234"}, "reason"),
    ],
)
def test_hours_that_cannot_be_are_refused(stage: Stage, actor: Cast, now: dt.datetime, given, field) -> None:
    with pytest.raises(Invalid) as refused:
        state(own_post(stage).code, actor("minjing"), now, **given)
    assert field in refused.value.fields


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_states_and_takes_a_statement(
    stage: Stage, signed_in: SignIn, settings, language
) -> None:
    post = own_post(stage)
    write_facts(Path(settings.DATA_DIR) / "facts", post.code, hours=0.0)
    client = signed_in("suozhang", language)
    shown = client.get("/supervision/rooms/?month=2026-03").content.decode()
    assert ("空岗" if language == "zh-hans" else "Empty") in shown
    assert ("合成" if language == "zh-hans" else "synthetic") in shown
    form = {"post_code": post.code, "month": "2026-02", "planned_hours": "80", "hours": "70"}
    assert client.post("/supervision/rooms/", form).status_code == 422
    assert client.post("/supervision/rooms/", {**form, "month": "soon"}).status_code == 422
    assert client.post("/supervision/rooms/", {**form, "reason": "抽调"}).status_code == 302
    listed = b"".join(client.get("/supervision/rooms/export.csv?month=2026-02").streaming_content).decode(
        "utf-8-sig"
    )
    assert "抽调" in listed
    response = client.get("/supervision/rooms/export.xlsx?month=2026-03")
    assert "synthetic" in response["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.max_row > 1
    assert client.get("/supervision/rooms/export.pdf").status_code == 404
    assert client.get("/supervision/rooms/?month=9999-99").status_code == 200
    assert signed_in("wangge").get("/supervision/rooms/").status_code == 403
