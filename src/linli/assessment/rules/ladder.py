"""N19: areas ranked by rise each month; notice, rectification by a date, yellow card, no “excellent” grade.

The rule as written knows nothing of chance: it lists the first few whether or not anything happened.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.rules.comparing import Against, RiseIn, compare, risen, rises
from linli.assessment.rules.model import ScoringRule
from linli.assessment.rules.ranking import among_first
from linli.assessment.rules.resolving import number_on
from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray
from linli.policy.model import Pack

__all__ = ["Ladder", "LadderYear", "climb", "ladder_on"]


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """N19 as a pack reads it. Months are whole numbers ≥ 1; ``notice_rank`` is how many places are listed.

    ``rectification_period`` is how long after the month that orders it the rectification ends; under
    ``after_rectification`` the first month after that is judged once.
    """

    against: Against
    rise_in: RiseIn
    without_rise: Literal["as_ranked", "only_risen"]
    still_rising: Literal["after_rectification", "third_month"]
    notice_rank: int
    rectification_months: int
    yellow_card_months: int
    rectification_period: int


@dataclass(frozen=True)
class LadderYear:
    """What the rule proposes each judged month; arrays (..., areas, months).

    A month in the top few is always noticed; ``barred`` is a further rise after a yellow card, which bars the
    year's “excellent”.
    """

    rise: FloatArray
    running: IntArray
    notice: BoolArray
    rectification: BoolArray
    yellow_card: BoolArray
    barred: BoolArray


def ladder_on(rule: ScoringRule, pack: Pack, on: dt.date) -> Ladder:
    """The rule with the pack's numbers of a day and its chosen readings.

    Raises
    ------
    LinliError
        A number of the rule does not hold on that day.
    """
    months = {name: round(number_on(rule, name, pack, on)) for name in rule.numbers}
    return Ladder(
        against=cast(Against, rule.chosen("rise_against")),
        rise_in=cast(RiseIn, rule.chosen("rise_in")),
        without_rise=cast(Literal["as_ranked", "only_risen"], rule.chosen("without_rise")),
        still_rising=cast(Literal["after_rectification", "third_month"], rule.chosen("still_rising")),
        **months,
    )


def climb(ladder: Ladder, counts: ArrayLike) -> LadderYear:
    """Run a year of the rule.

    Parameters
    ----------
    counts : array (..., areas, 12 + months)
        Key cases a month, the year before first; ``nan`` where not known.

    Notes
    -----
    Streaks are counted inside the judged year, which is the period that the clause grades. Ties:
    ``linli.assessment.rules.ranking``.
    """
    compared = compare(counts, ladder.against)
    rise, up = rises(compared, ladder.rise_in), risen(compared)
    with np.errstate(invalid="ignore"):
        listed = among_first((rise, compared.now - compared.before, compared.now), ladder.notice_rank)
    if ladder.without_rise == "only_risen":
        listed &= up
    running = _running(listed)
    ordered = running == ladder.rectification_months
    cards = (running >= ladder.yellow_card_months) | (_judged_again(ordered, ladder) & up)
    carded_before = np.zeros_like(cards)
    carded_before[..., 1:] = np.logical_or.accumulate(cards, axis=-1)[..., :-1]
    return LadderYear(rise, running, listed, ordered, cards, carded_before & up)


def _running(listed: BoolArray) -> IntArray:
    """How many months running each area has been listed, the month itself included."""
    running = np.zeros(listed.shape, dtype=np.int64)
    for month in range(listed.shape[-1]):
        former = running[..., month - 1] if month else 0
        running[..., month] = np.where(listed[..., month], former + 1, 0)
    return running


def _judged_again(ordered: BoolArray, ladder: Ladder) -> BoolArray:
    """The month in which a rise after an order of rectification is “still rising”."""
    later = 1 + (ladder.rectification_period if ladder.still_rising == "after_rectification" else 0)
    again = np.zeros_like(ordered)
    again[..., later:] = ordered[..., : max(0, ordered.shape[-1] - later)]
    return again
