"""Runs: does a series keep to one side of its centre longer, or cross it less often, than chance does?

References
----------
Anhøj & Olesen, "Run charts revisited", *PLoS ONE* 9 (2014), e113825. Schilling, *Mathematics Magazine* 85
(2012), 141–149 (longest run). Chen, *Journal of Quality Technology* 42 (2010), 121–135 (crossings).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from linli.assessment.scoring.arrays import FloatArray

__all__ = ["Runs", "runs"]


@dataclass(frozen=True)
class Runs:
    """Anhøj's two rules, on the points that lie off the centre."""

    useful: int
    longest: int
    longest_allowed: int
    crossings: int
    crossings_needed: int

    @property
    def signal(self) -> bool:
        """The series has moved: 5 % of series that have not do so too, at most."""
        return self.useful > 0 and (
            self.longest > self.longest_allowed or self.crossings < self.crossings_needed
        )


def runs(values: ArrayLike, centre: ArrayLike) -> Runs:
    """Runs of one series about its centre (a median, a chart's centre); ``nan`` and ties are skipped."""
    series = np.asarray(values, dtype=np.float64)
    sides: FloatArray = np.sign(series - np.asarray(centre, dtype=np.float64))
    sides = sides[np.isfinite(sides) & (sides != 0)]
    n = sides.size
    if not n:
        return Runs(0, 0, 0, 0, 0)
    turns = np.flatnonzero(np.diff(sides)) + 1
    lengths = np.diff(np.concatenate([[0], turns, [n]]))
    return Runs(n, int(lengths.max()), round(float(np.log2(n))) + 3, turns.size, _crossings_needed(n))


def _crossings_needed(n: int) -> int:
    """The smallest number whose lower tail is 5 % or more, of n − 1 tosses of a coin."""
    below = special.bdtr(np.arange(n), n - 1, 0.5)
    return int(np.argmax(below >= 0.05))
