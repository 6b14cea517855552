"""Checks are drawn, made on their sheet, and what is not met is put right by a day and checked again."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.models import Address
from linli.web.ops.supervision.actions.checking import CancelCheck, RecordCheck
from linli.web.ops.supervision.actions.drawing import ReviewCase
from linli.web.ops.supervision.models import Check, Finding, Round
from linli.web.ops.supervision.selectors import checks, rounds
from linli.web.ops.supervision.sheets import sheets

pytestmark = pytest.mark.django_db
Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]
Draw = Callable[..., Round]


def sheet(check: Check, now: dt.datetime, *, no: tuple[str, ...] = (), **given: object) -> RecordCheck:
    made = sheets()[check.round.kind]
    values: dict[str, object] = {
        "answers": {line.id: "no" if line.id in no else "yes" for line in made.lines},
        "findings": dict.fromkeys(no, "没有落实"),
        "fix_by": now.date() + dt.timedelta(days=7) if no else None,
        **({"asked": 20, "know_officer": 9, "see_patrols": 12} if made.asks else {}),
        **given,
    }
    return RecordCheck(check_id=check.pk, **values)  # type: ignore[arg-type]


def own_check(draw: Draw, stage: Stage, **given: object) -> Check:
    made = draw(station=stage.station.station_code, **given)
    check = Check.objects.filter(round=made).select_related("round").order_by("sequence").first()
    assert check is not None
    return check


def test_a_draw_keeps_its_list_and_can_be_repeated(draw: Draw, county) -> None:
    first, second = draw(), draw(title="复核")
    assert first.frame == second.frame
    assert first.frame_digest == second.frame_digest
    codes = [
        list(one.checks.order_by("sequence").values_list("target_code", flat=True)) for one in (first, second)
    ]
    assert codes[0] == codes[1]
    assert len(codes[0]) == 2
    other = draw(seed="fedcba9876543210", size=200)
    assert other.checks.count() == len(first.frame)


def test_a_draw_may_take_so_many_of_each_station(draw: Draw, county) -> None:
    made = draw(source="post", per_station=True, size=1)
    stations = list(made.checks.values_list("station_code", flat=True))
    assert len(stations) == len(set(stations)) > 1


def test_units_courtyards_and_streets_are_drawn_too(draw: Draw, stage: Stage) -> None:
    for kind in ("house", "shop", "unit"):
        Address.objects.create(
            code=f"A-{kind}",
            text=f"某街1号{kind}",
            place_code=stage.place.code,
            kind=kind,
            longitude=1,
            latitude=1,
        )
    for source in ("courtyard", "premises", "unit"):
        made = draw(source=source, kind="places")
        assert [one.place_code for one in made.checks.all()] == [stage.place.code]
    streets = draw(
        source="street", typed="人民路\n\n 建设 路\n人民路", station=stage.station.station_code, size=5
    )
    assert sorted(streets.checks.values_list("target_name", flat=True)) == sorted(["人民路", "建设 路"])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "after_case"}, "kind"),
        ({"source": "moon"}, "source"),
        ({"source": "unit"}, "source"),
        ({"source": "street"}, "station"),
        ({"station": "S-none"}, "station"),
        ({"size": 0}, "size"),
        ({"size": 201}, "size"),
        ({"seed": "short"}, "size"),
        ({"title": " "}, "title"),
        ({"title": "请联系13800001234"}, "title"),
        ({"due_on": dt.date(2026, 3, 1)}, "due_on"),
    ],
)
def test_what_cannot_be_drawn_is_refused_beside_its_field(draw: Draw, county, given, field) -> None:
    with pytest.raises(Invalid) as refused:
        draw(**given)
    assert set(refused.value.fields) == {field}


def test_only_the_county_draws_and_makes_checks(
    draw: Draw, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    check = own_check(draw, stage)
    for who in ("guihua", "shenji"):
        assert draw(who).checks.count() == 2
    for who in ("suozhang", "minjing", "wangge", "guanli", "linsuozhang"):
        with pytest.raises(Forbidden):
            draw(who)
        for action in (
            sheet(check, now),
            CancelCheck(check_id=check.pk, remark="x"),
            ReviewCase(case_number="JQ", due_on=now.date()),
        ):
            with pytest.raises(Forbidden):
                perform(action, actor(who), now)
    perform(sheet(check, now), actor("shenji"), now)


def test_what_is_not_met_is_put_right_by_a_day_and_checked_by_somebody_else(
    draw: Draw, stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    check = own_check(draw, stage)
    perform(sheet(check, now, no=("on_duty", "room_open")), actor("guihua"), now)
    by_item = {one.item: one.case for one in Finding.objects.select_related("case")}
    assert {one.category for one in by_item.values()} == {"street", "empty_room"}
    case = by_item["on_duty"]
    assert case.organisation == stage.station
    assert case.data["fix_by"] == "2026-03-17"
    with pytest.raises(Invalid):
        perform(Move(case_id=case.pk, step="submit"), actor("suozhang"), now)

    def submit() -> None:
        step = Move(case_id=case.pk, step="submit", data={"evidence": "已调整班次，附排班表"})
        perform(step, actor("suozhang"), now)

    submit()
    for who in ("suozhang", "minjing"):
        clear = Move(case_id=case.pk, step="clear", result="rectified", data={"recheck": "好"})
        with pytest.raises(Forbidden):
            perform(clear, actor(who), now)
    back = Move(
        case_id=case.pk, step="return", note="仍缺岗", data={"recheck": "缺岗", "fix_by": "2026-03-25"}
    )
    perform(back, actor("guihua"), now)
    submit()
    perform(Move(case_id=case.pk, step="escalate", note="两次未落实"), actor("shenji"), now)
    settle = Move(case_id=case.pk, step="settle", result="held_to_account", note="约谈")
    perform(settle, actor("guihua"), now)
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "held_to_account")
    assert case.data["fix_by"] == "2026-03-25"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answers": {}}, "on_duty"),
        ({"no": ("on_duty",), "findings": {}}, "found_on_duty"),
        ({"no": ("on_duty",), "fix_by": dt.date(2026, 3, 10)}, "fix_by"),
        ({"asked": None}, "asked"),
        ({"asked": 5, "know_officer": 6}, "know_officer"),
        ({"remark": "13800001234"}, "remark"),
    ],
)
def test_a_sheet_that_is_not_whole_is_refused(draw: Draw, stage, actor: Cast, now, given, field) -> None:
    check = own_check(draw, stage)
    with pytest.raises(Invalid) as refused:
        perform(sheet(check, now, **given), actor("guihua"), now)
    assert field in refused.value.fields
    assert not Case.objects.exists()


def test_a_check_is_made_once_and_called_off_with_a_reason(draw: Draw, stage, actor: Cast, now) -> None:
    check = own_check(draw, stage, kind="plans_records", source="post")
    with pytest.raises(Invalid):
        perform(CancelCheck(check_id=check.pk, remark=" "), actor("guihua"), now)
    perform(CancelCheck(check_id=check.pk, remark="当日全所参加抢险"), actor("guihua"), now)
    with pytest.raises(Conflict):
        perform(sheet(check, now), actor("guihua"), now)
    with pytest.raises(Missing):
        perform(CancelCheck(check_id=0, remark="x"), actor("guihua"), now)


def test_a_station_sees_its_own_checks_when_they_are_done_and_not_before(
    draw: Draw, stage, actor: Cast, now, signed_in: SignIn
) -> None:
    check = own_check(draw, stage)
    chief, elsewhere = signed_in("suozhang"), signed_in("linsuozhang")
    page = f"/supervision/checks/{check.pk}/"
    assert not checks(actor("suozhang")).exists()
    assert not rounds(actor("suozhang")).exists()
    assert chief.get(page).status_code == 404
    assert chief.get("/supervision/rounds/").status_code == 403
    perform(sheet(check, now), actor("guihua"), now)
    assert list(checks(actor("suozhang"))) == [check]
    assert chief.get(page).status_code == 200
    assert elsewhere.get(page).status_code == 404
    assert check.target_name not in elsewhere.get("/supervision/").content.decode()
    assert signed_in("wangge").get("/supervision/").status_code == 403


def test_a_serious_case_is_reviewed_once_where_it_happened(stage, actor: Cast, now) -> None:
    opened = OpenCase(kind="incident", category="burglary", title="入室盗窃", place=stage.place.code)
    case = perform(opened, actor("jiejing"), now)
    review = ReviewCase(case_number=str(case.number), due_on=now.date())
    made = perform(review, actor("guihua"), now)
    check = made.checks.get()
    assert (check.place_code, made.case_number) == (stage.place.code, case.number)
    with pytest.raises(Invalid):
        perform(review, actor("guihua"), now)
    with pytest.raises(Missing):
        perform(ReviewCase(case_number="JQ000000-00000", due_on=now.date()), actor("guihua"), now)
    check.round.refresh_from_db()
    perform(sheet(check, now, no=("patrolled",)), actor("guihua"), now)
    assert Finding.objects.get().case.category == "after_case"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_round_is_drawn_and_a_check_made_on_the_pages(stage, signed_in: SignIn, now, language) -> None:
    client = signed_in("guihua", language)
    assert client.get("/supervision/rounds/draw/").status_code == 200
    form = {"title": "暗访", "kind": "street", "source": "village", "size": "2", "due_on": "2026-03-20"}
    assert client.post("/supervision/rounds/draw/", {**form, "size": "0"}).status_code == 422
    sent = client.post("/supervision/rounds/draw/", {**form, "submission": "one"}, follow=True)
    again = client.post("/supervision/rounds/draw/", {**form, "submission": "one"}, follow=True)
    assert sent.status_code == again.status_code == 200
    assert Round.objects.count() == 1
    made = Round.objects.get()
    assert made.seed in sent.content.decode()
    check = made.checks.order_by("sequence")[0]
    page = f"/supervision/checks/{check.pk}/"
    assert ("提交检查表" if language == "zh-hans" else "Send the sheet") in client.get(page).content.decode()
    answers = {line.id: "yes" for line in sheets()["street"].lines}
    whole = {**answers, "on_duty": "no", "found_on_duty": "无人在岗", "asked": "5", "know_officer": "2"}
    assert client.post(f"{page}record/", whole).status_code == 422
    whole |= {"see_patrols": "1", "fix_by": "2026-03-30"}
    assert client.post(f"{page}record/", whole, follow=True).status_code == 200
    case = Finding.objects.get().case
    shown = client.get(f"/cases/{case.number}/").content.decode()
    assert f"/supervision/checks/{check.pk}/" in shown
    assert "2026-03-30" in shown
    other = made.checks.order_by("sequence")[1]
    off = f"/supervision/checks/{other.pk}/cancel/"
    assert client.post(off, {"remark": ""}).status_code == 422
    assert client.post(off, {"remark": "大雪封路"}).status_code == 302
    listed = client.get("/supervision/?kind=street&status=done&station=").content.decode()
    assert check.target_name in listed
    assert client.get("/supervision/rounds/").status_code == 200
    assert client.get("/?cards").status_code == 200
    assert client.post("/supervision/rounds/review/", {"case_number": "", "due_on": ""}).status_code == 422


def test_the_list_is_paged_and_taken_out_as_files(draw: Draw, county, signed_in: SignIn, stage) -> None:
    names = "\n".join(f"第{n}街" for n in range(35))
    draw(source="street", typed=names, station=stage.station.station_code, size=35)
    client = signed_in("guihua")
    first = client.get("/supervision/")
    assert len(first.context["lines"]) == 30
    second = client.get("/supervision/" + first.context["next_url"])
    assert len(second.context["lines"]) == 5
    assert client.get("/supervision/?after=nonsense").status_code == 200
    workbook = b"".join(client.get("/supervision/export.xlsx").streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(workbook)).active.max_row == 36
    listed = b"".join(client.get("/supervision/export.csv").streaming_content).decode("utf-8-sig")
    assert listed.count("\n") == 36
    assert client.get("/supervision/export.pdf").status_code == 404
    assert signed_in("minjing").get("/supervision/export.csv").status_code == 403
