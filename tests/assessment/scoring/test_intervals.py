"""Intervals: the textbook values, their limits, and what happens at nothing and at everything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from linli.assessment.scoring.intervals import (
    byar,
    order_statistic_interval,
    poisson_exact,
    student,
    wilson,
)
from linli.assessment.scoring.standardisation import (
    count_interval,
    directly_standardised,
    expected_events,
    indirect_ratio,
)

levels = st.floats(0.5, 0.999)


def test_wilson_and_byar_give_the_published_values() -> None:
    assert [round(float(v), 5) for v in (wilson(65, 100).low, wilson(65, 100).high)] == [0.55254, 0.73636]
    wide = wilson(65, 100, 0.998)
    assert [round(float(v), 5) for v in (wide.low, wide.high)] == [0.49549, 0.77835]
    assert [round(float(v), 3) for v in (byar(1045).low, byar(1045).high)] == [982.593, 1110.331]


@given(st.integers(0, 500), st.integers(1, 500), levels)
def test_wilson_holds_the_share_and_stays_within_nought_and_one(count: int, more: int, level: float) -> None:
    found = wilson(count, count + more - 1 or 1, level)
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0


@given(st.integers(1, 400), levels)
def test_a_design_effect_counts_as_fewer_answers(n: int, level: float) -> None:
    clustered, simple = wilson(n / 2, n, level, design_effect=2.0), wilson(n / 4, n / 2, level)
    assert clustered.low == pytest.approx(float(simple.low))
    assert clustered.high == pytest.approx(float(simple.high))


@given(st.integers(0, 2000), levels)
def test_exact_poisson_limits_have_their_tails(count: int, level: float) -> None:
    found, tail = poisson_exact(count, level), (1 - level) / 2
    assert stats.poisson(float(found.high)).cdf(count) == pytest.approx(tail, rel=1e-6)
    if count:
        assert stats.poisson(float(found.low)).sf(count - 1) == pytest.approx(tail, rel=1e-6)
    else:
        assert found.low == 0.0


def test_no_events_have_a_lower_limit_of_nought() -> None:
    assert float(byar(0).low) == 0.0
    assert float(count_interval(0).low) == 0.0
    assert float(count_interval(9).high) == float(poisson_exact(9).high)
    assert float(count_interval(10).high) == float(byar(10).high)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=120), st.sampled_from([0.5, 0.9]), levels)
def test_order_statistics_hold_the_quantile_as_surely_as_asked(
    values: list[float], q: float, level: float
) -> None:
    found = order_statistic_interval(values, q, level)
    assert found.low <= found.value <= found.high
    assert found.covered >= level - 1e-9


def test_order_statistics_cover_the_true_median_and_90th_percentile_in_simulation() -> None:
    rng = np.random.default_rng(3)
    for q in (0.5, 0.9):
        true = stats.lognorm(1.0).ppf(q)
        held = [
            found.low <= true <= found.high
            for found in (order_statistic_interval(rng.lognormal(0, 1, 40), q) for _ in range(1500))
        ]
        assert np.mean(held) >= 0.94


def test_too_small_a_sample_bounds_no_high_percentile() -> None:
    assert order_statistic_interval([3.0, 5.0, 9.0], 0.9).high == np.inf
    assert order_statistic_interval([3.0], 0.5).low == -np.inf


def test_student_needs_two_values() -> None:
    assert float(student([1.0, 3.0]).value) == 2.0
    with pytest.raises(ValueError, match="at least two"):
        student([1.0])


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: wilson(3, 0), "every n must be above 0"),
        (lambda: wilson(3, 2), "no count above its n"),
        (lambda: wilson(1, 2, design_effect=0), "design_effect is 0"),
        (lambda: wilson(1, 2, 95), "level is 95"),
        (lambda: byar(-1), "count is -1.0"),
        (lambda: poisson_exact(float("nan")), "finite number"),
        (lambda: order_statistic_interval([], 0.5), "at least one"),
        (lambda: directly_standardised([1], [0], [1]), "must have residents"),
        (lambda: indirect_ratio(3, 0), "every expected must be above 0"),
    ],
)
def test_what_has_no_interval_is_refused_with_the_reason(ask: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ask()  # type: ignore[operator]


def test_equal_rates_need_no_standardising() -> None:
    found = directly_standardised([10, 20, 30], [100, 200, 300], [500, 1, 7])
    assert float(found.value) == pytest.approx(0.1)
    assert found.low < 0.1 < found.high
    assert float(expected_events([100, 200], [1, 3], [10, 20])) == pytest.approx(40.0)


def test_repeated_events_of_one_person_widen_the_interval() -> None:
    plain = directly_standardised([40, 60], [1000, 900], [1, 1])
    repeated = directly_standardised([40, 60], [1000, 900], [1, 1], squares=[90, 150])
    assert repeated.high - repeated.low > 1.4 * (plain.high - plain.low)
    assert repeated.value == plain.value
