"""The exact distribution of how many of some independent events happen, each with a chance of its own."""

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import FloatArray

__all__ = ["at_least", "number_distribution"]


def number_distribution(chances: ArrayLike) -> FloatArray:
    """P(0), P(1), … of the number of events that happen (Poisson-binomial), by convolution.

    Parameters
    ----------
    chances : array (events,)
        Each between 0 and 1.

    Examples
    --------
    >>> number_distribution([0.5, 0.5]).tolist()
    [0.25, 0.5, 0.25]
    >>> number_distribution([]).tolist()
    [1.0]
    """
    found = np.ones(1)
    for chance in np.asarray(chances, dtype=np.float64).ravel():
        if not 0.0 <= chance <= 1.0:
            raise ValueError(f"a chance is {chance}; it must lie between 0 and 1")
        found = np.convolve(found, [1.0 - chance, chance])
    return found


def at_least(count: int, chances: ArrayLike) -> float:
    """The probability that ``count`` or more happen."""
    return float(min(1.0, number_distribution(chances)[max(0, count) :].sum()))
