"""League rows: where each area stands, from where to where it may stand, and when nobody can tell.

No row carries a rank without its interval, and an area is called higher or lower than the others only when
the data say so; everything else is ``CANNOT_TELL``, which is a result to be shown, not a gap to be filled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from linli.assessment.ranking.rank_intervals import RankIntervals
from linli.assessment.scoring.arrays import share

__all__ = ["LeagueRow", "Standing", "league"]


class Standing(Enum):
    """Against the areas' common rate."""

    HIGHER = "higher"
    LOWER = "lower"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class LeagueRow:
    """One area in the league.

    Parameters
    ----------
    place, low, high : int
        Expected place (rounded) and its interval; 1 is the highest rate.
    told_from : int
        How many of the other areas this one can be told from (rank intervals that do not overlap).
    """

    area: str
    place: int
    low: int
    high: int
    rate: float
    standing: Standing
    told_from: int


def league(areas: Sequence[str], places: RankIntervals, *, level: float = 0.95) -> tuple[LeagueRow, ...]:
    """Rows in the order of expected places, equal ones in the order given.

    Parameters
    ----------
    areas : sequence of str
        Codes, as many as ``places`` holds.
    level : float
        Two-sided: an area stands higher when its rate is above the common one with probability
        1 − (1 − level)/2 or more.
    """
    if len(areas) != places.expected.size:
        raise ValueError(f"{len(areas)} areas are named; the ranks are of {places.expected.size}")
    edge = (1.0 - share(level, "level")) / 2.0
    rows = []
    for i in np.argsort(places.expected, kind="stable"):
        apart = (places.low > places.high[i]) | (places.high < places.low[i])
        rows.append(
            LeagueRow(
                areas[int(i)],
                round(float(places.expected[i])),
                int(places.low[i]),
                int(places.high[i]),
                float(places.rate[i]),
                _standing(float(places.above[i]), edge),
                int(apart.sum()),
            )
        )
    return tuple(rows)


def _standing(above: float, edge: float) -> Standing:
    if above >= 1.0 - edge:
        return Standing.HIGHER
    return Standing.LOWER if above <= edge else Standing.CANNOT_TELL
