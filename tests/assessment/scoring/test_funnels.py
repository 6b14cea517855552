"""Predictive funnels: right tails, right limits, and no answer where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from linli.assessment.scoring.funnels import Flag, PredictiveFunnel, month_by_month
from linli.assessment.scoring.predictive import Predictive, at_least, exactly

means = st.floats(0.01, 400)
sizes = st.floats(0.05, 1e6)
counts = st.integers(0, 900)


@settings(max_examples=200, deadline=None)
@given(counts, means, sizes)
def test_negative_binomial_tails_are_those_of_scipy(count: int, mean: float, size: float) -> None:
    law = stats.nbinom(size, size / (size + mean))
    at = (np.array(float(count)), np.array(mean), np.array(size))
    np.testing.assert_allclose(at_least(*at), law.sf(count - 1), rtol=1e-7, atol=1e-14)
    np.testing.assert_allclose(exactly(*at), law.pmf(count), rtol=1e-7, atol=1e-14)


@given(counts, means)
def test_with_a_mean_known_for_certain_the_count_is_poisson(count: int, mean: float) -> None:
    at = (np.array(float(count)), np.array(mean), np.array(np.inf))
    np.testing.assert_allclose(at_least(*at), stats.poisson(mean).sf(count - 1), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(exactly(*at), stats.poisson(mean).pmf(count), rtol=1e-9, atol=1e-300)


def test_no_count_below_nought_has_probability() -> None:
    below = np.array([-1.0, -5.0])
    one = np.ones(2)
    assert exactly(below, one, one).tolist() == [0.0, 0.0]
    assert at_least(below, one, one).tolist() == [1.0, 1.0]


def test_the_mixture_over_an_unsure_base_agrees_with_simulation() -> None:
    rng = np.random.default_rng(5)
    drawn = rng.poisson(12.0 * rng.gamma(4, 1 / 4, 400_000) / rng.gamma(30, 1 / 30, 400_000))
    law = Predictive(np.array([12.0]), np.array([4.0]), np.array([30.0]))
    for count in (0, 3, 12, 30, 50):
        seen = (drawn > count).mean() + 0.5 * (drawn == count).mean()
        assert law.upper_mid_p(np.array([float(count)]))[0] == pytest.approx(seen, abs=0.003)
    top = float(np.quantile(drawn, 0.999))
    assert law.at_least(np.array([top]))[0] == pytest.approx((drawn >= top).mean(), rel=0.12)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 300), st.floats(0.2, 1e4), st.floats(2, 1e4), st.floats(0.8, 0.99999))
def test_limits_are_the_last_counts_not_flagged(mean: float, size: float, base: float, level: float) -> None:
    funnel = PredictiveFunnel(*(np.array([value]) for value in (mean, size, base, 0.0)))
    limits = funnel.limits(level=level)
    low, high = int(limits.low[0]), int(limits.high[0])
    judged = funnel.departures(np.arange(low, high + 2.0)[:, None], level=level)[:, 0]
    assert judged.tolist() == [0] * (high - low + 1) + [1]
    assert low == 0 or funnel.departures([low - 1.0], level=level)[0] == -1


def test_without_dispersion_equal_areas_are_judged_by_the_poisson_tail() -> None:
    funnel = PredictiveFunnel.fit([10.0, 10, 10], [10.0, 10, 10], dispersed=False)
    assert funnel.mid_p([21.0, 10, 2])[0] == pytest.approx(
        2 * stats.poisson(10).sf(21) + stats.poisson(10).pmf(21)
    )
    assert funnel.departures([25.0, 10, 1]).tolist() == [1, 0, -1]


def test_an_area_does_not_hide_behind_its_own_scatter() -> None:
    counts = np.array([10.0, 9, 11, 10, 8, 12, 10, 10, 60])
    funnel = PredictiveFunnel.fit(counts, np.full(9, 10.0))
    assert funnel.departures(counts).tolist() == [0] * 8 + [1]
    assert funnel.omega[-1] == 0.0
    assert (funnel.omega[:-1] > 0.1).all()


def test_a_rise_that_comes_to_all_areas_is_nobodys() -> None:
    past = np.full((20, 12), 6.0)
    now = np.full((20, 1), 18.0)
    funnel = PredictiveFunnel.own_past(past, now)
    assert not funnel.departures(now[:, 0]).any()
    now[3] = 60.0
    assert PredictiveFunnel.own_past(past, now).departures(now[:, 0]).tolist() == [0, 0, 0, 1] + [0] * 16


def test_no_flag_means_nothing_where_a_doubling_would_not_be_seen() -> None:
    small = PredictiveFunnel.own_past(np.full((30, 12), 2.0), np.full((30, 1), 2.0))
    large = PredictiveFunnel.own_past(np.full((30, 12), 90.0), np.full((30, 1), 90.0))
    assert set(small.flags(np.full(30, 2.0))) == {Flag.CANNOT_TELL}
    assert set(large.flags(np.full(30, 90.0))) == {Flag.ORDINARY}
    assert (large.power(0.5) > 0.9).all()
    assert (small.power(0.5) == 0.0).all()


def test_nothing_can_be_told_of_an_area_with_no_exposure() -> None:
    funnel = PredictiveFunnel.among_areas([30.0, 40, 0], [100.0, 100, 0], dispersed=False)
    assert funnel.flags([30.0, 40, 0]).tolist()[2] == Flag.CANNOT_TELL
    assert np.isnan(funnel.mid_p([30.0, 40, 0])[2])
    assert funnel.departures([30.0, 40, 9])[2] == 0


def test_month_by_month_judges_each_month_by_those_before_it() -> None:
    series = np.full((2, 25, 16), 8.0)
    series[1, 4, 14] = 40.0
    found = month_by_month(series)
    assert found.shape == (2, 25, 4)
    assert np.argwhere(found).tolist() == [[1, 4, 2]]
    assert month_by_month(series[..., :9]).shape == (2, 25, 0)


def test_false_flags_of_equal_areas_are_near_nominal() -> None:
    rng = np.random.default_rng(11)
    found = month_by_month(rng.poisson(12.0, (300, 40, 20)).astype(float), level=0.98)
    assert (found != 0).mean() == pytest.approx(0.02, rel=0.25)


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_counts_that_are_no_counts_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="counts is"):
        PredictiveFunnel.fit([1.0, bad], [1.0, 1.0])


def test_what_cannot_be_judged_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="two"):
        PredictiveFunnel.own_past(np.ones((1, 12)), np.ones((1, 1)))
    with pytest.raises(ValueError, match="two areas"):
        PredictiveFunnel.fit([3.0], [3.0])
    funnel = PredictiveFunnel.fit([3.0, 4], [3.0, 4])
    with pytest.raises(ValueError, match="level is"):
        funnel.limits(level=99.8)
    with pytest.raises(ValueError, match="change is"):
        funnel.power(1.0)
