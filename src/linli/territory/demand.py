"""Incidents counted for each unit: by the place a row names, else by position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from linli.kernel.identifiers import PlaceCode
from linli.territory.model import Incident
from linli.territory.projection import LocalPlane

__all__ = ["FARTHEST", "IncidentCounts", "count_incidents"]

FARTHEST = 500.0
"""Metres from the nearest outline beyond which a position belongs to no unit."""


@dataclass(frozen=True, kw_only=True)
class IncidentCounts:
    """Incidents by unit, and those that could not be given to one."""

    by_unit: NDArray[np.int64]
    unplaced: int


def count_incidents(
    incidents: Sequence[Incident],
    *,
    unit_of: Mapping[PlaceCode, int],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    polygons: NDArray[Any] | None,
    plane: LocalPlane,
) -> IncidentCounts:
    """Count incidents for each unit.

    A named place counts for the unit that it is or lies in (``unit_of``). A position counts for the
    unit whose outline covers it, on a border for the first of them; without outlines, for the nearest
    unit. A place above the units, and a position over ``FARTHEST`` from every outline, is unplaced.
    """
    totals = np.zeros(len(x), dtype=np.int64)
    unplaced = 0
    positions: list[Incident] = []
    for incident in incidents:
        if incident.place is None:
            positions.append(incident)
        elif incident.place in unit_of:
            totals[unit_of[incident.place]] += incident.count
        else:
            unplaced += incident.count
    if positions and len(x):
        unit = _units_at(positions, x, y, polygons, plane)
        counts = np.array([incident.count for incident in positions], dtype=np.int64)
        np.add.at(totals, unit[unit >= 0], counts[unit >= 0])
        unplaced += int(counts[unit < 0].sum())
    return IncidentCounts(by_unit=totals, unplaced=unplaced)


def _units_at(
    incidents: Sequence[Incident],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    polygons: NDArray[Any] | None,
    plane: LocalPlane,
) -> NDArray[np.int64]:
    lon = np.array([np.nan if i.longitude is None else i.longitude for i in incidents])
    lat = np.array([np.nan if i.latitude is None else i.latitude for i in incidents])
    px, py = plane.to_metres(lon, lat)
    if polygons is None:
        _, nearest = cKDTree(np.column_stack([x, y])).query(np.column_stack([px, py]))
        return np.asarray(nearest, dtype=np.int64)
    tree = shapely.STRtree(polygons)
    unit = np.full(len(px), -1, dtype=np.int64)
    points, covering = tree.query(shapely.points(px, py), predicate="intersects")
    # Filled backwards, so that of several units on a border the first stays.
    order = np.lexsort((-covering, points))
    unit[points[order]] = covering[order]
    outside = np.flatnonzero(unit < 0)
    if len(outside):
        near = tree.query_nearest(
            shapely.points(px[outside], py[outside]), max_distance=FARTHEST, all_matches=False
        )
        unit[outside[near[0]]] = near[1]
    return unit
