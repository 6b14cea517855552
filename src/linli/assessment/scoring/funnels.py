"""Predictive funnels: is a count outside what chance alone would do, and could it have been told?

Each area is given the distribution of the count that it would have if nothing special had happened: Poisson
with a gamma distributed mean, whose spread holds all that is uncertain about it (few past events, a county
factor taken from a finite number of other areas, scatter that is more than chance). A count is flagged where
its two-sided mid-p falls below 1 − level. An area that is not flagged is called ordinary only where a real
change would probably have been seen; otherwise the answer is ``CANNOT_TELL``.

What it cannot do: say why; see a change that came to all areas at once (the county factor absorbs it, on
purpose); correct for what was never recorded; judge among fewer than six areas, or where all but one are
small: how the others scatter is then not known, and nothing is said (``FEWEST_TO_JUDGE``).

References
----------
Spiegelhalter 2005 (funnels, over-dispersion); Seaton & Manktelow, *BMC Medical Research Methodology* 12:98
(2012): limits inverted from confidence intervals flag ordinary areas far too often, exact ones do not;
Gelman et al. 2013, section 2.6 (predictive); Lancaster 1961 (mid-p).
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray, not_negative, share
from linli.assessment.scoring.dispersion import dispersion_among_areas, dispersion_over_time
from linli.assessment.scoring.expectations import Expectation, from_exposure, from_past
from linli.assessment.scoring.predictive import Predictive

__all__ = ["FEWEST_TO_JUDGE", "LEVEL", "Flag", "Limits", "PredictiveFunnel", "month_by_month"]

LEVEL = 0.998
"""Two-sided, as three standard errors: one ordinary area in 500 is flagged."""

FEWEST_TO_JUDGE = 4.5
"""Other areas in effect, five if they are alike, from which their scatter is known well enough."""

FIRM = 20.0
"""From this shape of the base on, a quick mid-p above the square root of the tail rules a flag out."""


class Flag(IntEnum):
    """What can be said of one area's count."""

    LOW = -1
    ORDINARY = 0
    HIGH = 1
    CANNOT_TELL = 2


@dataclass(frozen=True)
class Limits:
    """The counts that are not flagged, both ends included; ``low`` 0 where no count is low enough."""

    low: IntArray
    high: IntArray


@dataclass(frozen=True)
class PredictiveFunnel:
    """The distribution of each area's count if nothing special happened; see ``predictive``.

    Parameters
    ----------
    expected : array (..., areas)
        Events, ≥ 0. Nothing is said of an area with nothing expected.
    size, base : arrays (..., areas)
        How sure the expectation is, in shapes of gammas above and below the line; infinite: certain.
    omega : array (..., areas)
        The relative variance that is scatter beyond chance, pooled over the other areas.
    known : array (..., areas), optional
        False where the other areas are too few to say what is usual: nothing is said of such an area.
    """

    expected: FloatArray
    size: FloatArray
    base: FloatArray
    omega: FloatArray
    known: BoolArray | None = None

    @classmethod
    def fit(cls, counts: ArrayLike, expected: ArrayLike, *, dispersed: bool = True) -> Self:
        """Areas against a given expectation, with the scatter among them pooled (Spiegelhalter 2005).

        Parameters
        ----------
        counts, expected : arrays (..., areas)
            Events counted, and expected if all areas were alike: indirectly standardised, same sum.
        dispersed : bool
            False holds that areas truly are alike but for chance.
        """
        seen, mean = np.broadcast_arrays(not_negative(counts, "counts"), not_negative(expected, "expected"))
        if not dispersed:
            return cls._of(
                Expectation(mean, np.zeros(mean.shape), np.zeros(mean.shape)), np.zeros(mean.shape)
            )
        among = dispersion_among_areas(seen, mean)
        return cls._of(
            Expectation(mean, among.upper, np.zeros(mean.shape)), among.omega, among.others >= FEWEST_TO_JUDGE
        )

    @classmethod
    def among_areas(cls, counts: ArrayLike, exposure: ArrayLike, *, dispersed: bool = True) -> Self:
        """Areas against the rate of all the others, by exposure (residents, households, hours).

        Parameters
        ----------
        counts, exposure : arrays (..., areas)
            Events and exposure, ≥ 0.
        """
        seen, exposed = np.broadcast_arrays(
            not_negative(counts, "counts"), not_negative(exposure, "exposure")
        )
        nothing = np.zeros(seen.shape)
        if not dispersed:
            return cls._of(from_exposure(seen, exposed, nothing), nothing)
        total, all_exposed = seen.sum(-1, keepdims=True), exposed.sum(-1, keepdims=True)
        among = dispersion_among_areas(seen, total * exposed / np.maximum(all_exposed, 1e-12))
        return cls._of(
            from_exposure(seen, exposed, among.upper), among.omega, among.others >= FEWEST_TO_JUDGE
        )

    @classmethod
    def own_past(cls, past: ArrayLike, now: ArrayLike, *, dispersed: bool = True) -> Self:
        """Each area against its own past, times what the period did to all the other areas.

        Parameters
        ----------
        past : array (..., areas, months)
            Counts of the base period, which lies wholly before ``now``; two areas and two months at least.
        now : array (..., areas, months)
            Counts of the months that are judged together; often one.
        """
        before, after = not_negative(past, "past"), not_negative(now, "now")
        omega = dispersion_over_time(before) if dispersed else np.zeros(before.shape[:-1])
        return cls._of(from_past(before, after, omega), omega)

    @classmethod
    def _of(cls, expectation: Expectation, omega: FloatArray, known: BoolArray | None = None) -> Self:
        with np.errstate(divide="ignore"):
            return cls(expectation.mean, 1.0 / expectation.above, 1.0 / expectation.below, omega, known)

    @cached_property
    def answerable(self) -> BoolArray:
        """Where anything is expected at all, and enough is known of the others to say what."""
        expected = self.expected > 0
        return expected if self.known is None else np.asarray(expected & self.known)

    @cached_property
    def predictive(self) -> Predictive:
        """The distribution; where nothing is expected, of something else that is not to be shown."""
        return Predictive(np.where(self.answerable, self.expected, 1.0), self.size, self.base)

    def mid_p(self, counts: ArrayLike) -> FloatArray:
        """Two-sided mid-p of each count: twice the smaller side; ``nan`` where nothing can be said."""
        upper = self.upper_mid_p(counts)
        return np.minimum(1.0, 2.0 * np.minimum(upper, 1.0 - upper))

    def upper_mid_p(self, counts: ArrayLike) -> FloatArray:
        """P(more) + ½ P(as many): small for a high count."""
        seen = not_negative(counts, "counts")
        return np.where(self.answerable, self.predictive.upper_mid_p(seen), np.nan)

    def departures(self, counts: ArrayLike, *, level: float = LEVEL) -> NDArray[np.int8]:
        """+1 where a count is high, −1 where low, 0 where neither: the quick answer, without ``CANNOT_TELL``.

        Parameters
        ----------
        counts : array (..., areas)
        level : float
            Two-sided, between 0 and 1.
        """
        tail = (1.0 - share(level, "level")) / 2.0
        seen, answerable = np.broadcast_arrays(not_negative(counts, "counts"), self.answerable)
        quick = self.predictive.quick_upper_mid_p(seen)
        near = answerable & ((np.minimum(quick, 1.0 - quick) < np.sqrt(tail)) | (self.base < FIRM))
        upper = self.predictive.at(near).upper_mid_p(seen[near])
        found = np.zeros(seen.shape, dtype=np.int8)
        found[near] = (upper < tail).astype(np.int8) - (1.0 - upper < tail).astype(np.int8)
        return found

    def flags(
        self, counts: ArrayLike, *, level: float = LEVEL, change: float = 2.0, power: float = 0.5
    ) -> NDArray[np.int8]:
        """What can be said of each area: values of ``Flag``.

        Parameters
        ----------
        change : float
            The true change that ought to be seen, as a ratio; 2 a doubling, 0.5 a halving.
        power : float
            Where such a change would be flagged with less probability than this, no flag means nothing.
        """
        departures = self.departures(counts, level=level)
        blind = self.power(change, level=level) < share(power, "power")
        silent = (departures == 0) & (blind | ~self.answerable)
        return np.where(silent, np.int8(Flag.CANNOT_TELL), departures)

    def limits(self, *, level: float = LEVEL) -> Limits:
        """The highest and the lowest count that would not be flagged."""
        tail = (1.0 - share(level, "level")) / 2.0
        return Limits(self.predictive.lowest_ordinary(tail), self.predictive.highest_ordinary(tail))

    def power(self, change: float, *, level: float = LEVEL) -> FloatArray:
        """The probability that a true change is flagged in its own direction.

        Parameters
        ----------
        change : float
            Ratio of the true mean to the expected one, above 0 and not 1.
        """
        if not change > 0 or change == 1:
            raise ValueError(f"change is {change}; it must be a ratio above 0 other than 1")
        limits = self.limits(level=level)
        if change > 1:
            return self.predictive.at_least(limits.high.astype(np.float64) + 1.0, times=change)
        return 1.0 - self.predictive.at_least(limits.low.astype(np.float64), times=change)


def month_by_month(
    counts: ArrayLike, *, base: int = 12, span: int = 1, level: float = LEVEL, dispersed: bool = True
) -> NDArray[np.int8]:
    """Every month's ``departures`` from the ``base`` months before, one after the other.

    Parameters
    ----------
    counts : array (..., areas, months)
    base : int
        Months of the past that each judgement looks back on, ≥ 2.
    span : int
        Months judged together (3: the last quarter, moved on by a month).

    Returns
    -------
    array (..., areas, months − base − span + 1)
        −1, 0, +1. The first is for the span that begins after the first ``base`` months.
    """
    series = not_negative(counts, "counts")
    steps = range(series.shape[-1] - base - span + 1)
    found = np.zeros((*series.shape[:-1], max(0, len(steps))), dtype=np.int8)
    for start in steps:
        past, now = series[..., start : start + base], series[..., start + base : start + base + span]
        funnel = PredictiveFunnel.own_past(past, now, dispersed=dispersed)
        found[..., start] = funnel.departures(now.sum(-1), level=level)
    return found
