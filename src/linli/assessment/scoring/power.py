"""How many events it takes to see a change: what a target of "down by 4 %" needs before anyone can tell.

The test is the exact conditional one of two Poisson counts (given their sum, the second is binomial), with
mid-p, two-sided; its power is summed over all sums, not approximated.

References
----------
Przyborowski & Wilenski, *Biometrika* 31 (1940), 313–323. Gu, Ng, Tang & Schucany, *Biometrical Journal* 50
(2008), 283–298 (power of tests of two Poisson rates).
"""

import math

import numpy as np
from scipy import special

from linli.assessment.scoring.arrays import FloatArray, share
from linli.assessment.scoring.predictive import exactly

__all__ = ["change_seen", "events_needed"]


def change_seen(
    events: float, relative_change: float, *, alpha: float = 0.05, base_periods: float = 1.0
) -> float:
    """The probability of seeing a true change, with so many events expected a period before it.

    Parameters
    ----------
    events : float
        Expected in the period that is judged if nothing had changed, > 0.
    relative_change : float
        −0.04 for "down by 4 %"; 1.0 for a doubling; above −1 and not 0.
    alpha : float
        Two-sided false alarms.
    base_periods : float
        How many such periods the comparison looks back on, > 0.

    Returns
    -------
    float
        Of a significant result in the right direction.
    """
    if events <= 0 or base_periods <= 0 or relative_change <= -1 or relative_change == 0:
        raise ValueError("events and base_periods must be above 0, relative_change above -1 and not 0")
    after, before = events * (1.0 + relative_change), events * base_periods
    totals = _likely(after + before)
    chances = exactly(totals, np.array(after + before), np.array(np.inf))
    tail, null, true = share(alpha, "alpha") / 2.0, 1.0 / (1.0 + base_periods), after / (after + before)
    if relative_change < 0:
        highest = _highest_low(totals, null, tail)
        seen = _at_most(highest, totals, true)
    else:
        # A high count of the one is a low count of the other.
        highest = _highest_low(totals, 1.0 - null, tail)
        seen = _at_most(highest, totals, 1.0 - true)
    return float((chances * seen).sum())


def events_needed(
    relative_change: float, *, alpha: float = 0.05, power: float = 0.8, base_periods: float = 1.0
) -> int:
    """The fewest events expected a period with which a true change would probably be seen.

    Parameters
    ----------
    relative_change : float
        −0.04 for L10's "down by 4 %".
    power : float
        The probability of seeing it that is asked for.

    Returns
    -------
    int
        Events a period, to one in 2,000. Power climbs in small teeth, so a few fewer may do as well by luck.

    Examples
    --------
    >>> events_needed(1.0), events_needed(-0.5)
    (24, 47)
    """
    goal = share(power, "power")
    high = _approximately(relative_change, alpha, goal, base_periods)
    while change_seen(high, relative_change, alpha=alpha, base_periods=base_periods) < goal:
        high = math.ceil(1.2 * high) + 1
    low = 0
    while high - low > max(1, high // 2000):
        middle = (low + high) // 2
        enough = change_seen(middle, relative_change, alpha=alpha, base_periods=base_periods) >= goal
        low, high = (low, middle) if enough else (middle, high)
    return high


def _approximately(relative_change: float, alpha: float, power: float, base_periods: float) -> int:
    z = float(special.ndtri(1.0 - share(alpha, "alpha") / 2.0) + special.ndtri(power))
    return max(
        1, math.ceil(z**2 * (1 / (1 + relative_change) + 1 / base_periods) / math.log1p(relative_change) ** 2)
    )


def _likely(mean: float) -> FloatArray:
    spread = 7.0 * math.sqrt(mean) + 10.0
    return np.arange(max(0, int(mean - spread)), int(mean + 1.3 * spread) + 1, dtype=np.float64)


def _highest_low(totals: FloatArray, chance: float, tail: float) -> FloatArray:
    """For each total the largest count whose lower binomial mid-p is below ``tail``; −1 where none is."""
    low, high = np.full(totals.shape, -1.0), totals.copy()
    while (high - low > 1.0).any():
        middle = np.floor((low + high) / 2.0)
        mid_p = 0.5 * (_at_most(middle, totals, chance) + _at_most(middle - 1.0, totals, chance))
        below = mid_p < tail
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return low


def _at_most(count: FloatArray, totals: FloatArray, chance: float) -> FloatArray:
    """P(Y ≤ count), Y binomial; 0 below nought."""
    some = np.minimum(np.maximum(count, 0.0), totals)
    within = special.betainc(np.maximum(totals - some, 1e-9), some + 1.0, 1.0 - chance)
    return np.where(count < 0, 0.0, np.where(some >= totals, 1.0, within))
