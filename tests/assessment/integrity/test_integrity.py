"""Against gaming: audits, heaps, thresholds, reclassification and divergence, each against brute force."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, hypergeom

from linli.assessment.integrity.audits import corrected_count, draw_audit
from linli.assessment.integrity.divergence import diverging
from linli.assessment.integrity.exact import at_least, number_distribution
from linli.assessment.integrity.heaping import heap_at
from linli.assessment.integrity.reclassification import reclassified_shares
from linli.assessment.integrity.thresholds import just_past

RECORDS = [f"case:{number:04d}" for number in range(200)]


def test_an_audit_is_the_same_for_the_same_stream_whatever_the_order() -> None:
    first = draw_audit(RECORDS, 20, np.random.default_rng(5))
    second = draw_audit(list(reversed(RECORDS)) + RECORDS[:3], 20, np.random.default_rng(5))
    assert first == second
    assert len(set(first)) == 20
    assert first != draw_audit(RECORDS, 20, np.random.default_rng(6))


def test_each_record_is_as_likely_to_be_drawn() -> None:
    rng = np.random.default_rng(1)
    drawn = np.zeros(10)
    for _ in range(2000):
        drawn[[int(record[-1]) for record in draw_audit(RECORDS[:10], 3, rng)]] += 1
    assert abs(drawn / 2000 - 0.3).max() < 0.05


def test_a_negative_draw_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        draw_audit(RECORDS, -1, np.random.default_rng(1))


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
@example(0, 1, 40)
@settings(max_examples=80, deadline=None)
def test_the_interval_holds_every_count_that_the_audit_does_not_contradict(a: int, b: int, c: int) -> None:
    wrong, audited, recorded = sorted((a, b, c))
    found = corrected_count(recorded, audited, wrong)
    assert 0 <= found.low <= found.high <= recorded
    # One in forty is 0.025 itself, and the last digit of a fraction is not for a test to decide.
    tail = 0.025 + 1e-12
    for false in range(wrong, recorded - (audited - wrong) + 1):
        contradicted = (
            hypergeom.sf(wrong - 1, recorded, false, audited) <= tail
            or hypergeom.cdf(wrong, recorded, false, audited) <= tail
        )
        if recorded > audited:
            assert contradicted or found.low <= recorded - false <= found.high


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    truth = 30
    draws = rng.hypergeometric(truth, 270, 60, size=800)
    held = [corrected_count(300, 60, int(wrong)) for wrong in draws]
    assert np.mean([each.low <= 300 - truth <= each.high for each in held]) >= 0.95


def test_an_audit_of_more_than_there_is_is_refused() -> None:
    with pytest.raises(ValueError, match="broken"):
        corrected_count(5, 6, 0)


@given(st.lists(st.floats(0, 1), max_size=8))
def test_the_number_of_events_is_that_of_all_ways_they_can_happen(chances: list[float]) -> None:
    every = np.zeros(len(chances) + 1)
    for happened in itertools.product((0, 1), repeat=len(chances)):
        every[sum(happened)] += np.prod([c if h else 1 - c for h, c in zip(happened, chances, strict=True)])
    assert number_distribution(chances) == pytest.approx(every, abs=1e-12)
    assert at_least(0, chances) == pytest.approx(1.0)


def test_a_chance_is_between_0_and_1() -> None:
    with pytest.raises(ValueError, match="between"):
        number_distribution([1.2])


def test_hours_of_exactly_twenty_stand_out_and_measured_hours_do_not() -> None:
    rng = np.random.default_rng(3)
    measured = np.round(rng.normal(21, 4, 500) * 2) / 2
    assert heap_at(measured, 20.0, step=0.5).p > 0.001
    written = np.concatenate([measured, np.full(60, 20.0)])
    heap = heap_at(written, 20.0, step=0.5)
    assert heap.p < 1e-6
    assert heap.on > 2 * heap.expected


def test_the_heaps_p_is_the_exact_binomial_tail_and_missing_hours_are_left_out() -> None:
    heap = heap_at([20.0, 20.0, 19.5, 20.5, np.nan, 30.0], 20.0, step=0.5, reach=1)
    assert (heap.on, heap.around) == (2, 2)
    assert heap.p == pytest.approx(binomtest(2, 4, 1 / 3, alternative="greater").pvalue)
    for step, reach in ((0.0, 1), (0.5, 0)):
        with pytest.raises(ValueError, match="step"):
            heap_at([], 20.0, step=step, reach=reach)


def test_honest_falls_do_not_accuse_and_falls_made_to_fit_do() -> None:
    rng = np.random.default_rng(4)
    before = rng.poisson(12, 800)
    honest = rng.poisson(9, 800)
    usual = np.full(800, 9.0)
    assert just_past(before, honest, usual, fall=30).p > 0.01
    fitted = np.where((honest > 0.7 * before) & (honest <= 0.8 * before), np.floor(0.7 * before), honest)
    assert just_past(before, fitted, usual, fall=30).p < 1e-6


def test_small_counts_that_jump_over_a_threshold_say_nothing() -> None:
    found = just_past([2, 2, 0], [1, 1, 0], [2.0, 2.0, 2.0], fall=50, width=10)
    assert (found.past, found.short, found.p) == (0, 0, 1.0)
    with pytest.raises(ValueError, match="width"):
        just_past([1], [1], [1.0], fall=30, width=0)


def test_the_p_of_honest_falls_is_spread_evenly_enough() -> None:
    rng = np.random.default_rng(8)
    ps = [
        just_past(rng.poisson(15, 60), rng.poisson(12, 60), np.full(60, 12.0), fall=30).p for _ in range(200)
    ]
    assert np.mean(np.array(ps) <= 0.05) <= 0.09


def test_a_share_reclassified_that_jumps_is_a_signal() -> None:
    changed = np.array([5, 6, 4, 5, 5, 6, 4, 5, 5, 30])
    months = tuple(f"2026-{month:02d}" for month in range(1, 11))
    chart = reclassified_shares(months, changed, np.full(10, 100), base=np.arange(10) < 9)
    assert np.flatnonzero(chart.high).tolist() == [9]
    assert not chart.low.any()
    assert chart.periods == months
    assert chart.share[0] == pytest.approx(0.05)


def test_recording_that_falls_away_from_an_independent_series_is_seen() -> None:
    rng = np.random.default_rng(6)
    calls = rng.poisson(60, 36)
    honest = rng.poisson(40, 36)
    kept = diverging(honest, calls, base=12, random=np.random.default_rng(1))
    assert not kept.signal.any()
    lost = honest.copy()
    lost[18:] = rng.binomial(honest[18:], 0.7)
    found = diverging(lost, calls, base=12, random=np.random.default_rng(1))
    assert found.signal[-1]
    assert found.evidence[:12].tolist() == [0.0] * 12
    assert (found.low <= found.high).all()
    assert found.ratio[:12].mean() == pytest.approx(1.0, abs=0.2)


def test_a_period_without_events_has_no_ratio_and_a_wide_interval() -> None:
    found = diverging([10, 10, 0], [10, 10, 0], base=2, random=np.random.default_rng(1))
    assert np.isnan(found.ratio[2])
    assert (found.low[2], found.high[2]) == (0.0, np.inf)
    assert not found.apart[2]


@pytest.mark.parametrize(
    ("recorded", "independent", "base"),
    [([1, 2], [1], 1), ([1, 2], [1, 2], 2), ([0, 2], [1, 2], 1), ([1, 2], [0, 2], 1)],
)
def test_series_without_a_base_are_refused(recorded: list[int], independent: list[int], base: int) -> None:
    with pytest.raises(ValueError, match="base"):
        diverging(recorded, independent, base=base, random=np.random.default_rng(1))
