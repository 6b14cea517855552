"""Made-up counts add up exactly, positions lie inside the outline, and a seed gives the same again."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.seeds import Seed, generator
from linli.territory.synthesis import lattice, portions, skewed_counts, spread_units

BENT = shapely.Polygon([(0, 0), (9_000, 0), (9_000, 2_000), (2_000, 2_000), (2_000, 9_000), (0, 9_000)])


@given(st.integers(0, 10**7), st.lists(st.floats(0.01, 100), min_size=1, max_size=50))
def test_portions_add_up_and_differ_from_the_exact_share_by_under_one(
    total: int, weights: list[float]
) -> None:
    shares = portions(total, np.array(weights))
    assert shares.sum() == total
    exact = np.array(weights) / sum(weights) * total
    assert (np.abs(shares - exact) < 1 + 1e-6 * total).all()


def test_nobody_is_shared_among_nobody() -> None:
    assert len(portions(0, np.empty(0))) == 0


def test_counts_are_skewed_and_add_up() -> None:
    counts = skewed_counts(345_093, 94, generator(Seed(1), "test"))
    assert counts.sum() == 345_093
    assert counts.min() > 0
    assert np.mean(counts) > np.median(counts)


@pytest.mark.parametrize("sizes", [[5, 12, 3], [1], [4, 0, 4], [0]])
def test_units_lie_inside_the_outline_in_groups_of_the_given_sizes(sizes: list[int]) -> None:
    spread = spread_units(BENT, sizes, generator(Seed(1), "test"))
    assert len(spread.x) == sum(sizes)
    assert shapely.contains_xy(BENT, spread.x, spread.y).all()
    assert len(spread.middle) == len(sizes)


def test_each_group_is_compact_and_its_first_unit_nearest_to_its_middle() -> None:
    sizes = [10, 10, 10]
    spread = spread_units(shapely.box(0, 0, 30_000, 10_000), sizes, generator(Seed(2), "test"))
    points = np.column_stack([spread.x, spread.y])
    for group in range(3):
        distance = np.hypot(*(points[10 * group : 10 * group + 10] - spread.middle[group]).T)
        assert (np.diff(distance) >= -1e-9).all()
        assert distance.max() < 9_000


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    a, b, c = (spread_units(BENT, [4, 4], generator(Seed(s), "test")).x.tolist() for s in (1, 1, 2))
    assert a == b
    assert a != c


def test_a_lattice_has_compact_groups_of_any_number() -> None:
    spread = lattice(7, 9, 1_000.0, generator(Seed(1), "test"))
    assert len(spread.x) == 63
    points = np.column_stack([spread.x, spread.y]).reshape(7, 9, 2)
    for group in range(7):
        assert np.hypot(*(points[group] - spread.middle[group]).T).max() < 3_000
