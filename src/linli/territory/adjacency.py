"""Which units are neighbours: by shared border, by a table of pairs, or by a Gabriel graph of points.

No pair crosses a station boundary, as no beat does.

Borders: two polygons are neighbours if they share a border of at least ``SHORTEST_BORDER`` metres;
a corner is not enough. Outlines that were digitised apart do not meet exactly, so that they are snapped
to a grid of ``GRID`` metres first.

Gabriel graph (Gabriel & Sokal 1969, "A new statistical approach to geographic variation analysis",
Systematic Zoology 18): two points are neighbours if no third lies inside the circle that has them as
its diameter. It is part of the Delaunay triangulation and holds the minimum spanning tree (Matula &
Sokal 1980, Geographical Analysis 12), so that each station's units are connected. It is built for
each station by itself: a pair that a place of another station would hide is then still a pair, and a
station whose units lie around another's stays whole.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, QhullError, cKDTree

__all__ = [
    "GRID",
    "SHORTEST_BORDER",
    "AdjacencyMethod",
    "Neighbours",
    "border_pairs",
    "components",
    "gabriel_pairs",
    "neighbour_pairs",
    "within_stations",
]

AdjacencyMethod = Literal["borders", "table", "gabriel"]
Pairs = NDArray[np.int32]

SHORTEST_BORDER = 1.0
"""Metres."""

GRID = 0.5
"""Metres; also the most by which two outlines of one border may differ at a vertex."""


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """Pairs of unit indices, the smaller first, sorted, none twice; and how they were found."""

    pairs: Pairs
    method: AdjacencyMethod


def neighbour_pairs(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    station: NDArray[np.int32],
    polygons: NDArray[Any] | None = None,
    table: Pairs | None = None,
) -> Neighbours:
    """The neighbours of units, from the best evidence given: a table, else borders, else positions.

    Parameters
    ----------
    x, y : array
        Positions in metres on a plane.
    station : array
        Index of each unit's station.
    polygons : array, optional
        Outlines in metres on the same plane; used only if every unit has one.
    table : array, optional
        Pairs of unit indices as the territory states them; it wins over the rest, being stated.
    """
    if table is not None:
        return Neighbours(pairs=within_stations(_tidy(table), station), method="table")
    if polygons is not None and len(polygons) and not shapely.is_missing(polygons).any():
        return Neighbours(pairs=within_stations(border_pairs(polygons), station), method="borders")
    order = np.argsort(station, kind="stable")
    areas = np.split(order, np.flatnonzero(np.diff(station[order])) + 1)
    found = [members[gabriel_pairs(x[members], y[members])] for members in areas]
    return Neighbours(pairs=_tidy(np.concatenate(found)), method="gabriel")


def border_pairs(polygons: NDArray[Any]) -> Pairs:
    """Pairs of polygons, in metres, that share a border of at least ``SHORTEST_BORDER``."""
    outlines = shapely.set_precision(polygons, GRID)
    tree = shapely.STRtree(outlines)
    near = tree.query(outlines, predicate="dwithin", distance=GRID)
    first, second = near[:, near[0] < near[1]]
    # A border moved by less than the grid still runs within it: measure its length inside a thin band.
    exact = shapely.length(shapely.intersection(shapely.boundary(outlines[first]), outlines[second]))
    unsure = exact < SHORTEST_BORDER
    band = shapely.buffer(outlines[second[unsure]], 2 * GRID)
    close = shapely.length(shapely.intersection(shapely.boundary(outlines[first[unsure]]), band))
    shared = exact.copy()
    # Where two outlines only meet at a corner, up to about 8 grid steps of border lie inside the band.
    shared[unsure] = np.where(close > 16 * GRID + SHORTEST_BORDER, close, 0.0)
    overlapping = shapely.area(shapely.intersection(outlines[first], outlines[second])) > GRID * GRID
    kept = (shared >= SHORTEST_BORDER) | overlapping
    return _tidy(np.column_stack([first[kept], second[kept]]))


def gabriel_pairs(x: NDArray[np.float64], y: NDArray[np.float64]) -> Pairs:
    """Pairs of the Gabriel graph of points; points at one place are chained to each other.

    A chain and not a clique, as the first of them stands for all in the rest of the graph.
    """
    points = np.column_stack([x, y]).astype(np.float64)
    distinct, first, inverse = np.unique(points, axis=0, return_index=True, return_inverse=True)
    edges = _gabriel_of_distinct(distinct)
    return _tidy(np.concatenate([first[edges], _chains(inverse.ravel())]))


def _gabriel_of_distinct(points: NDArray[np.float64]) -> NDArray[np.int64]:
    edges = _delaunay_edges(points)
    if len(edges) == 0:
        return edges
    a, b = points[edges[:, 0]], points[edges[:, 1]]
    middle, radius_squared = (a + b) / 2, np.sum((a - b) ** 2, axis=1) / 4
    # The two ends lie on the circle; any point nearer to its middle lies inside.
    nearest, _ = cKDTree(points).query(middle, k=1)
    kept: NDArray[np.int64] = edges[nearest**2 >= radius_squared * (1 - 1e-9)]
    return kept


def _delaunay_edges(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Edges of the triangulation; along the line for points that all lie on one."""
    if len(points) < 2:
        return np.empty((0, 2), dtype=np.int64)
    centred = points - points.mean(axis=0)
    try:
        triangulation = Delaunay(centred)
    except (QhullError, ValueError):
        return _along_line(centred)
    # Qhull leaves out points that are too close to a facet; they are named in ``coplanar``.
    triangles = triangulation.simplices.astype(np.int64)
    left_out = triangulation.coplanar[:, [0, 2]].astype(np.int64)
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]], left_out])
    return np.unique(np.sort(sides, axis=1), axis=0)


def _along_line(points: NDArray[np.float64]) -> NDArray[np.int64]:
    direction = np.linalg.svd(points, full_matrices=False)[2][0]
    order = np.argsort(points @ direction, kind="stable")
    return np.sort(np.column_stack([order[:-1], order[1:]]), axis=1)


def _chains(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each member of a group with the next one of it."""
    order = np.argsort(group, kind="stable")
    same = group[order[:-1]] == group[order[1:]]
    return np.column_stack([order[:-1][same], order[1:][same]])


def within_stations(pairs: Pairs, station: NDArray[np.int32]) -> Pairs:
    """The pairs of which both ends belong to one station."""
    kept: Pairs = pairs[station[pairs[:, 0]] == station[pairs[:, 1]]]
    return kept


def components(pairs: Pairs, count: int) -> NDArray[np.int32]:
    """For each of ``count`` units the number of the connected part that it lies in."""
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


def _tidy(pairs: NDArray[Any]) -> Pairs:
    ordered = np.sort(np.asarray(pairs, dtype=np.int32).reshape(-1, 2), axis=1)
    ordered = ordered[ordered[:, 0] != ordered[:, 1]]
    return np.ascontiguousarray(np.unique(ordered, axis=0))
