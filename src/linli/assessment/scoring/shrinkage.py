"""Shrinkage: rates of small areas drawn towards what the areas have in common, as far as chance blurs them.

References
----------
Efron & Morris, "Stein's paradox in statistics", *Scientific American* 236 (1977), 119–127. Marshall, *Applied
Statistics* 40 (1991), 283–294. Clayton & Kaldor, *Biometrics* 43 (1987), 671–681 (gamma-Poisson; lip cancer).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from linli.assessment.scoring.arrays import FloatArray, finite, not_negative

__all__ = ["GammaPrior", "JamesStein", "james_stein", "marshall", "marshall_local", "moments", "most_likely"]


@dataclass(frozen=True)
class JamesStein:
    """Means drawn towards their own mean by a common factor: 1 leaves them, 0 makes them all alike."""

    values: FloatArray
    mean: float
    factor: float


def james_stein(values: ArrayLike, variance: float) -> JamesStein:
    """Means of equal known variance, shrunk towards their mean (positive part); at least four."""
    means = finite(values, "values")
    if means.ndim != 1 or means.size < 4 or variance <= 0:
        raise ValueError("James and Stein's estimate needs four means or more and a variance above 0")
    centre = float(means.mean())
    spread = float(((means - centre) ** 2).sum())
    factor = max(0.0, 1.0 - (means.size - 3) * variance / spread) if spread > 0 else 0.0
    return JamesStein(centre + factor * (means - centre), centre, factor)


def marshall(events: ArrayLike, exposure: ArrayLike) -> FloatArray:
    """Marshall's global empirical Bayes rates; arrays (areas,), exposure > 0."""
    seen, exposed = _areas(events, exposure)
    everywhere = np.ones((seen.size, seen.size))
    return _marshall(seen, exposed, everywhere, np.full(everywhere.shape, seen.sum() / exposed.sum()))


def marshall_local(
    events: ArrayLike, exposure: ArrayLike, near: ArrayLike, *, around_own_means: bool = False
) -> FloatArray:
    """Marshall's local rates: each area drawn towards itself and its neighbours.

    Parameters
    ----------
    near : array (areas, areas)
        1 where the column is a neighbour of the row, else 0; the area itself is always counted in.
    around_own_means : bool
        Measures each neighbour's deviation from the mean of its own neighbourhood, as R spdep does;
        Marshall's paper, and PySAL esda, measure it from the mean of the area that is estimated.
    """
    seen, exposed = _areas(events, exposure)
    hood = np.maximum(not_negative(near, "near"), np.eye(seen.size))
    means = (hood @ seen) / (hood @ exposed)
    centres = np.broadcast_to(means if around_own_means else means[:, None], hood.shape)
    return _marshall(seen, exposed, hood, centres)


def _marshall(seen: FloatArray, exposed: FloatArray, hood: FloatArray, centres: FloatArray) -> FloatArray:
    raw, held = seen / exposed, hood @ exposed
    mean = (hood @ seen) / held
    spread = (hood * exposed * (raw - centres) ** 2).sum(1) / held
    among = np.maximum(spread - mean / (held / hood.sum(1)), 0.0)
    within = mean / exposed
    weight = np.divide(among, among + within, out=np.zeros_like(raw), where=among + within > 0)
    return np.asarray(mean + weight * (raw - mean))


def _areas(events: ArrayLike, exposure: ArrayLike) -> tuple[FloatArray, FloatArray]:
    seen, exposed = not_negative(events, "events"), not_negative(exposure, "exposure")
    if seen.ndim != 1 or seen.shape != exposed.shape or (exposed <= 0).any():
        raise ValueError("events and exposure must be two lists of one length, every exposure above 0")
    return seen, exposed


@dataclass(frozen=True)
class GammaPrior:
    """How rates are spread among areas: gamma of this shape and rate; mean ``shape ÷ rate``."""

    shape: float
    rate: float

    def posterior_mean(self, events: ArrayLike, expected: ArrayLike) -> FloatArray:
        """(shape + events) ÷ (rate + expected): the shrunk rate of each area."""
        seen, mean = not_negative(events, "events"), not_negative(expected, "expected")
        return np.asarray((self.shape + seen) / (self.rate + mean))


def moments(events: ArrayLike, expected: ArrayLike, *, rounds: int = 1000) -> GammaPrior:
    """Clayton and Kaldor's moments, solved in turns; the shape is infinite where areas do not differ.

    Mean of the posterior means = shape ÷ rate; variance of the ratios around it, weighted by
    1 + rate ÷ expected and divided by areas − 1, = shape ÷ rate².
    """
    seen, mean = _areas(events, expected)
    raw, shape, rate = seen / mean, 1.0, 1.0
    for _ in range(rounds):
        shrunk = (seen + shape) / (mean + rate)
        centre = float(shrunk.mean())
        spread = float(((1.0 + rate / mean) * (shrunk - centre) ** 2).sum() / (raw.size - 1))
        if spread <= 1e-12:
            return GammaPrior(np.inf, np.inf)
        before, rate = rate, centre / spread
        shape = centre * rate
        if abs(rate - before) <= 1e-10 * rate:
            break
    return GammaPrior(shape, rate)


def most_likely(events: ArrayLike, expected: ArrayLike) -> GammaPrior:
    """The gamma under which the counts (negative binomial) are most likely."""
    seen, mean = _areas(events, expected)

    def loss(logs: FloatArray) -> float:
        shape, rate = np.exp(logs)
        each = special.gammaln(seen + shape) - special.gammaln(shape) + shape * np.log(rate / (rate + mean))
        return -float((each + seen * np.log(mean / (rate + mean))).sum())

    found = optimize.minimize(
        loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000}
    )
    return GammaPrior(*(float(value) for value in np.exp(found.x)))
