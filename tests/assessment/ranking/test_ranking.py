"""Places with their intervals, and a league in which "cannot tell" is a result."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.ranking.league import LeagueRow, Standing, league
from linli.assessment.ranking.rank_intervals import rank_intervals, rank_intervals_of_draws
from linli.assessment.scoring.shrinkage import GammaPrior

counts = st.lists(st.integers(0, 80), min_size=2, max_size=15)


def _rng() -> np.random.Generator:
    return np.random.default_rng(1)


@settings(max_examples=25, deadline=None)
@given(counts)
def test_places_lie_within_their_limits_and_the_league(seen: list[int]) -> None:
    places = rank_intervals(seen, np.ones(len(seen)), _rng(), draws=300)
    assert (places.low >= 1).all()
    assert (places.high <= len(seen)).all()
    assert (places.low <= places.high).all()
    assert places.expected.mean() == pytest.approx((len(seen) + 1) / 2)
    assert places.first.sum() == pytest.approx(min(3, len(seen)))


def test_equal_areas_cannot_be_told_apart() -> None:
    places = rank_intervals([4, 5, 3, 4, 6, 4], np.ones(6), _rng())
    rows = league(list("abcdef"), places)
    assert {row.standing for row in rows} == {Standing.CANNOT_TELL}
    assert all((row.low, row.high, row.told_from) == (1, 6, 0) for row in rows)


def test_an_area_far_above_the_others_stands_first_for_certain() -> None:
    rows = league(list("abcde"), rank_intervals([20, 21, 90, 19, 20], np.ones(5), _rng()))
    assert rows[0].area == "c"
    assert (rows[0].low, rows[0].high, rows[0].told_from) == (1, 1, 4)
    assert rows[0].standing is Standing.HIGHER
    assert rows[-1].standing is Standing.LOWER


def test_exposure_counts_and_not_the_number_alone() -> None:
    rows = league(["large", "small"], rank_intervals([100, 60], [1000.0, 100.0], _rng()))
    assert rows[0].area == "small"
    assert rows[1].rate == pytest.approx(0.1, rel=0.15)


def test_no_event_anywhere_tells_nothing() -> None:
    rows = league(["a", "b"], rank_intervals([0, 0], [1.0, 1.0], _rng()))
    assert {row.standing for row in rows} == {Standing.CANNOT_TELL}


def test_the_same_stream_gives_the_same_places() -> None:
    first, second = (rank_intervals([3, 9, 4], np.ones(3), _rng()) for _ in range(2))
    np.testing.assert_array_equal(first.expected, second.expected)
    given_prior = rank_intervals([3, 9, 4], np.ones(3), _rng(), prior=GammaPrior(2.0, 0.4))
    assert given_prior.rate[1] == pytest.approx(11 / 1.4, rel=0.05)


def test_intervals_hold_the_true_place_as_often_as_they_say() -> None:
    rng = np.random.default_rng(6)
    held = []
    for _ in range(60):
        true = rng.gamma(5.0, 4.0, 12)
        places = rank_intervals(rng.poisson(true), np.ones(12), rng, draws=500, level=0.9)
        place = (-true).argsort().argsort() + 1
        held.append((places.low <= place) & (place <= places.high))
    assert np.mean(held) > 0.86


def test_draws_of_any_figure_can_be_ranked() -> None:
    drawn = np.tile([3.0, 1.0, 2.0], (50, 1))
    rows = league(["a", "b", "c"], rank_intervals_of_draws(drawn, tail=1))
    assert [row.area for row in rows] == ["a", "c", "b"]
    assert rows[0] == LeagueRow("a", 1, 1, 1, 3.0, Standing.HIGHER, 2)


def test_what_cannot_be_ranked_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two areas"):
        rank_intervals([3], [1.0], _rng())
    with pytest.raises(ValueError, match="2 areas are named"):
        league(["a", "b"], rank_intervals([1, 2, 3], np.ones(3), _rng()))
