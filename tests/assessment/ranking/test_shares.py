"""Leagues of shares: drawn to the common level as far as their answers leave it open."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.ranking.league import Standing, league
from linli.assessment.ranking.rank_intervals import rank_intervals_of_shares
from linli.assessment.scoring.share_spread import beta_binomial_likelihood, share_spread

pytestmark = pytest.mark.any_database

# Rats with a tumour in 71 groups (Tarone 1982; Gelman et al. 2013, table 5.1).
TUMOURS = [0] * 14 + [1] * 8 + [2] * 9 + [1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10] + [4] * 7
TUMOURS += [10, 4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4]
RATS = [20] * 7 + [19] * 4 + [18] * 2 + [17] + [20] * 4 + [19] * 2 + [18] * 2 + [25, 24, 23] + [20] * 6
RATS += [10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50] + [20] * 7
RATS += [48, 19, 19, 19, 22, 46, 49, 20, 20, 23, 19, 22, 20, 20, 20, 52, 47, 46, 24, 14]


def _told_apart(
    above: np.ndarray, below: np.ndarray, rng: np.random.Generator, draws: int = 500
) -> list[str]:
    names = [str(place) for place in range(above.size)]
    rows = league(names, rank_intervals_of_shares(above, below, rng, draws=draws))
    return [row.area for row in rows if row.standing is not Standing.CANNOT_TELL]


# Mend 18
def test_where_nothing_differs_no_beat_of_185_is_told_from_the_others() -> None:
    rng = np.random.default_rng(18)
    told = [
        len(_told_apart(rng.binomial(30, 0.9, 185).astype(float), np.full(185, 30.0), rng)) for _ in range(12)
    ]
    assert sum(told) <= 1


# Mend 18
@pytest.mark.parametrize("areas", [3, 6, 12])
def test_few_areas_alike_are_told_apart_in_fewer_than_one_table_of_ten(areas: int) -> None:
    rng = np.random.default_rng(areas)
    tables = [_told_apart(rng.binomial(30, 0.8, areas) * 1.0, np.full(areas, 30.0), rng) for _ in range(60)]
    assert sum(map(bool, tables)) <= 6


# Mend 18
def test_an_area_that_truly_differs_is_told_from_the_others() -> None:
    rng = np.random.default_rng(5)
    below = np.full(60, 200.0)
    found = 0
    for _ in range(10):
        above = rng.binomial(200, 0.9, 60).astype(float)
        above[7] = rng.binomial(200, 0.7)
        found += "7" in _told_apart(above, below, rng)
    assert found >= 9


# Mend 18
def test_one_dominant_area_does_not_set_the_small_ones_apart() -> None:
    rng = np.random.default_rng(9)
    below = np.array([4000.0] + [30.0] * 11)
    told = [_told_apart(rng.binomial(below.astype(int), 0.85) * 1.0, below, rng) for _ in range(40)]
    assert sum(map(len, told)) <= 3


# Mend 18
def test_the_likelihood_gives_the_published_posterior_of_the_rats() -> None:
    log_odds, log_size = np.meshgrid(np.linspace(-2.5, -1.0, 121), np.linspace(1.0, 6.0, 201), indexing="ij")
    mean, size = 1.0 / (1.0 + np.exp(-log_odds)), np.exp(log_size)
    above, below = mean * size, (1.0 - mean) * size
    # Prior (a + b)^(−5/2), with the Jacobian of the two logarithms; E(a) = 2.4, E(b) = 14.3 in print.
    log = beta_binomial_likelihood(TUMOURS, RATS, mean, size) - 2.5 * np.log(size) + np.log(above * below)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    assert (weight * above).sum() == pytest.approx(2.4, abs=0.05)
    assert (weight * below).sum() == pytest.approx(14.3, abs=0.15)


# Mend 18
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=2, max_size=12))
def test_shares_are_drawn_towards_the_others_and_stay_shares(pairs: list[tuple[int, int]]) -> None:
    below = np.array([float(n) for _, n in pairs])
    above = np.minimum(np.array([float(count) for count, _ in pairs]), below)
    spread = share_spread(above, below)
    assert spread.chance.sum() == pytest.approx(1.0)
    drawn = spread.draw(above, below, np.random.default_rng(1), 200)
    assert ((drawn >= 0) & (drawn <= 1)).all()
    places = rank_intervals_of_shares(above, below, np.random.default_rng(1), draws=200)
    again = rank_intervals_of_shares(above[::-1], below[::-1], np.random.default_rng(2), draws=200)
    assert places.expected.mean() == pytest.approx(again.expected.mean())
    raw = above / below
    assert drawn.mean(0).max() - drawn.mean(0).min() <= raw.max() - raw.min() + 0.2


# Mend 18
@pytest.mark.parametrize(
    ("above", "below"), [([1.0], [2.0]), ([3.0, 1.0], [2.0, 2.0]), ([0.0, 0.0], [0.0, 1.0])]
)
def test_what_is_no_share_is_refused(above: list[float], below: list[float]) -> None:
    with pytest.raises(ValueError, match="n"):
        share_spread(above, below)
