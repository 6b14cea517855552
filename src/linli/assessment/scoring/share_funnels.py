"""Funnels of shares: is the part of an area's answers outside what chance alone would do?

An area's number with the property is beta-binomial around the share of all the other areas: its spread holds
how the others' true shares scatter, and how unsurely their common share is known. A number is flagged where
its two-sided mid-p falls below 1 − level; an area that is not flagged is called ordinary only where twice the
odds of the rarer outcome would probably have been seen.

What it cannot do: say why; allow for who was asked (weighted answers are to be given as their worth).

Notes
-----
Scatter among areas is an intra-class correlation rho: variance = n·p·(1 − p)·(1 + (n − 1)·rho). It is pooled
over the other areas by weighted moments, as the scatter of counts is, with one standard error added; the same
number of other areas in effect is asked for before anything is said.

References
----------
Spiegelhalter, *Statistics in Medicine* 24 (2005), 1185–1202. Williams, *Applied Statistics* 31 (1982),
144–148 (moments of the beta-binomial's correlation). Lancaster 1961 (mid-p).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, gammaln

from linli.assessment.scoring.arrays import BoolArray, FloatArray, not_negative, share
from linli.assessment.scoring.dispersion import in_effect
from linli.assessment.scoring.funnels import FEWEST_TO_JUDGE, LEVEL, Flag, Limits

__all__ = ["ShareFunnel"]

TINY = 1e-12
PILOTS = 2
FEWEST_IN_COMMON = 2.0
"""Other areas in effect, by their answers, that a common share must rest on."""
MOST_ALIKE = 1e7
"""Answers that knowing the share is worth at most: a binomial, as far as anybody can tell."""


@dataclass(frozen=True)
class ShareFunnel:
    """The distribution of each area's number with the property if nothing special happened; arrays (areas,).

    Parameters
    ----------
    n : array of whole numbers
        Those asked or observed.
    expected : array
        The share among all the others, between 0 and 1.
    size : array
        How surely the area's share is known to be that, in answers; from the others' scatter and number.
    known : array of bool
        Where the others are enough to say anything.
    """

    n: FloatArray
    expected: FloatArray
    size: FloatArray
    known: BoolArray

    @classmethod
    def among_areas(cls, count: ArrayLike, n: ArrayLike) -> Self:
        """Areas against the share of all the others.

        Parameters
        ----------
        count, n : arrays (areas,)
            Those with the property and those asked, 0 ≤ count ≤ n; rounded to whole ones. Two areas at least.
        """
        seen, asked = np.round(not_negative(count, "count")), np.round(not_negative(n, "n"))
        if seen.ndim != 1 or seen.shape != asked.shape or seen.size < 2 or (seen > asked).any():
            raise ValueError("count and n must be two lists of at least two areas, no count above its n")
        others = _others(asked)
        expected = (_others(seen) + 0.5) / (others + 1.0)
        rho, effective = _scatter(seen, asked)
        # A common share that is one dominant area's is no yardstick for how the others scatter.
        known = (effective >= FEWEST_TO_JUDGE) & (in_effect(asked) >= FEWEST_IN_COMMON) & (asked > 0)
        unsure = 1.0 / np.maximum(others, 1.0) + rho * _others(asked**2) / np.maximum(others, 1.0) ** 2
        # Size s of a beta: variance p(1 − p) ÷ (s + 1).
        size = np.clip(1.0 / np.maximum(rho + unsure, 1.0 / MOST_ALIKE) - 1.0, 1e-3, MOST_ALIKE)
        return cls(asked, expected, size, np.asarray(known))

    def upper_mid_p(self, count: ArrayLike) -> FloatArray:
        """P(more) + ½ P(as many): small for a high number; ``nan`` where nothing can be said."""
        seen = np.round(not_negative(count, "count")).astype(np.int64)
        rows = np.arange(seen.size)
        found = self._at_least[rows, seen] - 0.5 * self._chance[rows, seen]
        return np.where(self.known, found, np.nan)

    def departures(self, count: ArrayLike, *, level: float = LEVEL) -> NDArray[np.int8]:
        """+1 where a share is high, −1 where low, 0 where neither."""
        tail = (1.0 - share(level, "level")) / 2.0
        upper = self.upper_mid_p(count)
        with np.errstate(invalid="ignore"):
            return np.asarray((upper < tail).astype(np.int8) - (1.0 - upper < tail).astype(np.int8))

    def flags(
        self, count: ArrayLike, *, level: float = LEVEL, odds: float = 2.0, power: float = 0.5
    ) -> NDArray[np.int8]:
        """What can be said of each area: values of ``Flag``.

        Parameters
        ----------
        odds : float
            How many times the odds of the rarer outcome ought to be seen, above 1.
        power : float
            Where such a change would be flagged with less probability than this, no flag means nothing.
        """
        departures = self.departures(count, level=level)
        blind = ~self.known | (self.power(odds, level=level) < share(power, "power"))
        return np.where((departures == 0) & blind, np.int8(Flag.CANNOT_TELL), departures)

    def limits(self, *, level: float = LEVEL) -> Limits:
        """The lowest and the highest number that would not be flagged, both included."""
        tail = (1.0 - share(level, "level")) / 2.0
        upper = self._at_least - 0.5 * self._chance
        within = self._chance >= 0.0
        high = np.where(within & (upper >= tail), self._counts, -1).max(1)
        low = np.where(within & (1.0 - upper >= tail), self._counts, self._counts[-1] + 1).min(1)
        return Limits(low.astype(np.int64), high.astype(np.int64))

    def power(self, odds: float, *, level: float = LEVEL) -> FloatArray:
        """The probability that so many times the odds of the rarer outcome are flagged in their direction."""
        if not odds > 1:
            raise ValueError(f"odds is {odds}; it must be above 1")
        limits, rarer_fails = self.limits(level=level), self.expected >= 0.5
        times = np.where(rarer_fails, 1.0 / odds, odds)
        changed = self.expected * times / (1.0 - self.expected + self.expected * times)
        chance = _beta_binomial(self._counts, self.n, changed, self.size)
        beyond = np.where(
            rarer_fails[:, np.newaxis],
            self._counts < limits.low[:, np.newaxis],
            self._counts > limits.high[:, np.newaxis],
        )
        return np.asarray(np.where(beyond, np.maximum(chance, 0.0), 0.0).sum(1))

    @cached_property
    def _counts(self) -> FloatArray:
        return np.arange(self.n.max() + 1.0)

    @cached_property
    def _chance(self) -> FloatArray:
        """Of each number, (areas, numbers); −1 beyond the area's answers, so that nothing is taken for it."""
        return _beta_binomial(self._counts, self.n, self.expected, self.size)

    @cached_property
    def _at_least(self) -> FloatArray:
        return np.asarray(np.maximum(self._chance, 0.0)[:, ::-1].cumsum(1)[:, ::-1])


def _beta_binomial(counts: FloatArray, n: FloatArray, mean: FloatArray, size: FloatArray) -> FloatArray:
    of, above = n[:, np.newaxis], (mean * size)[:, np.newaxis]
    below = ((1.0 - mean) * size)[:, np.newaxis]
    some = np.minimum(counts, of)
    ways = gammaln(of + 1.0) - gammaln(some + 1.0) - gammaln(of - some + 1.0)
    log = ways + betaln(above + some, below + of - some) - betaln(above, below)
    return np.where(counts > of, -1.0, np.exp(log))


def _scatter(seen: FloatArray, asked: FloatArray) -> tuple[FloatArray, FloatArray]:
    """rho of each area from the others, one standard error added; and how many others there are in effect."""
    common = np.clip(seen.sum() / max(asked.sum(), 1.0), 0.5 / (asked.sum() + 1.0), None)
    common = min(common, 1.0 - 0.5 / (asked.sum() + 1.0))
    chance = asked * common * (1.0 - common)
    fitted = 1.0 - asked / max(asked.sum(), 1.0)
    squares, more = (seen - asked * common) ** 2, np.maximum(asked - 1.0, 0.0)
    # A binomial's squared residual scatters by 2v² + v(1 − 6p(1 − p)).
    kurtosis = 1.0 - 6.0 * common * (1.0 - common)
    pilot, weight = 0.0, np.ones(asked.shape)
    for _ in range(PILOTS):
        variance = chance * (1.0 + more * pilot)
        weight = np.where(asked > 1, 1.0 / np.maximum(_of_squares(variance, kurtosis), TINY), 0.0)
        excess, scale = weight * (squares - fitted * chance), weight * fitted * chance * more
        pilot = max(0.0, float(excess.sum())) / max(float(scale.sum()), TINY)
    told = np.maximum(_others(scale), TINY)
    rho = np.maximum(_others(excess), 0.0) / told
    error = np.sqrt(_others(weight**2 * _of_squares(chance * (1.0 + more * rho.min()), kurtosis))) / told
    return np.clip(rho + error, 0.0, 0.99), in_effect(scale)


def _of_squares(variance: FloatArray, kurtosis: float) -> FloatArray:
    return np.asarray(np.maximum(2.0 * variance**2 + kurtosis * variance, variance**2))


def _others(values: FloatArray) -> FloatArray:
    return np.asarray(np.maximum(values.sum() - values, 0.0))
