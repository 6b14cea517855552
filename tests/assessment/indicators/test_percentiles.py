"""Percentiles from how often each value occurs are those of numpy, and their ranks those of scoring."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.assessment.indicators.percentiles import _percentile
from linli.assessment.scoring.intervals import order_statistic_interval


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=80), st.sampled_from([0.1, 0.5, 0.9]))
def test_they_agree_with_the_expanded_values(values: list[int], quantile: float) -> None:
    distinct, counts = np.unique(values, return_counts=True)
    value, low, high = _percentile(distinct.astype(float), counts.cumsum(), quantile)
    theirs = order_statistic_interval(values, quantile)
    assert value == pytest.approx(np.quantile(values, quantile))
    assert value == pytest.approx(theirs.value)
    assert low == theirs.low or (math.isnan(low) and math.isinf(theirs.low))
    assert high == theirs.high or (math.isnan(high) and math.isinf(theirs.high))


def test_of_nothing_nothing_is_known() -> None:
    assert all(math.isnan(found) for found in _percentile(np.array([]), np.array([], dtype=np.int64), 0.5))
