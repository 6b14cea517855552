"""Made-up years: counts by area and month when nothing differs, and the same years with one true change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linli.assessment.chance.scenarios import Scenario
from linli.assessment.rules.comparing import YEAR
from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray

__all__ = ["HALVING", "Change", "Years", "draw"]

Change = Literal["doubled", "fallen"]

HALVING = 50.0
"""The fall in percent where no rule names its own."""

CHUNK = 500
"""Years worked on at a time: some 6 MB an array at 60 areas."""


@dataclass(frozen=True)
class Years:
    """Simulated pairs of years, synthetic by nature.

    ``counts`` is (years, areas, 24): the year before, then the judged one. In each pair one area, ``chosen``
    (years,), would have counted ``doubled`` or ``fallen`` (years, 12) in the judged year had its true rate
    doubled or fallen by ``fall`` percent; areas are chosen in turn. ``exposure`` (areas,) is what the honest
    rule knows of their sizes.
    """

    counts: NDArray[np.int32]
    chosen: IntArray
    doubled: NDArray[np.int32]
    fallen: NDArray[np.int32]
    exposure: FloatArray
    fall: float

    def __len__(self) -> int:
        return len(self.counts)

    def chunks(self) -> Iterator[slice]:
        """Slices over the years that together are all of them."""
        for start in range(0, len(self), CHUNK):
            yield slice(start, min(start + CHUNK, len(self)))

    def null(self, part: slice) -> FloatArray:
        """Counts with no change anywhere, (years of the part, areas, 24)."""
        return self.counts[part].astype(np.float64)

    def changed(self, part: slice, change: Change) -> FloatArray:
        """The same counts with the one change."""
        counts = self.null(part)
        judged = (self.doubled if change == "doubled" else self.fallen)[part]
        counts[np.arange(len(counts)), self.chosen[part], YEAR:] = judged
        return counts

    def of_chosen(self, happened: BoolArray, part: slice) -> BoolArray:
        """What happened to the changed area of each pair, from an array (years of the part, areas, ...)."""
        return happened[np.arange(len(happened)), self.chosen[part]]


def draw(scenario: Scenario, years: int, random: np.random.Generator, *, fall: float = HALVING) -> Years:
    """Draw pairs of years.

    Parameters
    ----------
    years : int
        How many, ≥ 1.
    fall : float
        Percent by which the true rate of the changed area falls, where it falls; up to 100.
    """
    areas = scenario.monthly.size
    rates = scenario.monthly[:, np.newaxis] * np.tile(scenario.season, 2)
    counts = np.empty((years, areas, 2 * YEAR), dtype=np.int32)
    more = np.empty((years, YEAR), dtype=np.int32)
    chosen = np.arange(years, dtype=np.int64) % areas
    for start in range(0, years, CHUNK):
        part = slice(start, min(start + CHUNK, years))
        rows = np.arange(part.stop - part.start)
        true = np.broadcast_to(rates, (rows.size, *rates.shape))
        if scenario.omega > 0:
            true = true * random.gamma(1.0 / scenario.omega, scenario.omega, true.shape)
        counts[part] = random.poisson(true)
        more[part] = random.poisson(true[rows, chosen[part], YEAR:])
    before = counts[np.arange(years), chosen, YEAR:]
    fallen = random.binomial(before, 1.0 - fall / 100.0).astype(np.int32)
    return Years(counts, chosen, before + more, fallen, scenario.exposure, fall)
