import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest
import shapely
from shapely.geometry import box, shape

from linli.report.geodata import write_beats_geojson, write_geopackage, write_posts_geojson
from linli.report.shapes import work_out_shapes
from report.synthetic import synthetic_plan


@pytest.fixture(scope="module", params=[True, False], ids=["polygons", "points"])
def plan(request: pytest.FixtureRequest):
    deployment, territory = synthetic_plan(polygons=request.param)
    return deployment, work_out_shapes(deployment, territory)


def test_each_beat_is_one_valid_feature_with_its_clause(plan, tmp_path: Path) -> None:
    deployment, shapes = plan
    write_beats_geojson(deployment, shapes, tmp_path / "beats.geojson")
    features = json.loads((tmp_path / "beats.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["id"] for f in features] == [b.id for b in deployment.beats]
    assert all(shape(f["geometry"]).is_valid for f in features)
    assert {f["properties"]["clause"] for f in features} == {"X-1"}
    assert features[0]["properties"]["places"] == list(deployment.beats[0].places)


def test_beats_do_not_overlap_and_each_holds_its_places(plan) -> None:
    deployment, shapes = plan
    total = sum(g.area for g in shapes.beats.values())
    assert total == pytest.approx(shapely.union_all(list(shapes.beats.values())).area, rel=1e-6)
    position = {p.code: shapely.Point(p.longitude, p.latitude) for p in deployment.places}
    for beat in deployment.beats:
        assert all(shapes.beats[beat.id].covers(position[code]) for code in beat.places)


def test_exterior_rings_run_counter_clockwise(plan, tmp_path: Path) -> None:
    write_beats_geojson(*plan, tmp_path / "beats.geojson")
    for feature in json.loads((tmp_path / "beats.geojson").read_text(encoding="utf-8"))["features"]:
        geometry = shape(feature["geometry"])
        assert all(part.exterior.is_ccw for part in getattr(geometry, "geoms", [geometry]))


def test_posts_are_points_and_made_up_fields_are_named(plan, tmp_path: Path) -> None:
    deployment, _ = plan
    write_posts_geojson(deployment, tmp_path / "posts.geojson")
    content = json.loads((tmp_path / "posts.geojson").read_text(encoding="utf-8"))
    assert len(content["features"]) == len(deployment.posts)
    assert content["linli"]["synthetic"] == ["latitude", "longitude", "residents"]


def test_the_geopackage_has_four_layers_and_nulls_where_nothing_was_given(plan, tmp_path: Path) -> None:
    deployment, shapes = plan
    write_geopackage(deployment, shapes, tmp_path / "plan.gpkg")
    layers = dict(pyogrio.list_layers(tmp_path / "plan.gpkg"))
    assert set(layers) == {"beats", "stations", "places", "posts"}
    with closing(sqlite3.connect(tmp_path / "plan.gpkg")) as file:
        (missing,) = file.execute("SELECT count(*) FROM beats WHERE target_workload IS NULL").fetchone()
    assert missing == sum(b.target_workload is None for b in deployment.beats) > 0


def test_the_same_plan_gives_the_same_bytes(plan, tmp_path: Path) -> None:
    deployment, shapes = plan
    made = []
    for name in ("one.gpkg", "two.gpkg"):
        write_geopackage(deployment, shapes, tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_cells_are_cut_at_the_boundary() -> None:
    from dataclasses import replace

    deployment, territory = synthetic_plan(polygons=False)
    boundary = box(103.5, 23.7, 104.5, 24.2)
    shapes = work_out_shapes(deployment, replace(territory, boundary=boundary))
    assert shapes.from_points
    assert shapely.union_all(list(shapes.beats.values())).area == pytest.approx(boundary.area, rel=1e-4)


def test_a_single_point_fills_the_territory() -> None:
    deployment, territory = synthetic_plan(1, 1, 1, polygons=False)
    shapes = work_out_shapes(deployment, territory)
    assert shapes.beats[deployment.beats[0].id].area > 0
    west, south, east, north = shapes.bounds
    assert west < east
    assert south < north
