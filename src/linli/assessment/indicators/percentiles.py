"""Percentiles from how often each value occurs: exact, and the same on every engine.

The percentile is the one that ``numpy.quantile`` and SQL's ``percentile_cont`` give (Hyndman and Fan 1996,
definition 7). Its interval is that of order statistics, which needs no assumption on the distribution.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

from linli.assessment.indicators.areas import Window
from linli.assessment.indicators.counting import MICRO
from linli.assessment.indicators.cube import area_column
from linli.assessment.indicators.model import AreaKind, Definition
from linli.assessment.indicators.periods import month_number
from linli.assessment.indicators.valuing import LEVEL, Sums, Values, hundred

__all__ = ["percentiles"]

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class _Occurrences:
    """Values of one area in ascending order, the month of each and how often it occurs in it."""

    month: NDArray[np.int64]
    value: Numbers
    count: NDArray[np.int64]

    def ranked(self, window: Window) -> tuple[Numbers, NDArray[np.int64]]:
        """The values of a window in ascending order, and how many there are up to each."""
        inside = (self.month >= window[0]) & (self.month <= window[1])
        return self.value[inside], self.count[inside].cumsum()


def percentiles(
    definition: Definition,
    frame: pd.DataFrame,
    kind: AreaKind,
    territory: str,
    codes: Sequence[str],
    windows: Sequence[Window],
    sums: Sums,
) -> Values:
    """The percentile of one indicator for areas × windows. ``frame`` is from ``distribution``."""
    quantile = definition.indicator.quantile or 0.5
    shape = (len(codes), len(windows))
    found = np.full((3, *shape), np.nan)
    for row, occurrences in _by_area(frame, kind, territory, codes):
        for column, window in enumerate(windows):
            found[:, row, column] = _percentile(*occurrences.ranked(window), quantile)
    value, low, high = hundred(definition) * found
    count = sums.records.astype(np.float64)
    return Values(numerator=np.full(shape, np.nan), denominator=count, value=value, low=low, high=high)


def _by_area(
    frame: pd.DataFrame, kind: AreaKind, territory: str, codes: Sequence[str]
) -> list[tuple[int, _Occurrences]]:
    place = {code: row for row, code in enumerate(codes)}
    areas = area_column(frame, kind, territory)
    kept = frame[areas.notna()].sort_values("value", kind="stable")
    found = []
    for code, rows in kept.groupby(areas[areas.notna()].astype(str), sort=True):
        months = rows["month"].map(month_number).to_numpy(dtype=np.int64)
        values = rows["value"].to_numpy(dtype=np.int64) / MICRO
        found.append((place[str(code)], _Occurrences(months, values, rows["count"].to_numpy(dtype=np.int64))))
    return found


def _percentile(values: Numbers, upto: NDArray[np.int64], quantile: float) -> tuple[float, float, float]:
    """The percentile and its interval; ``nan`` for what so few values do not have."""
    count = int(upto[-1]) if len(upto) else 0
    if count == 0:
        return np.nan, np.nan, np.nan

    def at(rank: int) -> float:
        return float(values[np.searchsorted(upto, rank)]) if 1 <= rank <= count else np.nan

    place = (count - 1) * quantile
    below = int(np.floor(place))
    low, high = at(below + 1), at(min(below + 2, count))
    value = low + (high - low) * (place - below)
    # The ranks of Hahn and Meeker (1991, section 5.2), as linli.assessment.scoring.intervals takes them.
    tail = (1.0 - LEVEL) / 2.0
    lower, upper = int(binom.ppf(tail, count, quantile)), int(binom.ppf(1.0 - tail, count, quantile)) + 1
    return value, at(lower), at(upper)
