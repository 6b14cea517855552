"""The register of units: shifts, positions, entries, files in and out."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from linli.kernel.errors import InputRefused
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.places.models import Place, Post
from linli.web.ops.incidents.actions.units import EndShift, PlaceUnit, SaveUnit, StartShift
from linli.web.ops.incidents.models import Unit
from linli.web.ops.incidents.register import import_units
from linli.web.ops.incidents.units import units_for, units_now

pytestmark = pytest.mark.django_db
Acts = Callable[[str], Actor]
SignIn = Callable[..., Client]
Units = dict[str, Unit]


def test_a_unit_is_at_its_post_until_staff_choose_another_place(
    actor: Acts, units: Units, stage: Stage, now: dt.datetime
) -> None:
    unit = units["near"]
    post = Post.objects.get(deployment=stage.place.deployment, code=stage.post.code.removeprefix("post:"))
    assert (unit.longitude, unit.latitude, unit.place_name) == (post.longitude, post.latitude, post.name)
    other = Place.objects.filter(station_code=stage.station.station_code).exclude(pk=stage.place.pk).first()
    assert other is not None
    perform(PlaceUnit(unit_id=unit.pk, place=other.code), actor("minjing"), now)
    unit.refresh_from_db()
    assert (unit.place_name, unit.longitude) == (other.name, other.longitude)
    perform(PlaceUnit(unit_id=unit.pk), actor("minjing"), now)
    unit.refresh_from_db()
    assert unit.place_name == post.name
    with pytest.raises(Invalid):
        perform(PlaceUnit(unit_id=unit.pk, place="nowhere"), actor("minjing"), now)


def test_no_former_position_is_kept(actor: Acts, units: Units, stage: Stage, now: dt.datetime) -> None:
    perform(PlaceUnit(unit_id=units["near"].pk, place=stage.place.code), actor("minjing"), now)
    entry = Entry.objects.get(action="unit.place")
    assert entry.detail == {"unit": "城关01"}


def test_a_shift_that_has_ended_leaves_the_unit_off_duty(actor: Acts, units: Units, now: dt.datetime) -> None:
    until = now + dt.timedelta(hours=2)
    perform(StartShift(unit_id=units["near"].pk, until=until), actor("minjing"), now)
    unit = Unit.objects.get(pk=units["near"].pk)
    assert units_now([unit], SYSTEM, now)[0].status == "free"
    assert units_now([unit], SYSTEM, until)[0].status == "off_duty"


@pytest.mark.parametrize("hours", [-1, 0, 25])
def test_a_shift_ends_within_the_next_day(actor: Acts, units: Units, now: dt.datetime, hours: int) -> None:
    action = StartShift(unit_id=units["near"].pk, until=now + dt.timedelta(hours=hours))
    with pytest.raises(Invalid):
        perform(action, actor("minjing"), now)


def test_the_next_station_sees_and_changes_none_of_our_units(
    actor: Acts, units: Units, now: dt.datetime
) -> None:
    for username in ("linsuo", "linsuozhang"):
        assert [one.call_sign for one in units_for(actor(username))] == ["邻所01"]
        with pytest.raises(Missing):
            perform(EndShift(unit_id=units["near"].pk), actor(username), now)
        given = SaveUnit(
            unit_id=units["near"].pk,
            call_sign="x",
            organisation=units["far"].organisation.code,
            kind="patrol_car",
            capacity=2,
        )
        with pytest.raises(Missing):
            perform(given, actor(username), now)


@pytest.mark.parametrize(
    ("username", "seen"),
    [("jiejing", 3), ("guihua", 3), ("suozhang", 2), ("minjing", 2), ("fujing", 2), ("wangge", 0),
     ("shenji", 0), ("jumin", 0)],
)  # fmt: skip
def test_units_are_seen_by_those_who_see_incidents_there(
    actor: Acts, units: Units, username: str, seen: int
) -> None:
    assert len(units_for(actor(username))) == seen


def test_the_planner_may_look_but_not_change(actor: Acts, units: Units, now: dt.datetime) -> None:
    with pytest.raises(Forbidden):
        perform(EndShift(unit_id=units["near"].pk), actor("guihua"), now)


def test_an_entry_with_mistakes_is_refused_with_each_of_them(
    actor: Acts, units: Units, now: dt.datetime
) -> None:
    action = SaveUnit(call_sign="城关01", organisation="none", kind="tank", capacity=0)
    with pytest.raises(Invalid) as refused:
        perform(action, actor("suozhang"), now)
    assert set(refused.value.fields) == {"call_sign", "organisation", "kind", "capacity"}


def test_a_chief_enters_units_of_the_own_station_only(actor: Acts, stage: Stage, now: dt.datetime) -> None:
    given = {"kind": "patrol_car", "capacity": 3}
    own = SaveUnit(call_sign="所01", organisation=stage.station.code, **given)  # type: ignore[arg-type]
    other = SaveUnit(call_sign="所02", organisation=stage.other_station.code, **given)  # type: ignore[arg-type]
    perform(own, actor("suozhang"), now)
    with pytest.raises(Forbidden):
        perform(other, actor("suozhang"), now)


def test_the_exported_register_can_be_imported_again(
    signed_in: SignIn, actor: Acts, units: Units, now: dt.datetime
) -> None:
    before = list(Unit.objects.order_by("pk").values())
    for form in ("csv", "xlsx"):
        answer = signed_in("suozhang").get(f"/incidents/units.{form}")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert import_units(f"units.{form}", content, actor("suozhang"), now) == 2
    assert list(Unit.objects.order_by("pk").values()) == before
    assert Entry.objects.filter(action="export").count() == 2


def test_a_sheet_adds_and_corrects_units(actor: Acts, units: Units, stage: Stage, now: dt.datetime) -> None:
    post = stage.post.code
    text = f"呼号,所属单位,类型,人数,在用\n城关01,{post},巡逻车,4,是\n城关07,{post},警务室力量,2,是\n"
    assert import_units("units.csv", text.encode("gb18030"), actor("suozhang"), now) == 2
    assert Unit.objects.get(call_sign="城关01").capacity == 4
    assert Unit.objects.get(call_sign="城关07").kind == "post_team"


BROKEN = {
    "column": "呼号,类型,人数\n甲,巡逻车,2\n",
    "empty": "呼号,所属单位,类型,人数\n",
    "kind": "呼号,所属单位,类型,人数\n甲,{post},坦克,2\n",
    "people": "呼号,所属单位,类型,人数\n甲,{post},巡逻车,许多\n",
    "stranger": "呼号,所属单位,类型,人数\n甲,{other},巡逻车,2\n",
    "twice": "呼号,所属单位,类型,人数\n甲,{post},巡逻车,2\n乙,{post},巡逻车,0\n",
    "ragged": "呼号,所属单位,类型,人数\n甲,{post}\n",
}


@pytest.mark.parametrize("fault", sorted(BROKEN))
def test_a_broken_sheet_is_refused_whole(actor: Acts, stage: Stage, now: dt.datetime, fault: str) -> None:
    text = BROKEN[fault].format(post=stage.post.code, other=stage.other_post.code)
    with pytest.raises(InputRefused) as refused:
        import_units("units.csv", text.encode(), actor("suozhang"), now)
    assert refused.value.findings
    assert not Unit.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_broken_upload_says_which_row(signed_in: SignIn, stage: Stage, language: str) -> None:
    file = io.BytesIO(BROKEN["kind"].format(post=stage.post.code).encode())
    file.name = "units.csv"
    answer = signed_in("suozhang", language).post("/incidents/units/import/", {"file": file})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "坦克" in text
    assert "第 2 行" in text or "row 2" in text
    assert signed_in("suozhang", language).post("/incidents/units/import/").status_code == 422


def test_the_workbook_opens(signed_in: SignIn, units: Units) -> None:
    answer = signed_in("suozhang").get("/incidents/units.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert [row[0].value for row in book.active.iter_rows()] == ["呼号", "城关01", "城关步02"]


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "出警力量"), ("en", "Units")])
def test_units_are_listed_filtered_and_put_on_and_off_duty_on_screen(
    signed_in: SignIn, units: Units, language: str, word: str
) -> None:
    client = signed_in("minjing", language)
    page = client.get("/incidents/units/").content.decode()
    assert word in page
    assert "城关01" in page
    assert "邻所01" not in page
    assert "城关01" not in client.get("/incidents/units/?kind=foot_patrol").content.decode()
    assert client.post(f"/incidents/units/{units['near'].pk}/end/", {"back": "list"}).status_code == 302
    assert not Unit.objects.get(pk=units["near"].pk).on_duty
    assert client.post(f"/incidents/units/{units['near'].pk}/start/", {"until": "18:00"}).status_code == 302
    unit = Unit.objects.get(pk=units["near"].pk)
    assert unit.on_duty
    assert unit.shift_until == dt.datetime(2026, 3, 10, 10, 0, tzinfo=dt.UTC)
    assert "城关01" in client.get(f"/incidents/units/{unit.pk}/").content.decode()
    assert client.get(f"/incidents/units/{units['far'].pk}/").status_code == 404
    refused = client.post(f"/incidents/units/{unit.pk}/start/", {"until": "noon"}, follow=True)
    assert refused.status_code == 200
    assert "18:00" in refused.content.decode()


def test_a_long_register_is_paged(signed_in: SignIn, make_unit: Callable[..., Unit]) -> None:
    for number in range(65):
        make_unit(f"车{number:03d}", on_duty=False)
    client = signed_in("suozhang")
    first = client.get("/incidents/units/").content.decode()
    assert "车059" in first
    assert "车060" not in first
    assert "车064" in client.get("/incidents/units/?after=车059").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_unit_is_entered_and_corrected_on_screen(signed_in: SignIn, stage: Stage, language: str) -> None:
    client = signed_in("suozhang", language)
    assert client.get("/incidents/units/new/").status_code == 200
    given = {
        "call_sign": "城关05",
        "organisation": stage.post.code,
        "kind": "post_team",
        "capacity": "3",
        "active": "on",
    }
    assert client.post("/incidents/units/new/", given).status_code == 302
    unit = Unit.objects.get(call_sign="城关05")
    assert client.post("/incidents/units/new/", given).status_code == 422
    assert client.get(f"/incidents/units/{unit.pk}/edit/").status_code == 200
    changed = client.post(f"/incidents/units/{unit.pk}/edit/", {**given, "capacity": "5", "active": ""})
    assert changed.status_code == 302
    unit.refresh_from_db()
    assert (unit.capacity, unit.active) == (5, False)
