"""CUSUM of counts: small lasting rises found sooner, with a threshold that is calibrated, not looked up.

Each month adds the log-likelihood ratio of "``ratio`` times the expected" against "as expected" for that
month's own predictive distribution; the sum never falls below nought. The threshold is the one that simulated
ordinary series of the same expectations pass with the probability asked for.

References
----------
Page, *Biometrika* 41 (1954), 100–115. Lucas, *Technometrics* 27 (1985), 129–144 (counted data). Hawkins &
Olwell, *Cumulative Sum Charts* (1998), section 7.2 (likelihood ratios, negative binomial).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import FloatArray, not_negative, share
from linli.assessment.scoring.predictive import POISSON

__all__ = ["Cusum", "Threshold", "calibrate", "cusum"]


@dataclass(frozen=True)
class Cusum:
    """The sums, and where they stand above the threshold; arrays (..., months)."""

    sums: FloatArray
    threshold: float

    @property
    def signals(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        """Months in which the sum is above the threshold."""
        return np.asarray(self.sums > self.threshold)


@dataclass(frozen=True)
class Threshold:
    """A threshold, and how often simulated ordinary series passed it (at most ``false_alarms``)."""

    value: float
    false_alarms: float
    replications: int


def cusum(
    counts: ArrayLike, expected: ArrayLike, threshold: float, *, ratio: float = 1.5, size: ArrayLike = np.inf
) -> Cusum:
    """The CUSUM of one or many series.

    Parameters
    ----------
    counts, expected : arrays (..., months)
        Events and expected events (> 0) in order of time.
    ratio : float
        The lasting change to be found: above 1 a rise, between 0 and 1 a fall.
    size : array
        Shape of the negative binomial of each month; infinite for Poisson.
    """
    seen, mean, shape = _series(counts, expected, size)
    return Cusum(_sums(_scores(seen, mean, shape, _changed(ratio))), threshold)


def calibrate(
    expected: ArrayLike,
    rng: np.random.Generator,
    *,
    ratio: float = 1.5,
    size: ArrayLike = np.inf,
    false_alarms: float = 0.05,
    replications: int = 4000,
) -> Threshold:
    """The threshold that an ordinary series passes within the months given with probability ``false_alarms``.

    Parameters
    ----------
    expected : array (..., months)
        Several areas are drawn together; the alarm is then any area's.
    rng : numpy.random.Generator
        The only source of chance: the same stream, the same threshold.
    """
    _, mean, shape = _series(expected, expected, size)
    drawn = _draw(mean, shape, rng, replications)
    highest = _sums(_scores(drawn, mean, shape, _changed(ratio))).reshape(replications, -1).max(axis=1)
    value = float(np.quantile(highest, 1.0 - share(false_alarms, "false_alarms"), method="higher"))
    return Threshold(value, float((highest > value).mean()), replications)


def _draw(mean: FloatArray, shape: FloatArray, rng: np.random.Generator, replications: int) -> FloatArray:
    wanted = (replications, *mean.shape)
    if (shape >= POISSON).all():
        return rng.poisson(mean, wanted).astype(np.float64)
    held = np.minimum(shape, POISSON)
    return rng.poisson(mean * rng.gamma(held, 1.0 / held, wanted)).astype(np.float64)


def _scores(seen: FloatArray, mean: FloatArray, shape: FloatArray, ratio: float) -> FloatArray:
    """Log of the likelihood ratio of negative binomials of one shape and means ``ratio``·mean and mean."""
    held = np.minimum(shape, POISSON)
    grown = np.log1p((ratio - 1.0) * mean / (held + mean))
    return np.asarray(seen * (np.log(ratio) - grown) - held * grown)


def _sums(scores: FloatArray) -> FloatArray:
    sums = np.empty_like(scores)
    running = np.zeros(scores.shape[:-1])
    for month in range(scores.shape[-1]):
        running = np.maximum(0.0, running + scores[..., month])
        sums[..., month] = running
    return sums


def _series(
    counts: ArrayLike, expected: ArrayLike, size: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    seen, mean, shape = np.broadcast_arrays(
        not_negative(counts, "counts"), not_negative(expected, "expected"), np.asarray(size, dtype=np.float64)
    )
    if (mean <= 0).any() or not (shape > 0).all():
        raise ValueError("every expected and every size must be above 0")
    return seen, mean, shape


def _changed(ratio: float) -> float:
    if ratio <= 0 or ratio == 1:
        raise ValueError(f"ratio is {ratio}; it must be above 0 and other than 1")
    return ratio
