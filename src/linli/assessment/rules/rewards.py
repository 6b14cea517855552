"""N20 and the like: money for a fall of recorded cases, and money for each thing newly set up.

A reward for a fall pays on a count that those rewarded record themselves: it can be met by not recording.
"""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.rules.comparing import Against, compare
from linli.assessment.rules.findings import say
from linli.assessment.rules.model import ScoringRule
from linli.assessment.rules.resolving import number_on, value_on
from linli.assessment.scoring.arrays import FloatArray, IntArray
from linli.kernel.errors import LinliError
from linli.policy.model import Pack

__all__ = ["FallRewards", "RewardYear", "pay_falls", "pay_units", "rewards_on", "unit_reward_on"]

WHOLE = 100.0


@dataclass(frozen=True, kw_only=True)
class FallRewards:
    """Falls in percent, rising, and the yuan that each step brings; same length."""

    against: Against
    bounds: Literal["reached", "exceeded"]
    falls: tuple[float, ...]
    yuan: tuple[float, ...]


@dataclass(frozen=True)
class RewardYear:
    """Each judged month, (..., areas, months): the fall in percent (``nan``: cannot be told), the step from 1
    (0: none), and the yuan proposed."""

    fall: FloatArray
    step: IntArray
    yuan: FloatArray


def rewards_on(rule: ScoringRule, pack: Pack, on: dt.date) -> FallRewards:
    """The rule with the pack's numbers of a day.

    Raises
    ------
    LinliError
        A number does not hold on that day, or the steps do not rise.
    """
    falls = tuple(value_on(rule, step.fall, pack, on) for step in rule.steps)
    if any(later <= former for former, later in itertools.pairwise(falls)):
        raise LinliError(say("steps.order", rule=rule.id))
    return FallRewards(
        against=cast(Against, rule.chosen("fall_against")),
        bounds=cast(Literal["reached", "exceeded"], rule.chosen("step_bounds")),
        falls=falls,
        yuan=tuple(value_on(rule, step.reward, pack, on) for step in rule.steps),
    )


def pay_falls(rewards: FallRewards, counts: ArrayLike) -> RewardYear:
    """Run a year of the rule.

    Parameters
    ----------
    counts : array (..., areas, 12 + months)
        Cases a month, the year before first; ``nan`` where not known.

    Notes
    -----
    A month whose earlier count is 0 has no fall to pay for. A fall of 100 % is reached, never exceeded.
    """
    compared = compare(counts, rewards.against)
    with np.errstate(divide="ignore", invalid="ignore"):
        fall = (compared.before - compared.now) / compared.before * WHOLE
    fall = np.where(compared.before > 0, fall, np.nan)
    # 100 · (before − now) against step · before: exact for whole counts, where a quotient is not.
    gained = WHOLE * (compared.before - compared.now)
    step = np.zeros(fall.shape, dtype=np.int64)
    for number, bar in enumerate(rewards.falls, 1):
        strict = rewards.bounds == "exceeded" and bar < WHOLE
        with np.errstate(invalid="ignore"):
            earned = gained > bar * compared.before if strict else gained >= bar * compared.before
        step = np.where(earned & (compared.before > 0), number, step)
    return RewardYear(fall, step, np.array((0.0, *rewards.yuan))[step])


def unit_reward_on(rule: ScoringRule, pack: Pack, on: dt.date) -> float:
    """Yuan for each thing set up, on a day; refused as ``number_on`` does."""
    return number_on(rule, "reward", pack, on)


def pay_units(yuan: float, counts: ArrayLike) -> FloatArray:
    """Yuan proposed for counts of things set up (N20: courtyards); nothing where the count is not known."""
    units = np.asarray(counts, dtype=np.float64)
    return np.where(np.isnan(units), 0.0, units) * yuan
