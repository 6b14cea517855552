"""A case type that no code knows of: put into a folder, it is opened, moved, shown, listed and routed."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from linli.kernel.errors import InputRefused
from linli.web.demonstration.cast import Stage
from linli.web.foundation.actions.numbers import numbers_from
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.routing import route, unroutable
from linli.web.foundation.casework.types.loading import read_type, read_types
from linli.web.foundation.casework.types.register import case_types, reload_types
from linli.web.foundation.places.locating import Located
from web.drawn import Drawn

DRILL = """
id = "lost_child_drill"
version = 1
prefix = "YL"
name = {zh = "走失演练", en = "Drill"}
plural = {zh = "走失演练", en = "Drills"}
clauses = ["E5"]
due_hours = 7
categories = [{id = "school", name = {zh = "学校", en = "School"}}]
fields = [{id = "groups", name = {zh = "参加小组数", en = "Groups"}, kind = "integer", required = true}]
states = [
  {id = "planned", name = {zh = "已计划", en = "Planned"}},
  {id = "held", name = {zh = "已举行", en = "Held"}, kind = "closed"},
]
results = [{id = "done", name = {zh = "完成", en = "Done"}, keep_days = 365}]
routes = [{when = {hours = "18:00-08:00"}, to = "bureau"}, {to = "station"}]
[[transitions]]
id = "hold"
name = {zh = "举行", en = "Hold"}
source = ["planned"]
target = "held"
roles = ["officer"]
results = ["done"]
"""


@pytest.fixture
def folder(tmp_path: Path, settings) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    (tmp_path / "drill.case.toml").write_text(DRILL, encoding="utf-8")
    settings.CASE_TYPES_DIR = str(tmp_path)
    reload_types()
    yield tmp_path
    reload_types()


@pytest.mark.django_db
def test_it_is_opened_listed_and_closed_on_screen_without_a_line_of_code(
    folder: Path,
    signed_in: Callable[..., Client],
    stage: Stage,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    client = signed_in("minjing")
    assert "参加小组数" in client.get("/cases/open/lost_child_drill/").content.decode()
    form = {"category": "school", "title": "春季走失演练", "place": stage.place.code}
    assert client.post("/cases/open/lost_child_drill/", form).status_code == 422
    with numbers_from(Drawn(417)):
        client.post("/cases/open/lost_child_drill/", form | {"data-groups": "6"})
    case = Case.objects.get()
    assert (case.number, case.data) == ("YL260310-000417", {"groups": 6})
    assert case.organisation == stage.station
    assert "走失演练" in client.get("/cases/?kind=lost_child_drill").content.decode()
    client.post(f"/cases/{case.number}/step/hold/", {"revision": case.revision, "result": "done"})
    case.refresh_from_db()
    assert case.result == "done"
    assert case.shred_at == now + dt.timedelta(days=365)


@pytest.mark.django_db
def test_its_rules_send_the_night_elsewhere(folder: Path, stage: Stage) -> None:
    where = Located(None, stage.place.station_code, stage.place.beat_code, stage.place.code)
    night = dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC)  # 20:00 in Shanghai
    sent = route(case_types()["lost_child_drill"], category="school", where=where, at=night)
    assert (sent.organisation, sent.rule) == (stage.bureau, 1)


@pytest.mark.django_db
def test_a_rule_that_names_an_organisation_nobody_knows_is_found(tmp_path: Path, stage: Stage) -> None:
    file = tmp_path / "x.case.toml"
    file.write_text(DRILL.replace('to = "bureau"', 'to = "org:fire:1"'), encoding="utf-8")
    assert unroutable(read_type(file)) == [(1, "fire:1")]


BREAKAGES = {
    "not TOML": ("id =", "id"),
    "unknown key": ("version = 1", "version = 1\ncolour = 'red'"),
    "missing key": ('prefix = "YL"\n', ""),
    "wrong type": ("due_hours = 7", 'due_hours = "soon"'),
    "negative time": ("due_hours = 7", "due_hours = -7"),
    "prefix of three": ('prefix = "YL"', 'prefix = "YLX"'),
    "one language only": ('name = {zh = "走失演练", en = "Drill"}', 'name = {zh = "走失演练"}'),
    "step from nowhere": ('source = ["planned"]', 'source = ["dreamt"]'),
    "step to nowhere": ('target = "held"', 'target = "gone"'),
    "role nobody has": ('roles = ["officer"]', 'roles = ["king"]'),
    "result nobody declared": ('results = ["done"]', 'results = ["won"]'),
    "closing without a result": ('roles = ["officer"]\nresults = ["done"]', 'roles = ["officer"]'),
    "state that cannot be reached": ("states = [", 'states = [\n  {id = "x", name = {zh = "空", en = "X"}},'),
    "rule of an unknown category": ('when = {hours = "18:00-08:00"}', 'when = {category = ["dog"]}'),
    "hours that are none": ('hours = "18:00-08:00"', 'hours = "late"'),
    "kind of field that is none": ('kind = "integer"', 'kind = "face"'),
    "no retention": ("keep_days = 365", "keep_days = 0"),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_broken_file_is_refused_with_the_file_and_the_key(tmp_path: Path, breakage: str) -> None:
    old, new = BREAKAGES[breakage]
    assert old in DRILL
    file = tmp_path / "broken.case.toml"
    file.write_text(DRILL.replace(old, new), encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        read_type(file)
    assert "broken.case.toml" in refused.value.text.zh
    assert refused.value.findings
    for finding in refused.value.findings:
        assert finding.sentence("zh")
        assert finding.sentence("en")


def test_two_types_of_one_prefix_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.case.toml").write_text(DRILL, encoding="utf-8")
    (tmp_path / "b.case.toml").write_text(DRILL.replace("lost_child_drill", "other"), encoding="utf-8")
    with pytest.raises(InputRefused):
        read_types([tmp_path])
