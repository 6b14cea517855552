"""A first plan: connected parts cut in two along random spanning trees until each piece is a beat.

A part that is to hold q beats is cut at the tree's edge whose two sides come nearest to whole
numbers of beats, then each side likewise. Every piece is connected because a side of a tree is.

References
----------
D. DeFord, M. Duchin, J. Solomon (2021), Recombination, Harvard Data Science Review 3(1).
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from linli.planning.beats.randomness import Stream, below

__all__ = ["split"]

Longs = npt.NDArray[np.int64]
Integers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@njit(cache=True)
def _tree(
    first: Longs,
    neighbour: Integers,
    label: Integers,
    root: int,
    draws: Stream,
    parent: Integers,
    order: Integers,
    source: Integers,
    reached: Integers,
) -> int:
    """A random tree over the region of ``root``, in the order of reaching; returns its size."""
    region = label[root]
    # A frontier entry is the index of a neighbour entry; its source unit is kept beside it.
    count = 0
    waiting = 0
    parent[root] = -1
    label[root] = -1 - region
    order[count] = root
    count += 1
    at = root
    while True:
        for e in range(first[at], first[at + 1]):
            if label[neighbour[e]] == region:
                source[waiting] = at
                reached[waiting] = neighbour[e]
                waiting += 1
        at = -1
        while waiting > 0:
            pick = below(draws, waiting)
            unit = reached[pick]
            origin = source[pick]
            waiting -= 1
            reached[pick] = reached[waiting]
            source[pick] = source[waiting]
            if label[unit] == region:
                parent[unit] = origin
                label[unit] = -1 - region
                order[count] = unit
                count += 1
                at = unit
                break
        if at < 0:
            break
    for q in range(count):
        label[order[q]] = region
    return count


@njit(cache=True)
def _best_cut(
    load: Floats,
    order: Integers,
    parent: Integers,
    count: int,
    quota: int,
    below_load: Floats,
    below_many: Integers,
) -> tuple[int, int]:
    """The unit whose branch is best cut off, and how many beats that branch gets."""
    for q in range(count):
        below_load[order[q]] = load[order[q]]
        below_many[order[q]] = 1
    for q in range(count - 1, 0, -1):
        below_load[parent[order[q]]] += below_load[order[q]]
        below_many[parent[order[q]]] += below_many[order[q]]
    whole = below_load[order[0]]
    share = whole / quota if whole > 0.0 else 1.0
    best = np.inf
    top = order[1]
    beats = 1
    for q in range(1, count):
        i = order[q]
        least = max(1, quota - (count - below_many[i]))
        most = min(quota - 1, below_many[i])
        j = min(max(int(below_load[i] / share + 0.5), least), most)
        uneven = abs(below_load[i] / share - j) / min(j, quota - j) + 0.05 * abs(2 * j - quota) / quota
        if uneven < best:
            best = uneven
            top = i
            beats = j
    return top, beats


@njit(cache=True)
def split(
    first: Longs,
    neighbour: Integers,
    load: Floats,
    label: Integers,
    quota: Longs,
    regions: int,
    draws: Stream,
) -> int:
    """Cut regions, in place, until each is one beat; returns the number of regions.

    ``label`` holds each unit's region, 0 to ``regions`` − 1, every region connected; ``quota`` has room
    for all the beats and says how many beats each region is to become.
    """
    n = len(label)
    parent = np.empty(n, np.int32)
    order = np.empty(n, np.int32)
    source = np.empty(len(neighbour), np.int32)
    reached = np.empty(len(neighbour), np.int32)
    below_load = np.empty(n, np.float64)
    below_many = np.empty(n, np.int32)
    some = np.full(len(quota), -1, np.int32)
    for i in range(n):
        some[label[i]] = i
    region = 0
    while region < regions:
        if quota[region] <= 1:
            region += 1
            continue
        count = _tree(first, neighbour, label, some[region], draws, parent, order, source, reached)
        top, beats = _best_cut(load, order, parent, count, quota[region], below_load, below_many)
        label[top] = regions
        for q in range(1, count):
            i = order[q]
            if label[i] == region and i != top and label[parent[i]] == regions:
                label[i] = regions
        some[regions] = top
        some[region] = order[0]
        quota[regions] = beats
        quota[region] -= beats
        regions += 1
    return regions
