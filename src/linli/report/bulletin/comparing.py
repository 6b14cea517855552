"""Areas side by side: places with their intervals, and nothing where no place can be given honestly.

Counts and rates are compared by gamma draws given the counts, shares by beta draws on as many answers as the
interval is worth, both drawn towards what the areas have in common (``ranking.rank_intervals``). Amounts that
are added up (hours, yuan) are not ranked: how they scatter is not known from their sum.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from linli.assessment.ranking.league import LeagueRow, league
from linli.assessment.ranking.rank_intervals import rank_intervals, rank_intervals_of_shares
from linli.assessment.scoring.arrays import FloatArray
from linli.assessment.scoring.chart_choice import SMALL, Nature, Why, last_source
from linli.assessment.scoring.runs import runs
from linli.kernel.seeds import Seed, generator
from linli.report.bulletin.content import Moment, Spot

__all__ = ["FEWEST", "FEWEST_PERIODS", "Shape", "judged", "moved", "placed", "ranked_by_rate"]

Shape = Literal["count", "rate", "share", "amount"]
"""What a figure is, as far as comparing goes."""

FEWEST: Final = 3
"""Areas below which nothing is ranked."""
FEWEST_PERIODS: Final = 8
"""Periods below which nothing is said of a series: no run of so few is longer than chance allows."""
SEED: Final = Seed(18)
WIDTH: Final = 2 * 1.959963984540054
"""A 95 % interval, in standard errors."""


def placed(
    spots: Sequence[Spot], shape: Shape, residents: Sequence[float | None], *, label: str
) -> tuple[LeagueRow, ...]:
    """League rows of the areas with a known figure; none where there are too few, or where none can be had.

    Parameters
    ----------
    residents : sequence of float
        One for each spot; what counts are held against. All areas alike where one is not known.
    label : str
        Names the random stream: the same bulletin has the same places.
    """
    known = [i for i, spot in enumerate(spots) if _usable(spot, shape)]
    if shape == "amount" or len(known) < FEWEST:
        return ()
    usable = [spots[i] for i in known]
    random = generator(SEED, "bulletin", label)
    names = [spot.area for spot in usable]
    if shape == "share":
        above, below = _effective(usable)
        return league(names, rank_intervals_of_shares(above, below, random))
    counts = np.array([spot.numerator for spot in usable], dtype=np.float64)
    people = [residents[i] for i in known]
    exposure = np.ones(len(usable))
    if shape == "rate":
        exposure = np.array([spot.denominator for spot in usable], dtype=np.float64)
    elif all(people):
        exposure = np.array(people, dtype=np.float64)
    return league(names, rank_intervals(counts, exposure, random))


def ranked_by_rate(spots: Sequence[Spot], shape: Shape, residents: Sequence[float | None]) -> bool:
    """Whether ``placed`` holds counts against residents, so that the rate is what is to be shown."""
    return shape == "count" and all(residents[i] for i, spot in enumerate(spots) if _usable(spot, shape))


def _usable(spot: Spot, shape: Shape) -> bool:
    if spot.value is None or spot.numerator is None:
        return False
    return shape == "count" or (spot.denominator or 0.0) > 0


def _effective(spots: Sequence[Spot]) -> tuple[FloatArray, FloatArray]:
    """Parts and wholes, the wholes no larger than the intervals are worth: weighted answers are less."""
    below = np.array([spot.denominator for spot in spots], dtype=np.float64)
    shares = np.clip(np.array([(spot.value or 0.0) / 100.0 for spot in spots]), 0.0, 1.0)
    width = np.array([((spot.high or 0.0) - (spot.low or 0.0)) / 100.0 for spot in spots])
    spread = np.maximum(shares * (1.0 - shares), 0.01)
    worth = np.divide(WIDTH**2 * spread, width**2, out=np.full(width.shape, np.inf), where=width > 0)
    count = np.minimum(below, worth)
    return shares * count, count


def moved(values: Sequence[float | None]) -> tuple[float | None, bool | None]:
    """The median of a series, and whether its runs are more than chance; ``None``: too few periods."""
    known = [value for value in values if value is not None]
    if len(known) < FEWEST_PERIODS:
        return (float(np.median(known)) if known else None), None
    centre = float(np.median(known))
    return centre, bool(runs(known, centre).signal)


def judged(
    series: Sequence[Moment], shape: Shape, nature: Nature
) -> tuple[float | None, bool | None, Why | None]:
    """The centre of the last stretch from one source, whether it has moved, and why that cannot be said."""
    if nature != "flow":
        return None, None, nature
    start = last_source([one.origin for one in series])
    own = [one for one in series[start:] if one.value is not None]
    earlier = sum(one.value is not None for one in series[:start])
    centre, shifted = moved([one.value for one in own])
    if len(own) < FEWEST_PERIODS:
        return centre, None, "sources" if len(own) + earlier >= FEWEST_PERIODS else "few"
    events = [one.numerator for one in own if one.numerator is not None]
    if shape in ("count", "rate") and events and sum(events) / len(events) < SMALL:
        # Most periods then lie on their median, and runs about it say nothing.
        return centre, None, "rare"
    return centre, shifted, None
