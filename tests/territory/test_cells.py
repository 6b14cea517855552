"""Cells cover the ground once, each around its own point."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from linli.territory.cells import dissolve, voronoi_cells

GROUND = shapely.Polygon([(0, 0), (10_000, 0), (10_000, 4_000), (4_000, 4_000), (4_000, 10_000), (0, 10_000)])
coordinates = st.integers(-2_000, 12_000)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=30), st.sampled_from([GROUND, None])
)
def test_cells_cover_the_ground_once_whatever_the_points(
    points: list[tuple[int, int]], frame: BaseGeometry | None
) -> None:
    x, y = np.array(points, dtype=np.float64).T
    cells = voronoi_cells(x, y, frame)
    assert len(cells) == len(points)
    assert not shapely.is_empty(cells).any()
    assert set(shapely.get_type_id(cells).tolist()) <= {3, 6}
    union = shapely.union_all(cells, grid_size=0.01)
    assert abs(shapely.area(cells).sum() - union.area) <= 0.01 * union.length + 1
    if frame is not None:
        assert union.buffer(1).covers(frame)
    for cell, point in zip(cells, points, strict=True):
        # Points at one place are moved apart by metres.
        assert shapely.distance(cell, shapely.Point(*point)) < 12


def test_no_points_have_no_cells() -> None:
    assert len(voronoi_cells(np.empty(0), np.empty(0), GROUND)) == 0


def test_beats_are_dissolved_into_one_outline_each() -> None:
    cells = voronoi_cells(np.array([100.0, 900.0, 5_000.0]), np.array([100.0, 100.0, 100.0]), GROUND)
    outlines = dissolve(cells, np.array([1, 1, 0]))
    assert len(outlines) == 2
    assert shapely.get_type_id(outlines).tolist() == [3, 3]
    assert (
        outlines[1].area == shapely.area(cells[:2]).sum()
        or abs(outlines[1].area - shapely.area(cells[:2]).sum()) < 100
    )


def test_a_hundred_points_at_one_place_each_have_a_cell() -> None:
    cells = voronoi_cells(np.full(100, 50.0), np.full(100, 50.0), GROUND)
    assert (shapely.area(cells) > 0).all()
