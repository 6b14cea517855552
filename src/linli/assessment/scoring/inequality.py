"""How unequal a figure is from the worst-off tenth of residents to the best-off: the slope index.

References
----------
Low & Low, "Measuring the gap", *Journal of Public Health* 26 (2004), 388–395. Pamuk, *Population Studies* 39
(1985), 17–31.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import FloatArray, finite, not_negative, share

__all__ = ["Scale", "Slope", "SlopeLimits", "slope_index", "slope_limits"]


class Scale(Enum):
    """On which scale a group's figure is uncertain, symmetrically: as it is, as a logarithm, as log odds."""

    PLAIN = "plain"
    RATE = "rate"
    PROPORTION = "proportion"

    def transform(self, values: FloatArray) -> FloatArray:
        """To the scale."""
        if self is Scale.RATE:
            return np.log(values)
        return np.log(values / (1.0 - values)) if self is Scale.PROPORTION else values

    def restore(self, values: FloatArray) -> FloatArray:
        """And back."""
        if self is Scale.RATE:
            return np.exp(values)
        return np.asarray(1.0 / (1.0 + np.exp(-values))) if self is Scale.PROPORTION else values


@dataclass(frozen=True)
class Slope:
    """The fitted figure of the first resident, and how much the last one's differs.

    ``ratio`` (the relative index) is the last one's ÷ the first one's.
    """

    intercept: float
    slope: float

    @property
    def ratio(self) -> float:
        """1 where there is no gradient."""
        return (self.intercept + self.slope) / self.intercept


@dataclass(frozen=True)
class SlopeLimits:
    """Simulated limits of the slope and of the ratio."""

    slope: tuple[float, float]
    ratio: tuple[float, float]


def slope_index(
    values: ArrayLike, residents: ArrayLike, *, scale: Scale = Scale.PLAIN, fit_on_scale: bool = False
) -> Slope:
    """The weighted regression of groups' figures on their middle place in the cumulated population.

    Parameters
    ----------
    values, residents : arrays (groups,)
        In order from worst off to best off; residents above 0; at least three groups.
    fit_on_scale : bool
        Fits logarithms or log odds and gives the difference of the restored ends.

    Notes
    -----
    Least squares weighted by each group's share of the residents.
    """
    given, people = finite(values, "values"), not_negative(residents, "residents")
    if given.ndim != 1 or given.shape != people.shape or given.size < 3 or (people <= 0).any():
        raise ValueError("values and residents must be three groups or more, with residents in each")
    fitted = scale.transform(given) if fit_on_scale else given
    intercept, slope = _solver(people) @ fitted
    restored = scale if fit_on_scale else Scale.PLAIN
    first, last = restored.restore(np.array([intercept, intercept + slope]))
    return Slope(float(first), float(last - first))


def slope_limits(
    values: ArrayLike,
    residents: ArrayLike,
    errors: ArrayLike,
    rng: np.random.Generator,
    *,
    scale: Scale = Scale.PLAIN,
    fit_on_scale: bool = False,
    level: float = 0.95,
    draws: int = 100_000,
) -> SlopeLimits:
    """Limits by drawing each group's figure anew from a normal distribution on ``scale``.

    Parameters
    ----------
    errors : array (groups,)
        Standard errors on ``scale``, ≥ 0.
    """
    centre = scale.transform(finite(values, "values"))
    drawn = centre[:, None] + not_negative(errors, "errors")[:, None] * rng.standard_normal(
        (centre.size, draws)
    )
    fitted = drawn if fit_on_scale else scale.restore(drawn)
    intercepts, slopes = _solver(not_negative(residents, "residents")) @ fitted
    restored = scale if fit_on_scale else Scale.PLAIN
    first, last = restored.restore(intercepts), restored.restore(intercepts + slopes)
    tail = (1.0 - share(level, "level")) / 2.0
    slope = np.quantile(last - first, [tail, 1.0 - tail])
    ratio = np.quantile(last / first, [tail, 1.0 - tail])
    return SlopeLimits((float(slope[0]), float(slope[1])), (float(ratio[0]), float(ratio[1])))


def _solver(people: FloatArray) -> FloatArray:
    """The matrix that turns groups' figures into intercept and slope."""
    part = people / people.sum()
    place = part.cumsum() - part / 2.0
    design = np.stack([np.ones_like(part), place], axis=1)
    return np.asarray(np.linalg.solve(design.T @ (part[:, None] * design), design.T * part))
