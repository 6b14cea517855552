"""Intervals for a proportion, a count, a mean and a quantile: what a figure could have been by chance.

``level`` is two-sided, between 0 and 1 (0.95, 0.998). All are vectorised over arrays unless said otherwise.

References
----------
Wilson, JASA 22 (1927), 209–212; Newcombe, *Statistics in Medicine* 17 (1998), 857–872. Breslow & Day,
*Statistical Methods in Cancer Research II* (1987), p. 69 (Byar). Garwood, *Biometrika* 28 (1936), 437–442
(exact Poisson). Kish, *Survey Sampling* (1965), p. 257 (design effect). Conover, *Practical Nonparametric
Statistics*, 3rd ed. 1999, section 3.2 (order statistics).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from linli.assessment.scoring.arrays import FloatArray, finite, not_negative, share

__all__ = [
    "Interval",
    "QuantileInterval",
    "byar",
    "order_statistic_interval",
    "poisson_exact",
    "student",
    "wilson",
]


@dataclass(frozen=True)
class Interval:
    """An estimate between two limits, in one unit."""

    value: FloatArray
    low: FloatArray
    high: FloatArray

    def times(self, factor: ArrayLike) -> "Interval":
        """In another unit: per 1,000 residents, in percent."""
        return Interval(
            *(np.asarray(part * np.asarray(factor)) for part in (self.value, self.low, self.high))
        )


def wilson(count: ArrayLike, n: ArrayLike, level: float = 0.95, *, design_effect: float = 1.0) -> Interval:
    """Wilson's score interval of a proportion, on the effective number of answers.

    Parameters
    ----------
    count : array
        Those with the property, 0 ≤ count ≤ n; may be weighted.
    n : array
        Those asked or observed, > 0.
    design_effect : float
        Variance of the estimate ÷ that of a simple random sample of the same size, > 0; ``n ÷ design_effect``
        answers count.

    Examples
    --------
    >>> interval = wilson(65, 100)
    >>> round(float(interval.low), 5), round(float(interval.high), 5)
    (0.55254, 0.73636)
    """
    seen, asked = np.broadcast_arrays(not_negative(count, "count"), not_negative(n, "n"))
    if (asked <= 0).any() or (seen > asked).any():
        raise ValueError("every n must be above 0 and no count above its n")
    if design_effect <= 0:
        raise ValueError(f"design_effect is {design_effect}; it must be above 0")
    z, effective, p = _z(level), asked / design_effect, seen / asked
    centre, scale = p + z * z / (2.0 * effective), 1.0 + z * z / effective
    half = z * np.sqrt(p * (1.0 - p) / effective + z * z / (4.0 * effective**2))
    low = np.where(seen == 0, 0.0, (centre - half) / scale)
    return Interval(p, low, np.where(seen == asked, 1.0, (centre + half) / scale))


def byar(count: ArrayLike, level: float = 0.95) -> Interval:
    """Byar's interval of a Poisson mean; near enough from 10 events on. Kept to compare with published rates.

    The lower limit at 0 events is 0.
    """
    x, z = not_negative(count, "count"), _z(level)
    some = np.maximum(x, 1e-12)
    low = some * np.maximum(1.0 - 1.0 / (9.0 * some) - z / (3.0 * np.sqrt(some)), 0.0) ** 3
    more = x + 1.0
    return Interval(x, np.where(x > 0, low, 0.0), more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3)


def poisson_exact(count: ArrayLike, level: float = 0.95) -> Interval:
    """Garwood's exact interval of a Poisson mean, which our pages use for every count.

    Examples
    --------
    >>> nothing = poisson_exact(0)
    >>> float(nothing.low), round(float(nothing.high), 3)
    (0.0, 3.689)
    """
    x, tail = not_negative(count, "count"), (1.0 - share(level, "level")) / 2.0
    low = special.gammaincinv(np.maximum(x, 1e-12), tail)
    return Interval(x, np.where(x > 0, low, 0.0), special.gammainccinv(x + 1.0, tail))


def student(values: ArrayLike, level: float = 0.95) -> Interval:
    """Student's interval of the mean of one sample of at least two values."""
    sample = finite(values, "values")
    if sample.ndim != 1 or sample.size < 2:
        raise ValueError("values must be one sample of at least two numbers")
    mean, n = sample.mean(), sample.size
    half = special.stdtrit(n - 1, 1.0 - (1.0 - share(level, "level")) / 2.0) * sample.std(ddof=1) / np.sqrt(n)
    return Interval(mean, mean - half, mean + half)


@dataclass(frozen=True)
class QuantileInterval:
    """A quantile of a sample, and the two observations between which the true one lies.

    ``low`` is −inf and ``high`` +inf where the sample is too small to bound that side. ``covered`` is the
    probability, at least, with which such an interval holds the true quantile: ``level`` or more.
    """

    value: float
    low: float
    high: float
    covered: float


def order_statistic_interval(values: ArrayLike, q: float, level: float = 0.95) -> QuantileInterval:
    """Distribution-free interval of a quantile: the median response, the 90th percentile.

    Parameters
    ----------
    values : array
        One sample, in any order; at least one value.
    q : float
        0.5 for the median, 0.9 for the 90th percentile. The estimate is the usual linear one (type 7).

    Examples
    --------
    >>> order_statistic_interval(range(1, 21), 0.5)
    QuantileInterval(value=10.5, low=6.0, high=15.0, covered=0.9586105346679688)
    >>> order_statistic_interval([4.0, 7.0], 0.9).high
    inf
    """
    sample = np.sort(finite(values, "values"))
    if sample.ndim != 1 or not sample.size:
        raise ValueError("values must be one sample of at least one number")
    n, tail = sample.size, (1.0 - share(level, "level")) / 2.0
    # below[k] = P(at most k of the sample lie below the true quantile)
    below = special.bdtr(np.arange(n + 1), n, share(q, "q"))
    # The true quantile lies under the l-th value where fewer than l lie below it, and so on.
    lower = int(np.count_nonzero(below[:n] <= tail))
    upper = int(np.count_nonzero(below < 1.0 - tail)) + 1
    low = float(sample[lower - 1]) if lower else -np.inf
    high = float(sample[upper - 1]) if upper <= n else np.inf
    missed = (below[lower - 1] if lower else 0.0) + (1.0 - below[upper - 1] if upper <= n else 0.0)
    value = float(np.quantile(sample, q))
    # Of two or three values the estimate, which lies between observations, can fall outside: it is let in.
    return QuantileInterval(value, min(low, value), max(high, value), float(1.0 - missed))


def _z(level: float) -> float:
    return float(special.ndtri(1.0 - (1.0 - share(level, "level")) / 2.0))
