"""Shrinkage, comparisons of two counts, power, published funnels, slopes and groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from linli.assessment.scoring.comparing import e_test, poisson_z, weighted_displacement_difference
from linli.assessment.scoring.inequality import Scale, slope_index, slope_limits
from linli.assessment.scoring.intervals import wilson
from linli.assessment.scoring.inverted_funnels import (
    exact_counts,
    flag_chances,
    inverted_counts,
    inverted_expected,
    inverted_proportions,
    wald_counts,
)
from linli.assessment.scoring.power import change_seen, events_needed
from linli.assessment.scoring.quantile_groups import quantile_groups
from linli.assessment.scoring.shrinkage import james_stein, marshall, marshall_local, moments, most_likely

areas = st.lists(st.tuples(st.integers(0, 60), st.floats(0.5, 50)), min_size=4, max_size=30)


@settings(max_examples=50, deadline=None)
@given(areas)
def test_shrunk_rates_lie_between_their_own_and_the_common_rate(rows: list[tuple[int, float]]) -> None:
    events, exposure = np.array(rows, dtype=float).T
    raw, common = events / exposure, events.sum() / exposure.sum()
    shrunk = marshall(events, exposure)
    assert (shrunk >= np.minimum(raw, common) - 1e-9).all()
    assert (shrunk <= np.maximum(raw, common) + 1e-9).all()


def test_local_rates_with_everyone_near_are_the_global_ones() -> None:
    events, exposure = np.array([1.0, 4, 9, 2]), np.array([10.0, 12, 9, 11])
    everyone = np.ones((4, 4)) - np.eye(4)
    for own in (False, True):
        found = marshall_local(events, exposure, everyone, around_own_means=own)
        np.testing.assert_allclose(found, marshall(events, exposure))
    with pytest.raises(ValueError, match="every exposure above 0"):
        marshall([1.0, 2.0], [1.0, 0.0])


def test_means_that_differ_by_chance_alone_are_made_alike() -> None:
    assert james_stein([5.0, 5.1, 4.9, 5.0], 1.0).factor == 0.0
    assert james_stein([5.0, 5.0, 5.0, 5.0], 1.0).values.tolist() == [5.0] * 4
    assert james_stein([0.0, 100.0, 50.0, 75.0], 0.01).factor == pytest.approx(1.0, abs=1e-4)
    with pytest.raises(ValueError, match="four means"):
        james_stein([1.0, 2.0], 1.0)


def test_the_spread_of_rates_is_found_again() -> None:
    rng = np.random.default_rng(8)
    expected = rng.uniform(2, 40, 3000)
    events = rng.poisson(expected * rng.gamma(3.0, 1 / 3.0, 3000))
    for prior in (most_likely(events, expected), moments(events, expected)):
        assert prior.shape == pytest.approx(3.0, rel=0.12)
        assert prior.rate == pytest.approx(3.0, rel=0.12)
    assert prior.posterior_mean(0, 0) == pytest.approx(prior.shape / prior.rate)


def test_areas_that_do_not_differ_have_no_spread() -> None:
    assert most_likely([5.0] * 8, [5.0] * 8).shape > 1e5
    assert moments([5.0] * 8, [5.0] * 8).shape > 100


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.2, 5), st.floats(0.2, 5))
def test_the_e_test_does_not_care_who_comes_first(a: int, b: int, m: float, n: float) -> None:
    p = e_test(a, b, m, n)
    assert 0.0 <= p <= 1.0
    assert p == pytest.approx(e_test(b, a, n, m), abs=1e-9)


def test_two_counts_and_their_refusals() -> None:
    assert poisson_z(16, 25) == pytest.approx(2.0)
    nothing = weighted_displacement_difference((0, 0), (0, 0))
    assert (nothing.estimate, nothing.z, nothing.p) == (0.0, 0.0, 1.0)
    for ask in (
        lambda: e_test(-1, 2),
        lambda: e_test(1, 2, 0.0),
        lambda: poisson_z(-1, 2),
        lambda: weighted_displacement_difference((1, -1), (0, 0)),
    ):
        with pytest.raises(ValueError, match="0 or more"):
            ask()


def test_the_power_found_is_the_power_simulated() -> None:
    rng = np.random.default_rng(4)
    before, after = rng.poisson(40, 40_000), rng.poisson(40 * 1.6, 40_000)
    law = stats.binom(before + after, 0.5)
    upper = law.sf(after) + 0.5 * law.pmf(after)
    assert change_seen(40, 0.6) == pytest.approx((upper < 0.025).mean(), abs=0.01)


def test_a_small_target_needs_thousands_of_events() -> None:
    assert events_needed(-0.04) == pytest.approx(9617, rel=0.02)
    assert events_needed(-0.04, base_periods=3) < events_needed(-0.04)
    assert change_seen(2, -0.5) < 0.1
    with pytest.raises(ValueError, match="relative_change"):
        change_seen(10, -1.0)


@given(st.floats(1, 400))
def test_exact_limits_promise_what_they_keep_and_inverted_ones_do_not(mean: float) -> None:
    expected = np.array([mean])
    exact = flag_chances(expected, exact_counts(expected))
    assert exact.below[0] <= 0.025 + 1e-9
    assert exact.above[0] <= 0.025 + 1e-9
    inverted = flag_chances(expected, inverted_counts(expected))
    assert inverted.below[0] >= exact.below[0] - 1e-12
    assert wald_counts(expected).low[0] < mean < wald_counts(expected).high[0]


@given(st.floats(0.02, 0.98), st.integers(1, 5000), st.sampled_from([0.95, 0.998]))
def test_inverted_proportions_touch_wilsons_interval(overall: float, n: int, level: float) -> None:
    band = inverted_proportions(overall, n, level)
    if band.low > 0:
        assert float(wilson(band.low * n, n, level).high) == pytest.approx(overall, rel=1e-6)
    if band.high < 1:
        assert float(wilson(band.high * n, n, level).low) == pytest.approx(overall, rel=1e-6)


def test_inverted_expected_events_of_no_event() -> None:
    at = inverted_expected([0.0, 5.0])
    assert at.high[0] == 0.0
    assert at.low[0] == pytest.approx(3.689, abs=1e-3)


def test_a_level_figure_has_no_slope_and_a_straight_one_its_own() -> None:
    flat = slope_index([5.0, 5.0, 5.0], [10, 30, 20])
    assert (flat.intercept, flat.slope, flat.ratio) == pytest.approx((5.0, 0.0, 1.0))
    middle = np.array([1 / 12, 5 / 12, 10 / 12])
    assert slope_index(2.0 + 3.0 * middle, [10, 30, 20]).slope == pytest.approx(3.0)
    with pytest.raises(ValueError, match="three groups"):
        slope_index([1.0, 2.0], [1, 1])


@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("on_scale", [False, True])
def test_slope_limits_hold_the_slope(scale: Scale, on_scale: bool) -> None:
    values, people = np.array([0.5, 0.4, 0.35, 0.3, 0.2]), np.array([9, 8, 10, 7, 9])
    found = slope_index(values, people, scale=scale, fit_on_scale=on_scale)
    limits = slope_limits(
        values,
        people,
        np.full(5, 0.02),
        np.random.default_rng(1),
        scale=scale,
        fit_on_scale=on_scale,
        draws=2000,
    )
    assert limits.slope[0] < found.slope < limits.slope[1]
    assert limits.ratio[0] < found.ratio < limits.ratio[1]


@given(st.lists(st.floats(0, 100), max_size=60), st.integers(2, 10))
def test_groups_follow_the_values(values: list[float], groups: int) -> None:
    found = quantile_groups(values, groups)
    if len(values) < groups:
        assert np.isnan(found).all()
        return
    assert ((found >= 1) & (found <= groups)).all()
    order = np.argsort(values)
    assert (np.diff(found[order]) <= 0).all()


def test_a_missing_value_has_no_group() -> None:
    assert np.isnan(quantile_groups([1.0, np.nan, 3.0], 2)[1])
    with pytest.raises(ValueError, match="groups is 1"):
        quantile_groups([1.0], 1)
