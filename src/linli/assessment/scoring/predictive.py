"""The distribution of a count whose mean is not surely known: mid-p values and limits.

The count is Poisson around ``mean`` × g ÷ h, where g and h are gamma distributed about 1 and independent.
``size`` is the shape of g: what multiplies the mean (the area's own rate, given its past; scatter of the
months judged). ``base`` is the shape of h: what the mean was divided by (scatter of the past months).
Infinite shapes are certainty. With ``base`` infinite the count is negative binomial; with both, Poisson.

References
----------
Gelman et al., *Bayesian Data Analysis*, 3rd ed. 2013, section 2.6 (predictive of a Poisson count with a gamma
rate). Lancaster, "Significance tests in discrete distributions", JASA 56 (1961), 223–234 (mid-p). Wilson &
Hilferty, PNAS 17 (1931), 684–688 (a gamma variate is near enough the cube of a normal one).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy import special

from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray

__all__ = ["POISSON", "Condition", "Predictive", "at_least", "exactly"]

POISSON = 1e8
"""A shape from which a gamma is taken for certain; the count's variance then differs by mean²/1e8."""

NODES, WEIGHTS = special.roots_hermitenorm(7)
NODES, WEIGHTS = NODES[::-1], WEIGHTS[::-1] / WEIGHTS.sum()

Condition: TypeAlias = Callable[[FloatArray], BoolArray]


def at_least(count: FloatArray, mean: FloatArray, size: FloatArray) -> FloatArray:
    """P(Y ≥ count), Y negative binomial: variance mean + mean² / size.

    Parameters
    ----------
    count : array of whole numbers
        Below 1 the answer is 1.
    mean, size : arrays
        Above 0; ``size`` may be infinite (Poisson).
    """
    count, mean, size = np.broadcast_arrays(count, mean, size)
    some, held = np.maximum(count, 1.0), np.minimum(size, POISSON)
    tail = special.betainc(some, held, mean / (held + mean))
    certain = size >= POISSON
    if certain.any():
        tail = np.where(certain, special.gammainc(some, mean), tail)
    return np.where(count <= 0, 1.0, tail)


def exactly(count: FloatArray, mean: FloatArray, size: FloatArray) -> FloatArray:
    """P(Y = count), Y negative binomial; 0 for counts below 0."""
    count, mean, size = np.broadcast_arrays(count, mean, size)
    some, held = np.maximum(count, 0.0), np.minimum(size, POISSON)
    # C(y + r − 1, y) = 1 / ((y + r) · B(r, y + 1)) does not cancel for large sizes as log-gammas do.
    log = special.xlogy(some, mean / (held + mean)) - held * np.log1p(mean / held)
    log = log - np.log(some + held) - special.betaln(held, some + 1.0)
    certain = size >= POISSON
    if certain.any():
        log = np.where(certain, special.xlogy(some, mean) - mean - special.gammaln(some + 1.0), log)
    return np.where(count < 0, 0.0, np.exp(log))


@dataclass(frozen=True)
class Predictive:
    """Counts to be expected; arrays of one shape, ``mean`` > 0, ``size`` and ``base`` > 0 or infinite."""

    mean: FloatArray
    size: FloatArray
    base: FloatArray

    def at(self, places: BoolArray) -> "Predictive":
        """The distributions at some of the places, as one list."""
        shaped = (np.broadcast_to(part, places.shape)[places] for part in (self.mean, self.size, self.base))
        return Predictive(*shaped)

    def at_least(self, count: FloatArray, *, times: float = 1.0) -> FloatArray:
        """P(Y ≥ count) if the true mean were ``times`` what is expected."""
        return self._mixed(lambda mean: at_least(count, times * mean, self.size))

    def upper_mid_p(self, count: FloatArray) -> FloatArray:
        """P(Y > count) + ½ P(Y = count): small for a high count. The lower mid-p is 1 minus it."""
        above = count + 1.0
        return self._mixed(
            lambda mean: at_least(above, mean, self.size) + 0.5 * exactly(count, mean, self.size)
        )

    def quick_upper_mid_p(self, count: FloatArray) -> FloatArray:
        """The same with g ÷ h replaced by one gamma of the same variance; tails are a little too thin."""
        size = 1.0 / (1.0 / self.size + 1.0 / self.base + 1.0 / (self.size * self.base) + 1.0 / POISSON)
        return at_least(count + 1.0, self.mean, size) + 0.5 * exactly(count, self.mean, size)

    def highest_ordinary(self, tail: float) -> IntArray:
        """The largest count whose upper mid-p is still ``tail`` or more; one above it is a high count."""
        return self._largest(lambda count: self.upper_mid_p(count) >= tail)

    def lowest_ordinary(self, tail: float) -> IntArray:
        """The smallest count whose lower mid-p is ``tail`` or more; 0 where no count is low."""
        return self._largest(lambda count: 1.0 - self.upper_mid_p(count) < tail) + 1

    def _mixed(self, answer: Callable[[FloatArray], FloatArray]) -> FloatArray:
        if (self.base >= POISSON).all():
            return answer(self.mean)
        return np.asarray(sum(weight * answer(self.mean / h) for weight, h in self._divisors()))

    def _divisors(self) -> Iterator[tuple[float, FloatArray]]:
        """Gauss–Hermite nodes of h, through the cube root of Wilson and Hilferty."""
        spread = 1.0 / (9.0 * np.minimum(self.base, POISSON))
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            yield float(weight), np.maximum(1.0 - spread + node * np.sqrt(spread), 0.1) ** 3

    def _largest(self, holds: Condition) -> IntArray:
        """The largest count up to which a condition holds; −1 where it never does.

        Doubles an upper bracket until the condition fails everywhere, then halves it: exact, some 20 steps.
        """
        low = np.full(self.mean.shape, -1.0)
        high = np.ceil(2.0 * self.mean + 8.0)
        while (going := holds(high)).any():
            low, high = np.where(going, high, low), np.where(going, 2.0 * high + 1.0, high)
        while (high - low > 1.0).any():
            middle = np.floor((low + high) / 2.0)
            holding = holds(middle)
            low, high = np.where(holding, middle, low), np.where(holding, high, middle)
        return low.astype(np.int64)
