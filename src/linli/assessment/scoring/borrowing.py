"""What an area was to be expected to count, borrowing from the others as far as the areas are alike.

A year of a small area's own past says little. Where areas of a county have much the same rate by residents,
the others say more: the area's rate is drawn towards theirs, by as much as the spread *among* areas, which
is estimated from all of them, allows. With no spread beyond chance the county's rate alone counts; with much,
the area's own past alone.

Notes
-----
Rate ratio of an area to the others' rate: gamma with mean 1 and relative variance tau² (spread among areas).
Given B past events where m were expected, gamma again, of shape 1/tau² + d·B and mean (1/tau² + d·B) ÷
(1/tau² + d·m); d = 1 ÷ (1 + omega·u·m) discounts past events that scatter more than chance (u: unevenness of
the months). tau² is the scatter among the areas' totals by moments, less what scatter of months makes of
them. As it is estimated from few areas, and may come out below 0, its posterior mean on tau² ≥ 0 is taken:
that of a normal estimate under a flat prior. The judged months' season and trend come with the others'
count, the area itself left out.

Few others. tau² and omega are learned from the other areas, and from few of them neither is known. How many
there are in effect is (Σ s)² ÷ Σ s², s being what each tells of tau²: a dominant area tells nothing itself.
With fewer than ``FEWEST_TO_BORROW`` nothing is borrowed: the own past alone counts. With fewer than
``FEWEST_TO_JUDGE`` nothing is said. In simulated counties without any change (2 to 60 areas, one of them with
up to 95 % of all residents, rates that differ by up to 50 %, scatter of 25 %) flags are then at most about
twice what is promised; without these bounds they were up to 16 times
(``benchmarks/assessment_calibration.py``).

References
----------
Clayton & Kaldor, "Empirical Bayes estimates of age-standardized relative risks", *Biometrics* 43 (1987),
671–681 (gamma-Poisson). Gelman et al., *Bayesian Data Analysis*, 3rd ed. 2013, section 2.6 and 5.4.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from linli.assessment.scoring.arrays import FloatArray, not_negative
from linli.assessment.scoring.dispersion import dispersion_over_time, in_effect
from linli.assessment.scoring.expectations import JEFFREYS
from linli.assessment.scoring.funnels import FEWEST_TO_JUDGE, PredictiveFunnel

__all__ = ["Borrowed", "borrow"]

TINY = 1e-12
FARTHEST = 6.0
"""Standard errors below 0 from which an estimate of tau² is taken for no lower."""
NORMAL = 1.0 / np.sqrt(2.0 * np.pi)
FEWEST_TO_BORROW = 7.5
"""Other areas in effect from which an area's own rate is drawn towards theirs: eight, if they are alike."""


class Borrowed:
    """The past of all areas, learned from once; ``funnel`` then judges any later months.

    Parameters
    ----------
    past : array (..., areas, months)
        Counts of the base period; two areas and two months at least.
    exposure : array (areas,) or (..., areas)
        Residents, or what else the events are in proportion to; > 0.

    Attributes
    ----------
    others : array (..., areas)
        How many other areas there are in effect to learn from.
    """

    def __init__(self, past: ArrayLike, exposure: ArrayLike) -> None:
        self.past = not_negative(past, "past")
        exposed = np.broadcast_to(not_negative(exposure, "exposure"), self.past.shape[:-1])
        if not (exposed > 0).all():
            raise ValueError("every area needs an exposure above 0, such as its residents")
        self.omega = dispersion_over_time(self.past)
        total = self.past.sum(-1)
        self.ratio = exposed / _others(exposed)
        expected = self.ratio * (_others(total) + JEFFREYS)
        unevenness = _unevenness(self.past)
        self.spread = self._spread(total, exposed, unevenness)
        discount = 1.0 / (1.0 + self.omega * unevenness * expected)
        shape = np.where(self.others < FEWEST_TO_BORROW, JEFFREYS, 1.0 / self.spread)
        self.size = shape + discount * total
        self.chance = 1.0 / (shape + total)
        self.rate_ratio = self.size / (shape + discount * expected)
        self.unsure_past = _of_total(self.past, self.omega)

    def _spread(self, total: FloatArray, exposed: FloatArray, unevenness: FloatArray) -> FloatArray:
        """tau² of each area from the others: posterior mean given that it is not below 0."""
        share = exposed / exposed.sum(-1, keepdims=True)
        expected = np.maximum(total.sum(-1, keepdims=True) * share, TINY)
        variance = expected * (1.0 + self.omega * unevenness * expected)
        weight = 1.0 / (variance + 2.0 * variance**2)
        excess = weight * ((total - expected) ** 2 - (1.0 - share) * expected)
        scale = weight * (1.0 - share) * expected**2
        self.others = in_effect(scale)
        raw = _others(excess) / _others(scale) - self.omega * unevenness
        error = np.sqrt(_others(weight)) / _others(scale)
        z = np.maximum(raw / error, -FARTHEST)
        return np.asarray(error * (z + NORMAL * np.exp(-0.5 * z * z) / ndtr(z)))

    def funnel(self, now: ArrayLike) -> PredictiveFunnel:
        """The distribution of each area's sum of the judged months if nothing special happened.

        Parameters
        ----------
        now : array (..., areas, months)
            Counts of the judged months of all areas.
        """
        judged = not_negative(now, "now")
        others = _others(judged.sum(-1)) + JEFFREYS
        above = (
            (1.0 + self.omega * _unevenness(judged))
            * (1.0 + self.chance)
            * (1.0 + _of_total(judged, self.omega))
        ) - 1.0
        # Past scatter and the others' past stand below the line: their tail upwards is the longer one.
        below = (1.0 + 1.0 / self.size) / (1.0 + self.chance) * (1.0 + self.unsure_past) - 1.0
        mean = self.rate_ratio * self.ratio * others
        known = self.others >= FEWEST_TO_JUDGE
        return PredictiveFunnel(mean, 1.0 / above, 1.0 / below, self.omega, known)


def borrow(past: ArrayLike, now: ArrayLike, exposure: ArrayLike) -> PredictiveFunnel:
    """Each area's judged months against what its own past and the other areas let expect.

    Parameters
    ----------
    past, now : arrays (..., areas, months)
        Counts of the base period and of the months that are judged together.
    exposure : array (areas,) or (..., areas)
        Residents, or what else the events are in proportion to; > 0.

    Examples
    --------
    >>> import numpy as np
    >>> past = np.full((20, 12), 4.0)
    >>> now = np.full((20, 3), 4.0)
    >>> now[0] = 12.0
    >>> borrow(past, now, np.ones(20)).departures(now.sum(-1))[:2].tolist()
    [1, 0]
    >>> borrow(past[:4], now[:4], np.ones(4)).flags(now[:4].sum(-1)).tolist()  # three others tell too little
    [2, 2, 2, 2]
    """
    return Borrowed(past, exposure).funnel(now)


def _others(totals: FloatArray) -> FloatArray:
    return np.asarray(totals.sum(-1, keepdims=True) - totals)


def _unevenness(months: FloatArray) -> FloatArray:
    """Σ share² of the months in what all the other areas counted: 1/n for n even months."""
    others = _others(np.moveaxis(months, -1, 0)) + JEFFREYS
    return np.asarray((others**2).sum(0) / others.sum(0) ** 2)


def _of_total(months: FloatArray, omega: FloatArray) -> FloatArray:
    """Relative variance of the other areas' total: chance, and scatter of the area-months in it."""
    held = _others(months.sum(-1)) + JEFFREYS
    squares = np.maximum(_others((months**2).sum(-1) - months.sum(-1)), 0.0)
    return np.asarray(1.0 / held + omega * squares / held**2)
