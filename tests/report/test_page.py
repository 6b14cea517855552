import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from linli.kernel.measures import Ratio
from linli.planning.deployment import BeatRule
from linli.report import payload as payloads
from linli.report.layers import map_layers
from linli.report.maps import draw_map
from linli.report.page import asset, render_page
from linli.report.payload import encode_shapes, page_payload
from linli.report.shapes import work_out_shapes
from report.synthetic import synthetic_plan

STATIC = Path(__file__).parents[2] / "src" / "linli" / "report" / "static"


@pytest.fixture(scope="module")
def plan():
    deployment, territory = synthetic_plan()
    return deployment, work_out_shapes(deployment, territory)


@pytest.fixture(scope="module")
def page(plan) -> str:
    return render_page(*plan)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.add(str(value))
            if name == "href" and str(value).startswith("#"):
                self.anchors.add(str(value)[1:])


def test_every_link_of_the_page_leads_somewhere(page: str) -> None:
    links = Links()
    links.feed(page)
    assert links.anchors <= links.ids
    assert {"clause-X-1", "clause-X-3", "method-travel"} <= links.ids


def test_the_page_runs_only_its_own_scripts_and_asks_the_network_for_nothing(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert digest in policy[1].replace("&#43;", "+").replace("&#x2B;", "+")
    assert re.findall(r"<(?:link|img|script)[^>]+(?:src|href)=\"(?!data:)", page) == []


def test_the_same_plan_gives_the_same_page(plan, page: str) -> None:
    assert render_page(*plan) == page


def test_a_plan_of_real_data_carries_no_banner(plan) -> None:
    deployment, shapes = plan
    real = replace(deployment, territory=replace(deployment.territory, synthetic=()))
    assert 'class="banner"' not in render_page(real, shapes)


def test_outlines_survive_the_grid(plan) -> None:
    deployment, shapes = plan
    encoded = encode_shapes(shapes, [b.id for b in deployment.beats], [s.id for s in deployment.stations])
    (x0, y0), step = encoded["origin"], encoded["step"]
    ring = encoded["beats"][0][0][0]
    x, y, points = 0, 0, []
    for dx, dy in zip(ring[::2], ring[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x0 + x * step, y0 + y * step))
    west, south, east, north = shapes.beats[deployment.beats[0].id].bounds
    assert min(p[0] for p in points) == pytest.approx(west, abs=step)
    assert max(p[1] for p in points) == pytest.approx(north, abs=step)
    assert (east - west, north - south) > (0, 0)


def test_a_large_plan_is_cut_and_says_so(plan, monkeypatch) -> None:
    deployment, shapes = plan
    monkeypatch.setattr(payloads, "MOST_PLACES", 7)
    monkeypatch.setattr(payloads, "MOST_NEEDS", 3)
    monkeypatch.setattr(payloads, "MOST_POINTS", 40)
    found = page_payload(deployment, shapes, language="zh")
    assert found["tables"]["places"]["length"] == 7
    assert found["tables"]["places"]["total"] == 60
    assert None in found["tables"]["places"]["columns"][-1]["values"]
    assert found["places"]["name"] == []
    assert all(need[7] is None for need in found["needs"])
    json.dumps(found, allow_nan=False)


def test_layers_without_a_value_are_not_offered(plan) -> None:
    deployment, shapes = plan
    bare = replace(
        deployment, staffing=(), beats=tuple(replace(b, target_workload=None) for b in deployment.beats)
    )
    found = page_payload(bare, shapes, language="en")
    assert [layer["id"] for layer in found["layers"]] == ["minutes"]
    assert len(found["absent"]) == 3


def test_the_rule_of_a_clause_sets_what_counts_as_close_to_its_target(plan) -> None:
    deployment, _ = plan
    rule = BeatRule(
        clause=deployment.beats[0].clause,
        area=None,
        fewest_places=None,
        most_places=None,
        target_residents=None,
        tolerance=Ratio(0.5),
    )
    wide = map_layers(replace(deployment, beat_rules=(rule,)))[0]
    assert wide.index.count(2) > map_layers(deployment)[0].index.count(2)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_static_map_keeps_its_text_and_is_the_same_every_time(plan, language) -> None:
    deployment, shapes = plan
    layer = map_layers(deployment)[1]
    first = draw_map(deployment, shapes, layer, language=language)
    assert "合成第1派出所" in first
    assert layer.title.in_(language) in first
    assert first == draw_map(deployment, shapes, layer, language=language)
    near = draw_map(deployment, shapes, layer, language=language, station=deployment.stations[0].id)
    assert "合成第1<" in near


def test_built_files_are_small_and_keep_their_licences() -> None:
    assert all(f.stat().st_size < 1_048_576 for f in STATIC.iterdir())
    licences = (STATIC / "LICENCES.txt").read_text(encoding="utf-8")
    for name in ("maplibre-gl", "echarts", "zrender"):
        assert f"==== {name} " in licences
    assert asset("map-engine.js").count("linliMapEngine") == 1


def test_the_first_view_leaves_out_places_where_nobody_lives(plan) -> None:
    deployment, shapes = plan
    far = replace(deployment.places[-1], residents=0)
    found = page_payload(replace(deployment, places=(*deployment.places[:-1], far)), shapes, language="zh")
    assert found["bounds"] == pytest.approx(list(shapes.bounds), abs=1e-6)
    emptied = tuple(replace(p, residents=0) for p in deployment.places[20:])
    found = page_payload(
        replace(deployment, places=(*deployment.places[:20], *emptied)), shapes, language="zh"
    )
    assert found["bounds"][2] < shapes.bounds[2] - 0.1
    nobody = tuple(replace(p, residents=0) for p in deployment.places)
    found = page_payload(replace(deployment, places=nobody), shapes, language="zh")
    assert found["bounds"] == pytest.approx(list(shapes.bounds), abs=1e-6)
