"""Every contiguous beat that one part could have, with its price: the columns of the exact model.

Connected sets are enumerated once each, from their lowest unit upwards.

References
----------
S. Wernicke (2006), Efficient detection of network motifs, IEEE/ACM TCBB 3(4): the enumeration (ESU).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from linli.planning.beats.costs import norm_of, penalty, weighted
from linli.planning.beats.model import Norms, Units

__all__ = ["Columns", "enumerate_beats"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Columns:
    """Possible beats of one part: column j holds the rows ``rows[first[j]:first[j + 1]]`` at ``price[j]``."""

    first: Longs
    rows: Integers
    """Places of units within the part."""
    price: Floats

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.price)

    def taken(self, chosen: Longs) -> "Columns":
        """Only the chosen columns, in that order."""
        sizes = np.diff(self.first)[chosen]
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        spots = np.arange(first[-1]) - np.repeat(first[:-1] - self.first[chosen], sizes)
        return Columns(first, self.rows[spots], self.price[chosen])


def enumerate_beats(
    units: Units,
    norms: Norms,
    members: Longs,
    *,
    least: int,
    most: int,
    heaviest: float,
    limit: int,
) -> Columns | None:
    """Connected sets of ``least`` to ``most`` units with a load up to ``heaviest``.

    Single units are there whatever their load. ``None`` where there are more than ``limit``.
    """
    part = int(units.part[members[0]])
    first = np.zeros(limit + 1, np.int64)
    rows = np.zeros(limit * min(most, 12) + most, np.int32)
    price = np.zeros(limit)
    count = _enumerate(units, norms, members, part, least, most, heaviest, first, rows, price)
    if count < 0:
        return None
    return Columns(first[: count + 1].copy(), rows[: first[count]].copy(), price[:count].copy())


@njit(cache=True)
def _price(
    units: Units, norms: Norms, members: Longs, part: int, chosen: Integers, size: int, load: float
) -> float:
    best = np.inf
    for c in range(size):
        reach = 0.0
        for i in range(size):
            reach += weighted(units, members[chosen[i]], members[chosen[c]])
        best = min(best, reach)
    return float(best + penalty(norm_of(norms, part), load, size))


@njit(cache=True)
def _record(
    first: Longs, rows: Integers, price: Floats, count: int, chosen: Integers, size: int, cost: float
) -> bool:
    """Write one column; false where there is no room."""
    begin = first[count]
    if count >= len(price) or begin + size > len(rows):
        return False
    for q in range(size):
        rows[begin + q] = chosen[q]
    first[count + 1] = begin + size
    price[count] = cost
    return True


@njit(cache=True)
def _widen(
    units: Units, place: Integers, seen: Integers, root: int, unit: int, row: Integers, filled: int
) -> int:
    """Add the unit's neighbours that nothing in the set touches yet; returns the new length."""
    for e in range(units.first[unit], units.first[unit + 1]):
        q = place[units.neighbour[e]]
        if q > root and seen[q] == 0:
            seen[q] = 1
            row[filled] = q
            filled += 1
    return filled


@njit(cache=True)
def _enumerate(
    units: Units,
    norms: Norms,
    members: Longs,
    part: int,
    least: int,
    most: int,
    heaviest: float,
    first: Longs,
    rows: Integers,
    price: Floats,
) -> int:
    """Fill in the columns; returns how many, or -1 where there is no room for all."""
    n = len(members)
    place = np.full(len(units.part), -1, np.int32)
    for q in range(n):
        place[members[q]] = q
    most = min(most, n)
    # One row a depth: the units that may still join; how many, which is next, how many this depth added.
    front = np.zeros((most + 1, n), np.int32)
    length = np.zeros(most + 1, np.int64)
    at = np.zeros(most + 1, np.int64)
    added = np.zeros(most + 1, np.int64)
    load = np.zeros(most + 1)
    chosen = np.zeros(most + 1, np.int32)
    seen = np.zeros(n, np.int32)
    count = 0
    for root in range(n):
        d = 0
        chosen[0] = root
        load[0] = units.load[members[root]]
        seen[:] = 0
        seen[root] = 1
        length[0] = _widen(units, place, seen, root, members[root], front[0], 0)
        at[0] = 0
        fresh = True
        while d >= 0:
            if fresh and d + 1 >= least:
                cost = _price(units, norms, members, part, chosen, d + 1, load[d])
                if not _record(first, rows, price, count, chosen, d + 1, cost):
                    return -1
                count += 1
            fresh = False
            if at[d] >= length[d] or d + 1 >= most:
                seen[front[d, length[d] - added[d] : length[d]]] = 0
                d -= 1
                continue
            unit = front[d, at[d]]
            at[d] += 1
            if load[d] + units.load[members[unit]] > heaviest:
                continue
            kept = length[d] - at[d]
            front[d + 1, :kept] = front[d, at[d] : length[d]]
            length[d + 1] = _widen(units, place, seen, root, members[unit], front[d + 1], kept)
            added[d + 1] = length[d + 1] - kept
            at[d + 1] = 0
            load[d + 1] = load[d] + units.load[members[unit]]
            d += 1
            chosen[d] = unit
            fresh = True
    return count
