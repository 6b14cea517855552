"""Beats and posts for other map programs: two GeoJSON files and one GeoPackage.

GeoJSON follows RFC 7946 (WGS 84, rings counter-clockwise outside, six decimals). In the GeoPackage
the dates that the format keeps of its own making are set to a fixed day, so that the same plan gives
the same bytes.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyogrio
import shapely

from linli.planning.deployment import Deployment, PlaceSummary, Post
from linli.planning.yardstick import load_ratio, reading_of
from linli.report.figures import beat_of_place, largest_gap, needs_by_beat, word
from linli.report.shapes import Shapes

__all__ = ["write_beats_geojson", "write_geopackage", "write_posts_geojson"]

FIXED_DAY = "2000-01-01T00:00:00.000Z"
CHANGE_COUNTERS = (24, 92)
"""Offsets of SQLite's file change counter and of its copy, "version valid for"."""

Value = str | int | float | bool | None
Column = tuple[str, str, Sequence[Value]]
"""A column's name, its type (``text``, ``int`` or ``real``) and its values."""

EMPTY: Mapping[str, Value] = {"text": "", "int": 0, "real": 0.0}
DTYPES: Mapping[str, str] = {"text": "object", "int": "int64", "real": "float64"}

Row = TypeVar("Row")


def write_beats_geojson(deployment: Deployment, shapes: Shapes, path: Path) -> None:
    """Each beat as a feature: its outline, what lies in it, and the clause that fixes its size."""
    columns = _beat_columns(deployment, shapes)
    places = [list(b.places) for b in deployment.beats]
    _write_geojson(deployment, columns, [shapes.beats[b.id] for b in deployment.beats], path, places)


def write_posts_geojson(deployment: Deployment, path: Path) -> None:
    """Each post as a point."""
    serves = [list(p.serves) for p in deployment.posts]
    _write_geojson(deployment, _post_columns(deployment), _points(deployment.posts), path, serves)


def write_geopackage(deployment: Deployment, shapes: Shapes, path: Path) -> None:
    """One file with the layers ``beats``, ``stations``, ``places`` and ``posts``."""
    layers = (
        (
            "beats",
            _beat_columns(deployment, shapes),
            [shapes.beats[b.id] for b in deployment.beats],
            "MultiPolygon",
        ),
        (
            "stations",
            _station_columns(deployment),
            [shapes.stations[s.id] for s in deployment.stations],
            "MultiPolygon",
        ),
        ("places", _place_columns(deployment), _points(deployment.places), "Point"),
        ("posts", _post_columns(deployment), _points(deployment.posts), "Point"),
    )
    for layer, columns, geometry, kind in layers:
        _write_layer(path, layer, columns, geometry, kind)
    _fix_dates(path)


def _write_geojson(
    deployment: Deployment,
    columns: Sequence[Column],
    geometry: Sequence[object],
    path: Path,
    places: Sequence[Sequence[str]],
) -> None:
    shapes = shapely.to_geojson(_counter_clockwise(geometry))
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write('{"type":"FeatureCollection","linli":')
        out.write(_compact(_about(deployment)))
        out.write(',"features":[')
        for row, shape in enumerate(shapes):
            properties: dict[str, object] = {name: values[row] for name, _, values in columns}
            properties["places"] = places[row]
            feature = {
                "type": "Feature",
                "id": properties["id"],
                "properties": properties,
                "geometry": json.loads(shape),
            }
            out.write(("," if row else "") + "\n" + _compact(feature))
        out.write("\n]}\n")


def _counter_clockwise(geometry: Sequence[object]) -> np.ndarray:
    array = np.array(geometry, dtype=object)
    if len(array) == 0:
        return array
    return np.asarray(shapely.orient_polygons(array, exterior_cw=False))


def _about(deployment: Deployment) -> dict[str, object]:
    return {
        "territory": deployment.territory.name.zh,
        "territory_en": deployment.territory.name.en,
        "pack": deployment.pack.id,
        "on": deployment.pack.on.isoformat(),
        "synthetic": list(deployment.territory.synthetic),
        "sources": [source.en for source in deployment.territory.sources],
    }


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _columns(rows: Sequence[Row], read: Mapping[str, tuple[str, Callable[[Row], Value]]]) -> list[Column]:
    return [(name, kind, [value(row) for row in rows]) for name, (kind, value) in read.items()]


def _beat_columns(deployment: Deployment, shapes: Shapes) -> list[Column]:
    needs = needs_by_beat(deployment)
    readings = {beat.id: reading_of(beat, deployment) for beat in deployment.beats}
    return _columns(
        deployment.beats,
        {
            "id": ("text", lambda b: b.id),
            "name": ("text", lambda b: b.name.zh),
            "name_en": ("text", lambda b: b.name.en),
            "station": ("text", lambda b: b.station),
            "area": ("text", lambda b: b.area),
            "place_count": ("int", lambda b: len(b.places)),
            "centre": ("text", lambda b: b.centre),
            "residents": ("int", lambda b: b.residents),
            "households": ("int", lambda b: b.households),
            "incidents": ("int", lambda b: b.incidents),
            "premises": ("int", lambda b: b.premises),
            "workload": ("real", lambda b: _rounded(b.workload)),
            "target_workload": ("real", lambda b: _rounded(b.target_workload)),
            "workload_ratio": ("real", lambda b: _rounded(load_ratio(b))),
            "land_km2": ("real", lambda b: _rounded(b.land)),
            "mean_minutes": ("real", lambda b: _rounded(b.mean_minutes)),
            "longest_minutes": ("real", lambda b: _rounded(b.longest_minutes)),
            "parts": ("int", lambda b: b.parts),
            "pieces_drawn": ("int", lambda b: int(shapely.get_num_geometries(shapes.beats[b.id]))),
            "rule_measure": ("text", lambda b: readings[b.id].measure),
            "rule_value": ("real", lambda b: _rounded(readings[b.id].value)),
            "rule_least": ("real", lambda b: _rounded(readings[b.id].least)),
            "rule_most": ("real", lambda b: _rounded(readings[b.id].most)),
            "within_rule": ("int", lambda b: None if (i := readings[b.id].inside) is None else int(i)),
            "worth_beats": ("int", lambda b: b.worth_beats),
            "gap": ("int", lambda b: largest_gap(needs.get(b.id, ()))),
            "clause": ("text", lambda b: b.clause),
        },
    )


def _station_columns(deployment: Deployment) -> list[Column]:
    return _columns(
        deployment.stations,
        {
            "id": ("text", lambda s: s.id),
            "name": ("text", lambda s: s.name),
            "assumed": ("int", lambda s: int(s.assumed)),
            "place_count": ("int", lambda s: s.places),
            "residents": ("int", lambda s: s.residents),
        },
    )


def _place_columns(deployment: Deployment) -> list[Column]:
    beat = beat_of_place(deployment)
    return _columns(
        deployment.places,
        {
            "code": ("text", lambda p: p.code),
            "name": ("text", lambda p: p.name),
            "station": ("text", lambda p: p.station),
            "beat": ("text", lambda p: beat.get(p.code)),
            "area": ("text", lambda p: p.area),
            "residents": ("int", lambda p: p.residents),
            "households": ("int", lambda p: p.households),
            "incidents": ("int", lambda p: p.incidents),
            "premises": ("int", lambda p: p.premises),
            "workload": ("real", lambda p: _rounded(p.workload)),
            "minutes_to_post": ("real", lambda p: _rounded(p.minutes_to_post)),
        },
    )


def _post_columns(deployment: Deployment) -> list[Column]:
    return _columns(
        deployment.posts,
        {
            "id": ("text", lambda p: p.id),
            "kind": ("text", lambda p: p.kind),
            "kind_zh": ("text", lambda p: word("post", p.kind).zh),
            "name": ("text", lambda p: p.name.zh),
            "name_en": ("text", lambda p: p.name.en),
            "place": ("text", lambda p: p.place),
            "existing": ("int", lambda p: int(p.existing)),
            "serves_count": ("int", lambda p: len(p.serves)),
            "clause": ("text", lambda p: p.clause),
        },
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)


def _points(rows: Sequence[Post] | Sequence[PlaceSummary]) -> list[object]:
    return list(shapely.points([(row.longitude, row.latitude) for row in rows])) if rows else []


def _write_layer(
    path: Path, layer: str, columns: Sequence[Column], geometry: Sequence[object], kind: str
) -> None:
    filled = [
        np.array([EMPTY[t] if v is None else v for v in values], dtype=DTYPES[t]) for _, t, values in columns
    ]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(geometry, dtype=object)),
        field_data=filled,
        fields=[name for name, _, _ in columns],
        field_mask=[np.array([v is None for v in values], dtype=bool) for _, _, values in columns],
        layer=layer,
        driver="GPKG",
        geometry_type=kind,
        promote_to_multi=kind == "MultiPolygon",
        crs="EPSG:4326",
    )


def _fix_dates(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE gpkg_contents SET last_change = ?", (FIXED_DAY,))
        file.commit()
        file.execute("VACUUM")
    # GDAL's count of transactions depends on the clock. Both copies of SQLite's change counter must agree.
    with path.open("r+b") as raw:
        for offset in CHANGE_COUNTERS:
            raw.seek(offset)
            raw.write(b"\x00\x00\x00\x01")
