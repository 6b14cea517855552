"""Percentiles from how often each value occurs: exact, and the same on every engine.

The percentile is the one that ``numpy.quantile`` and SQL's ``percentile_cont`` give (Hyndman and Fan 1996,
definition 7). Its interval is that of order statistics, which needs no assumption on the distribution.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from linli.assessment.scoring.intervals import order_statistic_interval
from numpy.typing import NDArray

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
    """Values of one area in ascending order of month, and how often each occurs."""

    month: NDArray[np.int64]
    value: Numbers
    count: NDArray[np.int64]

    def within(self, window: Window) -> Numbers:
        """All values of a window in ascending order, each as often as it occurs."""
        inside = (self.month >= window[0]) & (self.month <= window[1])
        values, counts = self.value[inside], self.count[inside]
        order = np.argsort(values, kind="stable")
        return np.repeat(values[order], counts[order])


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
    value, low, high = (np.full(shape, np.nan) for _ in range(3))
    for row, occurrences in _by_area(frame, kind, territory, codes):
        for column, window in enumerate(windows):
            ordered = occurrences.within(window)
            if len(ordered):
                value[row, column] = np.quantile(ordered, quantile)
                low[row, column], high[row, column] = _interval(ordered, quantile)
    factor = hundred(definition)
    count = sums.records.astype(np.float64)
    return Values(
        numerator=np.full(shape, np.nan),
        denominator=count,
        value=factor * value,
        low=factor * low,
        high=factor * high,
    )


def _by_area(
    frame: pd.DataFrame, kind: AreaKind, territory: str, codes: Sequence[str]
) -> list[tuple[int, _Occurrences]]:
    place = {code: row for row, code in enumerate(codes)}
    areas = area_column(frame, kind, territory)
    found = []
    for code, rows in frame[areas.notna()].groupby(areas[areas.notna()].astype(str), sort=True):
        months = rows["month"].map(month_number).to_numpy(dtype=np.int64)
        values = rows["value"].to_numpy(dtype=np.int64) / MICRO
        found.append((place[str(code)], _Occurrences(months, values, rows["count"].to_numpy(dtype=np.int64))))
    return found


def _interval(ordered: Numbers, quantile: float) -> tuple[float, float]:
    """``nan`` where so few values have no interval."""
    found = order_statistic_interval(ordered, quantile, level=LEVEL)
    return (np.nan, np.nan) if found is None else (float(found[0]), float(found[1]))
