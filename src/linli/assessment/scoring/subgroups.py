"""Charts of the mean and the spread of several measurements a period: x̄ and s.

References
----------
Montgomery, *Introduction to Statistical Quality Control*, 6th ed. 2009, section 6.3 (6.27–6.31).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from linli.assessment.scoring.arrays import FloatArray
from linli.assessment.scoring.charts import Chart

__all__ = ["s", "x_bar"]


def x_bar(groups: Sequence[ArrayLike]) -> Chart:
    """Means of the groups, one a period; ``nan`` limits where a group has fewer than two values."""
    n, mean, spread = _summaries(groups)
    some = n > 0
    centre = float((n * np.where(some, mean, 0.0)).sum() / n.sum())
    half = 3.0 * _pooled(n, spread) / (_c4(n) * np.sqrt(np.maximum(n, 1)))
    return Chart(mean, np.full(mean.shape, centre), centre - half, centre + half)


def s(groups: Sequence[ArrayLike]) -> Chart:
    """Standard deviations of the groups, one a period."""
    n, _, spread = _summaries(groups)
    centre = _pooled(n, spread)
    half = 3.0 * np.sqrt(1.0 - _c4(n) ** 2) / _c4(n)
    return Chart(
        spread, np.full(n.shape, centre), centre * np.maximum(0.0, 1.0 - half), centre * (1.0 + half)
    )


def _summaries(groups: Sequence[ArrayLike]) -> tuple[FloatArray, FloatArray, FloatArray]:
    kept = [values[np.isfinite(values)] for values in (np.asarray(g, dtype=np.float64) for g in groups)]
    n = np.array([float(values.size) for values in kept])
    if not (n > 1).any():
        raise ValueError("one group at least must have two values")
    mean = np.array([values.mean() if values.size else np.nan for values in kept])
    return n, mean, np.array([values.std(ddof=1) if values.size > 1 else np.nan for values in kept])


def _pooled(n: FloatArray, spread: FloatArray) -> float:
    """The mean spread of equal groups; of unequal ones the root mean variance (6.31)."""
    some = n > 1
    if (n == n[0]).all():
        return float(spread.mean())
    return float(np.sqrt(((n - 1)[some] * spread[some] ** 2).sum() / (n - 1)[some].sum()))


def _c4(n: FloatArray) -> FloatArray:
    some = np.where(n > 1, n, np.nan)
    ratio = np.exp(special.gammaln(some / 2.0) - special.gammaln((some - 1.0) / 2.0))
    return np.asarray(np.sqrt(2.0 / (some - 1.0)) * ratio)
