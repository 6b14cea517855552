"""Which units are neighbours: by shared border, by a table of pairs, or by a Gabriel graph of points.

No pair crosses a station boundary, as no beat does.

Borders: two polygons are neighbours if they share a border of at least ``SHORTEST_BORDER`` metres;
a corner is not enough. Outlines that were digitised apart do not meet exactly, so that they are snapped
to a grid of ``GRID`` metres first. Where a station's area does not hang together even so, its outlines may
have been digitised with hairline gaps: there, pairs that run along each other within ``GAP`` metres count
too, and how many such pairs there are is said.

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
    "GAP",
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

BAND = 2 * GRID
"""Metres within which borders that were digitised apart still run together."""

LONGEST_CORNER = 16 * GRID + SHORTEST_BORDER
"""Metres of border inside the band that two outlines may have which only meet at a corner."""


GAP = 25.0
"""Metres of a gap between outlines that are taken to be neighbours where the area falls apart otherwise."""

SHORTEST_RUN = 3 * GAP
"""Metres along which two outlines must run within the gap: more than two that only meet at a corner do."""


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """Pairs of unit indices, the smaller first, sorted, none twice; and how they were found."""

    pairs: Pairs
    method: AdjacencyMethod
    over_gaps: int = 0
    """How many of the pairs are outlines that do not meet but run along each other over a hairline gap."""


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
        return _by_borders(polygons, station)
    order = np.argsort(station, kind="stable")
    areas = np.split(order, np.flatnonzero(np.diff(station[order])) + 1)
    found = [members[gabriel_pairs(x[members], y[members])] for members in areas]
    return Neighbours(pairs=_tidy(np.concatenate(found)), method="gabriel")


def _by_borders(polygons: NDArray[Any], station: NDArray[np.int32]) -> Neighbours:
    met = within_stations(border_pairs(polygons), station)
    close = _gap_pairs(polygons, station, met)
    return Neighbours(pairs=_tidy(np.concatenate([met, close])), method="borders", over_gaps=len(close))


def _gap_pairs(polygons: NDArray[Any], station: NDArray[np.int32], met: Pairs) -> Pairs:
    """Further pairs, over gaps, in stations' areas that do not hang together by shared borders."""
    part = components(met, len(polygons))
    parts = np.unique(np.column_stack([station, part]), axis=0)[:, 0]
    torn = np.flatnonzero(np.isin(station, np.flatnonzero(np.bincount(parts) > 1)))
    if not len(torn):
        return np.empty((0, 2), dtype=np.int32)
    outlines = polygons[torn]
    first, second = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=GAP)
    count = len(polygons)
    one, other = torn[first], torn[second]
    known = met[:, 0].astype(np.int64) * count + met[:, 1]
    new = (one < other) & (station[one] == station[other]) & ~np.isin(one * count + other, known)
    one, other = one[new], other[new]
    band = shapely.buffer(polygons[other], GAP)
    run = shapely.length(shapely.intersection(shapely.boundary(polygons[one]), band))
    return _tidy(np.column_stack([one, other])[run >= SHORTEST_RUN])


def border_pairs(polygons: NDArray[Any]) -> Pairs:
    """Pairs of polygons, in metres, that share a border of at least ``SHORTEST_BORDER``.

    Most borders are the same corners in both outlines and are found by sorting them; only pairs that
    lie close but share none are measured.
    """
    outlines = shapely.set_precision(polygons, GRID)
    certain = _same_sides(outlines)
    near = _close_boxes(outlines, certain)
    first, second = near[:, 0], near[:, 1]
    exact = shapely.length(shapely.intersection(shapely.boundary(outlines[first]), outlines[second]))
    band = shapely.buffer(outlines[second], BAND)
    close = shapely.length(shapely.intersection(shapely.boundary(outlines[first]), band))
    overlap = shapely.area(shapely.intersection(outlines[first], outlines[second]))
    kept = (exact >= SHORTEST_BORDER) | (close >= LONGEST_CORNER) | (overlap > GRID * GRID)
    return _tidy(np.concatenate([certain, near[kept]]))


def _same_sides(outlines: NDArray[Any]) -> Pairs:
    """Pairs that have sides in common, corner for corner, of ``SHORTEST_BORDER`` in all."""
    rings, polygon = shapely.get_rings(outlines, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.round(points / GRID).astype(np.int64)
    steps -= steps.min(axis=0, initial=0)
    corner = steps[:, 0] * (steps[:, 1].max(initial=0) + 1) + steps[:, 1]
    side = np.flatnonzero(ring[1:] == ring[:-1])
    low = np.minimum(corner[side], corner[side + 1])
    high = np.maximum(corner[side], corner[side + 1])
    owner, length = polygon[ring[side]], np.hypot(*(points[side + 1] - points[side]).T)
    order = np.lexsort((owner, high, low))
    low, high, owner, length = low[order], high[order], owner[order], length[order]
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (owner[1:] != owner[:-1])
    pairs = np.column_stack([owner[:-1][same], owner[1:][same]])
    if not len(pairs):
        return _tidy(pairs)
    distinct, inverse = np.unique(pairs, axis=0, return_inverse=True)
    shared = np.bincount(inverse.ravel(), length[1:][same])
    return _tidy(distinct[shared >= SHORTEST_BORDER])


def _close_boxes(outlines: NDArray[Any], known: Pairs) -> Pairs:
    """Pairs not known yet that lie within the grid of each other, along more than a corner."""
    boxes = shapely.bounds(outlines)
    tree = shapely.STRtree(outlines)
    first, second = tree.query(shapely.box(*(boxes + np.array([-BAND, -BAND, BAND, BAND])).T))
    ahead = first < second
    first, second = first[ahead], second[ahead]
    extent = np.minimum(boxes[first, 2:], boxes[second, 2:]) - np.maximum(boxes[first, :2], boxes[second, :2])
    # Where boxes meet at a corner, no border is longer than the corner.
    along = (extent + 2 * BAND).max(axis=1) > LONGEST_CORNER / 2
    count = len(outlines)
    new = along & ~np.isin(first * count + second, known[:, 0].astype(np.int64) * count + known[:, 1])
    first, second = first[new], second[new]
    touching = shapely.dwithin(outlines[first], outlines[second], GRID)
    return np.column_stack([first[touching], second[touching]]).astype(np.int32)


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
