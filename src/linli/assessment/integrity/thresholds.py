"""Just past a threshold: do falls stop a little beyond the −30 % that pays, more often than chance lets them?

Small counts jump from one percentage to another, so falls of exactly 50 % are common by themselves: a test
that expects as many just short of a threshold as just past it would accuse at random. Here each area's chance
of landing on either side is worked out from its own counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, xlogy

from linli.assessment.integrity.exact import at_least
from linli.assessment.scoring.arrays import BoolArray, FloatArray, not_negative

__all__ = ["JustPast", "just_past"]

WHOLE = 100.0


@dataclass(frozen=True)
class JustPast:
    """Area-months that landed just past and just short of a threshold, and how many just past were expected.

    ``p`` is the exact probability of as many or more just past, given how many landed near.
    """

    past: int
    short: int
    expected: float
    p: float


def just_past(
    before: ArrayLike, now: ArrayLike, mean: ArrayLike, *, fall: float, width: float = 10.0
) -> JustPast:
    """Falls just past a threshold against those just short of it.

    Parameters
    ----------
    before, now : arrays (cells,)
        Counts compared by the rule, ≥ 0; cells whose earlier count is 0 have no fall and are left out.
    mean : array (cells,)
        What the later count was expected to be if nothing special happened, > 0 (a funnel's ``expected``).
    fall : float
        The threshold in percent, such as 30.
    width : float
        How far on each side counts as near, in percent, > 0.

    Examples
    --------
    >>> just_past([10] * 8, [7] * 8, [8.0] * 8, fall=30).past
    8
    >>> just_past([], [], [], fall=30).p
    1.0
    """
    earlier, later = (not_negative(counts, name) for counts, name in ((before, "before"), (now, "now")))
    expected = not_negative(mean, "mean")
    if width <= 0:
        raise ValueError(f"width is {width}; it must be above 0")
    found: list[tuple[bool, float]] = []
    for base, count, usual in zip(earlier, later, expected, strict=True):
        possible = np.arange(0.0, base + 1.0)
        past, short = _sides(base, possible, fall, width)
        if base <= 0 or usual <= 0 or not (past.any() and short.any()):
            continue
        landed_past, landed_short = (
            bool(side.any()) for side in _sides(base, np.array([count]), fall, width)
        )
        if landed_past or landed_short:
            chance = _likelihoods(possible, usual)
            found.append((landed_past, float(chance[past].sum() / chance[past | short].sum())))
    chances = [chance for _, chance in found]
    hits = sum(landed for landed, _ in found)
    return JustPast(hits, len(found) - hits, float(sum(chances)), at_least(hits, chances))


def _sides(base: float, counts: FloatArray, fall: float, width: float) -> tuple[BoolArray, BoolArray]:
    """Whether each count is a fall of the threshold or up to ``width`` more, and of up to ``width`` less."""
    gained = WHOLE * (base - counts)
    past = (gained >= fall * base) & (gained < (fall + width) * base)
    short = (gained < fall * base) & (gained >= (fall - width) * base)
    return np.asarray(past), np.asarray(short)


def _likelihoods(counts: FloatArray, mean: float) -> FloatArray:
    """Poisson probabilities up to a factor that does not matter here."""
    log = xlogy(counts, mean) - gammaln(counts + 1.0)
    return np.asarray(np.exp(log - log.max()))
