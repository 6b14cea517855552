"""Percentiles of response times: order statistics, with intervals that cover what they promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from linli.kernel.measures import Ratio
from linli.web.ops.incidents.response_times import CONFIDENCE, percentile, summarise

times = st.lists(st.floats(0, 600), min_size=1, max_size=300)


def test_nothing_has_no_percentile() -> None:
    found = summarise([])
    assert (found.count, found.missing, found.median, found.ninetieth) == (0, 0, None, None)


def test_incidents_without_a_time_are_counted_apart_and_are_in_no_percentile() -> None:
    found = summarise([4.0, None, 8.0, None, None])
    assert (found.count, found.missing) == (2, 3)
    assert found.median is not None
    assert found.median.value == 4.0


def test_few_incidents_have_a_percentile_without_an_interval() -> None:
    found = percentile([1.0, 2.0, 3.0], Ratio(0.5))
    assert found is not None
    assert (found.value, found.low, found.high) == (2.0, None, None)


@given(times, st.sampled_from([0.5, 0.9]))
def test_at_least_that_share_took_no_longer_and_it_is_the_smallest_such_time(
    given_: list[float], share: float
) -> None:
    ordered = sorted(given_)
    found = percentile(ordered, Ratio(share))
    assert found is not None
    assert sum(one <= found.value for one in ordered) >= share * len(ordered) - 1e-6
    assert sum(one < found.value for one in ordered) < share * len(ordered) + 1e-6
    if found.low is not None and found.high is not None:
        assert found.low <= found.value <= found.high


@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("count", [30, 60, 100, 1000])
def test_the_interval_covers_the_percentile_with_the_probability_it_states(count: int, share: float) -> None:
    ordered = [float(rank) for rank in range(1, count + 1)]
    found = percentile(ordered, Ratio(share))
    assert found is not None
    if found.low is None or found.high is None:
        assert count <= 30
        return
    # The time of a rank is the rank here: the chance that the percentile lies between two order statistics.
    covered = binom.cdf(found.high - 1, count, share) - binom.cdf(found.low - 1, count, share)
    assert covered >= CONFIDENCE - 1e-9
