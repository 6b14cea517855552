"""This period against an earlier one, as rules of a plan word it: last month, same month, year to date.

Arrays are (..., areas, months). The first twelve months are the year before; those after are judged, at most
twelve of them. ``nan`` is a count that is not known.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import BoolArray, FloatArray

__all__ = ["YEAR", "Against", "Compared", "RiseIn", "compare", "risen", "rises"]

YEAR: Final = 12

Against = Literal["last_month", "same_month_last_year", "year_to_date"]
RiseIn = Literal["percent", "number"]


@dataclass(frozen=True)
class Compared:
    """Counts of the judged months and those that they are held against, both (..., areas, months)."""

    now: FloatArray
    before: FloatArray


def compare(counts: ArrayLike, against: Against) -> Compared:
    """Each judged month beside what the rule compares it with.

    Parameters
    ----------
    counts : array (..., areas, 12 + months)
        Events a month, ≥ 0; the twelve months of the year before come first, then 1 to 12 judged months.

    Raises
    ------
    ValueError
        There are fewer than 13 months or more than 24.

    Examples
    --------
    >>> year = [4.0] * 12
    >>> compare([year + [6.0, 8.0]], "year_to_date").now.tolist()
    [[6.0, 14.0]]
    >>> compare([year + [6.0, 8.0]], "last_month").before.tolist()
    [[4.0, 6.0]]
    """
    series: FloatArray = np.asarray(counts, dtype=np.float64)
    judged = series.shape[-1] - YEAR
    if not 1 <= judged <= YEAR:
        raise ValueError(f"{series.shape[-1]} months; a year before and 1 to 12 judged months are needed")
    now, before = series[..., YEAR:], series[..., :judged]
    if against == "last_month":
        return Compared(now, series[..., YEAR - 1 : -1])
    if against == "year_to_date":
        return Compared(now.cumsum(-1), before.cumsum(-1))
    return Compared(now, before)


def rises(compared: Compared, rise_in: RiseIn) -> FloatArray:
    """How much higher each count is: percent of the earlier one, or number of events.

    From none to some is an infinite rise in percent; from none to none is no rise. Not known stays ``nan``.
    """
    more = compared.now - compared.before
    if rise_in == "number":
        return more
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = more / compared.before * 100.0
    return np.where((compared.before == 0) & (more == 0), 0.0, percent)


def risen(compared: Compared) -> BoolArray:
    """Where there are more than before; false where that is not known."""
    return np.asarray(compared.now > compared.before)
