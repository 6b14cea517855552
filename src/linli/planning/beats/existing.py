"""Where a search begins: from spanning trees, or from beats that exist and should change little."""

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linli.planning.beats.grow import split
from linli.planning.beats.parts import Plot
from linli.planning.beats.randomness import Stream

__all__ = ["Beginning", "begin_from", "begin_new"]

Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Beginning:
    """A first plan, and for each unit the number in it of the beat that the unit has in ``start``."""

    assignment: Integers
    kept: Integers
    identity: Integers
    """The number in ``start`` that each beat carries on, -1 for none."""


def begin_new(plot: Plot, draws: Stream) -> Beginning:
    """A first plan out of nothing but the graph."""
    label = plot.units.part.astype(np.int32).copy()
    return _divide(plot, draws, label, plot.beats.astype(np.int64), np.full(len(plot.beats), -1, np.int32))


def begin_from(plot: Plot, start: Integers, draws: Stream) -> Beginning:
    """A first plan out of existing beats.

    Beats in several pieces are taken piece by piece, the largest keeping the number; where a part has
    too many beats the lightest join their lightest neighbours, where too few the heaviest are divided.
    """
    label, count = _pieces(plot, start)
    label = _merge(plot, label, count)
    count = int(label.max()) + 1
    quota = _quotas(plot, label, count)
    return _divide(plot, draws, label, quota, _identities(label, count, start), start)


def _divide(
    plot: Plot,
    draws: Stream,
    label: Integers,
    quota: npt.NDArray[np.int64],
    identity: Integers,
    start: Integers | None = None,
) -> Beginning:
    units = plot.units
    total = int(plot.beats.sum())
    quotas = np.zeros(total, np.int64)
    quotas[: len(quota)] = quota
    split(units.first, units.neighbour, _cut_load(plot), label, quotas, len(quota), draws)
    numbers = np.full(total, -1, np.int32)
    numbers[: len(identity)] = identity
    kept = np.full(len(label), -1, np.int32)
    if start is not None:
        held = {int(number): beat for beat, number in enumerate(numbers) if number >= 0}
        kept = np.array([held.get(int(s), -1) for s in start], dtype=np.int32)
    return Beginning(assignment=label, kept=kept, identity=numbers)


def _cut_load(plot: Plot) -> npt.NDArray[np.float64]:
    # A rule about the number of units is cut by units, any other by load.
    return np.where(plot.by_units[plot.units.part], 1.0, plot.units.load)


def _pieces(plot: Plot, start: Integers) -> tuple[Integers, int]:
    units = plot.units
    n = len(start)
    source = np.repeat(np.arange(n), np.diff(units.first))
    same = start[source] == start[units.neighbour]
    ones = np.ones(int(same.sum()), np.int8)
    graph = coo_array((ones, (source[same], units.neighbour[same])), shape=(n, n))
    count, label = connected_components(graph, directed=False)
    return label.astype(np.int32), int(count)


def _merge(plot: Plot, label: Integers, count: int) -> Integers:
    """Join light pieces to light neighbours until no part has more pieces than beats."""
    units = plot.units
    load = np.bincount(label, weights=_cut_load(plot), minlength=count)
    part = np.zeros(count, np.int64)
    part[label] = units.part
    surplus = np.bincount(part, minlength=len(plot.beats)) - plot.beats
    touch: list[set[int]] = [set() for _ in range(count)]
    source = np.repeat(np.arange(len(label)), np.diff(units.first))
    for a, b in np.unique(np.column_stack([label[source], label[units.neighbour]]), axis=0).tolist():
        if a != b:
            touch[a].add(b)
    into = np.arange(count)
    waiting = [(float(load[r]), r) for r in range(count) if surplus[part[r]] > 0]
    heapq.heapify(waiting)
    while waiting:
        weight, r = heapq.heappop(waiting)
        if into[r] != r or weight != load[r] or surplus[part[r]] <= 0:
            continue
        goal = min(touch[r], key=lambda t: (load[t], t))
        into[r] = goal
        load[goal] += weight
        surplus[part[r]] -= 1
        for t in touch[r]:
            touch[t].discard(r)
            if t != goal:
                touch[t].add(goal)
                touch[goal].add(t)
        heapq.heappush(waiting, (float(load[goal]), goal))
    for r in range(count):
        while into[into[r]] != into[r]:
            into[r] = into[into[r]]
    _, merged = np.unique(into[label], return_inverse=True)
    return merged.astype(np.int32)


def _quotas(plot: Plot, label: Integers, count: int) -> npt.NDArray[np.int64]:
    """How many beats each piece becomes: further beats go where a beat would be heaviest."""
    load = np.bincount(label, weights=_cut_load(plot), minlength=count)
    size = np.bincount(label, minlength=count)
    part = np.zeros(count, np.int64)
    part[label] = plot.units.part
    quota = np.ones(count, np.int64)
    lacking = plot.beats - np.bincount(part, minlength=len(plot.beats))
    waiting = [(-float(load[r]), r) for r in range(count) if size[r] > 1]
    heapq.heapify(waiting)
    while waiting:
        _, r = heapq.heappop(waiting)
        if lacking[part[r]] <= 0:
            continue
        quota[r] += 1
        lacking[part[r]] -= 1
        if quota[r] < size[r]:
            heapq.heappush(waiting, (-float(load[r] / quota[r]), r))
    return quota


def _identities(label: Integers, count: int, start: Integers) -> Integers:
    """Each start number goes to the piece that holds most of its units, once."""
    pairs, many = np.unique(np.column_stack([label, start]), axis=0, return_counts=True)
    identity = np.full(count, -1, np.int32)
    taken: set[int] = set()
    for q in np.argsort(-many, kind="stable"):
        piece, number = (int(v) for v in pairs[q])
        if number >= 0 and identity[piece] < 0 and number not in taken:
            identity[piece] = number
            taken.add(number)
    return identity
