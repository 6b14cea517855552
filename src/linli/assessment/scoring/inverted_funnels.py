"""Funnel limits inverted from confidence intervals, as published tools draw them. For comparison only.

Public health tables and R packages draw a funnel by asking at which expected value the confidence interval of
a count would just touch it. That is not the distribution of the count: at one expected event such a lower
limit marks an ordinary area with probability 0.37, fifteen times the 0.025 that it promises (Seaton &
Manktelow 2012). They are here so that our figures can be held against theirs; what Linli flags comes from
``funnels``.

References
----------
Spiegelhalter, *Statistics in Medicine* 24 (2005), 1185–1202, appendix. Public Health England, *Technical
Guide: Confidence intervals* (2018), and funnel plots in R PHEindicatormethods. Seaton & Manktelow, *BMC
Medical Research Methodology* 12:98 (2012).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from linli.assessment.scoring.arrays import FloatArray, not_negative, share
from linli.assessment.scoring.predictive import Condition, at_least

__all__ = [
    "Band",
    "FlagChances",
    "exact_counts",
    "flag_chances",
    "inverted_counts",
    "inverted_expected",
    "inverted_proportions",
    "wald_counts",
]


@dataclass(frozen=True)
class Band:
    """Lower and upper limits."""

    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class FlagChances:
    """The true probabilities that an ordinary area falls below the lower and above the upper limit."""

    below: FloatArray
    above: FloatArray


def inverted_proportions(proportion: float, n: ArrayLike, level: float = 0.95) -> Band:
    """Proportions at which Wilson's interval of an area of size ``n`` just touches the overall proportion.

    Wilson's limits are (2np + z² ± z·√(z² + 4np(1 − p))) ÷ 2(n + z²). Set equal to the overall proportion,
    squared and gathered in x = n·p, they give a quadratic in x.
    """
    of, z = not_negative(n, "n"), _z(level)
    constant = 2.0 * proportion * (of + z * z) - z * z
    a, b = 4.0 + 4.0 * z * z / of, -(4.0 * constant + 4.0 * z * z)
    root = np.sqrt(np.maximum(b * b - 4.0 * a * (constant**2 - z**4), 0.0))
    low, high = (-b - root) / (2.0 * a), (-b + root) / (2.0 * a)
    return Band(np.maximum(low / of, 0.0), np.minimum(high / of, 1.0))


def inverted_expected(count: ArrayLike, level: float = 0.95) -> Band:
    """The expected events at which a count just touches the lower (``low``) and the upper (``high``) limit.

    They are the ends of Garwood's interval: the larger is where the count would be at the *lower* limit.
    """
    seen, tail = not_negative(count, "count"), (1.0 - share(level, "level")) / 2.0
    largest = special.gammainccinv(seen + 1.0, tail)
    smallest = np.where(seen > 0, special.gammaincinv(np.maximum(seen, 1e-12), tail), 0.0)
    return Band(np.asarray(largest), np.asarray(smallest))


def inverted_counts(expected: ArrayLike, level: float = 0.95) -> Band:
    """Garwood's interval of a count equal to the expected one, taken for limits (FunnelPlotR)."""
    mean = not_negative(expected, "expected")
    tail = (1.0 - share(level, "level")) / 2.0
    return Band(
        np.asarray(special.gammaincinv(np.maximum(mean, 1e-12), tail)),
        np.asarray(special.gammainccinv(mean + 1.0, tail)),
    )


def wald_counts(expected: ArrayLike, level: float = 0.95) -> Band:
    """expected ± z·√expected."""
    mean = not_negative(expected, "expected")
    half = _z(level) * np.sqrt(mean)
    return Band(mean - half, mean + half)


def exact_counts(expected: ArrayLike, level: float = 0.95) -> Band:
    """Prediction limits: the outermost counts with no more than (1 − level)/2 beyond them; without mid-p."""
    mean = not_negative(expected, "expected")
    tail = (1.0 - share(level, "level")) / 2.0
    low = _first(lambda count: 1.0 - at_least(count + 1.0, mean, np.array(np.inf)) > tail, mean)
    high = _first(lambda count: at_least(count + 1.0, mean, np.array(np.inf)) <= tail, mean)
    return Band(low, high)


def flag_chances(expected: ArrayLike, limits: Band) -> FlagChances:
    """How often a Poisson count lies strictly outside limits."""
    mean, certain = not_negative(expected, "expected"), np.array(np.inf)
    below = 1.0 - at_least(np.ceil(limits.low - 1e-9), mean, certain)
    return FlagChances(below, at_least(np.floor(limits.high + 1e-9) + 1.0, mean, certain))


def _first(holds: Condition, mean: FloatArray) -> FloatArray:
    """The smallest count from which on a condition holds."""
    low, high = np.full(mean.shape, -1.0), np.ceil(mean + 12.0 * np.sqrt(mean) + 30.0)
    while (high - low > 1.0).any():
        middle = np.floor((low + high) / 2.0)
        holding = holds(middle)
        low, high = np.where(holding, low, middle), np.where(holding, middle, high)
    return high


def _z(level: float) -> float:
    return float(special.ndtri(1.0 - (1.0 - share(level, "level")) / 2.0))
