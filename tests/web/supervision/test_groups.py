"""Leading groups and their plans of the year (L15): offices, never names."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.ops.supervision.actions.keeping import KeepGroup, KeepPlan
from linli.web.ops.supervision.models import Group, YearPlan
from linli.web.ops.supervision.selectors import groups

Cast = Callable[[str], Actor]
SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db


def group(who: Actor, now: dt.datetime, where: str, **given: object) -> Group:
    values: dict[str, object] = {
        "level": "township",
        "title": "城关镇工作小组",
        "station": where,
        "chair": "镇长",
        "members": "派出所、司法所",
        "office": "综治中心",
        "founded_on": dt.date(2025, 3, 1),
        **given,
    }
    return perform(KeepGroup(**values), who, now)  # type: ignore[arg-type]


def plan(who: Actor, now: dt.datetime, group_id: int, **given: object) -> YearPlan:
    values: dict[str, object] = {
        "year": 2026,
        "goals": "值守达标",
        "adopted_on": dt.date(2026, 2, 1),
        **given,
    }
    return perform(KeepPlan(group_id=group_id, **values), who, now)  # type: ignore[arg-type]


def test_a_chief_keeps_the_groups_of_the_own_station_alone(
    stage: Stage, actor: Cast, now: dt.datetime
) -> None:
    own, other = stage.station.station_code, stage.other_station.station_code
    made = group(actor("suozhang"), now, own)
    plan(actor("suozhang"), now, made.pk)
    county = group(actor("guihua"), now, "", level="county", title="县领导小组")
    plan(actor("shenji"), now, county.pk)
    for who in ("minjing", "wangge", "linsuozhang"):
        with pytest.raises(Forbidden):
            group(actor(who), now, own, title="另一个")
        with pytest.raises(Forbidden):
            plan(actor(who), now, made.pk)
    with pytest.raises(Forbidden):
        group(actor("suozhang"), now, other, title="另一个")
    with pytest.raises(Forbidden):
        group(actor("suozhang"), now, other, group_id=made.pk)
    with pytest.raises(Forbidden):
        group(actor("suozhang"), now, "", level="county", title="另一个")
    with pytest.raises(Missing):
        plan(actor("guihua"), now, 0)
    assert set(groups(actor("suozhang"))) == {made, county}
    assert set(groups(actor("linsuozhang"))) == {county}
    assert set(groups(actor("wangge"))) == set()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"chair": "x" * 121}, "chair"),
        ({"members": "张三13800001234"}, "members"),
        ({"founded_on": dt.date(2027, 1, 1)}, "founded_on"),
        ({"station": "none"}, "station"),
        ({"level": "village"}, "level"),
    ],
)
def test_a_group_that_is_not_whole_is_refused(stage: Stage, actor: Cast, now, given, field) -> None:
    with pytest.raises(Invalid) as refused:
        group(actor("guihua"), now, stage.station.station_code, **given)
    assert field in refused.value.fields


def test_a_plan_is_of_a_year_and_corrected_in_place(stage: Stage, actor: Cast, now: dt.datetime) -> None:
    made = group(actor("guihua"), now, stage.station.station_code)
    with pytest.raises(Invalid):
        group(actor("guihua"), now, stage.station.station_code)
    for given in ({"year": 1999}, {"adopted_on": dt.date(2026, 12, 1)}, {"year": 2025}, {"goals": ""}):
        with pytest.raises(Invalid):
            plan(actor("guihua"), now, made.pk, **given)
    plan(actor("guihua"), now, made.pk)
    plan(actor("guihua"), now, made.pk, review="全部达标")
    assert YearPlan.objects.get().review == "全部达标"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_groups_are_entered_and_corrected_on_the_pages(stage: Stage, signed_in: SignIn, language) -> None:
    client = signed_in("suozhang", language)
    form = {
        "level": "township",
        "title": "城关镇工作小组",
        "station": stage.station.station_code,
        "chair": "镇长",
        "members": "派出所",
        "office": "综治中心",
        "founded_on": "2025-03-01",
    }
    assert client.get("/supervision/groups/enter/").status_code == 200
    assert client.post("/supervision/groups/enter/", {**form, "chair": ""}).status_code == 422
    assert client.post("/supervision/groups/enter/", form).status_code == 302
    made = Group.objects.get()
    page = f"/supervision/groups/{made.pk}/"
    assert client.get(page).status_code == 200
    year = {"form": "plan", "year": "2026", "goals": "达标", "adopted_on": "2026-01-20"}
    assert client.post(page, {**year, "goals": ""}).status_code == 422
    assert client.post(page, year).status_code == 302
    assert client.post(page, {**form, "form": "group", "chair": "党委书记"}).status_code == 302
    made.refresh_from_db()
    assert made.chair == "党委书记"
    shown = client.get("/supervision/groups/").content.decode()
    assert ("已制定" if language == "zh-hans" else "there") in shown
    workbook = b"".join(client.get("/supervision/groups/export.xlsx").streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(workbook)).active.max_row == 2
    assert signed_in("minjing").get("/supervision/groups/enter/").status_code == 403
    assert signed_in("minjing").get(page).status_code == 404
    assert signed_in("linsuozhang").get(page).status_code == 404
    assert client.get("/supervision/groups/export.doc").status_code == 404
