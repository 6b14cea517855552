"""L10 and N7: is a target of the plan met? As written, one number against another."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.rules.comparing import YEAR, compare
from linli.assessment.rules.model import ScoringRule
from linli.assessment.rules.resolving import number_on
from linli.assessment.scoring.arrays import BoolArray, FloatArray
from linli.policy.model import Pack

__all__ = ["FallTarget", "TargetResult", "fall_target_on", "meet_fall", "meet_share", "share_target_on"]

WHOLE = 100.0


@dataclass(frozen=True, kw_only=True)
class FallTarget:
    """A fall in percent that recorded cases must reach, year on year."""

    fall: float
    compared_with: Literal["same_months", "whole_years"]


@dataclass(frozen=True)
class TargetResult:
    """Figure in percent and whether the target is met; ``known`` is false where that cannot be worked out."""

    percent: FloatArray
    met: BoolArray
    known: BoolArray

    @property
    def missed(self) -> BoolArray:
        """Where the target is known not to be met."""
        return self.known & ~self.met


def fall_target_on(rule: ScoringRule, pack: Pack, on: dt.date) -> FallTarget:
    """The rule with the number that holds on a day (L10: 3, 4, then 5 %)."""
    compared_with = cast(Literal["same_months", "whole_years"], rule.chosen("compared_with"))
    return FallTarget(fall=number_on(rule, "fall", pack, on), compared_with=compared_with)


def meet_fall(target: FallTarget, counts: ArrayLike) -> TargetResult:
    """Year to date against the same months of the year before, month by month.

    Parameters
    ----------
    counts : array (..., areas, 12 + months)
        Cases a month, the year before first. Under ``whole_years`` nothing is known before December.

    Returns
    -------
    TargetResult
        (..., areas, months); ``percent`` is the change, negative for a fall.
    """
    compared = compare(counts, "year_to_date")
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (compared.now - compared.before) / compared.before * WHOLE
        met = WHOLE * (compared.before - compared.now) >= target.fall * compared.before
    known = (compared.before > 0) & ~np.isnan(compared.now)
    if target.compared_with == "whole_years":
        known &= np.arange(1, compared.now.shape[-1] + 1) == YEAR
    return TargetResult(change, np.asarray(met & known), np.asarray(known))


def share_target_on(rule: ScoringRule, pack: Pack, on: dt.date) -> float:
    """The share in percent that is asked for on a day (N7: 95, then 98 %)."""
    return number_on(rule, "share", pack, on)


def meet_share(percent: float, part: ArrayLike, whole: ArrayLike) -> TargetResult:
    """A share of answers against the target, as written: the sample's share alone, without its interval.

    Parameters
    ----------
    part, whole : arrays
        Answers that feel safe, and all answers; 0 ≤ part ≤ whole.
    """
    some, all_ = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    known = (all_ > 0) & ~np.isnan(some)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = some / all_ * WHOLE
        met = WHOLE * some >= percent * all_
    return TargetResult(share, np.asarray(met & known), np.asarray(known))
