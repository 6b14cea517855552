"""Divergence: does the recorded count still go with an independent one, such as calls to 110 or a survey?

What is no longer recorded goes missing from one series and not from the other. Each period's ratio has an
interval; a CUSUM over the periods shows a loss that is too small for any one of them.

References
----------
Clopper & Pearson, *Biometrika* 26 (1934), 404–413; given both counts' sum, one is binomial (Przyborowski &
Wilenski, *Biometrika* 31 (1940), 313–323). The CUSUM is that of ``linli.assessment.scoring.cusum``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from linli.assessment.scoring.arrays import BoolArray, FloatArray, not_negative, share
from linli.assessment.scoring.cusum import calibrate, cusum

__all__ = ["Divergence", "diverging"]

TINY = 1e-9


@dataclass(frozen=True)
class Divergence:
    """By period: recorded ÷ independent with its interval, relative to the base; ``nan`` where both are 0.

    ``apart`` is where the interval leaves 1 out. ``evidence`` is the CUSUM that recording has fallen to a
    share ``lost`` of what it was, 0 in the base; ``signal`` where it has passed ``threshold``.
    """

    ratio: FloatArray
    low: FloatArray
    high: FloatArray
    apart: BoolArray
    evidence: FloatArray
    signal: BoolArray
    lost: float
    threshold: float


def diverging(
    recorded: ArrayLike,
    independent: ArrayLike,
    *,
    base: int,
    random: np.random.Generator,
    lost: float = 0.8,
    level: float = 0.95,
    false_alarms: float = 0.05,
) -> Divergence:
    """Two series of counts of the same thing, period by period.

    Parameters
    ----------
    recorded, independent : arrays (periods,)
        Counts, ≥ 0.
    base : int
        The first periods, in which the two went together; some events of both must lie in them.
    lost : float
        The share of recording that the CUSUM looks for, above 0 and below 1.
    level : float
        Of each period's interval, which holds the base's ratio for known.
    false_alarms : float
        How often the CUSUM may signal by the end of the series although nothing changed; its threshold is set
        by simulation from ``random``.

    Raises
    ------
    ValueError
        The series have other lengths, or the base has no events of one of them.
    """
    seen, other = not_negative(recorded, "recorded"), not_negative(independent, "independent")
    if seen.shape != other.shape or seen.ndim != 1 or not 0 < base < seen.size:
        raise ValueError("the series must be as long as each other, and longer than the base")
    before, beside = float(seen[:base].sum()), float(other[:base].sum())
    if before <= 0 or beside <= 0:
        raise ValueError("the base must have events of both series")
    usual = before / beside
    low, high = (limit / usual for limit in _ratio_limits(seen, seen + other, share(level, "level")))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(seen + other > 0, seen / other, np.nan) / usual
    # What the independent count lets expect, as unsure as that count and the base's ratio are.
    size = 1.0 / (1.0 / np.maximum(other[base:], 1.0) + 1.0 / before + 1.0 / beside)
    expected = np.maximum(usual * other[base:], TINY)
    lasting = share(lost, "lost")
    threshold = calibrate(expected, random, ratio=lasting, size=size, false_alarms=false_alarms).value
    sums = cusum(seen[base:], expected, threshold, ratio=lasting, size=size)
    return Divergence(
        ratio=ratio,
        low=low,
        high=high,
        apart=np.asarray((high < 1.0) | (low > 1.0)),
        evidence=np.concatenate([np.zeros(base), sums.sums]),
        signal=np.concatenate([np.zeros(base, dtype=bool), sums.signals]),
        lost=lost,
        threshold=threshold,
    )


def _ratio_limits(seen: FloatArray, total: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Clopper and Pearson's limits of the recorded share, as odds; all and nothing where both are 0."""
    tail = (1.0 - level) / 2.0
    other = total - seen
    low = np.where(seen > 0, betaincinv(np.maximum(seen, 1.0), other + 1.0, tail), 0.0)
    high = np.where(other > 0, betaincinv(seen + 1.0, np.maximum(other, 1.0), 1.0 - tail), 1.0)
    with np.errstate(divide="ignore"):
        return low / (1.0 - low), high / (1.0 - high)
