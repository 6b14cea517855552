"""The rules of NHS England's "Making data count": special causes on an XmR chart with screened moving ranges.

Kept because hospitals and police in England read charts so. The four rules together flag an ordinary series
far more often than its 3-sigma limits do; no consequence should hang on one alone (docs/methods/charts.md).

References
----------
NHS England, *Making data count: strengthening your decisions* (2019); conformance with R NHSRplotthedots.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray
from linli.assessment.scoring.charts import Chart, individuals

__all__ = ["MULTIPLE", "SpecialCauses", "close_pairs", "plot_the_dots", "shifts", "trends", "whole"]

MULTIPLE = 2.66
"""Limits lie this many mean moving ranges from the mean: 3 ÷ 1.128, rounded as the NHS rounds it."""

RUN = 7


@dataclass(frozen=True)
class SpecialCauses:
    """The chart, and at each point: outside, part of a run on one side, of a trend, of two-in-three close."""

    chart: Chart
    outside: BoolArray
    shift: BoolArray
    trend: BoolArray
    close: BoolArray

    @property
    def any(self) -> BoolArray:
        """Points that some rule marks."""
        return self.outside | self.shift | self.trend | self.close


def plot_the_dots(
    values: ArrayLike, base: ArrayLike | None = None, *, screened: bool = True
) -> SpecialCauses:
    """The four rules on one series without gaps, in order of time."""
    xmr = individuals(values, base, screened=screened)
    half = (xmr.high - xmr.centre) * (MULTIPLE * 1.128 / 3.0)
    chart = Chart(xmr.values, xmr.centre, xmr.centre - half, xmr.centre + half)
    series, outside, near = chart.values, chart.outside, 2.0 / 3.0 * half
    high = ~outside & (series > chart.centre + near)
    low = ~outside & (series < chart.centre - near)
    return SpecialCauses(
        chart,
        outside,
        whole(shifts(np.sign(series - chart.centre))),
        whole(trends(series)),
        (close_pairs(high) & high) | (close_pairs(low) & low),
    )


def shifts(sides: ArrayLike) -> IntArray:
    """±1 at each point that ends seven in a row on one side of the mean; ``sides`` are −1, 0 and 1."""
    return _ends(np.asarray(sides, dtype=np.float64))


def trends(values: ArrayLike) -> IntArray:
    """1 at each point that ends seven rising values, −1 seven falling ones."""
    series = np.asarray(values, dtype=np.float64)
    return np.concatenate([np.zeros(min(1, series.size), dtype=np.int64), _ends(np.sign(np.diff(series)), 6)])


def _ends(sides: FloatArray, run: int = RUN) -> IntArray:
    found = np.zeros(sides.shape, dtype=np.int64)
    for end in range(run - 1, sides.size):
        window = sides[end - run + 1 : end + 1]
        found[end] = int(window[0]) if window[0] != 0 and (window == window[0]).all() else 0
    return found


def whole(ends: ArrayLike) -> BoolArray:
    """All seven points of each run that ends at a marked one."""
    marks = np.asarray(ends) != 0
    return np.array([marks[i : i + RUN].any() for i in range(marks.size)], dtype=bool)


def close_pairs(close: ArrayLike) -> BoolArray:
    """Points within some three in a row of which two are close to one limit."""
    marks = np.asarray(close, dtype=np.int64)
    found = np.zeros(marks.shape, dtype=bool)
    for start in range(marks.size - 2):
        if marks[start : start + 3].sum() >= 2:
            found[start : start + 3] = True
    return found
