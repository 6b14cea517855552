"""Areas put into groups of equal number by rank: tenths, fifths, quarters.

References
----------
Public Health England, *Technical Guide: Assigning deprivation categories* (2019); R PHEindicatormethods.
"""

import numpy as np
from numpy.typing import ArrayLike

from linli.assessment.scoring.arrays import FloatArray

__all__ = ["quantile_groups"]


def quantile_groups(values: ArrayLike, groups: int = 10, *, highest_first: bool = True) -> FloatArray:
    """The group of each value, 1 to ``groups``; equal values share a rank; ``nan`` stays ``nan``.

    All are ``nan`` where there are fewer areas than groups.

    Parameters
    ----------
    values : array (areas,)
    groups : int
        At least 2.
    highest_first : bool
        Group 1 holds the highest values; otherwise the lowest.

    Examples
    --------
    >>> quantile_groups([5.0, 1.0, 3.0, 9.0], 2)
    array([1., 2., 2., 1.])
    >>> quantile_groups([])
    array([], dtype=float64)
    """
    if groups < 2:
        raise ValueError(f"groups is {groups}; it must be 2 or more")
    given = np.asarray(values, dtype=np.float64)
    known = np.isfinite(given)
    ordered = -given[known] if highest_first else given[known]
    rank = np.searchsorted(np.sort(ordered), ordered) + 1.0
    n = ordered.size
    found = np.full(given.shape, np.nan)
    if n < groups:
        return found
    # Rounded against binary noise in n ÷ groups before taking whole groups.
    found[known] = np.maximum(1.0, groups + 1 - np.ceil(np.round((n + 1 - rank) * groups / n, 9)))
    return found
