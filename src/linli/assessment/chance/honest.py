"""The honest rule: an area's year to date against its own past, flagged where chance would hardly do it.

Exact predictive funnels (``linli.assessment.scoring.borrowing``): expected from the twelve months before, the
area's own and the others', and from what the judged months did to the others, with pooled scatter; one look a
month at the year so far. How strict it is can be chosen: here either a fixed level, or so that a true change
is found as often as by the rule that it stands beside.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from linli.assessment.chance.drawing import Change, Years
from linli.assessment.rules.comparing import YEAR
from linli.assessment.scoring.arrays import FloatArray
from linli.assessment.scoring.borrowing import Borrowed
from linli.assessment.scoring.funnels import LEVEL
from linli.assessment.scoring.predictive import Predictive

__all__ = ["FIXED", "Side", "Tails", "tail_of_power", "tails_of"]

Side = Literal["high", "low"]

FIXED = (1.0 - LEVEL) / 2.0
"""The one-sided tail of the fixed 99.8 % limit."""

REMARKABLE = 1.0
"""Standard deviations from which a count is worth more than the normal approximation."""

SILENT = 0.5
"""The tail where nothing can be said: as far from either side as can be."""

NEAR = 0.02
"""Tails below this are worked out exactly; above it one gamma for two is as good."""


@dataclass(frozen=True)
class Tails:
    """How unlikely each year to date is, as the upper mid-p.

    ``null`` (years, areas, 12) where nothing changed; ``doubled`` and ``fallen`` (years, 12) of the one area
    of each pair whose rate did. ``told`` is False where the areas are too few, or one too dominant, for the
    rule to say anything; such an area's tails are ½.
    """

    null: NDArray[np.float32]
    doubled: NDArray[np.float32]
    fallen: NDArray[np.float32]
    told: bool = True

    def of_null(self, side: Side) -> NDArray[np.float32]:
        """The tail on a side: small is far out."""
        return self.null if side == "high" else 1.0 - self.null

    def of_changed(self, change: Change) -> NDArray[np.float32]:
        """The tail on the side to which the change goes."""
        return self.doubled if change == "doubled" else 1.0 - self.fallen


def tails_of(years: Years) -> Tails:
    """Tails of all simulated years to date."""
    shape = years.counts.shape
    null = np.empty((*shape[:2], YEAR), dtype=np.float32)
    changed = {name: np.empty((shape[0], YEAR), dtype=np.float32) for name in ("doubled", "fallen")}
    told = False
    for part in years.chunks():
        counts = years.null(part)
        past = Borrowed(counts[..., :YEAR], years.exposure)
        chosen = np.zeros(counts.shape[:2], dtype=bool)
        chosen[np.arange(len(counts)), years.chosen[part]] = True
        for month in range(YEAR):
            judged = counts[..., YEAR : YEAR + month + 1]
            funnel = past.funnel(judged)
            predictive, answerable = funnel.predictive, funnel.answerable
            told |= bool(answerable.any())
            null[part, :, month] = np.where(answerable, _upper(predictive, judged.sum(-1)), SILENT)
            for name, other in (("doubled", years.doubled), ("fallen", years.fallen)):
                # The others' change leaves the area itself out: its expectation stands whatever it counts.
                so_far = other[part, : month + 1].sum(-1).astype(np.float64)
                upper = _upper(predictive.at(chosen), so_far)
                changed[name][part, month] = np.where(answerable[chosen], upper, SILENT)
    return Tails(null, changed["doubled"], changed["fallen"], told)


def _upper(predictive: Predictive, now: FloatArray) -> FloatArray:
    """The upper mid-p: exact where a tail is thin, by the normal distribution where nothing is remarkable.

    One rule for changed and unchanged areas, so that they compare.
    """
    unsure = 1.0 / predictive.size + 1.0 / predictive.base
    z = (now - predictive.mean) / np.sqrt(predictive.mean + predictive.mean**2 * unsure)
    found = np.asarray(ndtr(-z))
    remarkable = np.abs(z) > REMARKABLE
    found[remarkable] = _thin(predictive.at(remarkable), now[remarkable])
    return found


def _thin(predictive: Predictive, now: FloatArray) -> FloatArray:
    found = predictive.quick_upper_mid_p(now)
    near = np.minimum(found, 1.0 - found) < NEAR
    found[near] = predictive.at(near).upper_mid_p(now[near])
    return found


def tail_of_power(tails: NDArray[np.floating], power: float) -> float:
    """The narrowest tail that flags at least a share ``power`` of changed cases; −1 where that is none."""
    ordered = np.sort(tails, axis=None)
    needed = int(np.ceil(power * ordered.size - 1e-9))
    return float(ordered[needed - 1]) if needed > 0 else -1.0
