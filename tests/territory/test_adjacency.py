"""Neighbours join what touches, keep each station's area whole, and never cross its border."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.territory.adjacency import (
    border_pairs,
    components,
    gabriel_pairs,
    neighbour_pairs,
    within_stations,
)

positions = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=60)


def pairs(*rows: tuple[int, int]) -> np.ndarray:
    return np.array(rows, dtype=np.int32).reshape(-1, 2)


def test_squares_of_a_board_are_neighbours_by_side_and_not_by_corner() -> None:
    board = np.array([shapely.box(x, y, x + 100, y + 100) for y in (0, 100) for x in (0, 100)], dtype=object)
    assert border_pairs(board).tolist() == [[0, 1], [0, 2], [1, 3], [2, 3]]


def test_borders_digitised_apart_by_a_hand_still_count() -> None:
    board = np.array([shapely.box(0, 0, 100, 100), shapely.box(100.3, 0, 200, 100)], dtype=object)
    assert border_pairs(board).tolist() == [[0, 1]]


def test_a_corner_that_was_digitised_apart_does_not() -> None:
    board = np.array([shapely.box(0, 0, 100, 100), shapely.box(100.3, 100.3, 200, 200)], dtype=object)
    assert border_pairs(board).tolist() == []


def test_outlines_that_overlap_are_neighbours() -> None:
    board = np.array([shapely.box(0, 0, 100, 100), shapely.box(50, 50, 200, 200)], dtype=object)
    assert border_pairs(board).tolist() == [[0, 1]]


def mosaic(gap: float, side: float = 400.0) -> np.ndarray:
    """Three by three squares with a gap between them."""
    step = side + gap
    corners = [(column * step, row * step) for row in range(3) for column in range(3)]
    return np.array([shapely.box(x, y, x + side, y + side) for x, y in corners], dtype=object)


# Mend 13
@pytest.mark.any_database
@pytest.mark.parametrize(("gap", "over_gaps"), [(0.0, 0), (0.3, 0), (10.0, 12), (20.0, 12), (60.0, 0)])
def test_villages_digitised_with_hairline_gaps_are_neighbours_by_side_alone(
    gap: float, over_gaps: int
) -> None:
    """Every village was an island where outlines lay 10 to 20 m apart."""
    outlines = mosaic(gap)
    middle = shapely.get_coordinates(shapely.centroid(outlines))
    found = neighbour_pairs(*middle.T, station=np.zeros(9, np.int32), polygons=outlines)
    assert found.method == "borders"
    assert found.over_gaps == over_gaps
    expected = 12 if gap < 25 else 0
    assert len(found.pairs) == expected


# Mend 13
@pytest.mark.any_database
def test_gaps_do_not_join_stations_nor_touch_an_area_that_hangs_together() -> None:
    outlines = mosaic(15.0)
    middle = shapely.get_coordinates(shapely.centroid(outlines))
    station = np.repeat(np.arange(3, dtype=np.int32), 3)
    found = neighbour_pairs(*middle.T, station=station, polygons=outlines)
    assert found.pairs.tolist() == [[0, 1], [1, 2], [3, 4], [4, 5], [6, 7], [7, 8]]
    # A ring whose ends lie 15 m apart hangs together already: the gap between them stays a gap.
    ring = np.array(
        [shapely.box(0, 0, 200, 100), shapely.box(0, 100, 92, 400), shapely.box(107, 100, 200, 400)],
        dtype=object,
    )
    middle = shapely.get_coordinates(shapely.centroid(ring))
    found = neighbour_pairs(*middle.T, station=np.zeros(3, np.int32), polygons=ring)
    assert found.pairs.tolist() == [[0, 1], [0, 2]]
    assert found.over_gaps == 0


def test_an_island_has_no_neighbours() -> None:
    board = np.array([shapely.box(0, 0, 1, 1), shapely.box(50, 0, 60, 9)], dtype=object)
    assert border_pairs(board).tolist() == []


def test_a_third_point_within_the_circle_parts_two() -> None:
    x, y = np.array([0.0, 10.0, 5.0]), np.array([0.0, 0.0, 1.0])
    assert gabriel_pairs(x, y).tolist() == [[0, 2], [1, 2]]


@given(positions)
def test_a_gabriel_graph_is_connected_whatever_the_points(points: list[tuple[int, int]]) -> None:
    x, y = np.array(points, dtype=np.float64).T
    found = gabriel_pairs(x, y)
    assert len(set(components(found, len(points)))) == 1


@given(positions)
def test_a_gabriel_graph_holds_the_pairs_that_its_definition_asks_for(points: list[tuple[int, int]]) -> None:
    distinct = sorted(set(points))
    at = np.array(distinct, dtype=np.float64)
    found = {tuple(pair) for pair in gabriel_pairs(at[:, 0], at[:, 1]).tolist()}
    for i in range(len(at)):
        for j in range(i + 1, len(at)):
            middle, radius = (at[i] + at[j]) / 2, np.sum((at[i] - at[j]) ** 2) / 4
            square = np.sum((at - middle) ** 2, axis=1)
            others = np.delete(square, [i, j])
            if (others < radius * (1 - 1e-6)).any():
                assert (i, j) not in found
            elif (others > radius * (1 + 1e-6)).all():
                assert (i, j) in found


def test_points_on_one_line_are_a_chain() -> None:
    x = np.array([3.0, 1.0, 2.0, 0.0])
    assert gabriel_pairs(x, 2 * x).tolist() == [[0, 2], [1, 2], [1, 3]]


def test_points_at_one_place_are_joined_and_stand_for_each_other() -> None:
    x, y = np.array([0.0, 0.0, 0.0, 5.0]), np.zeros(4)
    assert gabriel_pairs(x, y).tolist() == [[0, 1], [0, 3], [1, 2]]


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_points_have_no_pairs(count: int) -> None:
    nothing = np.zeros(count)
    assert gabriel_pairs(nothing, nothing).shape == (0, 2)
    found = neighbour_pairs(nothing, nothing, station=np.zeros(count, dtype=np.int32))
    assert found.pairs.shape == (0, 2)


@settings(max_examples=50)
@given(positions, st.integers(1, 4), st.randoms(use_true_random=False))
def test_each_station_is_one_part_and_no_pair_leaves_it(
    points: list[tuple[int, int]], stations: int, random: object
) -> None:
    x, y = np.array(points, dtype=np.float64).T
    station = np.array([random.randrange(stations) for _ in points], dtype=np.int32)  # type: ignore[attr-defined]
    found = neighbour_pairs(x, y, station=station)
    assert found.method == "gabriel"
    assert (station[found.pairs[:, 0]] == station[found.pairs[:, 1]]).all()
    assert (found.pairs[:, 0] < found.pairs[:, 1]).all()
    assert len(np.unique(found.pairs, axis=0)) == len(found.pairs)
    assert len(set(components(found.pairs, len(points)))) == len(set(station.tolist()))


def test_a_table_wins_over_outlines_and_is_tidied() -> None:
    board = np.array(
        [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(9, 9, 10, 10)], dtype=object
    )
    table = pairs((2, 0), (0, 2), (1, 1), (1, 2))
    station = np.array([0, 1, 0], dtype=np.int32)
    found = neighbour_pairs(np.zeros(3), np.zeros(3), station=station, polygons=board, table=table)
    assert found.method == "table"
    assert found.pairs.tolist() == [[0, 2]]


def test_outlines_are_used_only_if_every_unit_has_one() -> None:
    station = np.zeros(2, dtype=np.int32)
    x, y = np.array([0.0, 5.0]), np.zeros(2)
    whole = np.array([shapely.box(0, 0, 1, 1), shapely.box(4, 0, 5, 1)], dtype=object)
    assert neighbour_pairs(x, y, station=station, polygons=whole).method == "borders"
    whole[1] = None
    assert neighbour_pairs(x, y, station=station, polygons=whole).method == "gabriel"


def test_pairs_within_stations_are_kept() -> None:
    assert within_stations(pairs((0, 1), (1, 2)), np.array([0, 0, 1], dtype=np.int32)).tolist() == [[0, 1]]
