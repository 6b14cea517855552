"""Funnels of shares, and the bounds that keep every funnel to its promise among few or very unequal areas."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from linli.assessment.scoring.borrowing import borrow
from linli.assessment.scoring.funnels import Flag, PredictiveFunnel
from linli.assessment.scoring.share_funnels import ShareFunnel

pytestmark = pytest.mark.any_database


# Mend 18
def test_a_share_far_from_the_others_is_flagged_and_one_that_chance_gives_is_not() -> None:
    n = np.full(20, 200.0)
    above = np.full(20, 180.0)
    above[3], above[4] = 120.0, 174.0
    flags = ShareFunnel.among_areas(above, n).flags(above)
    assert flags[3] == Flag.LOW
    assert flags[4] in (Flag.ORDINARY, Flag.CANNOT_TELL)
    assert (np.delete(flags, 3) != Flag.HIGH).all()


# Mend 18
def test_thirty_answers_cannot_tell_at_three_standard_errors() -> None:
    above = np.full(40, 27.0)
    assert set(ShareFunnel.among_areas(above, np.full(40, 30.0)).flags(above).tolist()) == {Flag.CANNOT_TELL}


# Mend 18
@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=8, max_size=14), st.floats(0.8, 0.998))
def test_limits_of_shares_are_the_last_numbers_not_flagged(seen: list[int], level: float) -> None:
    funnel = ShareFunnel.among_areas(np.array(seen, dtype=float), np.full(len(seen), 60.0))
    limits = funnel.limits(level=level)
    assert not funnel.departures(limits.low, level=level).any()
    assert not funnel.departures(limits.high, level=level).any()
    beyond = np.minimum(limits.high + 1, 60)
    expected = np.where(funnel.known & (limits.high < 60), 1, 0)
    np.testing.assert_array_equal(funnel.departures(beyond, level=level), expected)


# Mend 18
def test_without_scatter_the_limits_are_near_the_binomials() -> None:
    above, n = np.tile([45.0, 54.0, 46.0, 53.0, 50.0], 60), np.full(300, 100.0)
    limits = ShareFunnel.among_areas(above, n).limits(level=0.95)
    low, high = stats.binom(100, float((above / n).mean())).ppf([0.025, 0.975])
    assert limits.low[0] == pytest.approx(low, abs=1)
    assert limits.high[0] == pytest.approx(high, abs=1)


def _flagged(
    areas: int, dominant: float, differ: float, scatter: float, counties: int
) -> tuple[float, float]:
    """Flags of a borrowing and of an among-areas funnel ÷ promised where nothing changed (synthetic)."""
    rng = np.random.default_rng(areas)
    sizes = np.ones(areas)
    sizes[0] = max(1.0, dominant / (1.0 - dominant) * (areas - 1))
    mean = 4.0 * sizes[:, None] * np.exp(differ * rng.standard_normal((counties, areas, 1))) * np.ones(24)
    if scatter > 0:
        mean = mean * rng.gamma(1.0 / scatter, scatter, mean.shape)
    counts = rng.poisson(mean)
    past, now = counts[..., :12], counts[..., 12:]
    own = borrow(past, now, sizes).departures(now.sum(-1), level=0.98)
    shape = 1.0 / max(differ, 1e-6) ** 2
    year = rng.poisson(48.0 * sizes * rng.gamma(shape, 1.0 / shape, (counties, areas)))
    among = PredictiveFunnel.among_areas(year, sizes).departures(year, level=0.98)
    return float((own != 0).mean() / 0.02), float((among != 0).mean() / 0.02)


# Mend 18
@pytest.mark.parametrize(
    ("areas", "dominant", "differ", "scatter"),
    [
        (2, 0.95, 0.0, 0.25),
        (3, 0.8, 0.5, 0.0),
        (6, 0.8, 0.5, 0.0),
        (6, 0.0, 0.5, 0.25),
        (12, 0.8, 0.2, 0.0),
    ],
)
def test_few_or_dominated_areas_are_not_flagged_beyond_the_promise(
    areas: int, dominant: float, differ: float, scatter: float
) -> None:
    borrowed, among = _flagged(areas, dominant, differ, scatter, 2400 // areas)
    assert borrowed <= 2.0
    assert among <= 2.0


# Mend 18
@pytest.mark.parametrize("areas", [2, 3, 5])
def test_among_fewer_than_six_areas_the_answer_is_cannot_tell(areas: int) -> None:
    past, now = np.full((areas, 12), 9.0), np.full((areas, 3), 9.0)
    now[0] = 60.0
    funnel = borrow(past, now, np.ones(areas))
    assert funnel.flags(now.sum(-1)).tolist() == [Flag.CANNOT_TELL] * areas
    assert np.isnan(funnel.mid_p(now.sum(-1))).all()
    year = now.sum(-1)
    assert (
        PredictiveFunnel.among_areas(year, np.ones(areas)).flags(year).tolist() == [Flag.CANNOT_TELL] * areas
    )
    shares = ShareFunnel.among_areas(np.arange(areas) * 10.0, np.full(areas, 50.0))
    assert shares.flags(np.arange(areas) * 10.0).tolist() == [Flag.CANNOT_TELL] * areas


# Mend 18
def test_seven_areas_are_judged_by_their_own_past_alone() -> None:
    rng = np.random.default_rng(2)
    past, now = rng.poisson(4.0, (7, 12)) * 1.0, np.full((7, 3), 4.0)
    np.testing.assert_allclose(
        borrow(past, now, np.ones(7)).expected, PredictiveFunnel.own_past(past, now).expected, rtol=0.05
    )
