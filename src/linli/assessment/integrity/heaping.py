"""Heaping: are values piled up on the very number that a norm asks for, such as hours of exactly 20.0?

Hours that were measured spread over the values around the norm; hours that were written to meet it sit on it.

References
----------
Roberts & Brewer, "Measures and tests of heaping in discrete quantitative distributions", *Journal of Applied
Statistics* 28 (2001), 887–896 (the heap against the mean of its neighbours).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtrc

__all__ = ["Heap", "heap_at"]


@dataclass(frozen=True)
class Heap:
    """How many values lie on the number and in the cells around it; ``p`` is the exact binomial tail.

    ``expected`` is the number of values in an ordinary cell, the mean over all cells looked at.
    """

    at: float
    on: int
    around: int
    expected: float
    p: float


def heap_at(values: ArrayLike, at: float, *, step: float, reach: int = 4) -> Heap:
    """Values on one number against those near it.

    Parameters
    ----------
    values : array
        Hours or counts; ``nan`` is left out.
    at : float
        The number that a norm names, such as 20.
    step : float
        The resolution that values are recorded in, > 0, such as 0.5 hours; a cell is this wide.
    reach : int
        Cells looked at on each side, ≥ 1.

    Notes
    -----
    Where values vary smoothly over 2·reach + 1 cells, one cell holds 1 in as many of them, or a little more
    at a peak: an honest peak can be flagged where cells are wide against the spread of the values. Choose
    cells narrow against it.

    Examples
    --------
    >>> heap_at([19.0, 19.5, 20.0, 20.0, 20.0, 20.5], 20.0, step=0.5, reach=2).on
    3
    >>> heap_at([], 20.0, step=0.5).p
    1.0
    """
    if step <= 0 or reach < 1:
        raise ValueError(f"step is {step} and reach {reach}; step must be above 0 and reach 1 or more")
    known = np.asarray(values, dtype=np.float64)
    cells = np.rint((known[np.isfinite(known)] - at) / step)
    on, near = int((cells == 0).sum()), int((np.abs(cells) <= reach).sum())
    share = 1.0 / (2 * reach + 1)
    p = float(bdtrc(on - 1, near, share)) if on > 0 else 1.0
    return Heap(at, on, near - on, near * share, p)
