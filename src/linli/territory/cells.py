"""Outlines for units that are given as points, so that maps have areas to show.

A unit's cell is the part of the territory that lies nearer to it than to any other unit (Voronoi),
cut at the territory's boundary, or at a hull around the units where none is given. Cells are drawn;
nothing is counted with them.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from linli.territory.units import Units

__all__ = ["dissolve", "unit_outlines", "voronoi_cells"]

APART = 1.0
"""Metres by which units at one position are moved apart, so that each has a cell."""

OUTSIDE = 300.0
"""Radius in metres of the ground that a unit outside the boundary is given around it."""

GRID = 0.01
"""Metres; cells are joined on this grid, as neighbours' corners may differ by a rounding error."""


def unit_outlines(units: Units, boundary: BaseGeometry | None) -> NDArray[Any]:
    """An outline in WGS 84 degrees for each unit: its own, else its cell.

    Parameters
    ----------
    boundary : geometry, optional
        The territory's outline in degrees, at which cells are cut.
    """
    if units.geometry is not None:
        return units.geometry
    frame = None if boundary is None else units.plane.geometries_to_metres(boundary)
    cells: NDArray[Any] = units.plane.geometries_to_degrees(voronoi_cells(units.x, units.y, frame))
    return cells


def voronoi_cells(x: NDArray[np.float64], y: NDArray[np.float64], frame: BaseGeometry | None) -> NDArray[Any]:
    """Voronoi cells in metres, one for each point, none empty.

    100,000 points take about 10 s. A cell that the frame cuts into several pieces has them all.
    """
    if len(x) == 0:
        return np.empty(0, dtype=object)
    points = _moved_apart(np.column_stack([x, y]))
    ground = _ground(points, frame)
    if len(points) == 1:
        return np.array([ground], dtype=object)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=ground, ordered=True)
    )
    shapely.prepare(ground)
    cut = ~shapely.contains_properly(ground, cells)
    cells[cut] = _surface(shapely.intersection(cells[cut], ground))
    return cells


def dissolve(outlines: NDArray[Any], group: NDArray[np.int32] | NDArray[np.int64]) -> NDArray[Any]:
    """The outlines of each group joined into one; ``group`` numbers them from 0 without gaps.

    Parameters
    ----------
    outlines : array
        Outlines in metres that do not overlap.
    """
    order = np.argsort(group, kind="stable")
    collections = np.asarray(
        shapely.geometrycollections(outlines[order], indices=np.asarray(group)[order]), dtype=object
    )
    joined = shapely.union_all(collections.reshape(-1, 1), grid_size=GRID, axis=1)
    return np.asarray(joined, dtype=object)


def _moved_apart(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points with those at one position set around it on a growing spiral."""
    _, inverse, counts = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    if (counts == 1).all():
        return points
    order = np.argsort(inverse, kind="stable")
    starts = np.cumsum(counts) - counts
    rank = np.empty(len(points), dtype=np.int64)
    rank[order] = np.arange(len(points)) - np.repeat(starts, counts)
    # The golden angle keeps any number of points on the spiral apart.
    angle, radius = rank * 2.399963229728653, APART * np.sqrt(rank)
    moved: NDArray[np.float64] = points + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return moved


def _ground(points: NDArray[np.float64], frame: BaseGeometry | None) -> BaseGeometry:
    """The frame with some ground around each point outside it; else a hull with a margin."""
    if frame is None:
        hull = shapely.MultiPoint(points).convex_hull
        extent = float(np.ptp(points, axis=0).max())
        margin = max(extent / max(np.sqrt(len(points)), 1.0) / 2, OUTSIDE)
        return hull.buffer(margin)
    shapely.prepare(frame)
    outside = ~shapely.contains_xy(frame, points[:, 0], points[:, 1])
    discs: list[BaseGeometry] = [shapely.Point(*point).buffer(OUTSIDE) for point in points[outside]]
    return shapely.union_all([frame, *discs])


def _surface(shapes: NDArray[Any]) -> NDArray[Any]:
    """The polygons of shapes: a cell that only touches the frame's edge leaves points and lines there."""
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == 7)
    for index in mixed:
        parts = shapely.get_parts(shapes[index])
        shapes[index] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return shapes
