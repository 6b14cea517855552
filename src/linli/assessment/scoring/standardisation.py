"""Standardised rates: areas of different make-up compared as if they were made up alike.

References
----------
Breslow & Day, *Statistical Methods in Cancer Research II* (1987), chapter 2. Dobson, Kuulasmaa, Eberle &
Scherer, *Statistics in Medicine* 10 (1991), 457–462 (interval of a weighted sum of Poisson counts).
"""

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import FloatArray, not_negative
from linli.assessment.scoring.intervals import Interval, byar, poisson_exact

__all__ = ["EXACT_BELOW", "count_interval", "directly_standardised", "expected_events", "indirect_ratio"]

EXACT_BELOW = 10
"""Published health rates take the exact interval below so many events and Byar's from there on."""


def count_interval(count: ArrayLike, level: float = 0.95) -> Interval:
    """The interval that published rates use: exact below ten events, Byar's from ten on."""
    x = not_negative(count, "count")
    exact, near, few = poisson_exact(x, level), byar(x, level), x < EXACT_BELOW
    return Interval(x, np.where(few, exact.low, near.low), np.where(few, exact.high, near.high))


def directly_standardised(
    counts: ArrayLike,
    residents: ArrayLike,
    standard: ArrayLike,
    level: float = 0.95,
    *,
    squares: ArrayLike | None = None,
) -> Interval:
    """The rate that a standard population would have at this area's rates, per head.

    Parameters
    ----------
    counts, residents, standard : arrays (..., groups)
        Events, residents (> 0) and the standard population of each group.
    squares : array (..., groups), optional
        Σ over persons of (events of the person)², where one person can have several events, which then do not
        happen independently; without it every event counts as another person's.

    Notes
    -----
    At fewer than ten events the rate says next to nothing; who shows it decides. ``nan`` limits at no event.
    """
    x, people = not_negative(counts, "counts"), not_negative(residents, "residents")
    weights = not_negative(standard, "standard")
    if (people <= 0).any():
        raise ValueError("every group must have residents")
    repeated = x if squares is None else not_negative(squares, "squares")
    whole = weights.sum(-1)
    value = (x * weights / people).sum(-1) / whole
    variance = (repeated * (weights / people) ** 2).sum(-1) / whole**2
    total = x.sum(-1)
    limits = byar(total, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.sqrt(variance / total)
    return Interval(value, value + scale * (limits.low - total), value + scale * (limits.high - total))


def expected_events(residents: ArrayLike, reference_counts: ArrayLike, reference: ArrayLike) -> FloatArray:
    """Events if the reference's rates held here; arrays (..., groups), summed over groups."""
    rates = not_negative(reference_counts, "reference_counts") / not_negative(reference, "reference")
    return np.asarray((not_negative(residents, "residents") * rates).sum(-1))


def indirect_ratio(count: ArrayLike, expected: ArrayLike, level: float = 0.95) -> Interval:
    """Events ÷ expected events, with the published interval (exact below ten, Byar's from ten on)."""
    mean = not_negative(expected, "expected")
    if (mean <= 0).any():
        raise ValueError("every expected must be above 0")
    return count_interval(count, level).times(1.0 / mean)
