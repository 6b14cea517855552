"""Control charts, runs, the NHS rules and CUSUM: Montgomery's values, and what ordinary series do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.scoring import charts, nhs, subgroups
from linli.assessment.scoring.cusum import calibrate, cusum
from linli.assessment.scoring.runs import runs

series = st.lists(st.floats(-1e5, 1e5), min_size=2, max_size=60)
ACCIDENTS = [(266501, 280443), (264225, 276823), (276532, 291681), (281461, 296155), (269071, 282343)]


@given(series)
def test_limits_move_and_stretch_with_the_series(values: list[float]) -> None:
    chart, other = charts.individuals(values), charts.individuals([3.0 * v + 7.0 for v in values])
    np.testing.assert_allclose(other.high, 3.0 * chart.high + 7.0, rtol=1e-6, atol=1e-3)
    np.testing.assert_allclose(other.low, 3.0 * chart.low + 7.0, rtol=1e-6, atol=1e-3)
    assert (chart.low <= chart.centre).all()
    assert (chart.centre <= chart.high).all()


def test_a_missing_month_is_skipped() -> None:
    chart = charts.individuals([5.0, np.nan, 6.0, 5.0, 7.0])
    assert chart.centre[0] == pytest.approx(5.75)
    assert not chart.outside[1]


def test_screening_leaves_out_what_one_odd_month_did_to_the_limits() -> None:
    calm = [10.0, 11, 10, 12, 11, 10, 11, 12, 10, 11, 60, 11, 10, 12, 11]
    assert charts.individuals(calm, screened=True).high[0] < charts.individuals(calm).high[0]
    assert charts.individuals([4.0] * 5, screened=True).high[0] == 4.0


def test_laney_widens_the_limits_of_very_large_numbers() -> None:
    count, n = np.array(ACCIDENTS, dtype=float).T
    plain, prime = charts.p(count, n), charts.p_prime(count, n)
    assert plain.outside.any()
    assert not prime.outside.any()
    rates = charts.u_prime(count, n)
    assert (rates.high >= rates.centre).all()


def test_proportions_stay_within_nought_and_one_and_counts_above_nought() -> None:
    chart = charts.p([0, 1, 3, 3], [3, 3, 3, 3])
    assert (chart.low >= 0).all()
    assert (chart.high <= 1).all()
    assert (charts.c([0, 1, 0, 2]).low == 0).all()
    assert (charts.u([0, 1], [10, 20]).low == 0).all()


def test_charts_of_rare_events_look_at_the_wait() -> None:
    waits = [30.0, 45, 20, 60, 35, 50, 400]
    assert charts.t(waits, [True] * 6 + [False]).outside.tolist() == [False] * 6 + [True]
    assert charts.g([9, 11, 10, 8, 300], [True] * 4 + [False]).outside.tolist() == [False] * 4 + [True]
    with pytest.raises(ValueError, match="above 0"):
        charts.t([3.0, 0.0])


@pytest.mark.parametrize(
    "ask",
    [
        lambda: charts.individuals([]),
        lambda: charts.individuals([np.nan, np.nan]),
        lambda: charts.individuals([1.0]),
        lambda: charts.individuals([1.0, 2.0], [True]),
        lambda: charts.p([1, 2], [3]),
        lambda: charts.u([1, 2], [3, 0]),
        lambda: charts.c([-1, 2]),
        lambda: subgroups.x_bar([[1.0], [2.0]]),
    ],
)
def test_a_series_without_limits_is_refused(ask: object) -> None:
    with pytest.raises(ValueError, match=r"values|limits|count|base|n must|group"):
        ask()  # type: ignore[operator]


def test_groups_of_unequal_size_have_limits_of_their_own() -> None:
    chart = subgroups.x_bar([[1.0, 2.0, 3.0], [2.0, 4.0], [np.nan], [5.0]])
    assert chart.high[0] < chart.high[1]
    assert np.isnan(chart.high[2:]).all()
    assert np.isnan(subgroups.s([[1.0, 2.0, 3.0], [2.0, 4.0], [5.0]]).values[2])
    assert subgroups.s([[1.0, 2.0], [2.0, 4.0]]).low.tolist() == [0.0, 0.0]


@given(st.lists(st.floats(-100, 100), max_size=80), st.floats(-50, 50))
def test_runs_add_up(values: list[float], centre: float) -> None:
    found = runs(values, centre)
    assert found.useful == sum(v != centre for v in values)
    assert found.longest <= found.useful
    assert found.crossings <= max(0, found.useful - 1)
    if found.useful:
        assert found.longest * (found.crossings + 1) >= found.useful
    else:
        assert not found.signal


def test_a_series_that_moved_gives_a_signal() -> None:
    assert runs([1.0] * 12 + [9.0] * 12, 5.0).signal
    assert not runs([1.0, 9.0] * 12, 5.0).signal


def test_ordinary_series_seldom_give_a_run_signal() -> None:
    rng = np.random.default_rng(2)
    signals = [runs(one, 0.0).signal for one in rng.normal(size=(1500, 24))]
    assert 0.02 < np.mean(signals) < 0.10


def test_nhs_rules_mark_every_point_of_a_run_and_of_a_trend() -> None:
    shifted = nhs.plot_the_dots([5.0, 6, 5, 6, 5, 6, 5, 6, 5, 6, *[9.0, 8, 9, 8, 9, 8, 9]])
    assert shifted.shift[10:].all()
    rising = nhs.plot_the_dots([5.0, 4, 5, 4, 5, 1, 2, 3, 4, 5, 6, 7, 5, 4, 5])
    assert rising.trend[5:12].all()
    assert not rising.trend[:5].any()
    assert nhs.plot_the_dots([1.0, 2.0]).any.tolist() == [False, False]


def test_cusum_threshold_keeps_its_promise_on_other_series() -> None:
    expected = np.full((5, 24), 4.0)
    threshold = calibrate(expected, np.random.default_rng(1), false_alarms=0.05, size=8.0)
    assert threshold.false_alarms <= 0.05
    rng = np.random.default_rng(2)
    fresh = rng.poisson(expected * rng.gamma(8, 1 / 8, (4000, 5, 24)))
    alarms = cusum(fresh, expected, threshold.value, size=8.0).signals.any((-2, -1)).mean()
    assert alarms == pytest.approx(0.05, abs=0.015)


def test_cusum_finds_a_small_lasting_rise_that_single_months_hide() -> None:
    threshold = calibrate(np.full(24, 6.0), np.random.default_rng(1), false_alarms=0.05)
    counts = [6.0] * 8 + [9.0] * 16
    assert not (charts.c(counts).outside).any()
    found = cusum(counts, [6.0] * 24, threshold.value)
    assert not found.signals[:8].any()
    assert found.signals[-1]
    assert calibrate(np.full(24, 6.0), np.random.default_rng(1), false_alarms=0.05) == threshold


def test_cusum_can_look_for_a_fall() -> None:
    found = cusum([2.0] * 10, [6.0] * 10, 3.0, ratio=0.5)
    assert found.signals[-1]
    with pytest.raises(ValueError, match="ratio is"):
        cusum([1.0], [1.0], 3.0, ratio=1.0)
    with pytest.raises(ValueError, match="above 0"):
        cusum([1.0], [0.0], 3.0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.floats(0.1, 20))
def test_cusum_never_falls_below_nought(counts: list[int], mean: float) -> None:
    assert (cusum(counts, [mean] * len(counts), 1.0).sums >= 0).all()
