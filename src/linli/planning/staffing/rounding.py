"""Rounding needs to whole people: up, once, at the scope that the clause names.

Summing needs that were rounded one by one asks for more people than the clause does: in Lanling,
3 grid workers per 1,000 of 1,104,391 residents are 3,314, not one more for every community.
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["apportion", "round_up"]


def round_up(exact: float, tolerance: float = 1e-9) -> int:
    """The whole number of people that covers an exact need.

    Parameters
    ----------
    exact : float
        People, ≥ 0 and finite.
    tolerance : float
        Relative excess over a whole number that counts as binary noise.

    Examples
    --------
    >>> round_up(3313.173), round_up(0.1 * 3 * 10), round_up(0.0)
    (3314, 3, 0)
    """
    return max(0, math.ceil(exact - tolerance * max(1.0, abs(exact))))


def apportion(total: int, exact: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share a rounded total among its parts so that each part gets its exact need rounded down or up.

    The method of largest remainders (Hamilton; Balinski & Young, *Fair Representation*, 2nd ed. 2001):
    everyone gets the whole part of the need, and those left over go to the largest remainders, equal
    ones in the order given. Each part stays within one person of its exact need, which methods of
    rounding by divisors do not promise.

    Parameters
    ----------
    total : int
        ``round_up`` of the sum of ``exact``.
    exact : array of float
        People asked for by each part, ≥ 0.
    """
    whole = np.floor(exact + 1e-9 * np.maximum(1.0, exact)).astype(np.int64)
    # Binary noise in the sum can leave the whole parts one above the total; nobody is then left over.
    left = max(0, total - int(whole.sum()))
    order = np.argsort(-np.round(exact - whole, 9), kind="stable")
    whole[order[:left]] += 1
    return whole
