"""Who is among the first few: the rule for ties, written once and used by every rule that ranks.

Ties: by the figure; then by the number of events more; then by the number of events now; areas that are still
equal share the *worse* place, so that nobody is among the first few by the order of a list. Fewer than the
full number may then be listed.
"""

import numpy as np
from numpy.typing import NDArray

from linli.assessment.scoring.arrays import BoolArray, FloatArray, IntArray

__all__ = ["among_first", "places"]


def among_first(keys: tuple[FloatArray, ...], first: int) -> BoolArray:
    """Whether each area is among the ``first`` by its keys, the highest first.

    Parameters
    ----------
    keys : arrays (..., areas, months)
        The figure, then what decides between equals. ``nan`` is never among the first.
    first : int
        How many places are listed, ≥ 0.
    """
    rows = [np.ascontiguousarray(np.moveaxis(key, -2, -1)) for key in keys]
    figure = np.where(np.isnan(rows[0]), -np.inf, rows[0])
    areas = figure.shape[-1]
    if first >= areas:
        return ~np.isnan(keys[0])
    if first <= 0:
        return np.zeros(keys[0].shape, dtype=bool)
    bar = np.partition(figure, areas - first, axis=-1)[..., areas - first, np.newaxis]
    listed = figure >= bar
    tied = listed.sum(-1) > first
    if tied.any():
        listed[tied] = _decided([figure[tied], *(row[tied] for row in rows[1:])], first)
    listed &= figure > -np.inf
    return np.moveaxis(listed, -1, -2)


def _decided(rows: list[FloatArray], first: int) -> BoolArray:
    """Rows (n, areas) with ties in the figure: the later keys decide, else the worse place is shared."""
    order, new = _grouped(rows)
    last = _group_ends(new)
    listed = np.zeros(rows[0].shape, dtype=bool)
    np.put_along_axis(listed, order, last <= first, axis=-1)
    return listed


def _grouped(rows: list[FloatArray]) -> tuple[NDArray[np.intp], BoolArray]:
    """The order, highest first, and where in it a new group of equals begins."""
    order = np.lexsort([-row for row in reversed(rows)], axis=-1)
    new = np.zeros(rows[0].shape, dtype=bool)
    new[..., 0] = True
    for row in rows:
        sorted_row = np.take_along_axis(row, order, axis=-1)
        new[..., 1:] |= sorted_row[..., 1:] != sorted_row[..., :-1]
    return order, new


def _group_ends(new: BoolArray) -> IntArray:
    """The place (from 1) of the last of each one's group of equals."""
    areas = new.shape[-1]
    ends = np.where(np.roll(new, -1, axis=-1), np.arange(1, areas + 1), areas)
    ends[..., -1] = areas
    return np.minimum.accumulate(ends[..., ::-1], axis=-1)[..., ::-1].astype(np.int64)


def places(keys: tuple[FloatArray, ...]) -> IntArray:
    """The place of every area from 1, the highest first; equals share the worse place; 0 where not known.

    Parameters
    ----------
    keys : arrays (..., areas, months)
    """
    rows = [np.moveaxis(key, -2, -1) for key in keys]
    unknown = np.isnan(rows[0])
    rows = [np.where(unknown | np.isnan(row), -np.inf, row) for row in rows]
    order, new = _grouped(rows)
    found = np.zeros(rows[0].shape, dtype=np.int64)
    np.put_along_axis(found, order, _group_ends(new), axis=-1)
    return np.moveaxis(np.where(unknown, 0, found), -1, -2)
