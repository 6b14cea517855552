"""What an area was to be expected to count, and how surely that is known.

Notes
-----
Own past. An area's rate given its past B events is gamma of shape B + ½ (Jeffreys' prior). The county
factor is what the judged months were to the other areas: (their count now + ½) ÷ (their past count + ½), the
area left out, so that a rise does not raise its own bar. Season and trend that all areas share go with it.

References
----------
Gelman et al., *Bayesian Data Analysis*, 3rd ed. 2013, section 2.6–2.8 (gamma-Poisson, Jeffreys' prior).
"""

from dataclasses import dataclass

import numpy as np

from linli.assessment.scoring.arrays import FloatArray

__all__ = ["JEFFREYS", "Expectation", "from_exposure", "from_past"]

JEFFREYS = 0.5
"""Events that Jeffreys' prior for a Poisson mean is worth."""


@dataclass(frozen=True)
class Expectation:
    """Expected events, and how unsure they are: arrays (..., areas).

    ``above`` is the relative variance of what multiplies (own rate, others' count now, scatter of the months
    judged), ``below`` of what divides (others' past, scatter of the area's own past). 0 is certainty.
    """

    mean: FloatArray
    above: FloatArray
    below: FloatArray


def from_exposure(counts: FloatArray, exposure: FloatArray, omega: FloatArray) -> Expectation:
    """By the rate of all the other areas, with scatter ``omega`` among areas; arrays (..., areas)."""
    others = counts.sum(-1, keepdims=True) - counts + JEFFREYS
    exposed = exposure.sum(-1, keepdims=True) - exposure
    rate = np.divide(others, exposed, out=np.zeros(counts.shape), where=exposed > 0)
    squares = rate**2 * ((exposure**2).sum(-1, keepdims=True) - exposure**2)
    unsure = 1.0 / others + omega * squares / others**2
    return Expectation(exposure * rate, _together(omega, unsure), np.zeros(counts.shape))


def from_past(past: FloatArray, now: FloatArray, omega: FloatArray) -> Expectation:
    """The sum of ``now`` by the area's own past and the others' change; arrays (..., areas, months).

    ``omega`` (..., areas) is the scatter of single months; it averages out over months and areas.
    """
    own = past.sum(-1) + JEFFREYS
    others_past, others_now = (_others(months.sum(-1)) + JEFFREYS for months in (past, now))
    above = _together(omega * _unevenness(now), 1.0 / own, _of_total(now, others_now, omega))
    below = _together(omega * _unevenness(past), _of_total(past, others_past, omega))
    return Expectation(own * others_now / others_past, above, below)


def _together(*variances: FloatArray) -> FloatArray:
    """The relative variance of a product of independent factors."""
    product = 1.0 + variances[0]
    for variance in variances[1:]:
        product = product * (1.0 + variance)
    return product - 1.0


def _others(totals: FloatArray) -> FloatArray:
    others: FloatArray = totals.sum(-1, keepdims=True) - totals
    return others


def _unevenness(months: FloatArray) -> FloatArray:
    """Σ share² of the months in what all the other areas counted: 1/n for n even months."""
    others = _others(np.moveaxis(months, -1, 0)) + JEFFREYS
    return np.asarray((others**2).sum(0) / others.sum(0) ** 2)


def _of_total(months: FloatArray, others: FloatArray, omega: FloatArray) -> FloatArray:
    """Relative variance of the other areas' total: chance, and scatter of the area-months in it."""
    squares = np.maximum(_others((months**2).sum(-1) - months.sum(-1)), 0.0)
    return 1.0 / others + omega * squares / others**2
