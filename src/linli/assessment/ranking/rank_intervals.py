"""Ranks with their intervals: between which places an area may truly stand.

Rates are drawn from their gamma posterior, given the counts and how rates are spread among areas, shares from
their beta posterior, and ranked anew in each draw. With a few events or answers an area, the intervals of
most areas hold most places: that is a finding.

References
----------
Goldstein & Spiegelhalter, *JRSS A* 159 (1996), 385–443 (league tables). Laird & Louis, *Journal of
Educational Statistics* 14 (1989), 29–46 (ranks by posterior expectation). Clayton & Kaldor, *Biometrics* 43
(1987), 671–681 (the spread of rates). ``scoring.share_spread`` has the sources for the spread of shares.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import FloatArray, not_negative, share
from linli.assessment.scoring.share_spread import share_spread
from linli.assessment.scoring.shrinkage import GammaPrior, most_likely

__all__ = [
    "RankIntervals",
    "draw_rates",
    "rank_intervals",
    "rank_intervals_of_draws",
    "rank_intervals_of_shares",
]

LARGEST_SHAPE = 1e6
"""A spread of rates no wider than this shape is none that ranks could show."""


@dataclass(frozen=True)
class RankIntervals:
    """Each area's expected place and the places between which it lies; place 1 is the highest rate.

    Parameters
    ----------
    expected, low, high : array (areas,)
        Places, 1 to the number of areas.
    first, last : array (areas,)
        Probability of being among the ``tail`` highest, and the ``tail`` lowest.
    above : array (areas,)
        Probability that the area's rate is above the areas' common rate.
    rate : array (areas,)
        The shrunk rate: mean of the draws.
    tail : int
        How many places ``first`` and ``last`` speak of.
    """

    expected: FloatArray
    low: FloatArray
    high: FloatArray
    first: FloatArray
    last: FloatArray
    above: FloatArray
    rate: FloatArray
    tail: int


def rank_intervals(
    counts: ArrayLike,
    exposure: ArrayLike,
    rng: np.random.Generator,
    *,
    level: float = 0.95,
    draws: int = 4000,
    tail: int = 3,
    prior: GammaPrior | None = None,
) -> RankIntervals:
    """Places of areas by their rate.

    Parameters
    ----------
    counts, exposure : arrays (areas,)
        Events ≥ 0 and exposure > 0 (residents, or expected events), at least two areas.
    rng : numpy.random.Generator
        The only source of chance: the same stream, the same places.
    draws : int
        A place's limits are good to about one place in a hundred with 4,000.
    prior : GammaPrior, optional
        How rates are spread; fitted to these counts (maximum likelihood) without it.

    Examples
    --------
    >>> places = rank_intervals([4, 5, 6], [1.0, 1.0, 1.0], np.random.default_rng(1))
    >>> places.low.tolist(), places.high.tolist()
    ([1.0, 1.0, 1.0], [3.0, 3.0, 3.0])
    """
    seen, exposed = not_negative(counts, "counts"), not_negative(exposure, "exposure")
    if seen.ndim != 1 or seen.shape != exposed.shape or seen.size < 2 or (exposed <= 0).any():
        raise ValueError(
            "counts and exposure must be two lists of at least two areas, every exposure above 0"
        )
    drawn = draw_rates(seen, exposed, rng, draws, prior)
    return rank_intervals_of_draws(drawn, weights=exposed, level=level, tail=tail)


def draw_rates(
    counts: FloatArray,
    exposure: FloatArray,
    rng: np.random.Generator,
    draws: int,
    prior: GammaPrior | None = None,
) -> FloatArray:
    """Rates that may have brought these counts about: array (draws, areas)."""
    spread = _fitted(counts, exposure) if prior is None else prior
    shape, rate = spread.shape + counts, spread.rate + exposure
    return rng.gamma(shape, 1.0 / rate, (draws, counts.size))


def _fitted(counts: FloatArray, exposure: FloatArray) -> GammaPrior:
    common = counts.sum() / exposure.sum()
    if common == 0:
        return GammaPrior(0.5, float(exposure.sum()))
    found = most_likely(counts, common * exposure)
    shape = min(found.shape, LARGEST_SHAPE)
    return GammaPrior(shape, shape * found.rate / found.shape / common)


def rank_intervals_of_shares(
    count: ArrayLike,
    n: ArrayLike,
    rng: np.random.Generator,
    *,
    level: float = 0.95,
    draws: int = 4000,
    tail: int = 3,
) -> RankIntervals:
    """Places of areas by a share, drawn towards the common one as far as their answers leave it open.

    Parameters
    ----------
    count, n : arrays (areas,)
        Those with the property and those asked, 0 ≤ count ≤ n, n > 0, two areas at least. Weighted answers
        count for as many as they are worth.

    Examples
    --------
    >>> places = rank_intervals_of_shares([27, 25, 29], [30, 30, 30], np.random.default_rng(1))
    >>> places.low.tolist(), places.high.tolist()
    ([1.0, 1.0, 1.0], [3.0, 3.0, 3.0])
    """
    drawn = share_spread(count, n).draw(count, n, rng, draws)
    return rank_intervals_of_draws(drawn, weights=n, level=level, tail=tail)


def rank_intervals_of_draws(
    drawn: FloatArray, *, weights: ArrayLike | None = None, level: float = 0.95, tail: int = 3
) -> RankIntervals:
    """Places from draws of any kind of figure (shares, medians): array (draws, areas), highest first.

    ``weights`` (areas,) make the common figure that areas are held against in each draw; equal without them.
    """
    edge = (1.0 - share(level, "level")) / 2.0
    places = (-drawn).argsort(axis=1).argsort(axis=1) + 1.0
    low, high = np.quantile(places, [edge, 1.0 - edge], axis=0, method="inverted_cdf")
    areas = drawn.shape[1]
    shares = np.ones(areas) if weights is None else not_negative(weights, "weights")
    common = (drawn @ shares / shares.sum())[:, None]
    return RankIntervals(
        places.mean(0),
        low,
        high,
        (places <= tail).mean(0),
        (places > areas - tail).mean(0),
        (drawn > common).mean(0),
        drawn.mean(0),
        tail,
    )
