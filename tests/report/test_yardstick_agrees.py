"""Headline, page, PDF, workbook, maps, comparison, file and checker count the same beats.

The count is made here anew from the text of deployment.json, by code that shares nothing with Linli.
"""

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from linli.cli.main import linli
from linli.cli.summary import print_summary
from linli.io.deployment import canonical, deployment_text, write_deployment
from linli.io.territory import read_territory
from linli.kernel.seeds import Seed
from linli.planning.beats import BeatParams
from linli.planning.comparison import compare
from linli.planning.composition import compose
from linli.planning.deployment import Deployment
from linli.planning.verification import verify
from linli.policy.loading import load_pack
from linli.report.geodata import write_beats_geojson
from linli.report.layers import map_layers
from linli.report.method import figures
from linli.report.page import render_page
from linli.report.shapes import Shapes, work_out_shapes
from linli.report.workbook import write_workbook
from linli.territory.model import Territory
from where import on_any

ROOT = Path(__file__).parents[2]
PLANS = (
    ("luxi", "luxi-2013", "2013-12-31"),
    *(("hengshan", "hengshan-2020", "2020-10-31"), ("qiubei", "qiubei-2010", "2010-12-31")),
    *(("liechtenstein", "nanlu-2012", "2021-01-01"), ("portland", "hengshan-2020", "2021-01-01")),
    ("hawaii", "hengshan-2020", "2021-01-01"),
)


@cache
def territory(name: str) -> Territory:
    return read_territory(ROOT / "examples" / name)


@cache
def planned(name: str, by: str, on: str) -> Deployment:
    pack = load_pack(ROOT / "packs" / by)
    quick = BeatParams(sweeps=15, prove_units=0)
    day = dt.date.fromisoformat(on)
    return canonical(compose(territory(name), pack, on=day, seed=Seed(1), params=quick))


@cache
def shapes(name: str, by: str, on: str) -> Shapes:
    return work_out_shapes(planned(name, by, on), territory(name))


def rule_of(plan: dict[str, Any], beat: dict[str, Any]) -> dict[str, Any]:
    alike = [r for r in plan["beat_rules"] if r["clause"] == beat["clause"]]
    return next(r for r in alike if r["area"] in (None, beat["area"]))


def is_outside(rule: dict[str, Any], beat: dict[str, Any]) -> bool:
    if rule["fewest_places"] is not None:
        return not rule["fewest_places"] <= len(beat["places"]) <= rule["most_places"]
    if rule["target_residents"] is not None:
        load, target = beat["residents"], rule["target_residents"]
    else:
        load, target = beat["workload"], beat["target_workload"]
    if load is None or target is None:
        return False
    return abs(load - target) > rule["tolerance"] * target * (1 + 1e-9)


def pieces(plan: dict[str, Any], beat: dict[str, Any]) -> int:
    touching = {place["code"]: place["neighbours"] for place in plan["places"]}
    left, found = set(beat["places"]), 0
    while left:
        found, waiting = found + 1, [left.pop()]
        while waiting:
            near = left.intersection(touching[waiting.pop()])
            left -= near
            waiting += near
    return found


def recounted(deployment: Deployment) -> tuple[set[str], dict[str, int]]:
    plan = json.loads(deployment_text(deployment))
    out = {beat["id"] for beat in plan["beats"] if is_outside(rule_of(plan, beat), beat)}
    apart = {beat["id"]: n for beat in plan["beats"] if (n := pieces(plan, beat)) > 1}
    return out, apart


# Mend 10
@pytest.mark.parametrize("which", [PLANS[0], *on_any(*PLANS[1:])], ids=lambda which: which[0])
def test_every_place_that_speaks_of_beats_counts_the_same(
    which: tuple[str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = planned(*which)
    out, apart = recounted(plan)
    assert {beat.id for beat in plan.beats if beat.within_rule is False} == out
    assert {beat.id: beat.parts for beat in plan.beats if beat.parts > 1} == apart
    for language in ("zh", "en"):
        print_summary(plan, language)
    said = re.sub(r"[\s│]", "", capsys.readouterr().out)
    assert f"不符合{len(out)}个" in said
    assert f"{len(out)}outside" in said
    assert (f"分成几块{len(apart)}个" if apart else "全部连成一片") in said
    first = {figure.key: figure.number for figure in figures(plan)}
    assert (first["outside_rule"] or 0, first["in_pieces"]) == (len(out), len(apart))
    both = compare(plan, plan).balance
    assert (both.left.count.outside, both.right.count.in_pieces) == (len(out), len(apart))
    verdicts = {verdict.id: verdict for verdict in verify(plan)}
    assert len(verdicts["bounds"].exceptions) == len(out)
    assert len(verdicts["contiguity"].exceptions) == len(apart)
    assert [text.en for v in verdicts.values() for text in v.violations] == []
    layer = next(layer for layer in map_layers(plan) if layer.id == "rule")
    drawn = {b.id for b, index in zip(plan.beats, layer.index, strict=True) if index in (0, 2)}
    assert drawn == out


# Mend 10
def test_page_workbook_and_map_file_show_the_same_beats(tmp_path: Path) -> None:
    which = PLANS[1]
    plan, outlines = planned(*which), shapes(*which)
    out, apart = recounted(plan)
    assert out
    assert apart
    page = render_page(plan, outlines)
    for label, count in (("不符合规模规定的警务区", len(out)), ("不连成一片的警务区", len(apart))):
        cell = re.search(rf">{label}</span>.*?<dd><a[^>]*>(.*?)</a>", page, re.DOTALL)
        assert cell is not None
        assert str(count) in cell[1]
        assert str(len(plan.beats)) in cell[1]
    write_workbook(plan, tmp_path / "plan.xlsx", from_points=True)
    sheet = load_workbook(tmp_path / "plan.xlsx")["警务区 Beats"]
    cells = [[str(cell.value) for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert sum(
        any("不符合" in cell and "outside" in cell and len(cell) < 20 for cell in row) for row in cells
    ) == len(out)
    write_beats_geojson(plan, outlines, tmp_path / "beats.geojson")
    drawn = json.loads((tmp_path / "beats.geojson").read_text(encoding="utf-8"))["features"]
    assert {f["id"] for f in drawn if f["properties"]["within_rule"] == 0} == out
    assert {f["id"]: f["properties"]["parts"] for f in drawn if f["properties"]["parts"] > 1} == apart
    for feature in drawn:
        shape = feature["geometry"]
        polygons = len(shape["coordinates"]) if shape["type"] == "MultiPolygon" else 1
        assert feature["properties"]["pieces_drawn"] == polygons


# Mend 10
@pytest.mark.any_database
def test_the_checker_prints_the_headlines_counts_and_catches_a_mark_that_is_wrong(tmp_path: Path) -> None:
    plan = planned(*PLANS[0])
    out, _ = recounted(plan)
    write_deployment(tmp_path / "deployment.json", plan)
    done = CliRunner().invoke(
        linli, ["--language", "en", "deployment", "check", str(tmp_path / "deployment.json")]
    )
    assert done.exit_code == 0, done.output
    assert f"outside their clause's rule: {len(out)};" in done.output
    text = (tmp_path / "deployment.json").read_text(encoding="utf-8")
    (tmp_path / "deployment.json").write_text(
        text.replace('"within_rule":false', '"within_rule":true', 1), "utf-8"
    )
    done = CliRunner().invoke(linli, ["deployment", "check", str(tmp_path / "deployment.json")])
    assert done.exit_code == 2
    assert f"不符合条款规模规定的 {len(out)} 个" in done.output
