"""What the page's scripts read: tables by column, outlines as whole numbers, classes of the map.

Outlines are simplified to what a screen can show and written as differences between points on a
grid, so that a plan of 20,000 beats stays a file that a browser opens.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.texts import Language, Text, catalogue
from linli.planning.deployment import ClauseCheck, Deployment
from linli.report.figures import (
    STATUSES,
    beat_of_place,
    judged_checks,
    needs_by_beat,
    published_figures,
    word,
)
from linli.report.layers import MapLayer, map_layers, telling
from linli.report.shapes import Shapes
from linli.report.tables import Column, Table, Tables
from linli.territory.model import Role

__all__ = ["MOST_NEEDS", "MOST_PLACES", "encode_shapes", "page_payload", "page_words", "table_payload"]

MOST_PLACES = 5_000
"""Places that the page lists and draws; the workbook has all."""

MOST_NEEDS = 20_000
"""Staffing rows that the page carries with their formulas; the workbook has all."""

GRID = 30_000
"""Steps across the wider side of the map that outlines are rounded to."""

MOST_POINTS = 500_000
"""Points of all outlines together; above it they are simplified until they fit."""

ROLES = tuple(Role)
SCOPES = ("beat", "post", "place", "station", "territory")

MOST_NAMES = 120
"""Characters of a list of names in a page's table."""


def page_payload(deployment: Deployment, shapes: Shapes, *, language: Language) -> dict[str, Any]:
    """Everything that plan.html draws by script."""
    tables = Tables(deployment)
    layers = map_layers(deployment)
    shown = telling(layers)
    return {
        "language": language,
        "words": page_words(),
        "bounds": [round(b, 6) for b in _first_view(deployment, shapes)],
        "layers": [_layer(layer) for layer in shown],
        "absent": [_pair(layer.title) for layer in layers if layer not in shown],
        "tables": {
            "stations": table_payload(tables.stations),
            "beats": table_payload(tables.beats),
            "posts": table_payload(tables.posts),
            "roles": table_payload(tables.roles),
            "hiring": table_payload(tables.hiring),
            "places": table_payload(_farthest(tables.places), total=len(deployment.places)),
        },
        "outlines": encode_shapes(
            shapes, [b.id for b in deployment.beats], [s.id for s in deployment.stations]
        ),
        "beats": _beats(deployment),
        "posts": _posts(deployment),
        "places": _places(deployment),
        "roles": [_pair(word("role", role)) for role in Role],
        "scopes": [_pair(word("scope", scope)) for scope in SCOPES],
        "needs": _needs(deployment),
        "clauses": {c.clause: _clause(c.title, c.kind, c.status) for c in reversed(deployment.checks)},
        "statuses": _statuses(judged_checks(deployment)),
        "figures": _statuses(published_figures(deployment)),
    }


def _first_view(deployment: Deployment, shapes: Shapes) -> tuple[float, ...]:
    """The bounds of all that is inhabited; far rocks and open sea would make the rest too small to see."""
    inhabited = [shapes.places[p.code] for p in deployment.places if p.residents != 0]
    return tuple(map(float, shapely.total_bounds(inhabited))) if inhabited else shapes.bounds


def page_words() -> dict[str, dict[str, str]]:
    """The words that the pages' scripts speak, by key."""
    known = catalogue(__package__).templates
    return {k.removeprefix("page."): _pair(t) for k, t in sorted(known.items()) if k.startswith("page.")}


def _pair(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _layer(layer: MapLayer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": _pair(layer.title),
        "classes": [{"colour": c.colour, "label": _pair(c.label)} for c in layer.classes],
        "index": list(layer.index),
    }


def table_payload(table: Table, *, total: int | None = None) -> dict[str, Any]:
    """One table by column. Words are numbered; numbers are rounded to the digits that are shown."""
    return {
        "id": table.id,
        "title": _pair(table.title),
        "total": len(table.rows) if total is None else total,
        "length": len(table.rows),
        "columns": [
            _column(column, [row[i] for row in table.rows]) for i, column in enumerate(table.columns)
        ],
    }


def _column(column: Column, values: Sequence[Any]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "key": column.key,
        "header": _pair(column.header),
        "kind": column.kind,
        "basis": column.basis,
        "digits": column.digits,
    }
    if column.kind in ("word", "sentence"):
        numbered: dict[Text, int] = {}
        index = [-1 if v is None else numbered.setdefault(v, len(numbered)) for v in values]
        return about | {"texts": [_pair(t) for t in numbered], "values": index}
    return about | {"values": [_plain(v, column) for v in values]}


def _plain(value: Any, column: Column) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if column.kind == "real" and value is not None:
        return round(float(value), column.digits)
    if isinstance(value, str) and len(value) > MOST_NAMES:
        return value[:MOST_NAMES] + "…"
    return value


def _farthest(table: Table) -> Table:
    """The places farthest from a post, and those that no post serves, when there are too many to list."""
    if len(table.rows) <= MOST_PLACES:
        return table
    minutes = len(table.columns) - 1
    order = sorted(
        range(len(table.rows)),
        key=lambda i: -(math.inf if (m := table.rows[i][minutes]) is None else float(m)),  # type: ignore[arg-type]
    )
    kept = sorted(order[:MOST_PLACES])
    return Table(
        id=table.id, title=table.title, columns=table.columns, rows=tuple(table.rows[i] for i in kept)
    )


def encode_shapes(shapes: Shapes, beats: Sequence[str], stations: Sequence[str]) -> dict[str, Any]:
    """Outlines on a grid: ``origin`` and ``step`` in degrees, rings as differences of grid points."""
    west, south, east, north = shapes.bounds
    step = max(east - west, north - south, 1e-6) / GRID
    drawn = _simplified([shapes.beats[b] for b in beats], step)  # type: ignore[index]
    outer = _simplified([shapes.stations[s] for s in stations], step)  # type: ignore[index]
    return {
        "origin": [west, south],
        "step": step,
        "beats": [_rings(g, west, south, step) for g in drawn],
        "stations": [_rings(g, west, south, step) for g in outer],
    }


def _simplified(geometry: Sequence[BaseGeometry], step: float) -> Sequence[BaseGeometry]:
    """Outlines with at most ``MOST_POINTS`` points; shared borders stay shared (coverage simplification)."""
    found = np.array(geometry, dtype=object)
    tolerance = 2 * step
    while len(found) and shapely.get_num_coordinates(found).sum() > MOST_POINTS:
        found = shapely.coverage_simplify(found, tolerance)
        tolerance *= 4
        if tolerance > step * GRID:
            break
    return list(found)


def _rings(geometry: BaseGeometry, west: float, south: float, step: float) -> list[list[list[int]]]:
    polygons = [
        p for p in getattr(geometry, "geoms", [geometry]) if p.geom_type == "Polygon" and not p.is_empty
    ]
    return [
        [ring for r in (p.exterior, *p.interiors) if (ring := _differences(r.coords, west, south, step))]
        for p in polygons
    ]


def _differences(coordinates: Iterable[Any], west: float, south: float, step: float) -> list[int]:
    grid = np.rint((np.asarray(coordinates)[:-1, :2] - (west, south)) / step).astype(np.int64)
    moved = np.ones(len(grid), dtype=bool)
    moved[1:] = (np.diff(grid, axis=0) != 0).any(axis=1)
    grid = grid[moved]
    if len(grid) < 3:
        return []
    flat: list[int] = np.diff(grid, axis=0, prepend=[[0, 0]]).ravel().tolist()
    return flat


def _beats(deployment: Deployment) -> dict[str, Any]:
    posts = {p.id: i for i, p in enumerate(deployment.posts)}
    stations = {s.id: i for i, s in enumerate(deployment.stations)}
    names = {p.code: p.name for p in deployment.places}
    return {
        "station": [stations.get(b.station, -1) for b in deployment.beats],
        "centre": [names.get(b.centre, b.centre) for b in deployment.beats],
        "posts": [[posts[p] for p in b.posts if p in posts] for b in deployment.beats],
    }


def _posts(deployment: Deployment) -> dict[str, Any]:
    return {
        "kind": [p.kind for p in deployment.posts],
        "existing": [int(p.existing) for p in deployment.posts],
        "name": [p.name.zh for p in deployment.posts],
        "position": [[round(p.longitude, 5), round(p.latitude, 5)] for p in deployment.posts],
    }


def _places(deployment: Deployment) -> dict[str, Any]:
    if len(deployment.places) > MOST_PLACES:
        return {"name": [], "position": [], "beat": []}
    number = {b.id: i for i, b in enumerate(deployment.beats)}
    beat = beat_of_place(deployment)
    return {
        "name": [p.name for p in deployment.places],
        "position": [[round(p.longitude, 5), round(p.latitude, 5)] for p in deployment.places],
        "beat": [number[beat[p.code]] if p.code in beat else -1 for p in deployment.places],
    }


def _needs(deployment: Deployment) -> list[list[Any]]:
    """Needs of each beat: numbers of the beat, role and scope, the counts, the formula where it fits.

    A row is beat, clause, role, scope, required, on hand, gap, formula.
    """
    number = {b.id: i for i, b in enumerate(deployment.beats)}
    with_formula = len(deployment.staffing) <= MOST_NEEDS
    rows: list[list[Any]] = []
    for beat, needs in needs_by_beat(deployment).items():
        if beat not in number:
            continue
        merged: dict[tuple[str, str, str], list[Any]] = {}
        for need in needs:
            formula = _pair(need.formula) if with_formula else None
            row = merged.get((need.clause, need.role, need.scope))
            if row is None:
                fresh = [number[beat], need.clause, ROLES.index(need.role), SCOPES.index(need.scope)]
                merged[need.clause, need.role, need.scope] = [
                    *fresh,
                    need.required,
                    need.have,
                    need.gap,
                    formula,
                ]
                continue
            row[4] += need.required
            row[5] = None if row[5] is None or need.have is None else row[5] + need.have
            row[6] = None if row[6] is None or need.gap is None else row[6] + need.gap
            row[7] = None if row[7] != formula else formula
        rows.extend(merged.values())
    return rows


def _clause(title: Text, kind: str, status: str) -> dict[str, Any]:
    return {"title": _pair(title), "kind": _pair(word("kind", kind)), "status": status}


def _statuses(checks: Iterable[ClauseCheck]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for check in checks:
        counts[check.status] = counts.get(check.status, 0) + 1
    order = sorted(STATUSES, key=lambda status: status != "met")
    return [{"id": s, "label": _pair(word("status", s)), "count": counts[s]} for s in order if s in counts]
